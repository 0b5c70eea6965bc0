"""Saying something: who may, once, in order, and what others hear."""

import pytest

from accounts.models import Block, Contact
from chat import actions
from chat.bodies import Draft
from chat.errors import (
    BadMessage,
    ConversationNotFound,
    EmptyMessage,
    MessageTooLong,
    NotAMember,
    NotFriends,
    Rejected,
    YouBlocked,
)
from chat.models import Membership, Message
from chat.states import MembershipStatus
from superapp.kernel import time
from tests.chat.conftest import say


def test_bob_hears_what_alice_says(alice, bob, room, heard):
    with heard.during():
        message = say(alice, room, "你好", client_id="a1")
    assert (message.seq, message.text, message.kind) == (1, "你好", "text")
    ((ids, event),) = heard
    assert ids == (alice.pk, bob.pk)
    assert event == {
        "t": "event",
        "kind": "chat.message_sent",
        "c": room.public_id,
        "seq": 1,
        "at": int(message.sent_at.timestamp() * 1000),
        "by": alice.public_id,
        "name": "Alice",
        "avatar": "",
        "type": "text",
        "text": "你好",
        "body": {},
        "client_id": "a1",
    }


def test_a_retry_says_it_once(alice, room, heard):
    with heard.during():
        first = say(alice, room, client_id="same")
        again = say(alice, room, "something else", client_id="same")
    assert (again.pk, again.text) == (first.pk, "hello")
    assert len(heard) == 1


def test_a_retry_in_the_same_batch_says_it_once(alice, room):
    draft = Draft(alice.pk, room.public_id, "same", text="hi")
    first, again = actions.send_messages(drafts=[draft, draft])
    assert (first.seq, again.seq, again.is_repeat) == (1, 1, True)
    room.refresh_from_db()
    assert room.last_seq == 1


def test_seq_has_no_holes_across_batches_and_repeats(alice, bob, room):
    for text in "abc":
        say(alice, room, text, client_id=text)
        say(alice, room, text, client_id=text)
        say(bob, room, text)
    assert list(Message.objects.order_by("seq").values_list("seq", flat=True)) == [1, 2, 3, 4, 5, 6]


def test_one_bad_draft_does_not_hold_up_the_others(alice, bob, carol, room):
    outcomes = actions.send_messages(
        drafts=[
            Draft(alice.pk, room.public_id, "1", text="one"),
            Draft(carol.pk, room.public_id, "2", text="let me in"),
            Draft(bob.pk, room.public_id, "3", text="  "),
            Draft(bob.pk, room.public_id, "4", text="two"),
        ]
    )
    assert [type(o).__name__ for o in outcomes] == [
        "Sent",
        "ConversationNotFound",
        "EmptyMessage",
        "Sent",
    ]
    assert [m.text for m in Message.objects.order_by("seq")] == ["one", "two"]


@pytest.mark.parametrize(
    ("draft", "refusal"),
    [
        ({"text": ""}, EmptyMessage),
        ({"text": "\u202e\u0007 "}, EmptyMessage),
        ({"text": "x" * 100_000}, MessageTooLong),
        ({"text": "x", "kind": "telepathy"}, BadMessage),
        ({"text": "x", "client_id": ""}, BadMessage),
        ({"text": "x", "client_id": "a b"}, BadMessage),
        ({"text": "x", "client_id": "x" * 65}, BadMessage),
        ({"kind": "location", "body": {"lat": 91, "lng": 0}}, BadMessage),
        ({"kind": "location", "body": {"lat": True, "lng": 0}}, BadMessage),
        ({"kind": "card", "body": {"card": "nope", "ref": "x"}}, BadMessage),
        ({"kind": "image"}, BadMessage),
    ],
)
def test_bad_input_is_refused_and_nothing_is_written(alice, room, heard, draft, refusal):
    with pytest.raises(refusal), heard.during():
        say(alice, room, **draft)
    assert not Message.objects.exists()
    assert heard == []


def test_a_stranger_is_refused_and_nothing_is_written(carol, alice, room, heard):
    say(alice, room, "secret")
    with pytest.raises(ConversationNotFound), heard.during():
        say(carol, room)
    assert Message.objects.count() == 1
    assert heard == []


def test_a_removed_member_no_longer_writes(bob, group, heard):
    Membership.objects.filter(conversation=group, account=bob).update(
        status=MembershipStatus.REMOVED
    )
    with pytest.raises(NotAMember):
        say(bob, group)
    assert not Message.objects.exists()


def test_a_blocked_person_is_told_that_the_message_was_rejected(alice, bob, room, heard):
    Block.objects.create(owner=bob, other=alice, created_at=time.now())
    with pytest.raises(Rejected), heard.during():
        say(alice, room)
    with pytest.raises(YouBlocked):
        say(bob, room)
    assert not Message.objects.exists()
    assert heard == []


def test_who_was_deleted_needs_verification_but_the_other_may_write(alice, bob, room):
    Contact.objects.filter(owner=bob, other=alice).delete()
    with pytest.raises(NotFriends):
        say(alice, room)
    assert say(bob, room).seq == 1


def test_a_client_id_used_elsewhere_returns_what_was_said_there(alice, bob, room, group):
    first = say(alice, room, "here", client_id="x")
    again = say(alice, group, "there", client_id="x")
    assert again.pk == first.pk
    group.refresh_from_db()
    assert group.last_seq == 0


def test_control_characters_and_bidi_overrides_are_removed(alice, room):
    assert say(alice, room, "a\u202eb\x00c\nd").text == "abc\nd"


def test_a_batch_costs_the_same_number_of_queries_for_one_and_fifty(
    alice, bob, room, group, django_assert_num_queries
):
    say(alice, room)
    say(bob, group)  # the lists of recipients are known now
    with django_assert_num_queries(4):  # savepoint, seats, store, release
        actions.send_messages(
            drafts=[
                Draft(alice.pk, place.public_id, f"b{i}{place.kind}", text=f"text {i}")
                for i in range(25)
                for place in (room, group)
            ]
        )
    assert Message.objects.count() == 52
