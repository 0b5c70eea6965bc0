"""Who sits where, and who may write: computed from rows, at the moment of asking."""

from collections.abc import Iterable
from typing import NamedTuple

import msgspec
from django.conf import settings
from django.db.models import Q

from accounts.models import Account, Block, Contact
from chat.errors import ConversationNotFound, NotAMember
from chat.models import Conversation, Membership
from chat.states import ConversationKind, MembershipStatus
from superapp.kernel import hot


class Seat(NamedTuple):
    """What decides whether somebody may write somewhere, read under the conversation's lock.

    The fields stand in the order of the database function chat_seats.
    """

    conversation_id: int
    public_id: str
    kind: str
    members_rev: int
    is_greeting: bool
    is_disbanded: bool
    membership_id: int
    account_id: int
    status: str
    role: str
    peer_id: int | None
    greeter_id: int | None
    author_id: str
    author_name: str
    author_avatar: str | None
    is_peer_closed: bool
    is_blocked: bool
    has_blocked: bool
    is_in_peers_list: bool
    has_greeted: bool
    # Between a person and an official account: open, unfollowed, blacklisted, or closed (not
    # published); empty elsewhere, and for the house's own accounts.
    service: str
    # All of the above as one text, for chat_say to compare.
    print: str


Place = tuple[str, int]
_remembered: dict[Place, Seat] = {}


def lock_seats(places: Iterable[Place]) -> dict[Place, Seat]:
    """The seats of (conversation public id, account id) pairs; strangers' pairs are absent.

    Locks the conversations until the transaction ends: call it inside `atomic`.
    """
    asked = [{"conversation": c, "account": a} for c, a in set(places)]
    rows = hot.rows_of("SELECT * FROM chat_seats(%s)", [msgspec.json.encode(asked).decode()])
    seats = {(row[1], row[7]): Seat._make((*row[:21], row[22])) for row in rows}
    if len(_remembered) + len(seats) > settings.SEATS_REMEMBERED_MAX:
        _remembered.clear()
    _remembered.update(seats)
    return seats


def remembered_seats(places: Iterable[Place]) -> dict[Place, Seat] | None:
    """The seats as this process saw them last, or None if one is unknown. What is decided on them
    counts only if chat_say finds every print unchanged."""
    seats: dict[Place, Seat] = {}
    for place in places:
        seat = _remembered.get(place)
        if seat is None:
            return None
        seats[place] = seat
    return seats


def seat_of(viewer: Account, public_id: str) -> Membership:
    """The viewer's seat in a conversation, ended or not. Raises ConversationNotFound."""
    try:
        return Membership.objects.select_related("conversation", "peer__avatar").get(
            conversation__public_id=public_id, account=viewer
        )
    except Membership.DoesNotExist:
        raise ConversationNotFound from None


def active_seat_of(viewer: Account, public_id: str) -> Membership:
    """The seat of somebody who is still in. Raises ConversationNotFound or NotAMember."""
    seat = seat_of(viewer, public_id)
    if seat.status != MembershipStatus.ACTIVE:
        raise NotAMember
    return seat


def group_seat_of(viewer: Account, public_id: str) -> Membership:
    """The seat of somebody who is in this group. Raises ConversationNotFound, also when the
    conversation is no group, or NotAMember."""
    seat = seat_in_group(viewer, public_id)
    if seat.status != MembershipStatus.ACTIVE:
        raise NotAMember
    return seat


def seat_in_group(viewer: Account, public_id: str) -> Membership:
    """The viewer's seat in a group, ended or not. Raises ConversationNotFound, also when the
    conversation is no group."""
    seat = seat_of(viewer, public_id)
    if seat.conversation.kind != ConversationKind.GROUP:
        raise ConversationNotFound
    return seat


def conversation_for(viewer: Account, public_id: str) -> Conversation:
    """A conversation in which the viewer has (or had) a seat. Raises ConversationNotFound."""
    return seat_of(viewer, public_id).conversation


_recipients: dict[int, tuple[int, tuple[int, ...]]] = {}
_RECIPIENTS_MAX = 50_000


def recipients_of(conversation_id: int, members_rev: int) -> tuple[int, ...]:
    """Account ids of the active members at this revision; exact, because a list remembered by
    this process is used only when its revision is the one the row has now."""
    known = _recipients.get(conversation_id)
    if known is not None and known[0] == members_rev:
        return known[1]
    ids = tuple(
        Membership.objects.filter(conversation_id=conversation_id, status=MembershipStatus.ACTIVE)
        .order_by("account_id")
        .values_list("account_id", flat=True)
    )
    if len(_recipients) >= _RECIPIENTS_MAX:
        _recipients.clear()
    _recipients[conversation_id] = (members_rev, ids)
    return ids


def active_ids(conversation: Conversation) -> tuple[int, ...]:
    """Account ids of everybody in the conversation, as of the row given."""
    return recipients_of(conversation.pk, conversation.members_rev)


def may_reach(seat: Membership) -> bool:
    """Whether the other side of a direct chat wants to hear from this seat: friends without a
    block in either direction."""
    if seat.peer is None:
        return False
    blocks = Block.objects.filter(
        Q(owner=seat.peer_id, other=seat.account_id) | Q(owner=seat.account_id, other=seat.peer_id)
    )
    is_listed = Contact.objects.filter(owner=seat.peer_id, other=seat.account_id)
    return is_listed.exists() and not blocks.exists()


def direct_with(viewer: Account, other: Account) -> Conversation | None:
    """The chat of the two, if there is one; the viewer's own when it is themselves."""
    low, high = sorted((viewer.pk, other.pk))
    key = f"{viewer.pk}:self" if viewer == other else f"{low}:{high}"
    return Conversation.objects.filter(pair_key=key).first()
