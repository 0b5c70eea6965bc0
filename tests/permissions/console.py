"""The platform console: staff look at rows and press buttons; everybody else is sent to sign in."""

from tests.permissions.official import BUSINESS_CONSOLE
from tests.permissions.rules import Rule


def for_staff(code):
    return f"302 302 302 302 302 302 {code}"


def screen(model, *buttons):
    """A list of rows that nobody adds, edits or deletes. No row has the number 0: those addresses
    lead back with a word, and buttons find nothing."""
    name = f"admin:{model}"
    yield Rule(f"{name}_changelist", for_staff(200))
    for page in ("add", "delete"):
        yield Rule(f"{name}_{page}", for_staff(403))
    for page in ("change", "history"):
        yield Rule(f"{name}_{page}", for_staff(302))
    yield Rule(f"admin/{model.replace('_', '/')}/<path:object_id>/", for_staff(302))
    yield from (Rule(f"{name}_{button}", for_staff(404)) for button in buttons)


CONSOLE = [
    *BUSINESS_CONSOLE,
    Rule("console-logout", for_staff(302)),
    Rule("console-password", for_staff(302)),
    Rule("admin:login", "302 403 403 403 403 403 302"),
    *[Rule(f"admin:{name}", for_staff(200)) for name in ("index", "search", "jsi18n")],
    # Behind the addresses of our own, which end sessions and their sockets.
    *[Rule(f"admin:{name}", for_staff(302)) for name in ("logout", "password_change")],
    Rule("admin:password_change_done", for_staff(200)),
    Rule("admin:autocomplete", for_staff(403)),
    *[Rule(name, for_staff(404)) for name in ("admin:view_on_site", "admin:app_list")],
    Rule("admin/(?P<url>.*)$", for_staff(404)),
    *screen("accounts_person", "suspend", "reinstate", "sign_out", "make_staff", "take_role"),
    *screen("accounts_account"),
    *screen("accounts_personaltoken", "revoke"),
    *screen("accounts_friendrequest"),
    *screen("accounts_block"),
    *screen("accounts_officialaccount", "approve", "reject", "suspend", "see_licence"),
    *screen("accounts_staff"),
    *screen("accounts_follow"),
    *screen("usersessions_usersession"),
    *screen("auditlog_logentry"),
    *screen("chat_conversation"),
    *screen("chat_report", "close"),
    *screen("chat_chatexport"),
    *screen("chat_linkpreview"),
    *screen("payments_ledgeraccount", "propose"),
    *screen("payments_journal"),
    *screen("payments_adjustment", "approve", "reject"),
    *screen("payments_auditrun"),
    Rule("admin:payments_auditrun_check", for_staff(302)),
    *screen("payments_reconciliationrun"),
    Rule("admin:payments_reconciliationrun_compare", for_staff(302)),
    *screen("payments_operation", "ask_again"),
    *screen("payments_gatewayevent", "follow"),
    *screen("payments_dispute", "respond", "show_file", "decide"),
    *screen("payments_hold", "void"),
    *screen("payments_riskcase", "clear", "confirm", "freeze", "unfreeze"),
    *screen("payments_walletfreeze"),
    *[
        rule
        for rule in screen("payments_campaign", "switch_on", "switch_off", "change_it")
        if not rule.key.endswith("_add")
    ],
    Rule("admin:payments_campaign_add", for_staff(200)),
    *screen("payments_billdoubt", "reply"),
    *screen("payments_kyccase", "approve", "reject"),
    *[
        rule
        for name in ("wallet", "card", "bill", "pot", "standing")
        for rule in screen(f"payments_{name}")
    ],
]
