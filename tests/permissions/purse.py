"""What everybody gets of Alice's wallet."""

from tests.permissions.rules import Rule, listed

EVERYBODY = "200 200 200 200 200 200 200"
EVERYBODY_302 = "302 302 302 302 302 302 302"
MEMBERS = "302 200 200 200 200 200 200"
OWN = "302 404 404 404 404 200 404"
OWN_POST = "302 404 404 404 404 302 404"

PURSE_PAGES = [
    *listed(
        MEMBERS,
        "wallet cards card-add identity top-up withdraw password password-reset bills statement",
        app="payments",
    ),
    Rule("payments:export", "302 404 404 404 404 404 404"),  # no such kind of file
    *listed(OWN, "card-remove operation bill", app="payments"),
    *listed(EVERYBODY, "sandbox-checkout sandbox-confirm", app="payments"),
]
PURSE_FORMS = [
    Rule("payments:amounts", EVERYBODY_302, {"verb": "hide"}),
    Rule("payments:card-add", "302 200 200 200 200 302 200", {"kind": "card"}),
    *listed(OWN_POST, "card-default card-remove", app="payments", body={}),
    Rule("payments:identity", "302 200 200 200 200 302 200", {}),
    *listed(MEMBERS, "top-up withdraw password password-reset", app="payments", body={}),
    Rule("payments:webhook", "400 400 400 400 400 400 400", {}),
    Rule("payments:sandbox-checkout", EVERYBODY, {}),
    Rule("payments:sandbox-abandon", EVERYBODY_302, {}),
    Rule("payments:sandbox-confirm", EVERYBODY_302, {"answer": "no"}),
]
