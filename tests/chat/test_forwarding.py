"""Saying again elsewhere: one by one, or merged into one card."""

import pytest

from chat import actions, queries
from chat.errors import (
    ConversationNotFound,
    MessageNotFound,
    NotAMember,
    NotForwardable,
    TooManyMessages,
)
from chat.models import Message
from superapp.kernel import time
from tests.chat.conftest import say
from tests.chat.files import OGG, look, picture, send


@pytest.fixture
def kept(alice):
    """Alice's chat with herself, where she forwards to."""
    return actions.open_self(viewer=alice)


def forward(how, actor, source, target, seqs, client_id="fwd"):
    return how(
        actor=actor,
        source_id=source.public_id,
        seqs=seqs,
        target_id=target.public_id,
        client_id=client_id,
    )


ONE_BY_ONE, MERGED = actions.forward_one_by_one, actions.forward_merged
BOTH = pytest.mark.parametrize("how", [ONE_BY_ONE, MERGED], ids=["one by one", "merged"])


def test_words_and_pictures_are_said_again_in_order(alice, bob, room, group):
    say(alice, room, "first", mentions=[bob.public_id])
    send(bob, room, "image", picture())
    say(bob, room, "third", quote_seq=1)
    said = forward(ONE_BY_ONE, alice, room, group, [3, 1, 2])
    assert [(m.author, m.kind, m.text) for m in said] == [
        (alice, "text", "first"),
        (alice, "image", ""),
        (alice, "text", "third"),
    ]
    assert said[2].body == {}  # what was quoted belongs to the other chat
    assert [m.seq for m in said] == [1, 2, 3]


def test_a_forwarded_picture_opens_for_its_new_readers(alice, bob, room, group):
    message, attachment = send(bob, room, "image", picture())
    dora = group.memberships.get(account__name="Dora").account
    assert look(dora, attachment)[0] == 404
    forward(ONE_BY_ONE, alice, room, group, [message.seq])
    assert look(dora, attachment)[0] == 200


def test_a_picture_inside_chat_history_opens_too_and_closes_with_it(alice, bob, room, group):
    message, attachment = send(bob, room, "image", picture())
    dora = group.memberships.get(account__name="Dora").account
    card = forward(MERGED, alice, room, group, [message.seq])
    assert look(dora, attachment)[0] == 200
    actions.recall_message(actor=alice, conversation_id=group.public_id, seq=card.seq)
    assert look(dora, attachment)[0] == 404
    assert look(bob, attachment)[0] == 200


def test_chat_history_is_a_copy_with_names_and_no_keys_of_ours(alice, bob, room, group, heard):
    say(alice, room, "hello")
    send(bob, room, "image", picture())
    with heard.during():
        card = forward(MERGED, alice, room, group, [1, 2])
    assert (card.kind, card.body["title"], card.body["is_group"]) == (
        "merged",
        ["Alice", "Bob"],
        False,
    )
    ((_ids, event),) = heard
    first, second = event["body"]["items"]
    assert (first["by"], first["name"], first["type"], first["text"]) == (
        alice.public_id,
        "Alice",
        "text",
        "hello",
    )
    assert "attachment_pk" not in second["body"]
    actions.recall_message(actor=alice, conversation_id=room.public_id, seq=1)
    card.refresh_from_db()
    assert card.body["items"][0]["text"] == "hello"


def test_history_inside_history_has_an_end(alice, room, kept, settings):
    settings.MERGED_DEPTH_MAX = 2
    say(alice, kept, "the beginning")
    for depth in range(2):
        forward(MERGED, alice, kept, kept, [depth + 1], f"depth-{depth}")
    with pytest.raises(NotForwardable):
        forward(MERGED, alice, kept, kept, [3])
    assert Message.objects.count() == 3
    assert len(forward(ONE_BY_ONE, alice, kept, kept, [3])) == 1


@BOTH
def test_repeating_forwards_nothing_twice(alice, room, group, how):
    for text in "ab":
        say(alice, room, text)
    for _ in range(2):
        forward(how, alice, room, group, [1, 2])
    assert Message.objects.filter(conversation=group).count() == (2 if how is ONE_BY_ONE else 1)


@BOTH
def test_voice_notices_and_recalled_messages_stay_where_they_are(alice, bob, room, kept, how):
    send(alice, room, "voice", OGG, duration_ms=1000)
    actions.pat(actor=alice, conversation_id=room.public_id, target=bob)
    say(alice, room, "oops")
    actions.recall_message(actor=alice, conversation_id=room.public_id, seq=3)
    for seq in (1, 2, 3):
        with pytest.raises(NotForwardable):
            forward(how, alice, room, kept, [seq])
        message = Message.objects.get(conversation=room, seq=seq)
        assert not actions.may_forward(message=message)
    assert not Message.objects.filter(conversation=kept).exists()


@BOTH
def test_one_that_may_not_go_keeps_the_others_back(alice, room, kept, how):
    say(alice, room, "fine")
    send(alice, room, "voice", OGG, duration_ms=1000)
    with pytest.raises(NotForwardable):
        forward(how, alice, room, kept, [1, 2])
    assert not Message.objects.filter(conversation=kept).exists()


@BOTH
@pytest.mark.parametrize(("seqs", "refusal"), [([], TooManyMessages), ([1, 99], MessageNotFound)])
def test_only_what_is_there(alice, room, kept, how, seqs, refusal):
    say(alice, room, "there")
    with pytest.raises(refusal):
        forward(how, alice, room, kept, seqs)
    assert not Message.objects.filter(conversation=kept).exists()


@BOTH
def test_a_hundred_at_most(alice, room, kept, how, settings):
    settings.FORWARD_MAX = 2
    for text in "abc":
        say(alice, room, text)
    with pytest.raises(TooManyMessages):
        forward(how, alice, room, kept, [1, 2, 3])
    assert not Message.objects.filter(conversation=kept).exists()


@BOTH
def test_a_stranger_takes_nothing_out_and_brings_nothing_in(alice, carol, room, how, heard):
    say(alice, room, "secret")
    own = actions.open_self(viewer=carol)
    say(carol, own, "advert")
    for source, target in ((room, own), (own, room)):
        with pytest.raises(ConversationNotFound), heard.during():
            forward(how, carol, source, target, [1])
    assert Message.objects.count() == 2
    assert heard == []


@BOTH
def test_from_before_one_came_and_after_one_went_there_is_nothing_to_take(alice, bob, group, how):
    say(alice, group, "mine to keep")
    actions.remove_member(actor=alice, conversation_id=group.public_id, member=bob)
    say(alice, group, "later")
    own = actions.open_self(viewer=bob)
    with pytest.raises(MessageNotFound):
        forward(how, bob, group, own, [2])
    with pytest.raises(NotAMember):
        forward(how, bob, own, group, [say(bob, own, "hey").seq])
    assert forward(how, bob, group, own, [1])


def test_the_menu_offers_what_the_action_allows(alice, room):
    said = say(alice, room, "words")
    seat = queries.seat_of(alice, room.public_id)
    assert actions.may_forward(message=said)
    assert actions.may_recall(seat=seat, message=said, now=time.now())
