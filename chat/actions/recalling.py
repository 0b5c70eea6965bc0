"""Taking a message back for everybody, or only from one's own sight."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from accounts.models import Account
from chat import events, queries
from chat.actions.changing import touch
from chat.errors import AlreadyRecalled, MessageNotFound, NotYours, TooLate, TooManyMessages
from chat.models import (
    AttachmentUse,
    Favourite,
    HiddenMessage,
    Membership,
    Mention,
    Message,
    Reaction,
)
from chat.states import MembershipStatus, MessageKind, Role
from superapp.kernel import push, time


@transaction.atomic
def recall_message(*, actor: Account, conversation_id: str, seq: int) -> str:
    """Take a message back on every device. Returns its text, for editing again.

    Its author has RECALL_SECONDS (files RECALL_FILE_SECONDS); the owner and admins of a group may
    recall members' messages at any time. What it said leaves the row, the search index, quotes,
    files and the favourites of those who kept it within FAVOURITE_RECALL_SECONDS. Raises
    MessageNotFound, NotYours, TooLate or AlreadyRecalled.
    """
    seat = queries.seat_of(actor, conversation_id)
    message = queries.message_for(seat, seq)
    message = Message.objects.select_for_update().get(pk=message.pk)
    now = time.now()
    _require_recallable(seat, message, now)
    text = message.text if message.kind == MessageKind.TEXT else ""
    Message.objects.filter(pk=message.pk).update(
        recalled_at=now,
        recalled_by=actor,
        text="",
        body={"was": message.kind},
        search=None,
    )
    _forget_traces(message, now)
    quoting = _strip_quotes(message)
    touch(conversation_id=message.conversation_id, message_ids=[message.pk, *quoting])
    return text


@transaction.atomic
def delete_for_me(*, viewer: Account, conversation_id: str, seqs: list[int]) -> None:
    """Remove messages from the viewer's sight alone. Unknown ones are passed over."""
    if len(seqs) > settings.FORWARD_MAX:
        raise TooManyMessages(limit=settings.FORWARD_MAX)
    seat = queries.seat_of(viewer, conversation_id)
    found = queries.visible_to(seat).filter(seq__in=seqs)
    HiddenMessage.objects.bulk_create(
        [HiddenMessage(account=viewer, message=message) for message in found],
        ignore_conflicts=True,
    )
    push.to_accounts([viewer.pk], events.messages_hidden(seat.conversation, sorted(seqs)))


def may_recall(*, seat: Membership, message: Message, now: datetime) -> bool:
    """Whether the recall button makes sense; the action decides again."""
    try:
        _require_recallable(seat, message, now)
    except (AlreadyRecalled, MessageNotFound, NotYours, TooLate):
        return False
    return True


def _require_recallable(seat: Membership, message: Message, now: datetime) -> None:
    if message.kind == MessageKind.SYSTEM and message.body.get("code") != "pat":
        raise MessageNotFound
    if message.recalled_at is not None:
        raise AlreadyRecalled
    if message.author_id != seat.account_id:
        if seat.role == Role.MEMBER or seat.status != MembershipStatus.ACTIVE:
            raise NotYours
        return
    is_file = message.kind == MessageKind.FILE
    window = settings.RECALL_FILE_SECONDS if is_file else settings.RECALL_SECONDS
    if now - message.sent_at > timedelta(seconds=window):
        raise TooLate


def _forget_traces(message: Message, now: datetime) -> None:
    AttachmentUse.objects.filter(message=message).delete()
    Mention.objects.filter(message=message).delete()
    Reaction.objects.filter(message=message).delete()
    fresh = now - timedelta(seconds=settings.FAVOURITE_RECALL_SECONDS)
    Favourite.objects.filter(message=message, created_at__gt=fresh).delete()


def _strip_quotes(message: Message) -> list[int]:
    """Copies of its beginning in later messages; they then say that the original is gone."""
    quoting = list(
        Message.objects.filter(
            conversation=message.conversation_id, quote_seq=message.seq, recalled_at=None
        )
    )
    for quote in quoting:
        quote.body = {**quote.body, "quote": {"seq": message.seq, "recalled": True}}
    Message.objects.bulk_update(quoting, ["body"])
    return [quote.pk for quote in quoting]
