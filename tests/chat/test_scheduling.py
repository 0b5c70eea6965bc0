"""Messages that wait for their time, and reminders: the clock moves, the outbox runs."""

from datetime import timedelta

import pytest
import time_machine

from accounts.models import Block
from chat import actions, queries
from chat.errors import (
    BadSchedule,
    ConversationNotFound,
    EmptyMessage,
    MessageNotFound,
    MessageTooLong,
    TooManyKept,
)
from chat.models import Message, Reminder, ScheduledMessage
from superapp.kernel import outbox, time
from superapp.kernel.errors import Conflict
from superapp.kernel.models import Job
from tests.chat.conftest import say

HOUR = timedelta(hours=1)


def schedule(author, conversation, text="later", after=HOUR):
    return actions.schedule_message(
        author=author,
        conversation_id=conversation.public_id,
        text=text,
        due_at=time.now() + after,
    )


def remind(owner, conversation, seq, after=HOUR):
    return actions.remind_about(
        owner=owner, conversation_id=conversation.public_id, seq=seq, due_at=time.now() + after
    )


def pass_time(after):
    """What the workers do by then."""
    with time_machine.travel(time.now() + after, tick=False):
        outbox.run_due(outbox.DEFAULT, limit=100)


def test_it_is_said_at_its_time_and_not_before(alice, bob, room, heard):
    schedule(alice, room, "happy birthday")
    pass_time(HOUR - timedelta(seconds=1))
    assert not Message.objects.exists()
    assert queries.scheduled_of(bob).count() == 0
    with heard.during():
        pass_time(HOUR + timedelta(seconds=1))
    said = Message.objects.get()
    assert (said.author, said.text) == (alice, "happy birthday")
    assert [(ids, e["kind"]) for ids, e in heard] == [
        ((alice.pk, bob.pk), "chat.message_sent"),
        ((alice.pk,), "chat.scheduled_changed"),
    ]
    assert ScheduledMessage.objects.get().status == "sent"


def test_a_job_that_runs_twice_says_it_once(alice, room):
    row = schedule(alice, room)
    for _ in range(2):
        actions.send_scheduled(scheduled_id=row.public_id)
    assert Message.objects.count() == 1


def test_another_text_and_time(alice, room):
    row = schedule(alice, room)
    actions.change_scheduled(
        author=alice, scheduled_id=row.public_id, text="much later", due_at=time.now() + 3 * HOUR
    )
    pass_time(2 * HOUR)
    assert not Message.objects.exists()
    pass_time(4 * HOUR)
    assert [m.text for m in Message.objects.all()] == ["much later"]
    assert Job.objects.filter(kind="chat.send_scheduled").count() == 1


def test_what_was_cancelled_or_said_is_not_changed_any_more(alice, room, heard):
    row = schedule(alice, room)
    actions.cancel_scheduled(author=alice, scheduled_id=row.public_id)
    pass_time(2 * HOUR)
    assert not Message.objects.exists()
    with pytest.raises(Conflict), heard.during():
        actions.cancel_scheduled(author=alice, scheduled_id=row.public_id)
    with pytest.raises(Conflict), heard.during():
        actions.change_scheduled(
            author=alice, scheduled_id=row.public_id, text="x", due_at=time.now() + HOUR
        )
    assert ScheduledMessage.objects.get().status == "cancelled"
    assert heard == []


def test_what_may_no_longer_be_said_is_kept_with_the_reason(alice, bob, room):
    schedule(alice, room)
    Block.objects.create(owner=bob, other=alice, created_at=time.now())
    pass_time(2 * HOUR)
    row = ScheduledMessage.objects.get()
    assert (row.status, row.refusal) == ("refused", "chat.rejected")
    assert not Message.objects.exists()


@pytest.mark.parametrize(
    ("text", "after", "refusal"),
    [
        (" \u202e", HOUR, EmptyMessage),
        ("x" * 5001, HOUR, MessageTooLong),
        ("late", -HOUR, BadSchedule),
        ("now", timedelta(), BadSchedule),
        ("next life", timedelta(days=366), BadSchedule),
    ],
)
def test_words_and_times_have_bounds(alice, room, heard, text, after, refusal):
    with pytest.raises(refusal), heard.during():
        schedule(alice, room, text, after)
    assert (ScheduledMessage.objects.count(), Job.objects.count(), heard) == (0, 0, [])


def test_so_many_may_wait(alice, room, settings):
    settings.SCHEDULED_MAX = settings.REMINDERS_MAX = 1
    say(alice, room)
    schedule(alice, room)
    remind(alice, room, 1)
    with pytest.raises(TooManyKept):
        schedule(alice, room)
    with pytest.raises(TooManyKept):
        remind(alice, room, 1)


def test_only_the_author_sees_and_changes_it(alice, bob, carol, room, heard):
    row = schedule(alice, room)
    for other in (bob, carol):
        with pytest.raises(MessageNotFound), heard.during():
            actions.cancel_scheduled(author=other, scheduled_id=row.public_id)
        with pytest.raises(MessageNotFound), heard.during():
            actions.change_scheduled(
                author=other, scheduled_id=row.public_id, text="x", due_at=time.now() + HOUR
            )
    with pytest.raises(ConversationNotFound):
        schedule(carol, room)
    row.refresh_from_db()
    assert (row.text, row.status, heard) == ("later", "waiting", [])


def test_a_reminder_comes_in_the_chat_with_oneself(alice, bob, room, heard):
    say(bob, room, "call your mother")
    remind(alice, room, 1)
    with heard.during():
        pass_time(2 * HOUR)
    own = actions.open_self(viewer=alice)
    notice = Message.objects.get(conversation=own)
    assert (notice.body["code"], notice.body["text"], notice.body["seq"]) == (
        "reminder",
        "call your mother",
        1,
    )
    assert {pk for ids, _event in heard for pk in ids} == {alice.pk}
    assert list(queries.reminders_of(alice)) == []
    actions.remind(reminder_id=Reminder.objects.get().pk)
    assert Message.objects.filter(conversation=own).count() == 1


def test_a_reminder_says_nothing_of_what_was_recalled_meanwhile(alice, bob, room):
    say(bob, room, "secret plan")
    remind(alice, room, 1)
    actions.recall_message(actor=bob, conversation_id=room.public_id, seq=1)
    pass_time(2 * HOUR)
    notice = Message.objects.get(body__code="reminder")
    assert notice.body["text"] == ""


def test_nobody_is_reminded_of_what_they_do_not_see(alice, carol, room):
    say(alice, room, "secret")
    with pytest.raises(ConversationNotFound):
        remind(carol, room, 1)
    with pytest.raises(MessageNotFound):
        remind(alice, room, 99)
    assert not Reminder.objects.exists()
