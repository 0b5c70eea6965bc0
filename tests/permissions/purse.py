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
        "wallet cards card-add identity top-up withdraw password password-reset bills statement holds",
        app="payments",
    ),
    Rule("payments:clock", "302 404 404 404 404 404 200"),
    Rule("payments:export", "302 404 404 404 404 404 404"),  # no such kind of file
    Rule("accounts:sandbox-attachment", "404 404 404 404 404 404 404"),  # no such file
    *listed(OWN, "card-remove operation bill", app="payments"),
    *listed(EVERYBODY, "sandbox-checkout sandbox-confirm", app="payments"),
]
PURSE_FORMS = [
    Rule("payments:amounts", EVERYBODY_302, {"verb": "hide"}),
    Rule("payments:card-add", "302 200 200 200 200 302 200", {"kind": "card"}),
    *listed(OWN_POST, "card-default card-move card-remove", app="payments", body={}),
    Rule("payments:identity", "302 200 200 200 200 302 200", {}),
    *listed(MEMBERS, "top-up withdraw password password-reset", app="payments", body={}),
    Rule("payments:statement", MEMBERS, {}),
    Rule("payments:bill", OWN_POST, {"text": "not mine"}),
    Rule("payments:clock", "302 404 404 404 404 404 302", {"step": "minute"}),
    Rule("payments:webhook", "400 400 400 400 400 400 400", {}),
    Rule("payments:sandbox-checkout", EVERYBODY, {}),
    Rule("payments:sandbox-abandon", EVERYBODY_302, {}),
    Rule("payments:sandbox-confirm", EVERYBODY_302, {"answer": "no"}),
]


TOKEN = "401 200 200 200 200 200 200"
TOKEN_OWN = "401 404 404 404 404 200 404"
KEYLESS = "401 400 400 400 400 400 400"  # without Idempotency-Key money does not move


def does(method, name, codes, body=None, query=""):
    return Rule(f"payments-api:{name}", codes, body, query, method)


PURSE_OPERATIONS = [
    does("GET", "wallet", TOKEN),
    does("GET", "cards", TOKEN),
    does("POST", "cards", "401 403 403 403 403 201 403", {"kind": "card"}),
    does("DELETE", "card", "401 404 404 404 404 204 404"),
    does("PUT", "card-default", TOKEN_OWN),
    does("POST", "card-move", TOKEN_OWN, {"way": "down"}),
    does("GET", "operation", TOKEN_OWN),
    does("GET", "top-ups", TOKEN),
    does("POST", "top-ups", KEYLESS, {"amount": 100, "currency": "CNY", "card": "{card_id}"}),
    does("GET", "withdrawals", TOKEN),
    does("POST", "withdrawals", KEYLESS, {}),
    does("GET", "withdrawal-fee", TOKEN, query="?amount=100"),
    does("POST", "pay-auths", KEYLESS, {}),
    does("GET", "bills", TOKEN),
    does("GET", "bill", TOKEN_OWN),
    does("GET", "bill-doubts", TOKEN_OWN),
    does("POST", "bill-doubts", "401 404 404 404 404 201 404", {"text": "not mine"}),
    does("GET", "holds", TOKEN),
    does("GET", "hold", TOKEN_OWN),
    does("GET", "statements", TOKEN),
    does("POST", "statement-mails", "401 400 400 400 400 400 400", {}),
    does("GET", "identity-checks", TOKEN),
    does("POST", "identity-checks", "401 400 400 400 400 409 400", {"level": 1}),
]
