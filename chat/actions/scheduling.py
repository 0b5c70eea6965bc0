"""Later: messages that wait for their time, and reminders about old ones (MSG-20)."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction

from accounts.models import Account
from chat import bodies, events, queries
from chat.actions.opening import open_self
from chat.actions.sending import post_notice, send_message
from chat.errors import BadSchedule, EmptyMessage, MessageTooLong, TooManyKept
from chat.models import Message, Reminder, ScheduledMessage
from chat.states import SCHEDULE_MOVES, ScheduleStatus
from superapp.kernel import outbox, push, time
from superapp.kernel.errors import Refusal
from superapp.kernel.transitions import move

SEND_JOB, REMIND_JOB = "chat.send_scheduled", "chat.remind"


@transaction.atomic
def schedule_message(
    *, author: Account, conversation_id: str, text: str, due_at: datetime
) -> ScheduledMessage:
    """Say something at `due_at` (an instant, at most SCHEDULE_DAYS_MAX ahead)."""
    seat = queries.seat_of(author, conversation_id)
    waiting = ScheduledMessage.objects.filter(author=author, status=ScheduleStatus.WAITING)
    if waiting.count() >= settings.SCHEDULED_MAX:
        raise TooManyKept(limit=settings.SCHEDULED_MAX)
    row = ScheduledMessage.objects.create(
        author=author,
        conversation=seat.conversation,
        text=_text(text),
        due_at=_future(due_at),
        created_at=time.now(),
    )
    _arm(row)
    return row


@transaction.atomic
def change_scheduled(
    *, author: Account, scheduled_id: str, text: str, due_at: datetime
) -> ScheduledMessage:
    """Another text or time, while it is still waiting."""
    row = queries.scheduled_for(author, scheduled_id)
    move(
        row,
        ScheduleStatus.WAITING,
        allowed={ScheduleStatus.WAITING: {ScheduleStatus.WAITING}, **_ENDED},
        text=_text(text),
        due_at=_future(due_at),
    )
    _arm(row)
    return row


@transaction.atomic
def cancel_scheduled(*, author: Account, scheduled_id: str) -> None:
    """Do not send it after all. Raises MessageNotFound, or IllegalTransition once it was sent."""
    row = queries.scheduled_for(author, scheduled_id)
    move(row, ScheduleStatus.CANCELLED, allowed=SCHEDULE_MOVES)
    outbox.cancel(SEND_JOB, row.public_id)
    push.to_accounts([author.pk], events.scheduled_changed())


def send_scheduled(*, scheduled_id: str) -> None:
    """The time has come. What may no longer be said is kept as refused, with the reason."""
    row = ScheduledMessage.objects.select_related("author", "conversation").get(
        public_id=scheduled_id
    )
    if row.status != ScheduleStatus.WAITING:
        return
    try:
        send_message(
            author=row.author,
            conversation_id=row.conversation.public_id,
            client_id=row.public_id,
            text=row.text,
        )
    except Refusal as refusal:
        move(row, ScheduleStatus.REFUSED, allowed=SCHEDULE_MOVES, refusal=refusal.code)
    else:
        move(row, ScheduleStatus.SENT, allowed=SCHEDULE_MOVES)
    push.to_accounts([row.author_id], events.scheduled_changed())


@transaction.atomic
def remind_about(*, owner: Account, conversation_id: str, seq: int, due_at: datetime) -> Reminder:
    """Bring a message up again at `due_at`, in the owner's chat with themselves."""
    seat = queries.seat_of(owner, conversation_id)
    message = queries.message_for(seat, seq)
    if Reminder.objects.filter(owner=owner, done_at=None).count() >= settings.REMINDERS_MAX:
        raise TooManyKept(limit=settings.REMINDERS_MAX)
    row = Reminder.objects.create(
        owner=owner, message=message, due_at=_future(due_at), created_at=time.now()
    )
    outbox.at(REMIND_JOB, {"reminder": row.pk}, due_at=row.due_at, key=str(row.pk))
    push.to_accounts([owner.pk], events.scheduled_changed())
    return row


def remind(*, reminder_id: int) -> None:
    """The time of a reminder has come."""
    row = Reminder.objects.select_related("owner", "message__conversation").get(pk=reminder_id)
    if row.done_at is not None:
        return
    post_notice(
        conversation=open_self(viewer=row.owner),
        author=row.owner,
        code="reminder",
        text=_beginning(row.message),
        conversation_id=row.message.conversation.public_id,
        seq=row.message.seq,
    )
    Reminder.objects.filter(pk=row.pk).update(done_at=time.now())
    push.to_accounts([row.owner_id], events.scheduled_changed())


_ENDED: dict[str, set[str]] = {
    ScheduleStatus.SENT: set(),
    ScheduleStatus.REFUSED: set(),
    ScheduleStatus.CANCELLED: set(),
}


def _arm(row: ScheduledMessage) -> None:
    outbox.at(SEND_JOB, {"scheduled": row.public_id}, due_at=row.due_at, key=row.public_id)
    push.to_accounts([row.author_id], events.scheduled_changed())


def _text(text: str) -> str:
    cleaned = bodies.clean_text(text)
    if not cleaned:
        raise EmptyMessage
    if len(cleaned) > settings.MESSAGE_TEXT_MAX:
        raise MessageTooLong
    return cleaned


def _future(moment: datetime) -> datetime:
    now = time.now()
    if not now < moment <= now + timedelta(days=settings.SCHEDULE_DAYS_MAX):
        raise BadSchedule
    return moment


def _beginning(message: Message) -> str:
    return message.text[: settings.QUOTE_SNAPSHOT_MAX]


def _on_send(payload: Mapping[str, Any]) -> None:
    send_scheduled(scheduled_id=payload["scheduled"])


def _on_remind(payload: Mapping[str, Any]) -> None:
    remind(reminder_id=payload["reminder"])


outbox.kinds.register(SEND_JOB, outbox.Kind(_on_send))
outbox.kinds.register(REMIND_JOB, outbox.Kind(_on_remind))
