"""What everybody gets of Alice's pots and standing payments."""

from tests.permissions.rules import Rule, listed

EVERYBODY_302 = "302 302 302 302 302 302 302"
MEMBERS = "302 200 200 200 200 200 200"
OWN = "302 404 404 404 404 200 404"
OWN_POST = "302 404 404 404 404 302 404"

SAVING_PAGES = [
    *listed(MEMBERS, "pots pot-new standings standing-new", app="payments"),
    *listed(OWN, "pot pot-change pot-close standing", app="payments"),
]
SAVING_FORMS = [
    Rule(
        "payments:pot-new",
        EVERYBODY_302,
        {"name": "Car", "currency": "CNY", "client_id": "matrix"},
    ),
    Rule("payments:standing-new", MEMBERS, {}),
    Rule("payments:pot", OWN_POST, {"verb": "in", "in-amount": "1", "in-client_id": "matrix"}),
    Rule("payments:pot-change", OWN_POST, {"name": "Car", "currency": "CNY"}),
    Rule("payments:pot-close", OWN_POST, {}),
    Rule("payments:standing", OWN_POST, {"verb": "pause"}),
]

TOKEN = "401 200 200 200 200 200 200"
TOKEN_OWN = "401 404 404 404 404 200 404"
KEYLESS = "401 400 400 400 400 400 400"  # without Idempotency-Key money does not move
NAMED = {"name": "Car", "goal": 100, "currency": "CNY"}


def does(method, name, codes, body=None, query=""):
    return Rule(f"payments-api:{name}", codes, body, query, method)


SAVING_OPERATIONS = [
    does("GET", "pots", TOKEN),
    does("POST", "pots", KEYLESS, NAMED),
    does("GET", "pot", TOKEN_OWN),
    does("PUT", "pot", TOKEN_OWN, NAMED),
    does("GET", "pot-moves", TOKEN_OWN),
    does("POST", "pot-moves", KEYLESS, {"amount": 1, "currency": "CNY", "way": "in"}),
    does("POST", "pot-close", KEYLESS, {}),
    does("GET", "standings", TOKEN),
    does("POST", "standings", KEYLESS, {}),
    does("GET", "standing", TOKEN_OWN),
    does("POST", "standing-answer", TOKEN_OWN, {"answer": "pause"}),
]
