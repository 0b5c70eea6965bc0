"""Rows of messages: stored by the two functions of the hot path, then announced.

Who may say what was decided before; see sending.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import msgspec

from chat import events, queries
from chat.actions import enriching
from chat.bodies import Draft
from chat.models import Message
from chat.queries import Seat
from superapp.kernel import hot, ops, push, search

Accepted = tuple[Draft, Seat]


@dataclass(frozen=True, slots=True)
class Sent:
    """A stored message as its sender needs to know it."""

    message_id: int
    conversation_id: str
    client_id: str
    seq: int
    sent_at: datetime
    is_repeat: bool = False

    def repeated(self) -> "Sent":
        return replace(self, is_repeat=True)


@dataclass(frozen=True, slots=True)
class Kept:
    """What a batch became: new messages with their row and seq, and drafts said before."""

    new: list[tuple[Draft, Seat, int, int]]
    again: list[Draft]
    sent_at: datetime


def store(accepted: Sequence[Accepted], now: datetime) -> Kept:
    """Store drafts whose conversations the caller's transaction has locked."""
    found = hot.rows_of("SELECT * FROM chat_store(%s, %s)", [_given(accepted), now])
    return _kept(accepted, found, now)


def say(accepted: Sequence[Accepted], seats: Collection[Seat], now: datetime) -> Kept | None:
    """Lock, compare the seats with how they are remembered and store, in a transaction of its own;
    None, and nothing stored, if one has changed. Raises IntegrityError."""
    for seat in seats:
        # Looked up now: a list that is too old has a revision which the print gives away.
        queries.recipients_of(seat.conversation_id, seat.members_rev)
    asked = [
        {"conversation": s.public_id, "account": s.account_id, "print": s.print} for s in seats
    ]
    found = hot.rows_of(
        "SELECT * FROM chat_say(%s, %s, %s)",
        [msgspec.json.encode(asked).decode(), _given(accepted), now],
    )
    if found and found[0][0] is None:
        return None
    return _kept(accepted, found, now)


def announced(kept: Kept) -> dict[tuple[int, str], Sent]:
    """Tell every member what is new, once it is committed. Returns what is stored, by author and
    client_id."""
    items: list[push.Item] = []
    stored: dict[tuple[int, str], Sent] = {}
    for draft, seat, pk, seq in kept.new:
        hearers = queries.recipients_of(seat.conversation_id, seat.members_rev)
        event = events.message_sent(draft, seat, seq=seq, sent_at=kept.sent_at)
        items.append(push.item(hearers, event, skip=draft.client_id))
        stored[draft.author_id, draft.client_id] = Sent(
            pk, seat.public_id, draft.client_id, seq, kept.sent_at
        )
    push.many(items)
    ops.MESSAGES.inc(len(items))
    ops.BATCH.observe(len(items))
    return stored | _first_messages(kept.again)


def _given(accepted: Sequence[Accepted]) -> str:
    return msgspec.json.encode(
        [
            {
                "conv": seat.conversation_id,
                "author": draft.author_id,
                "client": draft.client_id,
                "kind": draft.kind,
                "text": draft.text,
                "body": draft.body,
                "quote": draft.quote_seq,
                "words": search.vector_of(enriching.searchable(draft)),
            }
            for draft, seat in accepted
        ]
    ).decode()


def _kept(accepted: Sequence[Accepted], found: Sequence[hot.Row], now: datetime) -> Kept:
    rows = {(author, client): (pk, seq) for pk, author, client, seq in found}
    kept = Kept([], [], now)
    for draft, seat in accepted:
        row = rows.get((draft.author_id, draft.client_id))
        if row is None:
            kept.again.append(draft)
        else:
            kept.new.append((draft, seat, *row))
    return kept


def _first_messages(drafts: Sequence[Draft]) -> dict[tuple[int, str], Sent]:
    """What was stored when these client_ids were first used."""
    if not drafts:
        return {}
    found = Message.objects.filter(
        author__in={d.author_id for d in drafts}, client_id__in={d.client_id for d in drafts}
    ).select_related("conversation")
    return {
        (m.author_id, m.client_id): Sent(
            m.pk, m.conversation.public_id, m.client_id, m.seq, m.sent_at, is_repeat=True
        )
        for m in found
    }
