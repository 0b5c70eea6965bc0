"""Favourites and stickers: what people keep from their chats, for themselves alone."""

import pytest

from chat import actions, queries
from chat.errors import (
    AlreadyRecalled,
    BadFile,
    BadMessage,
    ConversationNotFound,
    MessageNotFound,
    TooManyKept,
)
from chat.models import Favourite, Message, Sticker
from tests.chat.conftest import say
from tests.chat.files import PDF, look, picture, send


def keep(owner, conversation, seq):
    return actions.keep_message(owner=owner, conversation_id=conversation.public_id, seq=seq)


def as_sticker(owner, conversation, seq):
    return actions.keep_sticker(owner=owner, conversation_id=conversation.public_id, seq=seq)


def test_bob_keeps_a_copy_once_and_only_his_devices_hear(alice, bob, room, heard):
    say(alice, room, "soup recipe")
    with heard.during():
        first, again = keep(bob, room, 1), keep(bob, room, 1)
    assert (first, first.text, first.author) == (again, "soup recipe", alice)
    assert [(ids, e["kind"]) for ids, e in heard] == [((bob.pk,), "chat.favourites_changed")] * 2
    assert list(queries.favourites_of(alice)) == []


def test_it_is_found_by_its_words_its_note_its_tags_and_its_author(alice, bob, room):
    say(alice, room, "爸爸的汤")
    kept = keep(bob, room, 1)
    actions.describe_favourite(
        owner=bob,
        favourite_id=kept.public_id,
        note="for Sunday",
        tags=["food", "food", " ", "x" * 30],
    )
    for words in ("爸爸", "sunday", "food", "alice"):
        assert list(queries.favourites_of(bob, words=words)) == [kept]
    assert list(queries.favourites_of(bob, words="nothing")) == []
    assert list(queries.favourites_of(bob, tag="food")) == [kept]
    kept.refresh_from_db()
    assert (kept.note, kept.tags) == ("for Sunday", ["food", "x" * 20])


def test_a_kept_message_is_said_again_once(alice, bob, room, group):
    say(alice, room, "soup recipe")
    kept = keep(bob, room, 1)
    where = {"conversation_id": group.public_id, "client_id": "fav"}
    for _ in range(2):
        said = actions.send_favourite(owner=bob, favourite_id=kept.public_id, **where)
    assert (said.author, said.text) == (bob, "soup recipe")
    assert Message.objects.filter(conversation=group).count() == 1


def test_a_kept_file_stays_readable_for_its_keeper_alone(alice, bob, group):
    message, attachment = send(alice, group, "file", PDF, name="menu.pdf")
    dora = group.memberships.get(account__name="Dora").account
    kept = keep(bob, group, message.seq)
    Favourite.objects.update(created_at=group.created_at.replace(year=2020))
    actions.recall_message(actor=alice, conversation_id=group.public_id, seq=message.seq)
    assert (look(bob, attachment)[0], look(dora, attachment)[0]) == (200, 404)
    own = actions.open_self(viewer=bob)
    where = {"conversation_id": own.public_id, "client_id": "fav"}
    said = actions.send_favourite(owner=bob, favourite_id=kept.public_id, **where)
    assert said.body["name"] == "menu.pdf"
    actions.drop_favourite(owner=bob, favourite_id=kept.public_id)
    assert look(bob, attachment)[0] == 200  # it stands in his own chat now


def test_there_is_a_limit(alice, bob, room, settings):
    settings.FAVOURITES_MAX = 1
    for text in "ab":
        say(alice, room, text)
    keep(bob, room, 1)
    with pytest.raises(TooManyKept):
        keep(bob, room, 2)
    assert Favourite.objects.count() == 1


def test_what_is_gone_or_a_notice_or_somebody_elses_is_not_kept(alice, bob, carol, room, heard):
    say(alice, room, "oops")
    actions.recall_message(actor=alice, conversation_id=room.public_id, seq=1)
    actions.pat(actor=alice, conversation_id=room.public_id, target=bob)
    say(alice, room, "secret")
    for who, seq, refusal in (
        (bob, 1, AlreadyRecalled),
        (bob, 2, AlreadyRecalled),
        (bob, 9, MessageNotFound),
        (carol, 3, ConversationNotFound),
    ):
        with pytest.raises(refusal), heard.during():
            keep(who, room, seq)
    assert not Favourite.objects.exists()
    assert heard == []


def test_nobody_touches_anothers_favourites(alice, bob, room, heard):
    say(alice, room, "mine")
    kept = keep(bob, room, 1)
    name = {"owner": alice, "favourite_id": kept.public_id}
    where = {"conversation_id": room.public_id, "client_id": "x"}
    for act in (
        lambda: actions.describe_favourite(**name, note="hacked", tags=[]),
        lambda: actions.drop_favourite(**name),
        lambda: actions.send_favourite(**name, **where),
    ):
        with pytest.raises(MessageNotFound), heard.during():
            act()
    kept.refresh_from_db()
    assert kept.note == ""
    assert Message.objects.count() == 1
    assert heard == []


def test_a_picture_becomes_a_sticker_that_can_be_sent(alice, bob, room, heard):
    message, _attachment = send(alice, room, "image", picture((500, 300)))
    with heard.during():
        sticker = as_sticker(bob, room, message.seq)
    assert [(ids, e["kind"]) for ids, e in heard] == [((bob.pk,), "chat.stickers_changed")]
    body = {"sticker": sticker.public_id}
    assert say(bob, room, "", kind="sticker", body=body).body["sticker"] == sticker.public_id
    with pytest.raises(BadMessage):
        say(alice, room, "", kind="sticker", body=body)


def test_a_sticker_somebody_sent_is_kept_once(alice, bob, room):
    message, _attachment = send(alice, room, "image", picture())
    sticker = as_sticker(alice, room, message.seq)
    sent = say(alice, room, "", kind="sticker", body={"sticker": sticker.public_id})
    assert as_sticker(bob, room, sent.seq) == as_sticker(bob, room, sent.seq)
    assert Sticker.objects.filter(owner=bob).count() == 1


def test_only_pictures_become_stickers(alice, bob, carol, room, settings):
    words, _ = say(alice, room, "words"), send(alice, room, "file", PDF)
    image, _ = send(alice, room, "image", picture())
    with pytest.raises(BadFile):
        as_sticker(bob, room, words.seq)
    with pytest.raises(BadFile):
        as_sticker(bob, room, 2)
    with pytest.raises(ConversationNotFound):
        as_sticker(carol, room, image.seq)
    settings.STICKERS_MAX = 0
    with pytest.raises(TooManyKept):
        as_sticker(bob, room, image.seq)
    assert not Sticker.objects.exists()


def test_a_sticker_is_dropped_by_its_owner_alone(alice, bob, room, heard):
    message, _attachment = send(alice, room, "image", picture())
    sticker = as_sticker(bob, room, message.seq)
    with heard.during():
        actions.drop_sticker(owner=alice, sticker_id=sticker.public_id)
    assert (Sticker.objects.count(), heard) == (1, [])
    actions.drop_sticker(owner=bob, sticker_id=sticker.public_id)
    assert not Sticker.objects.exists()


def test_a_pack_is_for_everybody_and_made_once(alice, bob, room):
    for _ in range(2):
        actions.make_sticker_pack(pack="Cats", pictures=[("wave", picture()), ("nap", picture())])
    assert [s.label for s in queries.stickers_for(bob)] == ["wave", "nap"]
    sticker = Sticker.objects.get(label="wave")
    said = say(bob, room, "", kind="sticker", body={"sticker": sticker.public_id})
    assert said.body == {"sticker": sticker.public_id, "label": "wave"}
    actions.drop_sticker(owner=bob, sticker_id=sticker.public_id)
    assert Sticker.objects.count() == 2
