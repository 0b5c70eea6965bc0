"""Rows of lists that show messages outside their thread: search, favourites, schedules."""

from collections.abc import Sequence
from dataclasses import dataclass

from accounts.models import Account
from chat import wording
from chat.models import Favourite, Membership, Message, ScheduledMessage
from chat.queries.inbox import InboxRow, inbox_rows
from chat.queries.kept import scheduled_of
from chat.queries.names import names_for


@dataclass(frozen=True, slots=True)
class FoundRow:
    """A message found by search, with the chat it was said in."""

    message: Message
    chat: InboxRow
    name: str
    line: str


@dataclass(frozen=True, slots=True)
class KeptRow:
    favourite: Favourite
    name: str
    line: str


@dataclass(frozen=True, slots=True)
class WaitingRow:
    scheduled: ScheduledMessage
    title: str


def found_rows(viewer: Account, messages: Sequence[Message]) -> list[FoundRow]:
    """Search results as rows; the same queries for one and for thirty."""
    chats = _chats(viewer, {m.conversation_id for m in messages})
    names = names_for(viewer, {m.author for m in messages})
    return [
        FoundRow(
            message,
            chats[message.conversation_id],
            names.get(message.author.public_id) or message.author.name,
            wording.preview_of(message.kind, message.text, message.body),
        )
        for message in messages
        if message.conversation_id in chats
    ]


def kept_rows(viewer: Account, favourites: Sequence[Favourite]) -> list[KeptRow]:
    """Favourites as rows."""
    names = names_for(viewer, {f.author for f in favourites if f.author})
    return [
        KeptRow(
            kept,
            (names.get(kept.author.public_id) or kept.author.name) if kept.author else "",
            wording.preview_of(kept.kind, kept.text, kept.body),
        )
        for kept in favourites
    ]


def scheduled_rows(viewer: Account) -> list[WaitingRow]:
    """The author's waiting messages as rows, the next one first."""
    waiting = list(scheduled_of(viewer))
    chats = _chats(viewer, {row.conversation_id for row in waiting})
    return [
        WaitingRow(row, chats[row.conversation_id].title)
        for row in waiting
        if row.conversation_id in chats
    ]


def _chats(viewer: Account, conversation_ids: set[int]) -> dict[int, InboxRow]:
    seats = Membership.objects.filter(account=viewer, conversation__in=conversation_ids)
    rows = inbox_rows(viewer, list(seats.values_list("pk", flat=True)))
    return {row.seat.conversation_id: row for row in rows}
