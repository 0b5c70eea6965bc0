"""A conversation as its viewer reads it: pages of rows, in a constant number of queries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import Account, Broadcast
from chat import cards, wording
from chat.models import Membership, Message, VoicePlayed
from chat.queries.broadcasts import as_message, broadcasts_in, cards_of, is_merged
from chat.queries.names import Circle, aliases_in
from chat.queries.windows import visible_to
from chat.states import ConversationKind, MembershipStatus, MessageKind

# Messages of one person closer than this stand together.
_TOGETHER_SECONDS = 300
_BLANK = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class ReactionCount:
    emoji: str
    count: int
    is_mine: bool


@dataclass(slots=True)
class Row:
    """One message, ready to be drawn."""

    message: Message
    shape: str  # the message's kind, or "recalled"
    is_mine: bool
    name: str
    notice: str = ""
    quote: Mapping[str, Any] | None = None
    reactions: list[ReactionCount] = field(default_factory=list)
    is_played: bool = True
    mentioned: tuple[str, ...] = ()
    card: Mapping[str, Any] | None = None
    card_template: str = ""
    starts_day: bool = False
    starts_group: bool = True
    ends_group: bool = True
    starts_unread: bool = False

    @property
    def author(self) -> Account:
        return self.message.author

    @property
    def is_line(self) -> bool:
        """A grey line of its own: something that happened, or a message that was taken back."""
        return bool(self.notice) or self.shape in {MessageKind.SYSTEM, "recalled"}

    @property
    def template(self) -> str:
        return f"chat/shapes/_{self.shape}.html"


@dataclass(frozen=True, slots=True)
class ThreadPage:
    rows: list[Row]
    has_older: bool
    has_newer: bool

    @property
    def first_seq(self) -> int:
        """Of the oldest message; broadcasts have none."""
        return next((row.message.seq for row in self.rows if row.message.seq), 0)

    @property
    def last_seq(self) -> int:
        """Of the newest message."""
        return next((row.message.seq for row in reversed(self.rows) if row.message.seq), 0)


def newest_page(seat: Membership, circle: Circle | None = None) -> ThreadPage:
    """The last THREAD_PAGE messages; `circle` holds the people the page knows already."""
    found, has_older = _older(visible_to(seat), None)
    return _merged(seat, ThreadPage(decorate(seat, found, circle), has_older, has_newer=False))


def page_before(seat: Membership, seq: int) -> ThreadPage:
    """The page that ends just before `seq`."""
    found, has_older = _older(visible_to(seat), seq)
    return _merged(seat, ThreadPage(decorate(seat, found), has_older, has_newer=True), before=seq)


def page_after(seat: Membership, seq: int) -> ThreadPage:
    """The page that begins just after `seq`."""
    found, has_newer = _newer(visible_to(seat), seq)
    return _merged(seat, ThreadPage(decorate(seat, found), has_older=True, has_newer=has_newer))


def page_around(seat: Membership, seq: int) -> ThreadPage:
    """Half a page on each side of a message: for jumping to a quote or a search result."""
    older, has_older = _older(visible_to(seat), seq)
    newer, has_newer = _newer(visible_to(seat), seq - 1)
    half = settings.THREAD_PAGE // 2
    has_older, older = has_older or len(older) > half, older[-half:]
    has_newer, newer = has_newer or len(newer) > half, newer[:half]
    return _merged(seat, ThreadPage(decorate(seat, older + newer), has_older, has_newer))


def _merged(seat: Membership, page: ThreadPage, *, before: int = 0) -> ThreadPage:
    """The page with what the account said to many in its span of time; nothing is asked for in
    conversations that know no broadcasts."""
    if not is_merged(seat):
        return page
    after = page.rows[0].message.sent_at if page.has_older and page.rows else None
    until = page.rows[-1].message.sent_at if page.has_newer and page.rows else None
    if before:  # up to the message that is shown already
        at = visible_to(seat).filter(seq=before).values_list("sent_at", flat=True)
        until = at.first() or until
    told = broadcasts_in(seat, after=after, until=until)
    if not told:
        return page
    shown = cards_of(told)
    rows = [*page.rows, *(_told(seat, one, shown[one.public_id]) for one in told)]
    rows.sort(key=lambda row: row.message.sent_at)
    _arrange(rows)
    return replace(page, rows=rows)


def _told(seat: Membership, broadcast: Broadcast, card: Mapping[str, Any]) -> Row:
    message = as_message(seat, broadcast)
    row = Row(message, "broadcast", is_mine=False, name=message.author.name, card=card)
    if card["is_gone"]:
        row.notice = wording.taken_back()
    return row


def rows_at(seat: Membership, seqs: Sequence[int]) -> list[Row]:
    """These messages alone, for a page that draws them into its thread."""
    found = _loaded(visible_to(seat).filter(seq__in=seqs)).order_by("seq")
    return decorate(seat, list(found[: settings.SYNC_MAX]))


def blank_row(seat: Membership, author: Account | None) -> Row:
    """A message without words, from which a page's scripts make the rows they draw themselves."""
    author = author or seat.account
    message = Message(
        conversation=seat.conversation, seq=0, author=author, kind=MessageKind.TEXT, sent_at=_BLANK
    )
    return Row(message, MessageKind.TEXT, author == seat.account, author.name)


def unread_from(seat: Membership) -> int:
    """seq of the first message after the read mark that somebody else said; 0 if none."""
    first = (
        visible_to(seat)
        .filter(seq__gt=seat.read_seq)
        .exclude(author=seat.account_id)
        .exclude(kind=MessageKind.SYSTEM)
        .order_by("seq")
        .values_list("seq", flat=True)
        .first()
    )
    return first or 0


def peer_read_seq(seat: Membership) -> int | None:
    """How far the other side has read, when both of them share read marks; None otherwise."""
    if seat.conversation.kind != ConversationKind.DIRECT or seat.peer_id is None:
        return None
    return (
        Membership.objects.filter(
            conversation=seat.conversation_id,
            account=seat.peer_id,
            account__person__shares_read_marks=True,
            peer__person__shares_read_marks=True,
            status=MembershipStatus.ACTIVE,
        )
        .values_list("read_seq", flat=True)
        .first()
    )


def decorate(seat: Membership, messages: list[Message], circle: Circle | None = None) -> list[Row]:
    """Everything a row needs beside its message; the same queries for one row and for forty."""
    if not messages:
        return []
    viewer = seat.account
    circle = circle or Circle(viewer)
    circle.introduce(messages)
    names = circle.names
    aliases = aliases_in(seat.conversation)
    reactions = _reactions(viewer, messages)
    played = _played(viewer, messages)
    mentioned = _mentioned(messages, aliases)
    shown = _cards(viewer, messages)
    rows = [_row(seat, message, names, aliases) for message in messages]
    for row in rows:
        message = row.message
        row.reactions = reactions.get(message.pk, [])
        row.mentioned = mentioned.get(message.pk, ())
        row.is_played = message.kind != MessageKind.VOICE or row.is_mine or message.pk in played
        if row.shape == MessageKind.CARD:
            kind, ref = message.body.get("card", ""), message.body.get("ref", "")
            row.card = shown.get((kind, ref))
            card = cards.registry.get(kind)
            row.card_template = card.template if card and row.card is not None else ""
    _arrange(rows)
    return rows


def _row(
    seat: Membership, message: Message, names: Mapping[str, str], aliases: Mapping[int, str]
) -> Row:
    author, is_mine = message.author, message.author_id == seat.account_id
    is_gone = message.recalled_at is not None
    known = names.get(author.public_id) or author.name
    if known == author.name:  # a remark of the viewer wins over the name chosen for the group
        known = aliases.get(author.pk, known)
    shape = "recalled" if is_gone else message.kind
    notice = ""
    if is_gone:
        notice = wording.recalled(message, names)
    elif message.kind == MessageKind.SYSTEM:
        notice = wording.notice(message.body, names)
    quote = message.body.get("quote")
    return Row(message, shape, is_mine, known, notice=notice, quote=_quote(quote, names))


def _quote(quote: Mapping[str, Any] | None, names: Mapping[str, str]) -> Mapping[str, Any] | None:
    if quote is None or quote.get("recalled"):
        return quote
    name = names.get(quote["author"]) or quote["name"]
    return {**quote, "name": name, "line": wording.preview_of(quote["kind"], quote["text"], {})}


def _arrange(rows: list[Row]) -> None:
    """Days, and groups of messages that one person said within a few minutes."""
    for before, row in zip([None, *rows], rows, strict=False):
        row.starts_day = before is None or _day(before) != _day(row)
        row.starts_group = before is None or row.starts_day or not _together(before, row)
        if before is not None:
            before.ends_group = row.starts_group


def _together(one: Row, other: Row) -> bool:
    apart = (other.message.sent_at - one.message.sent_at).total_seconds()
    is_said = not one.notice and not other.notice
    return (
        is_said and one.message.author_id == other.message.author_id and apart < _TOGETHER_SECONDS
    )


def _day(row: Row) -> Any:
    return timezone.localtime(row.message.sent_at).date()


def _older(messages: QuerySet[Message], seq: int | None) -> tuple[list[Message], bool]:
    if seq is not None:
        messages = messages.filter(seq__lt=seq)
    size = settings.THREAD_PAGE
    found = list(_loaded(messages).order_by("-seq")[: size + 1])
    return found[:size][::-1], len(found) > size


def _newer(messages: QuerySet[Message], seq: int) -> tuple[list[Message], bool]:
    size = settings.THREAD_PAGE
    found = list(_loaded(messages).filter(seq__gt=seq).order_by("seq")[: size + 1])
    return found[:size], len(found) > size


def _loaded(messages: QuerySet[Message]) -> QuerySet[Message]:
    return messages.defer("search")


def _reactions(viewer: Account, messages: list[Message]) -> dict[int, list[ReactionCount]]:
    found: dict[int, list[ReactionCount]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT message_id, emoji, count(*), bool_or(account_id = %s) FROM chat_reaction
            WHERE message_id = ANY(%s) GROUP BY message_id, emoji ORDER BY message_id, emoji
            """,
            [viewer.pk, [message.pk for message in messages]],
        )
        for message_id, emoji, count, is_mine in cursor.fetchall():
            found.setdefault(message_id, []).append(ReactionCount(emoji, count, is_mine))
    return found


def _mentioned(messages: list[Message], aliases: Mapping[int, str]) -> dict[int, tuple[str, ...]]:
    """message pk → the names that stand behind an @ in it."""
    wanted = {m.pk: m.body["mentions"] for m in messages if m.body.get("mentions")}
    if not wanted:
        return {}
    ids = {public_id for named in wanted.values() for public_id in named}
    names: dict[str, tuple[str, ...]] = {"all": wording.names_of_everybody()}
    for account in Account.objects.filter(public_id__in=ids).only("pk", "public_id", "name"):
        names[account.public_id] = (account.name, aliases.get(account.pk, ""))
    return {
        pk: tuple(name for public_id in named for name in names.get(public_id, ()) if name)
        for pk, named in wanted.items()
    }


def _played(viewer: Account, messages: list[Message]) -> set[int]:
    voices = [m.pk for m in messages if m.kind == MessageKind.VOICE]
    if not voices:
        return set()
    return set(
        VoicePlayed.objects.filter(account=viewer, message__in=voices).values_list(
            "message_id", flat=True
        )
    )


def _cards(viewer: Account, messages: list[Message]) -> dict[tuple[str, str], Mapping[str, Any]]:
    wanted: dict[str, list[str]] = {}
    for message in messages:
        if message.kind == MessageKind.CARD and message.recalled_at is None:
            wanted.setdefault(message.body.get("card", ""), []).append(message.body.get("ref", ""))
    found: dict[tuple[str, str], Mapping[str, Any]] = {}
    for kind, refs in wanted.items():
        card = cards.registry.get(kind)
        if card is not None:
            loaded = card.load(viewer, sorted(set(refs)))
            found |= {(kind, ref): facts for ref, facts in loaded.items()}
    return found


def may_write(seat: Membership) -> bool:
    """Whether the composer is shown at all; sending decides again, with its reason."""
    return seat.status == MembershipStatus.ACTIVE and seat.conversation.disbanded_at is None


def media_in(seat: Membership, kinds: Sequence[str], before: int | None) -> list[Message]:
    """Photos, files or links of a conversation, newest first."""
    rows = _loaded(visible_to(seat)).select_related("author").filter(recalled_at=None)
    wanted = Q(kind__in=kinds)
    if "link" in kinds:
        wanted |= Q(kind=MessageKind.TEXT, body__has_key="link")
    rows = rows.filter(wanted)
    if before is not None:
        rows = rows.filter(seq__lt=before)
    return list(rows.order_by("-seq")[: settings.THREAD_PAGE])
