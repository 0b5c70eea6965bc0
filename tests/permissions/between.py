"""What everybody gets of money between people.

Alice sent Finn a transfer and asked him for money, in their chat; in her group she sent a packet
and split a bill with Bob, and Dora was removed before. Carol is a stranger.
"""

from tests.permissions.rules import Rule, listed

GROUP_PAGE = "302 404 404 200 403 200 404"
GROUP_SEEN = "302 404 404 200 404 200 404"
PAIR_SEEN = "302 404 200 404 404 200 404"
MEMBERS = "302 200 200 200 200 200 200"
OWN = "302 404 404 404 404 200 404"
EVERYBODY_302 = "302 302 302 302 302 302 302"

BETWEEN_PAGES = [
    *listed("302 404 200 404 404 200 404", "transfer-send request-send", app="payments"),
    *listed(GROUP_PAGE, "split-send packet-send", app="payments"),
    *listed(PAIR_SEEN, "transfer request", app="payments"),
    *listed(GROUP_SEEN, "split packet", app="payments"),
    *listed(MEMBERS, "pay-code receive pay-to festival", app="payments"),
    Rule("payments:receive-one", OWN),
    # Of Alice, for those who have her in their list.
    Rule("payments:transfer-to", "302 404 302 302 302 404 404"),
]
BETWEEN_FORMS = [
    *listed("302 404 200 404 404 200 404", "transfer-send request-send", app="payments", body={}),
    *listed(GROUP_PAGE, "split-send packet-send", app="payments", body={}),
    Rule("payments:transfer", "302 404 302 404 404 404 404", {"verb": "accept"}),
    Rule("payments:request", "302 404 302 404 404 404 404", {"verb": "decline"}),
    Rule("payments:request", "302 404 404 404 404 302 404", {"verb": "remind"}),
    Rule("payments:split", "302 404 404 404 404 302 404", {"verb": "remind"}),
    Rule("payments:split", GROUP_SEEN, {"verb": "pay"}),
    Rule("payments:packet-open", "302 404 404 302 404 302 404", {}),
    Rule("payments:packet-thank", "302 404 404 409 404 409 404", {"text": "thanks"}),
    *listed(MEMBERS, "receive pay-to", app="payments", body={}),
    Rule("payments:receive-renew", EVERYBODY_302, {}),
    Rule("payments:receive-drop", "302 404 404 404 404 302 404", {}),
]

TOKEN = "401 200 200 200 200 200 200"
KEYLESS = "401 400 400 400 400 400 400"  # without Idempotency-Key money does not move
SENT = {"amount": 100, "currency": "CNY"}


def does(method, name, codes, body=None, query=""):
    return Rule(f"payments-api:{name}", codes, body, query, method)


BETWEEN_OPERATIONS = [
    does("GET", "transfers", TOKEN),
    does("POST", "transfers", KEYLESS, {"conversation": "{pair_id}", **SENT}),
    does("GET", "transfer", "401 404 200 404 404 200 404"),
    does("POST", "transfer-answer", KEYLESS, {"answer": "accept"}),
    does("GET", "money-requests", TOKEN),
    does("POST", "money-requests", KEYLESS, {"conversation": "{pair_id}", **SENT}),
    does("GET", "money-request", "401 404 200 404 404 200 404"),
    does("POST", "money-request-pay", KEYLESS, {}),
    does("POST", "money-request-answer", "401 404 200 404 404 404 404", {"answer": "decline"}),
    does("GET", "splits", TOKEN),
    does("POST", "splits", KEYLESS, {"conversation": "{conversation_id}", **SENT}),
    does("GET", "split", "401 404 404 200 404 200 404"),
    does("POST", "split-pay", KEYLESS, {}),
    does("POST", "split-answer", "401 404 404 404 404 200 404", {"answer": "remind"}),
    does("GET", "packets", TOKEN),
    does("POST", "packets", KEYLESS, {"conversation": "{conversation_id}", **SENT}),
    does("GET", "festival", TOKEN),
    does("GET", "packet", "401 404 404 200 404 200 404"),
    does("GET", "packet-tap", "401 404 404 200 404 200 404"),
    does("POST", "packet-open", KEYLESS, {}),
    does("POST", "packet-thank", "401 404 404 409 404 409 404", {"text": "thanks"}),
    does("PUT", "receive-codes", TOKEN),
    does("POST", "receive-codes", "401 201 201 201 201 201 201", SENT),
    does("GET", "receive-code", "401 404 404 404 404 200 404"),
    does("DELETE", "receive-code", "401 404 404 404 404 204 404"),
    does("POST", "code-payments", KEYLESS, {"token": "{receive_token}", **SENT}),
]
