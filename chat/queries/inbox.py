"""The list of chats: newest first, pinned on top, with unread counts that are always right.

An unread message is one that was said after the read mark, by somebody else, is not a notice, was
not recalled and not deleted by the viewer. It is counted when somebody looks, up to UNREAD_CAP.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection

from accounts.models import Account
from chat import wording
from chat.errors import ConversationNotFound
from chat.models import Membership, Message
from chat.queries.faces import GroupFace, face_of
from chat.queries.names import faces_of, names_for, title_of
from chat.states import ConversationKind
from superapp.kernel import pages
from superapp.kernel.errors import BadCursor

_COUNTS = """
SELECT s.id, u.n AS unread, k.hit IS NOT NULL AS is_mentioned, l.id AS last_id
FROM chat_membership s
LEFT JOIN LATERAL (
    SELECT count(*) AS n FROM (
        SELECT FROM chat_message x
        WHERE x.conversation_id = s.conversation_id
          AND x.seq > greatest(s.read_seq, s.first_seq, s.cleared_seq)
          AND (s.last_visible_seq IS NULL OR x.seq <= s.last_visible_seq)
          AND x.author_id <> s.account_id AND x.kind <> 'system' AND x.recalled_at IS NULL
          AND NOT EXISTS (
              SELECT FROM chat_hiddenmessage h
              WHERE h.message_id = x.id AND h.account_id = s.account_id
          )
        LIMIT %(cap)s
    ) AS counted
) AS u ON true
LEFT JOIN LATERAL (
    SELECT 1 AS hit FROM chat_mention m
    WHERE m.conversation_id = s.conversation_id
      AND (m.account_id = s.account_id OR m.account_id IS NULL)
      AND m.seq > greatest(s.read_seq, s.first_seq, s.cleared_seq)
      AND (s.last_visible_seq IS NULL OR m.seq <= s.last_visible_seq)
    LIMIT 1
) AS k ON true
LEFT JOIN LATERAL (
    SELECT x.id FROM chat_message x
    WHERE x.conversation_id = s.conversation_id
      AND x.seq > greatest(s.first_seq, s.cleared_seq)
      AND (s.last_visible_seq IS NULL OR x.seq <= s.last_visible_seq)
      AND NOT EXISTS (
          SELECT FROM chat_hiddenmessage h
          WHERE h.message_id = x.id AND h.account_id = s.account_id
      )
    ORDER BY x.seq DESC LIMIT 1
) AS l ON true
WHERE s.id = ANY(%(seats)s)
"""

# What goes on after a seat has ended neither moves nor marks its row: least() passes over NULL.
_LAST_SEQ = "least(c.last_seq, s.last_visible_seq)"
_AT = "coalesce(s.ended_at, c.last_message_at)"
_LISTED = f"""
    s.account_id = %(viewer)s AND s.status <> 'left'
    AND (s.hidden_at_seq IS NULL OR {_LAST_SEQ} > s.hidden_at_seq)
"""
_FOLDERS = {
    "main": "NOT s.is_archived AND (c.greeter_id IS NULL OR c.greeter_id = s.account_id)",
    "greetings": "NOT s.is_archived AND c.greeter_id IS NOT NULL AND c.greeter_id <> s.account_id",
    "archive": "s.is_archived",
}
_FILTERS = {
    "": "true",
    "groups": "c.kind = 'group'",
    "services": "c.kind = 'service'",
    "unread": f"({_LAST_SEQ} > greatest(s.read_seq, s.cleared_seq) OR s.is_marked_unread)",
}


@dataclass(frozen=True, slots=True)
class InboxRow:
    """One chat as its viewer sees it in the list."""

    seat: Membership
    title: str
    faces: list[Account]
    last: Message | None
    preview: str
    unread: int
    is_mentioned: bool

    @property
    def face(self) -> Account | GroupFace:
        return face_of(self.seat, self.title, self.faces)

    @property
    def is_pinned(self) -> bool:
        return self.seat.pinned_at is not None

    @property
    def is_unread(self) -> bool:
        return self.unread > 0 or self.seat.is_marked_unread

    @property
    def is_capped(self) -> bool:
        return self.unread >= settings.UNREAD_CAP

    @property
    def at(self) -> datetime:
        seat = self.seat
        return (
            self.last.sent_at if self.last else seat.ended_at or seat.conversation.last_message_at
        )

    @property
    def last_seq(self) -> int:
        """seq of the newest message within the viewer's sight."""
        last, end = self.seat.conversation.last_seq, self.seat.last_visible_seq
        return last if end is None else end


def inbox_page(
    viewer: Account,
    *,
    folder: str = "main",
    only: str = "",
    cursor: str = "",
    size: int = settings.INBOX_PAGE,
) -> tuple[list[InboxRow], str]:
    """One page of `size` chats and the cursor of the next ("" on the last page)."""
    seats = _seat_ids(viewer, folder, only, cursor, size + 1)
    more = len(seats) > size
    page = seats[:size]
    rows = inbox_rows(viewer, [pk for pk, _, _ in page])
    if not more:
        return rows, ""
    pk, moment, is_pinned = page[-1]
    return rows, f"{int(is_pinned)}.{int(moment.timestamp() * 1_000_000)}.{pk}"


def inbox_row(viewer: Account, public_id: str) -> InboxRow:
    """One chat's row. Raises ConversationNotFound when it is not the viewer's."""
    seat = Membership.objects.filter(account=viewer, conversation__public_id=public_id).values_list(
        "pk", flat=True
    )
    rows = inbox_rows(viewer, list(seat))
    if not rows:
        raise ConversationNotFound
    return rows[0]


def is_listed(viewer: Account, public_id: str, *, folder: str = "main", only: str = "") -> bool:
    """Whether a chat stands in this part of the viewer's list."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT 1 FROM chat_membership s JOIN chat_conversation c ON c.id = s.conversation_id
            WHERE {_LISTED} AND {_FOLDERS.get(folder, "true")} AND {_FILTERS.get(only, "true")}
              AND c.public_id = %(id)s
            """,  # noqa: S608  fixed fragments
            {"viewer": viewer.pk, "id": public_id},
        )
        return cursor.fetchone() is not None


def inbox_rows(viewer: Account, seat_ids: list[int]) -> list[InboxRow]:
    """Rows in the order of `seat_ids`; five queries, however many."""
    if not seat_ids:
        return []
    seats = Membership.objects.select_related(
        "conversation__avatar", "peer__avatar", "account"
    ).in_bulk(seat_ids)
    counts = _counts(seat_ids)
    last = Message.objects.select_related("author", "recalled_by").in_bulk(
        [last_id for _, _, last_id in counts.values() if last_id]
    )
    groups = [
        s.conversation_id for s in seats.values() if s.conversation.kind == ConversationKind.GROUP
    ]
    faces = faces_of(groups)
    names = names_for(viewer, _everybody(seats.values(), last.values()))
    return [
        _row(seats[pk], counts[pk], last, faces.get(seats[pk].conversation_id, []), names)
        for pk in seat_ids
    ]


def unread_total(viewer: Account) -> int:
    """What the badge says: unread messages of chats that are not muted, up to UNREAD_CAP."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT s.id FROM chat_membership s JOIN chat_conversation c ON c.id = s.conversation_id
            WHERE {_LISTED} AND {_FOLDERS["main"]} AND NOT s.is_muted
              AND {_LAST_SEQ} > greatest(s.read_seq, s.cleared_seq)
            """,  # noqa: S608  fixed fragments
            {"viewer": viewer.pk},
        )
        seats = [pk for (pk,) in cursor.fetchall()]
    return min(settings.UNREAD_CAP, sum(unread for unread, _, _ in _counts(seats).values()))


def unread_badge(viewer: Account) -> pages.NavItem:
    """What the Chats tab says."""
    return pages.NavItem(count=unread_total(viewer))


def greetings_waiting(viewer: Account) -> int:
    """How many people have greeted and wait for an answer."""
    return (
        Membership.objects.filter(account=viewer, conversation__greeter__isnull=False)
        .exclude(conversation__greeter=viewer)
        .count()
    )


def _row(
    seat: Membership,
    counts: tuple[int, bool, int | None],
    messages: dict[int, Message],
    faces: list[Account],
    names: dict[str, str],
) -> InboxRow:
    unread, is_mentioned, last_id = counts
    last = messages.get(last_id) if last_id else None
    remark = names.get(seat.peer.public_id, "") if seat.peer else ""
    return InboxRow(
        seat=seat,
        title=title_of(seat, remark=remark, faces=faces),
        faces=faces,
        last=last,
        preview=_preview(seat, last, names) if last else "",
        unread=unread,
        is_mentioned=is_mentioned,
    )


def _preview(seat: Membership, last: Message, names: dict[str, str]) -> str:
    text = wording.preview(last, names)
    is_said = last.kind != "system" and last.recalled_at is None
    name = names.get(last.author.public_id, last.author.name)
    if seat.conversation.kind == ConversationKind.GROUP and is_said and name:
        return f"{name}: {text}"
    return text


def _everybody(seats: Iterable[Membership], messages: Iterable[Message]) -> Iterator[Account]:
    for seat in seats:
        if seat.peer is not None:
            yield seat.peer
    for message in messages:
        yield message.author
        if message.recalled_by is not None:
            yield message.recalled_by


def _seat_ids(
    viewer: Account, folder: str, only: str, cursor: str, limit: int
) -> list[tuple[int, datetime, bool]]:
    before = ""
    values: dict[str, Any] = {"viewer": viewer.pk, "limit": limit}
    if cursor:
        values |= _position(cursor)
        before = (
            f"AND (s.pinned_at IS NOT NULL, {_AT}, s.id)"
            " < (%(pinned)s, to_timestamp(%(micros)s / 1000000.0), %(pk)s)"
        )
    with connection.cursor() as database:
        database.execute(
            f"""
            SELECT s.id, {_AT}, s.pinned_at IS NOT NULL
            FROM chat_membership s JOIN chat_conversation c ON c.id = s.conversation_id
            WHERE {_LISTED} AND {_FOLDERS[folder]} AND {_FILTERS.get(only, "true")} {before}
            ORDER BY s.pinned_at IS NOT NULL DESC, {_AT} DESC, s.id DESC
            LIMIT %(limit)s
            """,  # noqa: S608  fixed fragments
            values,
        )
        found: list[tuple[int, datetime, bool]] = database.fetchall()
        return found


def _position(cursor: str) -> dict[str, Any]:
    try:
        pinned, micros, pk = (int(part) for part in cursor.split("."))
    except ValueError:
        raise BadCursor from None
    if not (pinned in {0, 1} and 0 <= micros < 10**17 and 0 <= pk < 2**63):
        raise BadCursor
    return {"pinned": bool(pinned), "micros": micros, "pk": pk}


def _counts(seat_ids: list[int]) -> dict[int, tuple[int, bool, int | None]]:
    if not seat_ids:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS, {"cap": settings.UNREAD_CAP, "seats": seat_ids})
        return {pk: (unread, mentioned, last) for pk, unread, mentioned, last in cursor.fetchall()}
