"""What everybody gets of Alice's wallet."""

from tests.permissions.rules import Rule

EVERYBODY_302 = "302 302 302 302 302 302 302"

PURSE_PAGES = [
    Rule("payments:sandbox-checkout", "200 200 200 200 200 200 200"),
    Rule("payments:sandbox-confirm", "200 200 200 200 200 200 200"),
]
PURSE_FORMS = [
    Rule("payments:webhook", "400 400 400 400 400 400 400", {}),
    Rule("payments:sandbox-checkout", "200 200 200 200 200 200 200", {}),
    Rule("payments:sandbox-abandon", EVERYBODY_302, {}),
    Rule("payments:sandbox-confirm", EVERYBODY_302, {"answer": "no"}),
]
