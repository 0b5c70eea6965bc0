"""The code each kind of visitor gets from each operation of the API, with a token of their own."""

from datetime import timedelta

from django.utils import timezone

from tests.permissions.between import BETWEEN_OPERATIONS
from tests.permissions.official import OFFICIAL_OPERATIONS
from tests.permissions.purse import PURSE_OPERATIONS
from tests.permissions.rules import Rule
from tests.permissions.saving import SAVING_OPERATIONS

MEMBERS = "401 200 200 200 200 200 200"
MEMBERS_201 = "401 201 201 201 201 201 201"
CHAT = "401 404 404 200 200 200 404"
CHAT_204 = "401 404 404 204 204 204 404"
CHAT_201 = "401 404 404 201 201 201 404"
ACTIVE = "401 404 404 200 403 200 404"
ACTIVE_204 = "401 404 404 204 403 204 404"
ACTIVE_201 = "401 404 404 201 403 201 404"
LEADER_204 = "401 404 404 403 403 204 404"
OWN = "401 404 404 404 404 200 404"
OWN_204 = "401 404 404 404 404 204 404"
SOON = (timezone.now() + timedelta(days=2)).isoformat()


# A token opens no other door: these ask for a session and a password typed just now.
SESSION = "401 403 403 403 403 403 403"
EMPTY = "401 204 204 204 204 204 204"
BOOK = "401 404 200 200 200 404 404"


def get(name, codes, query=""):
    return does("GET", name, codes, query=query)


def does(method, name, codes, body=None, query=""):
    app = "people-api" if name in PEOPLE else "chat-api"
    return Rule(f"{app}:{name}", codes, body, query, method)


PEOPLE = {
    *("me", "handle", "audiences", "preferences", "avatar", "cover", "lookup", "person"),
    *("contacts", "contact", "tags", "tag", "tag-members", "blocks", "block"),
    *("friend-requests", "friend-requests-seen", "accept", "ignore"),
    *("sessions", "session", "tokens", "token"),
}

OPERATIONS = [
    *PURSE_OPERATIONS,
    *OFFICIAL_OPERATIONS,
    *BETWEEN_OPERATIONS,
    *SAVING_OPERATIONS,
    get("me", MEMBERS),
    does("PATCH", "me", MEMBERS, {"signature": "hello"}),
    does("PUT", "handle", MEMBERS, {"handle": "somebody-new"}),
    does("PATCH", "audiences", MEMBERS, {"gender": "friends"}),
    does("PATCH", "preferences", MEMBERS, {"enter_sends": False}),
    does("PUT", "avatar", "401 415 415 415 415 415 415", {}),
    does("DELETE", "avatar", EMPTY),
    does("PUT", "cover", "401 415 415 415 415 415 415", {}),
    does("DELETE", "cover", EMPTY),
    does("POST", "lookup", "401 404 404 404 404 404 404", {"q": "nobody-like-that"}),
    get("person", MEMBERS),
    get("contacts", MEMBERS),
    get("contact", BOOK),
    does("PATCH", "contact", BOOK, {"remark": "Ally"}),
    does("DELETE", "contact", "401 404 204 204 204 404 404"),
    get("tags", MEMBERS),
    does("POST", "tags", MEMBERS_201, {"name": "Colleagues"}),
    does("PATCH", "tag", OWN, {"name": "Friends"}),
    does("DELETE", "tag", OWN_204),
    get("tag-members", OWN),
    does("PUT", "tag-members", OWN_204, {"accounts": []}),
    get("friend-requests", MEMBERS),
    does("POST", "friend-requests", "401 403 409 409 409 400 403", {"account": "{account_id}"}),
    does("POST", "friend-requests-seen", EMPTY, {}),
    does("POST", "accept", OWN, {}),
    does("POST", "ignore", OWN_204, {}),
    get("blocks", MEMBERS),
    does("PUT", "block", "401 204 204 204 204 400 204", {}),
    does("DELETE", "block", EMPTY),
    get("sessions", MEMBERS),
    does("DELETE", "sessions", SESSION),
    does("DELETE", "session", SESSION),
    get("tokens", MEMBERS),
    does("POST", "tokens", SESSION, {"name": "other"}),
    does("DELETE", "token", SESSION),
    get("conversations", MEMBERS),
    does("POST", "conversations", MEMBERS_201, {"accounts": [], "kind": "self"}),
    get("conversation", CHAT),
    does("PATCH", "conversation", CHAT, {"is_pinned": True}),
    does("DELETE", "conversation", CHAT_204),
    does("POST", "read", CHAT_204, {"seq": 1}),
    does("PATCH", "group", ACTIVE, {"title": "Tea club"}),
    does("PATCH", "group", "401 404 404 403 403 200 404", {"announcement": "At seven"}),
    does("DELETE", "group", LEADER_204),
    get("members", CHAT),
    does("POST", "members", ACTIVE, {"accounts": ["{account_id}"]}),
    does("PATCH", "member", "401 404 404 403 403 403 404", {"role": "admin"}),
    does("DELETE", "member", "401 404 404 403 403 204 404"),
    get("join-requests", CHAT),
    does("POST", "join-request", LEADER_204, {"answer": "accept"}),
    get("invitations", MEMBERS),
    does("POST", "invitation", "401 404 204 404 404 404 404", {"answer": "accept"}),
    get("messages", CHAT),
    does("POST", "messages", ACTIVE_201, {"client_id": "matrix", "text": "hi"}),
    get("message", CHAT),
    does("DELETE", "message", "401 404 404 403 403 200 404"),
    does("POST", "hide", CHAT_204),
    does("POST", "reactions", ACTIVE_204, {"emoji": "👍"}),
    does("DELETE", "reactions", ACTIVE_204, query="?emoji=👍"),
    does(
        "POST",
        "forward",
        ACTIVE_201,
        {"client_id": "matrix", "source": "{conversation_id}", "seqs": [3]},
    ),
    does("POST", "media", "401 415 415 415 415 415 415", {}),
    get("one-media", CHAT),
    get("search", MEMBERS, "?q=plates"),
    get("favourites", MEMBERS),
    does("POST", "favourites", CHAT_201, {"conversation": "{conversation_id}", "seq": 3}),
    does("PUT", "favourite", OWN, {"note": "with forks"}),
    does("DELETE", "favourite", OWN_204),
    get("scheduled", MEMBERS),
    does(
        "POST",
        "scheduled",
        CHAT_201,
        {"conversation": "{conversation_id}", "text": "later", "due_at": SOON},
    ),
    does("PUT", "one-scheduled", OWN, {"text": "even later", "due_at": SOON}),
    does("DELETE", "one-scheduled", OWN_204),
    does(
        "POST",
        "reports",
        CHAT_201,
        {"conversation": "{conversation_id}", "category": "spam"},
    ),
]
