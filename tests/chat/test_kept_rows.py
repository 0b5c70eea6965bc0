"""Rows that a process keeps: whatever shows in one is part of what it is kept under."""

import pytest

from accounts import actions as people
from accounts.models import Person
from chat import actions
from chat.templatetags import chat_rows
from tests.chat.conftest import say


@pytest.fixture
def page(client, alice, room):
    """Alice looks at her chat with Bob, in a process that has drawn it before."""
    client.force_login(alice.person)

    def look(**more):
        return client.get(f"/chats/{room.public_id}/", **more).content.decode()

    return look


def test_a_second_look_draws_nothing_anew(alice, bob, room, page, monkeypatch):
    say(bob, room, "soup")
    say(alice, room, "yes")
    page()
    first = page()
    kept = dict(chat_rows._kept)
    again = page()
    assert chat_rows._kept == kept
    assert [part in first and part in again for part in ("soup", "yes")] == [True, True]


def test_what_changes_is_drawn_anew(alice, bob, room, page):
    said = say(bob, room, "soup")
    assert "soup" in page()
    place = {"actor": bob, "conversation_id": room.public_id, "seq": said.seq}
    actions.add_reaction(**{**place, "actor": alice}, emoji="👍")
    assert 'value="unreact:👍"' in page()
    actions.remove_reaction(**{**place, "actor": alice}, emoji="👍")
    assert "unreact" not in page()
    actions.recall_message(**place)
    assert "soup" not in page()
    assert "Bob recalled a message" in page()


def test_names_and_ticks_follow(alice, bob, room, page):
    Person.objects.update(shares_read_marks=True)
    say(alice, room, "mine")
    say(bob, room, "his")
    assert '<span class="vh">Bob</span>' in page()
    assert "ico--read" not in page().split('id="m2"')[0].split('id="m1"')[1]
    people.edit_contact(owner=alice, contact_id=bob.public_id, remark="Bobby", note="", phones=[])
    assert '<span class="vh">Bobby</span>' in page()
    actions.mark_read(account_id=bob.pk, conversation_id=room.public_id, seq=2)
    assert "ico--read" in page().split('id="m2"')[0].split('id="m1"')[1]


def test_the_other_side_sees_its_own_rows(client, alice, bob, room, page):
    say(alice, room, "hello")
    assert "msg--me" in page()
    client.force_login(bob.person)
    other = client.get(f"/chats/{room.public_id}/").content.decode()
    assert "msg--me" not in other.split("</ol>")[0]
    assert '<span class="vh">Alice</span>' in other


def test_each_reader_in_their_language(client, alice, bob, room, page):
    said = say(bob, room, "soup")
    actions.recall_message(actor=bob, conversation_id=room.public_id, seq=said.seq)
    assert "recalled a message" in page()
    alice.person.language = "zh-hans"
    alice.person.save()
    assert "recalled a message" not in page()


def test_no_more_is_kept_than_the_setting_says(alice, bob, room, page, settings):
    settings.ROWS_KEPT = 3
    for text in "abcdef":
        say(bob, room, text)
    assert all(f"data-text>{text}</span>" in page() for text in "abcdef")
    assert len(chat_rows._kept) <= 3
