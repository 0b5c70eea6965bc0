"""Every read in chat; each starts from the viewer."""

from chat.queries.seats import (
    Seat,
    active_ids,
    conversation_for,
    lock_seats,
    may_reach,
    raw_cursor,
    recipients_of,
    seat_of,
)
from chat.queries.syncing import changes_since, message_rows
from chat.queries.windows import visible_to

__all__ = [
    "Seat",
    "active_ids",
    "changes_since",
    "conversation_for",
    "lock_seats",
    "may_reach",
    "message_rows",
    "raw_cursor",
    "recipients_of",
    "seat_of",
    "visible_to",
]
