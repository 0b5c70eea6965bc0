"""Taking a message back: in time, by whom, and without a trace."""

from datetime import timedelta

import pytest
import time_machine

from chat import actions, queries
from chat.errors import AlreadyRecalled, ConversationNotFound, NotYours, TooLate
from chat.models import AttachmentUse, Favourite, HiddenMessage, Message
from chat.queries import Filters
from superapp.kernel import time
from tests.chat.conftest import say


def recall(actor, conversation, seq):
    return actions.recall_message(actor=actor, conversation_id=conversation.public_id, seq=seq)


def test_alice_recalls_and_gets_her_words_back(alice, bob, room, heard):
    say(alice, room, "爸爸在家吗")
    with heard.during():
        assert recall(alice, room, 1) == "爸爸在家吗"
    message = Message.objects.get()
    assert (message.text, message.body, message.search) == ("", {"was": "text"}, None)
    assert queries.search_page(bob, "爸爸", Filters(), None)[0] == []
    assert [(ids, e["kind"], e["seqs"], e["change"]) for ids, e in heard] == [
        ((alice.pk, bob.pk), "chat.messages_changed", [1], 1)
    ]


def test_after_two_minutes_it_is_too_late(alice, room):
    with time_machine.travel(time.now() - timedelta(seconds=121), tick=False):
        say(alice, room, "stays")
    with pytest.raises(TooLate):
        recall(alice, room, 1)
    assert Message.objects.get().text == "stays"


def test_within_two_minutes_it_is_not(alice, room):
    with time_machine.travel(time.now() - timedelta(seconds=119), tick=False):
        say(alice, room, "goes")
    recall(alice, room, 1)


def test_bob_cannot_recall_what_alice_said(alice, bob, room, heard):
    say(alice, room, "mine")
    with pytest.raises(NotYours), heard.during():
        recall(bob, room, 1)
    assert Message.objects.get().text == "mine"
    assert heard == []


def test_a_stranger_learns_nothing(alice, carol, room):
    say(alice, room, "mine")
    with pytest.raises(ConversationNotFound):
        recall(carol, room, 1)
    assert Message.objects.get().text == "mine"


def test_twice_is_refused(alice, room):
    say(alice, room)
    recall(alice, room, 1)
    with pytest.raises(AlreadyRecalled):
        recall(alice, room, 1)


def test_the_owner_of_a_group_recalls_what_a_member_said_long_ago(alice, bob, group):
    with time_machine.travel(time.now() - timedelta(days=3), tick=False):
        say(bob, group, "rude")
    recall(alice, group, 1)
    assert Message.objects.get().recalled_by == alice


def test_quotes_of_it_say_that_it_is_gone(alice, bob, room):
    say(alice, room, "secret plan")
    say(bob, room, "what plan?", quote_seq=1)
    recall(alice, room, 1)
    quoting = Message.objects.get(seq=2)
    assert quoting.body["quote"] == {"seq": 1, "recalled": True}
    assert quoting.text == "what plan?"


def test_favourites_kept_a_moment_ago_go_with_it_and_older_ones_stay(alice, bob, room, group):
    say(alice, group, "recipe", client_id="old")
    with time_machine.travel(time.now() - timedelta(minutes=5), tick=False):
        actions.keep_message(owner=bob, conversation_id=group.public_id, seq=1)
    recall(alice, group, 1)
    assert Favourite.objects.get().text == "recipe"
    say(alice, room, "oops")
    actions.keep_message(owner=bob, conversation_id=room.public_id, seq=1)
    recall(alice, room, 1)
    assert [f.text for f in Favourite.objects.all()] == ["recipe"]
    assert not AttachmentUse.objects.exists()


def test_deleting_for_me_leaves_the_other_side_alone(alice, bob, room, heard):
    say(alice, room, "a")
    say(alice, room, "b")
    with heard.during():
        actions.delete_for_me(viewer=bob, conversation_id=room.public_id, seqs=[1, 99])
    assert [m.text for m in queries.visible_to(queries.seat_of(bob, room.public_id))] == ["b"]
    assert queries.visible_to(queries.seat_of(alice, room.public_id)).count() == 2
    assert HiddenMessage.objects.count() == 1
    assert [ids for ids, _ in heard] == [(bob.pk,)]
