"""What everybody gets of Alice's shop: Bob follows it, the others do not."""

from tests.permissions.rules import Rule, listed

MEMBERS = "302 200 200 200 200 200 200"
EVERYBODY = "200 200 200 200 200 200 200"
ACTIVE_POST = "302 404 404 302 403 302 404"
AWAY = "302 302 302 302 302 302 302"
FOLLOWER = "302 404 404 302 404 404 404"


OFFICIAL_PAGES = [
    *listed(
        MEMBERS,
        "directory following official-mine official-apply official-join official official-code"
        " official-scan",
        app="accounts",
    ),
    *listed(EVERYBODY, "article official-page official-picture", app="accounts"),
    Rule("accounts:link", AWAY),
    Rule("chat:share", MEMBERS),
    Rule("chat:subscriptions", MEMBERS),
    Rule("chat:menu", "302 404 404 404 404 404 404"),  # a button that leads nowhere is a form
]
OFFICIAL_FORMS = [
    Rule("accounts:article-like", AWAY, {"verb": "like"}),
    Rule("accounts:article-comment", AWAY, {"text": "Good tea"}),
    Rule("accounts:article-uncomment", FOLLOWER, {}),
    Rule("chat:share", ACTIVE_POST, {"conversation": "{conversation_id}", "client_id": "matrix-s"}),
    Rule("accounts:follow", AWAY, {}),
    Rule("accounts:unfollow", "302 403 403 302 403 403 403", {}),
    Rule("accounts:official-scan", AWAY, {}),
    Rule("accounts:official-join", "302 302 302 302 302 409 302", {}),
    Rule(
        "accounts:official-apply", AWAY, {"name": "New shop", "kind": "service", "category": "food"}
    ),
    Rule("chat:menu", FOLLOWER, {}),
]

TOKEN = "401 200 200 200 200 200 200"
OWN = "401 404 404 404 404 200 404"
OWN_201 = "401 404 404 404 404 201 404"
OWN_204 = "401 404 404 404 404 204 404"
RULE = {"trigger": "follow", "replies": [{"text": "Welcome"}]}


def does(method, name, codes, body=None):
    return Rule(f"people-api:{name}", codes, body, "", method)


_ARTICLE_SAID = {"title": "Autumn teas", "blocks": [{"kind": "text", "text": "Oolong"}]}
_PUBLISHING = [
    does("GET", "articles", TOKEN),
    does("GET", "article", TOKEN),
    does("PUT", "article-like", "401 204 204 204 204 204 204", {}),
    does("DELETE", "article-like", "401 204 204 204 204 204 204"),
    does("GET", "article-comments", TOKEN),
    does("POST", "article-comments", "401 201 201 201 201 201 201", {"text": "Good"}),
    does("DELETE", "article-comment", "401 404 404 204 404 404 404"),
    does("GET", "received", TOKEN),
    does("GET", "own-articles", OWN),
    does("POST", "own-articles", OWN_201, _ARTICLE_SAID),
    does("GET", "own-article", OWN),
    does("PUT", "own-article", "401 404 404 404 404 409 404", _ARTICLE_SAID),
    does("POST", "own-article-step", OWN, {}),
    does("GET", "broadcasts", OWN),
    does("POST", "broadcasts", OWN_201, {"text": "Autumn teas"}),
    does("GET", "broadcast", OWN),
    does("POST", "broadcast-step", OWN, {}),
    does("GET", "figures", OWN),
]
OFFICIAL_OPERATIONS = [
    *_PUBLISHING,
    does("GET", "directory", TOKEN),
    does("GET", "official", TOKEN),
    does("POST", "follow", TOKEN, {}),
    does("DELETE", "follow", "401 403 403 204 403 403 403"),
    does("POST", "press", "401 403 403 200 403 403 403", {"path": "0"}),
    does(
        "POST",
        "location",
        "401 403 403 204 403 403 403",
        {"latitude": 23.1, "longitude": 113.3, "precision": 20},
    ),
    does("GET", "follows", TOKEN),
    does("GET", "business", TOKEN),
    does("GET", "followers", OWN),
    does("PUT", "follower", OWN, {"remark": "Bob", "tags": []}),
    does("GET", "follower-tags", OWN),
    does("POST", "follower-tags", OWN_201, {"name": "Friends"}),
    does("DELETE", "follower-tag", OWN_204),
    does("GET", "menu", OWN),
    does("PUT", "menu", OWN, {"button": []}),
    does("POST", "menu-publish", OWN, {}),
    does("POST", "program-secret", OWN_201, {}),
    # Nobody listens: the owner is told so, and a stranger's address is not even asked.
    does("GET", "program-callback", "401 404 404 404 404 404 404"),
    does(
        "POST",
        "program-callback",
        "401 404 404 404 404 409 404",
        {"url": "http://10.0.0.1/", "token": "tea2go"},
    ),
    does("DELETE", "program-callback", "401 404 404 404 404 404 404"),
    does("GET", "program-pushes", OWN),
    does("GET", "auto-replies", OWN),
    does("POST", "auto-replies", OWN_201, RULE),
    does("PATCH", "auto-reply", OWN, {"is_on": False}),
    does("DELETE", "auto-reply", OWN_204),
]


def for_owner(code):
    return f"302 302 302 302 302 {code} 302"


def screen(model, *buttons, above=(), code=200):
    """A list of the business console; no row has the number 0 (see tests/permissions/console.py)."""
    name = f"business:{model}"
    yield Rule(f"{name}_changelist", for_owner(code))
    for page in ("add", "delete"):
        yield Rule(f"{name}_{page}", for_owner(403))
    for page in ("change", "history"):
        yield Rule(f"{name}_{page}", for_owner(302))
    yield Rule(f"business/{model.replace('_', '/')}/<path:object_id>/", for_owner(302))
    yield from (Rule(f"{name}_{button}", for_owner(404)) for button in buttons)
    yield from (Rule(f"{name}_{button}", for_owner(200)) for button in above)


_PROGRAM = ("setup", "new_secret", "listen", "listen_no_more")
_ABOUT = ("papers", "licence", "describe", "rename", "picture", "submit", "see_licence")
_ARTICLE = ("edit", "preview", "publish", "copy", "withdraw")
_BROADCAST = ("edit", "preview", "submit", "approve", "send_back", "cancel", "recall")
BUSINESS_CONSOLE = [
    Rule("business-logout", for_owner(302)),
    Rule("business-password", for_owner(302)),
    Rule("business:login", "302 403 403 403 403 302 403"),
    *[Rule(f"business:{name}", for_owner(200)) for name in ("index", "search", "jsi18n")],
    *[Rule(f"business:{name}", for_owner(302)) for name in ("logout", "password_change")],
    Rule("business:password_change_done", for_owner(200)),
    Rule("business:autocomplete", for_owner(403)),
    *[Rule(name, for_owner(404)) for name in ("business:view_on_site", "business:app_list")],
    Rule("business/(?P<url>.*)$", for_owner(404)),
    *screen("accounts_officialaccount", *_ABOUT),
    *screen("accounts_follow", "describe", "blacklist", "unblacklist", above=["export"]),
    *screen("accounts_followertag", "drop", above=["make"]),
    *screen("accounts_menu", above=["edit"], code=302),
    *screen("accounts_autoreply", "switch_on", "switch_off", "drop", above=["make"]),
    *screen("accounts_qrscene", above=["make"]),
    *screen("accounts_article", *_ARTICLE, above=["make"]),
    *screen("accounts_broadcast", *_BROADCAST, above=["make"]),
    *screen("accounts_figure", above=["show", "export"], code=302),
    *screen("accounts_comment", "show", "hide", "answer"),
    *screen("accounts_page", "edit", "publish", "withdraw", above=["make"]),
    *screen("accounts_picture", above=["make"]),
    *screen("accounts_staff", "change_role", "remove"),
    *screen("accounts_staffinvitation", "withdraw", above=["make"]),
    *screen("accounts_program", above=_PROGRAM, code=302),
    *screen("accounts_push"),
    *screen("accounts_template", "drop", above=["make"]),
    *screen("auditlog_logentry"),
    Rule("service:inbox", "302 404 404 404 404 302 404"),
    Rule("service:account", "302 404 404 404 404 200 404"),
    Rule("service:thread", "302 404 404 404 404 200 404"),
    Rule("service:thread", "302 404 404 404 404 302 404", {"text": "Hi", "client_id": "matrix"}),
    Rule("service:file", "302 404 404 404 404 200 404"),
]
