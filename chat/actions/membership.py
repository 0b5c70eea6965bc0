"""The rows of who sits in a group; only the group actions use this, under the group's lock."""

from collections.abc import Iterable

from django.conf import settings
from django.db.models import F

from accounts.models import Account
from chat import events, queries
from chat.errors import AdminsOnly, GroupClosed, NotAMember, OwnerOnly
from chat.models import Conversation, Membership
from chat.states import MEMBERSHIP_MOVES, ConversationKind, MembershipStatus, Role
from superapp.kernel import push, time
from superapp.kernel.transitions import move


def lock_group(actor: Account, conversation_id: str) -> tuple[Conversation, Membership]:
    """The group, locked until the transaction ends, and the actor's active seat.

    Raises ConversationNotFound, GroupClosed or NotAMember.
    """
    seat = queries.seat_of(actor, conversation_id)
    group = Conversation.objects.select_for_update().get(pk=seat.conversation_id)
    seat.refresh_from_db(fields=["status", "role"])
    if group.kind != ConversationKind.GROUP or group.disbanded_at is not None:
        raise GroupClosed
    if seat.status != MembershipStatus.ACTIVE:
        raise NotAMember
    return group, seat


def require_admin(seat: Membership) -> None:
    if seat.role not in {Role.OWNER, Role.ADMIN}:
        raise AdminsOnly


def require_owner(seat: Membership) -> None:
    if seat.role != Role.OWNER:
        raise OwnerOnly


def seat_people(group: Conversation, accounts: Iterable[Account]) -> list[Account]:
    """Give active seats to those who have none; returns them. History starts now (GRP-06)."""
    old = {
        seat.account_id: seat
        for seat in Membership.objects.filter(conversation=group, account__in=list(accounts))
    }
    start = max(0, group.last_seq - settings.GROUP_HISTORY_FOR_NEWCOMERS)
    seated: list[Account] = []
    for account in accounts:
        seat = old.get(account.pk)
        if seat is None:
            Membership.objects.create(
                conversation=group, account=account, first_seq=start, read_seq=group.last_seq
            )
        elif seat.status != MembershipStatus.ACTIVE:
            _seat_again(seat, start, group.last_seq)
        else:
            continue
        seated.append(account)
    _count(group)
    return seated


def end_seat(group: Conversation, seat: Membership, status: MembershipStatus) -> None:
    """The member goes; what was said until now stays readable for them."""
    move(
        seat,
        status,
        allowed=MEMBERSHIP_MOVES,
        ended_at=time.now(),
        ended_title=queries.title_for(seat)[:200],
        last_visible_seq=group.last_seq,
        role=Role.MEMBER,
    )
    _count(group)


def announce_change(group: Conversation, *, also: Iterable[int] = ()) -> None:
    """Tell the members (and those who just went) to read the group again."""
    ids = {*queries.active_ids(group), *also}
    push.to_accounts(ids, events.conversation_changed(group))


def _seat_again(seat: Membership, start: int, read: int) -> None:
    move(
        seat,
        MembershipStatus.ACTIVE,
        allowed=MEMBERSHIP_MOVES,
        joined_at=time.now(),
        ended_at=None,
        ended_title="",
        first_seq=start,
        last_visible_seq=None,
        read_seq=read,
        hidden_at_seq=None,
        is_archived=False,
        role=Role.MEMBER,
    )


def _count(group: Conversation) -> None:
    active = Membership.objects.filter(conversation=group, status=MembershipStatus.ACTIVE)
    Conversation.objects.filter(pk=group.pk).update(
        members_rev=F("members_rev") + 1, members_count=active.count()
    )
    group.refresh_from_db(fields=["members_rev", "members_count"])
