"""Small answers: a reaction, a pat, a voice message played."""

from django.conf import settings
from django.db import transaction

from accounts.models import Account
from chat import events, queries
from chat.actions.changing import touch
from chat.actions.sending import post_notice
from chat.errors import AlreadyRecalled, BadReaction, NotAMember, NotReachable
from chat.models import Membership, Reaction, VoicePlayed
from chat.states import MembershipStatus, MessageKind
from superapp.kernel import push, time


@transaction.atomic
def add_reaction(*, actor: Account, conversation_id: str, seq: int, emoji: str) -> None:
    """React with one of settings.REACTIONS; doing it again changes nothing."""
    if emoji not in settings.REACTIONS:
        raise BadReaction
    seat = queries.active_seat_of(actor, conversation_id)
    message = queries.message_for(seat, seq)
    if message.recalled_at is not None or message.kind == MessageKind.SYSTEM:
        raise AlreadyRecalled
    _row, is_new = Reaction.objects.get_or_create(
        message=message, account=actor, emoji=emoji, defaults={"created_at": time.now()}
    )
    if is_new:
        touch(conversation_id=message.conversation_id, message_ids=[message.pk])


@transaction.atomic
def remove_reaction(*, actor: Account, conversation_id: str, seq: int, emoji: str) -> None:
    """Take a reaction back; one that is not there is passed over."""
    seat = queries.active_seat_of(actor, conversation_id)
    message = queries.message_for(seat, seq)
    gone, _by_model = Reaction.objects.filter(message=message, account=actor, emoji=emoji).delete()
    if gone:
        touch(conversation_id=message.conversation_id, message_ids=[message.pk])


@transaction.atomic
def pat(*, actor: Account, conversation_id: str, target: Account) -> None:
    """Double-tap on an avatar: a system line "A patted B", which can be recalled."""
    seat = queries.active_seat_of(actor, conversation_id)
    if seat.peer_id is not None and not queries.may_reach(seat):
        raise NotReachable
    is_member = Membership.objects.filter(
        conversation=seat.conversation_id, account=target, status=MembershipStatus.ACTIVE
    ).exists()
    if not is_member:
        raise NotAMember
    post_notice(
        conversation=seat.conversation,
        author=actor,
        code="pat",
        actor=queries.name_card(actor),
        target=queries.name_card(target),
    )


@transaction.atomic
def mark_played(*, viewer: Account, conversation_id: str, seq: int) -> None:
    """The viewer has listened to a voice message: its red dot goes."""
    seat = queries.seat_of(viewer, conversation_id)
    message = queries.message_for(seat, seq)
    _row, is_new = VoicePlayed.objects.get_or_create(account=viewer, message=message)
    if is_new:
        push.to_accounts([viewer.pk], events.messages_changed(seat.conversation, [seq]))
