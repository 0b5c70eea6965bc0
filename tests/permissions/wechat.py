"""Doors for programs: a session is nothing to them, a token everything. Without one all get the same."""

from tests.permissions.rules import Rule, listed

ANSWERED = "200 200 200 200 200 200 200"

WECHAT_PAGES = [
    *listed(
        ANSWERED,
        "token callback-addresses ticket menu-get menu-delete user-get user-info tag-get media-get"
        " template-industry template-list"
        " unknown",
        app="wechat",
    ),
    *listed(ANSWERED, "access-token refresh-token userinfo auth unknown", app="sites"),
    Rule("accounts:shared-picture", ANSWERED),
    # To the sign-in page, or back to the shop's own site.
    Rule(
        "accounts:authorize",
        "302 200 200 200 200 200 200",
        query="?appid={appid}&redirect_uri=https%3A%2F%2Fshop.example.com%2F&response_type=code"
        "&scope=snsapi_userinfo",
    ),
    Rule("wechat:qrcode-show", ANSWERED, query="?ticket={ticket}"),
    # Whoever knows its 256 random bits: servers of programs have no session.
    Rule("accounts:program-media", ANSWERED),
]
WECHAT_FORMS = listed(
    ANSWERED,
    "stable-token menu-create user-infos user-remark tag-members tag-create tag-update tag-delete"
    " tag-add tag-remove tags-of qrcode-create media-upload media-picture"
    " template-set-industry template-add template-delete template-send",
    app="wechat",
    body={},
) + listed(ANSWERED, "custom-send custom-typing", app="wechat-chat", body={})
