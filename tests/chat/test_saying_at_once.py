"""What was decided on remembered facts is stored only while they hold."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from accounts.models import Account, Block, Contact
from chat import actions, queries
from chat.bodies import Draft
from chat.errors import GroupClosed, NotAMember, NotFriends, Rejected, YouBlocked
from chat.models import Conversation, Membership, Message
from chat.states import MembershipStatus
from superapp.kernel import time
from tests.chat.conftest import say


@pytest.fixture
def known(alice, room):
    """Alice has said something to Bob: her seat is remembered."""
    say(alice, room, "first")
    return room


def test_a_second_message_is_one_question(alice, known, heard, django_assert_num_queries):
    draft = Draft(alice.pk, known.public_id, "again", text="second")
    with heard.during(), django_assert_num_queries(3):  # two are the test's savepoint
        (sent,) = actions.send_messages(drafts=[draft])
    assert sent.seq == 2
    ((_, event),) = heard
    assert (event["text"], event["seq"]) == ("second", 2)


def test_bob_blocked_alice_meanwhile(alice, bob, known):
    Block.objects.create(owner=bob, other=alice, created_at=time.now())
    with pytest.raises(Rejected):
        say(alice, known)
    Block.objects.all().delete()
    assert say(alice, known).seq == 2


def test_alice_blocked_bob_meanwhile(alice, bob, known):
    Block.objects.create(owner=alice, other=bob, created_at=time.now())
    with pytest.raises(YouBlocked):
        say(alice, known)


def test_bob_took_alice_off_his_list_meanwhile(alice, bob, known):
    Contact.objects.filter(owner=bob, other=alice).delete()
    with pytest.raises(NotFriends):
        say(alice, known)


def test_bob_left_the_group_meanwhile(alice, bob, group, heard):
    say(bob, group)
    Membership.objects.filter(conversation=group, account=bob).update(status=MembershipStatus.LEFT)
    with heard.during(), pytest.raises(NotAMember):
        say(bob, group)
    assert list(heard) == []


def test_the_group_ended_meanwhile(bob, group):
    say(bob, group)
    Conversation.objects.filter(pk=group.pk).update(disbanded_at=time.now())
    with pytest.raises(GroupClosed):
        say(bob, group)


def test_those_who_joined_meanwhile_hear_it(alice, bob, carol, group, heard):
    say(bob, group)
    Membership.objects.create(conversation=group, account=carol)
    Conversation.objects.filter(pk=group.pk).update(members_rev=7)
    with heard.during():
        say(bob, group)
    ((ids, _),) = heard
    assert carol.pk in ids


def test_the_name_is_the_one_alice_has_now(alice, known, heard):
    Account.objects.filter(pk=alice.pk).update(name="Alice Liddell")
    with heard.during():
        say(alice, known)
    ((_, event),) = heard
    assert event["name"] == "Alice Liddell"


def test_one_changed_seat_stores_none_of_the_batch_twice(alice, bob, known, group):
    say(bob, group)
    say(bob, known)
    Account.objects.filter(pk=bob.pk).update(name="Robert")
    drafts = [
        Draft(alice.pk, known.public_id, "n1", text="one"),
        Draft(bob.pk, group.public_id, "n2", text="two"),
        Draft(bob.pk, known.public_id, "n3", text="three"),
    ]
    outcomes = actions.send_messages(drafts=drafts)
    assert [sent.seq for sent in outcomes] == [3, 2, 4]
    assert Message.objects.filter(client_id__in=["n1", "n2", "n3"]).count() == 3


def test_repeats_return_the_first(alice, known):
    draft = Draft(alice.pk, known.public_id, "same", text="hi")
    first, twin = actions.send_messages(drafts=[draft, draft])
    (again,) = actions.send_messages(drafts=[draft])
    assert (first.seq, twin.seq, again.seq) == (2, 2, 2)
    assert (first.is_repeat, twin.is_repeat, again.is_repeat) == (False, True, True)
    known.refresh_from_db()
    assert known.last_seq == 2


def test_a_forgotten_seat_is_looked_up(alice, known, settings):
    settings.SEATS_REMEMBERED_MAX = 0
    with transaction.atomic():
        queries.lock_seats([(known.public_id, alice.pk)])
    queries.seats._remembered.clear()
    assert say(alice, known).seq == 2


@pytest.mark.django_db(transaction=True)
def test_alone_it_commits_by_itself(alice, room):
    say(alice, room)
    (sent,) = actions.send_messages(drafts=[Draft(alice.pk, room.public_id, "x", text="hi")])
    with ThreadPoolExecutor(1) as elsewhere:
        seen = elsewhere.submit(_client_ids, room.pk).result()
    assert sent.seq == 2
    assert seen == ["x"]


def _client_ids(conversation_id):
    """What another connection sees of the second message."""
    try:
        return list(
            Message.objects.filter(conversation_id=conversation_id, seq=2).values_list(
                "client_id", flat=True
            )
        )
    finally:
        connection.close()
