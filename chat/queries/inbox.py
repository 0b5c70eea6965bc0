"""The list of chats: newest first, pinned on top, with unread counts that are always right.

An unread message is one that was said after the read mark, by somebody else, is not a notice, was
not recalled and not deleted by the viewer. It is counted when somebody looks, up to UNREAD_CAP.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection

from accounts.models import Account, Broadcast
from chat import wording
from chat.errors import ConversationNotFound
from chat.models import Membership, Message
from chat.queries.broadcasts import IS_NEW, NEWEST, UNREAD
from chat.queries.faces import GroupFace, face_of
from chat.queries.names import Circle, first_members, title_of
from chat.states import ConversationKind, MembershipStatus
from superapp.kernel import pages
from superapp.kernel.errors import BadCursor

_UNREAD = """
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
"""
_COUNTS = f"""
SELECT s.id, u.n + v.n AS unread, y.hit IS NOT NULL AS is_mentioned, l.id AS last_id,
       k.id AS broadcast_id
FROM chat_membership s
JOIN chat_conversation c ON c.id = s.conversation_id
{NEWEST}
LEFT JOIN LATERAL (SELECT count(*) AS n FROM ({_UNREAD}) AS counted) AS u ON true
LEFT JOIN LATERAL (SELECT count(*) AS n FROM ({UNREAD}) AS counted) AS v ON true
LEFT JOIN LATERAL (
    SELECT 1 AS hit FROM chat_mention m
    WHERE m.conversation_id = s.conversation_id
      AND (m.account_id = s.account_id OR m.account_id IS NULL)
      AND m.seq > greatest(s.read_seq, s.first_seq, s.cleared_seq)
      AND (s.last_visible_seq IS NULL OR m.seq <= s.last_visible_seq)
    LIMIT 1
) AS y ON true
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
"""  # noqa: S608  fixed fragments

# What goes on after a seat has ended neither moves nor marks its row: least() passes over NULL.
_LAST_SEQ = "least(c.last_seq, s.last_visible_seq)"
# greatest() passes over NULL as well: of broadcasts only those count that were got.
_AT = "coalesce(s.ended_at, greatest(c.last_message_at, k.sent_at))"
SEATS = f"chat_membership s JOIN chat_conversation c ON c.id = s.conversation_id {NEWEST}"
IS_NEWS = f"({_LAST_SEQ} > greatest(s.read_seq, s.cleared_seq) OR {IS_NEW})"
LISTED = f"""
    s.account_id = %(viewer)s AND s.status <> 'left'
    AND (s.hidden_at_seq IS NULL OR {_LAST_SEQ} > s.hidden_at_seq
         OR k.sent_at > s.broadcasts_hidden_at)
"""
FOLDERS = {
    "main": (
        "NOT s.is_archived AND NOT s.is_subscription"
        " AND (c.greeter_id IS NULL OR c.greeter_id = s.account_id)"
    ),
    "subscriptions": "NOT s.is_archived AND s.is_subscription",
    "greetings": "NOT s.is_archived AND c.greeter_id IS NOT NULL AND c.greeter_id <> s.account_id",
    "archive": "s.is_archived",
}
_FILTERS = {
    "": "true",
    "groups": "c.kind = 'group'",
    "services": "c.kind = 'service'",
    "unread": f"({IS_NEWS} OR s.is_marked_unread)",
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
    # The newest broadcast, where it is newer than the last message.
    broadcast: Broadcast | None = None

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
    def members(self) -> int:
        """How many are in it; 0 for somebody who no longer is."""
        return 0 if self.seat.ended_at is not None else self.seat.conversation.members_count

    @property
    def is_capped(self) -> bool:
        return self.unread >= settings.UNREAD_CAP

    @property
    def at(self) -> datetime:
        seat = self.seat
        if self.broadcast is not None and self.broadcast.sent_at is not None:
            return self.broadcast.sent_at
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
    seats, following = _page(_seat_ids(viewer, folder, only, cursor, size + 1), size)
    return inbox_rows(viewer, seats), following


@dataclass(frozen=True, slots=True)
class Beside:
    """An open chat's own row, the top of the list beside it with its cursor, and who is in sight."""

    own: InboxRow
    rows: list[InboxRow]
    cursor: str
    circle: Circle

    def as_read(self) -> "Beside":
        """The same once the open chat was read to its end."""
        return replace(self, rows=[_as_read(r) if r is self.own else r for r in self.rows])


def inbox_beside(viewer: Account, public_id: str) -> Beside:
    """Raises ConversationNotFound when the chat is not the viewer's."""
    size = settings.INBOX_BESIDE
    pk = _seat_pk(viewer, public_id)
    seats, cursor = _page(_seat_ids(viewer, "main", "", "", size + 1), size)
    circle = Circle(viewer)
    rows = inbox_rows(viewer, list(dict.fromkeys([*seats, pk])), circle)
    own = next(row for row in rows if row.seat.pk == pk)
    return Beside(own, rows[: len(seats)], cursor, circle)


def _as_read(row: InboxRow) -> InboxRow:
    row.seat.is_marked_unread = False
    return replace(row, unread=0, is_mentioned=False)


def inbox_row(viewer: Account, public_id: str) -> InboxRow:
    """One chat's row. Raises ConversationNotFound when it is not the viewer's."""
    return inbox_rows(viewer, [_seat_pk(viewer, public_id)])[0]


def _seat_pk(viewer: Account, public_id: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT s.id FROM chat_membership s JOIN chat_conversation c ON c.id = s.conversation_id
            WHERE s.account_id = %s AND c.public_id = %s
            """,
            [viewer.pk, public_id],
        )
        found = cursor.fetchone()
    if found is None:
        raise ConversationNotFound
    return int(found[0])


def is_listed(viewer: Account, public_id: str, *, folder: str = "main", only: str = "") -> bool:
    """Whether a chat stands in this part of the viewer's list."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT 1 FROM {SEATS}
            WHERE {LISTED} AND {FOLDERS.get(folder, "true")} AND {_FILTERS.get(only, "true")}
              AND c.public_id = %(id)s
            """,  # noqa: S608  fixed fragments
            {"viewer": viewer.pk, "id": public_id},
        )
        return cursor.fetchone() is not None


def inbox_rows(
    viewer: Account, seat_ids: list[int], circle: Circle | None = None
) -> list[InboxRow]:
    """Rows in the order of `seat_ids`; six queries, however many, and one where there are broadcasts."""
    if not seat_ids:
        return []
    seats = Membership.objects.select_related("conversation").in_bulk(seat_ids)
    counts = _counts(seat_ids)
    last = Message.objects.defer("search").in_bulk(
        [last_id for _, _, last_id, _ in counts.values() if last_id]
    )
    told = Broadcast.objects.in_bulk([pk for *_, pk in counts.values() if pk])
    circle = circle or Circle(viewer)
    members = first_members(
        seat.conversation_id
        for seat in seats.values()
        if seat.conversation.kind == ConversationKind.GROUP and not seat.ended_title
    )
    circle.meet(
        {s.peer_id for s in seats.values() if s.peer_id}
        | {m.author_id for m in last.values()}
        | {m.recalled_by_id for m in last.values() if m.recalled_by_id}
        | {pk for chosen in members.values() for pk in chosen}
    )
    circle.introduce(last.values())
    for seat in seats.values():
        seat.account = viewer
        seat.peer = circle.accounts[seat.peer_id] if seat.peer_id else None
    return [
        _with_broadcast(_row(seats[pk], counts[pk], last, members, circle), told.get(counts[pk][3]))
        for pk in seat_ids
    ]


def _with_broadcast(row: InboxRow, told: Broadcast | None) -> InboxRow:
    """What the account said to many stands in the row where nothing was said since."""
    sent_at = told.sent_at if told is not None else None
    if told is None or sent_at is None or (row.last is not None and row.last.sent_at > sent_at):
        return row
    return replace(row, broadcast=told, preview=wording.broadcast(told))


def unread_total(viewer: Account) -> int:
    """What the badge says: unread messages of chats that are not muted, up to UNREAD_CAP."""
    with connection.cursor() as cursor:
        # Stops at the cap: however many chats wait, it looks at no more than that many messages.
        cursor.execute(
            f"""
            SELECT count(*) FROM (
                SELECT FROM {SEATS}
                JOIN LATERAL (({_UNREAD}) UNION ALL ({UNREAD})) AS u ON true
                WHERE {LISTED} AND {FOLDERS["main"]} AND NOT s.is_muted AND {IS_NEWS}
                LIMIT %(cap)s
            ) AS counted
            """,  # noqa: S608  fixed fragments
            {"viewer": viewer.pk, "cap": settings.UNREAD_CAP},
        )
        (count,) = cursor.fetchone()
    return int(count)


def moved_since(viewer: Account, since: datetime) -> list[str]:
    """Ids of chats in which something was said after a page was made at `since` (UTC), or shortly
    before: a message counts from its commit, and carries the time at which it arrived."""
    since -= timedelta(seconds=settings.COMMIT_WITHIN_SECONDS)
    return list(
        Membership.objects.filter(
            account=viewer, status=MembershipStatus.ACTIVE, conversation__last_message_at__gt=since
        )
        .order_by("-conversation__last_message_at")
        .values_list("conversation__public_id", flat=True)[: settings.INBOX_PAGE]
    )


def unread_badge(viewer: Account) -> pages.NavItem:
    """What the Chats tab says."""
    return pages.NavItem(count=unread_total(viewer))


def _row(
    seat: Membership,
    counts: "Counts",
    messages: dict[int, Message],
    members: dict[int, list[int]],
    circle: Circle,
) -> InboxRow:
    unread, is_mentioned, last_id, _broadcast_id = counts
    names = circle.names
    faces = [circle.accounts[pk] for pk in members.get(seat.conversation_id, [])]
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


def _page(found: list[tuple[int, datetime, bool]], size: int) -> tuple[list[int], str]:
    """Without the one row too many, which tells that there is a next page; and its cursor."""
    seats = [pk for pk, _, _ in found[:size]]
    if len(found) <= size:
        return seats, ""
    pk, moment, is_pinned = found[size - 1]
    return seats, f"{int(is_pinned)}.{int(moment.timestamp() * 1_000_000)}.{pk}"


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
            FROM {SEATS}
            WHERE {LISTED} AND {FOLDERS[folder]} AND {_FILTERS.get(only, "true")} {before}
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


# Unread, whether mentioned, and primary keys of the last message and the newest broadcast.
Counts = tuple[int, bool, int | None, int | None]


def _counts(seat_ids: list[int]) -> dict[int, Counts]:
    if not seat_ids:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS, {"cap": settings.UNREAD_CAP, "seats": seat_ids})
        return {pk: found for pk, *found in cursor.fetchall()}
