"""Opening a chat: between friends, with oneself, and as a greeting to somebody new (MSG-23)."""

import pytest
from django.utils import translation

from accounts import actions as people
from accounts.models import Account, Block, Person
from chat import actions, queries
from chat.errors import (
    AwaitingAnswer,
    GreetingTooRich,
    NotFriends,
    NotReachable,
    Rejected,
    YouBlocked,
)
from chat.models import Conversation, Membership, Message
from chat.states import SECURITY_HANDLE
from superapp.kernel import time
from tests import cast
from tests.chat.conftest import say
from tests.chat.files import OGG, upload


@pytest.fixture
def dora(group):
    """Knows Alice and Bob only from the group."""
    return group.memberships.get(account__name="Dora").account


def chats():
    return Conversation.objects.exclude(kind="group").count()


def test_friends_have_one_chat_whoever_opens_it(alice, bob, heard):
    with heard.during():
        first = actions.open_direct(viewer=alice, other=bob)
    assert actions.open_direct(viewer=bob, other=alice) == first
    assert (first.kind, first.greeter, first.is_greeting) == ("direct", None, False)
    assert [(set(ids), e["kind"]) for ids, e in heard] == [
        ({alice.pk, bob.pk}, "chat.conversation_changed")
    ]


def test_everybody_has_one_chat_with_themselves(alice):
    own = actions.open_self(viewer=alice)
    assert actions.open_direct(viewer=alice, other=alice) == own == actions.open_self(viewer=alice)
    assert own.memberships.count() == 1


def test_a_greeting_waits_apart_until_it_is_answered(bob, dora):
    chat = actions.open_direct(viewer=dora, other=bob)
    say(dora, chat, "We met at supper")
    assert queries.greetings_waiting(bob) == 1
    assert [r.seat.conversation for r in queries.inbox_page(bob, folder="greetings")[0]] == [chat]
    assert chat not in [r.seat.conversation for r in queries.inbox_page(bob)[0]]
    assert queries.unread_total(bob) == 0
    assert chat in [r.seat.conversation for r in queries.inbox_page(dora)[0]]
    with pytest.raises(AwaitingAnswer):
        say(dora, chat, "Hello?")
    say(bob, chat, "Nice to see you")
    assert queries.greetings_waiting(bob) == 0
    assert say(dora, chat, "x" * 500 + " https://example.com/").seq == 3


def test_a_first_message_is_short_and_plain(bob, dora, settings):
    chat = actions.open_direct(viewer=dora, other=bob)
    voice = upload(dora, "voice", OGG, duration_ms=1000)
    rich = [
        {"text": "x" * (settings.GREETING_TEXT_MAX + 1)},
        {"text": "see www.example.com"},
        {"text": "see HTTPS://example.com"},
        {"text": "", "kind": "location", "body": {"lat": 1, "lng": 2}},
        {"text": "", "kind": "voice", "attachment_id": voice.public_id},
    ]
    for given in rich:
        with pytest.raises(GreetingTooRich):
            say(dora, chat, **given)
    assert not Message.objects.exists()
    assert say(dora, chat, "x" * settings.GREETING_TEXT_MAX).seq == 1


def test_becoming_friends_opens_the_greeting(bob, dora):
    chat = actions.open_direct(viewer=dora, other=bob)
    say(dora, chat, "hello")
    people.befriend(asker=dora, accepter=bob, note="from supper")
    chat.refresh_from_db()
    assert (chat.greeter, queries.greetings_waiting(bob)) == (None, 0)
    assert say(dora, chat, "and more: https://example.com/").seq == 3


def test_new_friends_find_a_chat_that_says_so(alice, carol, heard):
    with heard.during():
        people.befriend(asker=carol, accepter=alice, note="I'm Carol")
    chat = Conversation.objects.get(kind="direct")
    notice = Message.objects.get()
    assert (notice.body["code"], notice.body["note"]) == ("friends", "I'm Carol")
    assert set(chat.memberships.values_list("account", flat=True)) == {alice.pk, carol.pk}


def test_strangers_without_a_group_in_common_are_not_greeted(alice, carol, group, heard):
    before = chats()
    with pytest.raises(NotReachable), heard.during():
        actions.open_direct(viewer=carol, other=alice)
    assert (chats(), heard) == (before, [])


def test_a_group_one_has_left_is_not_in_common(alice, bob, dora, group):
    actions.remove_member(actor=alice, conversation_id=group.public_id, member=dora)
    with pytest.raises(NotReachable):
        actions.open_direct(viewer=dora, other=bob)
    assert chats() == 0


def test_whoever_does_not_want_to_be_found_in_groups_is_not_greeted(bob, dora):
    Person.objects.filter(account=bob).update(is_found_by_group=False)
    with pytest.raises(NotReachable):
        actions.open_direct(viewer=dora, other=bob)
    assert chats() == 0


def test_blocks_hold_in_both_directions(bob, dora):
    Block.objects.create(owner=bob, other=dora, created_at=time.now())
    with pytest.raises(Rejected):
        actions.open_direct(viewer=dora, other=bob)
    with pytest.raises(YouBlocked):
        actions.open_direct(viewer=bob, other=dora)
    assert chats() == 0


def test_nobody_writes_to_an_account_that_is_gone(alice, bob, room):
    Account.objects.filter(pk=bob.pk).update(closed_at=time.now())
    bob.refresh_from_db()
    with pytest.raises(NotReachable):
        actions.open_direct(viewer=alice, other=bob)
    with pytest.raises(NotReachable):
        say(alice, room)
    assert not Message.objects.exists()


def test_a_chat_that_was_no_greeting_needs_friends_again(alice, bob, room):
    people.delete_contact(owner=bob, contact_id=alice.public_id)
    with pytest.raises(NotFriends):
        say(alice, room)
    assert actions.open_direct(viewer=alice, other=bob) == room


def test_a_sign_in_from_elsewhere_is_told_by_the_security_account(alice, heard):
    with heard.during():
        people.greet_device(person=alice.person, device="Firefox, Linux")
    seat = Membership.objects.get(account=alice)
    assert (seat.conversation.kind, seat.peer.handle) == ("service", SECURITY_HANDLE)
    notice = Message.objects.get()
    assert (notice.body["code"], notice.body["device"]) == ("new_device", "Firefox, Linux")
    assert alice.pk in heard[0][0]
    for language, name in (("en", "Security"), ("zh-hans", "安全中心"), ("ar", "الأمان")):
        with translation.override(language):
            assert queries.inbox_row(alice, seat.conversation.public_id).title == name


def test_on_the_greeted_side_nobody_hears_of_typing(bob, dora, heard):
    chat = actions.open_direct(viewer=dora, other=bob)
    with heard.during():
        actions.show_typing(account_id=dora.pk, conversation_id=chat.public_id)
    assert heard == []


def test_friends_do(alice, bob, room, carol, heard):
    with heard.during():
        actions.show_typing(account_id=alice.pk, conversation_id=room.public_id)
        actions.show_typing(account_id=carol.pk, conversation_id=room.public_id)
    assert [(ids, e["kind"], e["name"]) for ids, e in heard] == [
        ((bob.pk,), "chat.typing", "Alice")
    ]


def test_a_stranger_opens_nothing_by_being_named(alice, carol):
    eve = cast.make_person("Eve")
    with pytest.raises(NotReachable):
        actions.open_direct(viewer=eve, other=carol)
    assert not Membership.objects.exists()
