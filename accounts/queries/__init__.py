"""Every read about people; each starts from the viewer."""

from accounts.queries.people import (
    account_for,
    account_of,
    are_friends,
    contacts_of,
    has_blocked,
    live_session_keys,
    remarks_of,
    token_for,
)

__all__ = [
    "account_for",
    "account_of",
    "are_friends",
    "contacts_of",
    "has_blocked",
    "live_session_keys",
    "remarks_of",
    "token_for",
]
