"""Moving the read mark, and signs that somebody is typing."""

from django.db.models import F, Q

from accounts.actions import publishing
from accounts.models import Account
from chat import events, queries
from chat.models import Membership
from chat.states import ConversationKind, MembershipStatus
from superapp.kernel import push


def mark_read(*, account_id: int, conversation_id: str, seq: int) -> None:
    """The account has seen everything up to `seq`. Never moves back; unknown chats are ignored.

    A mark beyond the newest message stops at it.
    """
    # Most calls have nothing to move: pages are read again, and every tab says what it shows.
    behind = Membership.objects.filter(
        Q(read_seq__lt=seq, conversation__last_seq__gt=F("read_seq"))
        | Q(is_marked_unread=True)
        | Q(conversation__kind=ConversationKind.SERVICE),
        conversation__public_id=conversation_id,
        account=account_id,
    )
    if not behind.exists():
        return
    seat = _seat(account_id, conversation_id)
    if seat is None:
        return
    seq = min(seq, seat.conversation.last_seq)
    moved = Membership.objects.filter(pk=seat.pk, read_seq__lt=seq).update(read_seq=seq)
    unmarked = Membership.objects.filter(pk=seat.pk, is_marked_unread=True).update(
        is_marked_unread=False
    )
    told = _read_broadcasts(seat)
    if moved or unmarked or told:
        items = [push.item([account_id], events.read_moved(seat.conversation, seq))]
        if moved and _shares_read_marks(seat):
            items.append(
                push.item(
                    [seat.peer_id or 0],
                    events.peer_read(seat.conversation, seat.account.public_id, seq),
                )
            )
        push.many(items)


def _read_broadcasts(seat: Membership) -> bool:
    """What an official account said to many counts as read up to now. Of two browsers that say so at
    once one moves the mark, so that everybody is counted once."""
    unread = queries.unread_in(seat)
    if not unread:
        return False
    same = Membership.objects.filter(pk=seat.pk, broadcasts_read_at=seat.broadcasts_read_at)
    if not same.update(broadcasts_read_at=unread[-1].sent_at):
        return False
    publishing.count_received(
        official=unread[0].official, refs=[broadcast.public_id for broadcast in unread]
    )
    return True


def show_typing(*, account_id: int, conversation_id: str) -> None:
    """Tell the other side of a direct chat. Groups stay quiet, and so does anything blocked."""
    seat = _seat(account_id, conversation_id)
    if seat is None or seat.conversation.kind != ConversationKind.DIRECT or seat.peer_id is None:
        return
    if not queries.may_reach(seat):
        return
    push.to_accounts(
        [seat.peer_id],
        events.typing(seat.conversation.public_id, seat.account.public_id, seat.account.name),
    )


def _seat(account_id: int, conversation_id: str) -> Membership | None:
    return (
        Membership.objects.select_related("conversation", "account__person", "peer__person")
        .filter(
            conversation__public_id=conversation_id,
            account=account_id,
            status=MembershipStatus.ACTIVE,
        )
        .first()
    )


def _shares_read_marks(seat: Membership) -> bool:
    """Read marks are mutual: shown only between two people who both share them."""
    if seat.conversation.kind != ConversationKind.DIRECT or seat.peer is None:
        return False
    return _shares(seat.account) and _shares(seat.peer) and queries.may_reach(seat)


def _shares(account: Account) -> bool:
    person = getattr(account, "person", None)
    return person is not None and person.shares_read_marks
