"""Reading on: what a browser missed, in a constant number of queries."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db.models import Q

from chat import events
from chat.models import Membership, Message
from chat.queries.windows import visible_to


def changes_since(
    account_id: int, cursors: Mapping[str, tuple[int, int]]
) -> dict[str, dict[str, Any]]:
    """For each conversation and its (seq, change): new messages, and seqs that changed.

    `c[id].messages` reach up to `to`, without holes but for what this account does not see;
    `more` says that they were cut at SYNC_MAX. `gone` lists conversations that are not (or no
    longer) this account's.
    """
    seats = {
        seat.conversation.public_id: seat
        for seat in Membership.objects.select_related("conversation").filter(
            account=account_id, conversation__public_id__in=cursors
        )
    }
    found = {
        name: _since(seats[name], *cursor)
        for name, cursor in cursors.items()
        if name in seats and _is_behind(seats[name], *cursor)
    }
    return {"c": found, "gone": [name for name in cursors if name not in seats]}  # type: ignore[dict-item]


def _is_behind(seat: Membership, seq: int, change: int) -> bool:
    return seq < _end(seat) or change < seat.conversation.last_change


def _end(seat: Membership) -> int:
    """seq of the newest message this seat can see."""
    last = seat.last_visible_seq
    return seat.conversation.last_seq if last is None else last


def _since(seat: Membership, seq: int, change: int) -> dict[str, Any]:
    limit = settings.SYNC_MAX
    rows = list(
        visible_to(seat)
        .filter(Q(seq__gt=seq) | Q(change__gt=change))
        .select_related("author__avatar", "recalled_by")
        .order_by("seq")[: limit + 1]
    )
    fresh = [row for row in rows if row.seq > seq][:limit]
    end = _end(seat) if len(rows) <= limit else fresh[-1].seq if fresh else seq
    return {
        "messages": [events.message_wire(row, seat.conversation) for row in fresh],
        "changed": [row.seq for row in rows if row.seq <= seq],
        "to": end,
        "change": seat.conversation.last_change,
        "more": len(rows) > limit,
    }


def message_rows(seat: Membership, seqs: list[int]) -> list[Message]:
    """These messages as far as the seat sees them, in order, with their people."""
    return list(
        visible_to(seat)
        .filter(seq__in=seqs)
        .select_related("author__avatar", "recalled_by")
        .order_by("seq")
    )
