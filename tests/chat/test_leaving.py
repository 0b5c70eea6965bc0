"""After somebody has gone, nothing that happens reaches them, in whatever way they look."""

import pytest
from django.test import Client

from chat import actions, queries
from chat.errors import NotAMember
from chat.models import Membership
from tests.chat.conftest import say
from tests.chat.files import picture


@pytest.fixture
def gone(alice, bob, group):
    """Bob was removed; then life went on."""
    say(alice, group, "before")
    place = {"actor": alice, "conversation_id": group.public_id}
    actions.announce(**place, text="the old plan")
    actions.remove_member(**place, member=bob)
    say(alice, group, "after")
    actions.announce(**place, text="the new plan")
    actions.renew_group_qr(**place)
    actions.rename_group(**place, title="Plotters")
    group.refresh_from_db()
    return group


def browser(account):
    client = Client()
    client.force_login(account.person)
    return client


def test_the_row_neither_moves_nor_counts(alice, bob, room, gone):
    row = queries.inbox_row(bob, gone.public_id)
    assert (row.last_seq, row.at) == (2, row.last.sent_at)
    say(alice, room, "newer than his end")
    say(alice, gone, "newest, but not for him")
    rows = queries.inbox_page(bob)[0]
    assert [r.seat.conversation for r in rows] == [room, gone]


def test_a_row_he_put_away_stays_away(alice, bob, gone):
    actions.delete_chat(viewer=bob, conversation_id=gone.public_id)
    say(alice, gone, "more")
    assert queries.inbox_page(bob)[0] == []
    assert queries.inbox_page(bob, only="unread")[0] == []


def test_reading_on_ends_where_he_left(bob, gone):
    found = queries.changes_since(bob.pk, {gone.public_id: (0, 0)})
    ((_name, missed),) = found["c"].items()
    assert ([m["seq"] for m in missed["messages"]], missed["to"]) == ([1, 2], 2)
    assert queries.changes_since(bob.pk, {gone.public_id: (2, gone.last_change)})["c"] == {}


@pytest.mark.parametrize("page", ["", "info/", "members/", "rows/", "media/", "search/?q=after"])
def test_his_pages_say_nothing_new(bob, gone, page):
    answer = browser(bob).get(f"/chats/{gone.public_id}/{page}")
    shown = answer.content.decode()
    assert answer.status_code == 200
    assert "the new plan" not in shown
    assert "Plotters" not in shown
    assert gone.qr_token not in shown
    assert 'class="bubble__text" dir="auto">after' not in shown


@pytest.mark.parametrize("page", ["announcement/", "code/", "members/add/", "requests/"])
def test_pages_about_the_group_as_it_is_now_are_closed(bob, gone, page):
    answer = browser(bob).get(f"/chats/{gone.public_id}/{page}")
    assert answer.status_code == 403
    assert "the new plan" not in answer.content.decode()


def test_its_name_picture_and_size_stay_what_they_were(alice, bob, gone):
    place = {"actor": alice, "conversation_id": gone.public_id}
    actions.set_group_picture(**place, picture=picture())
    row = queries.inbox_row(bob, gone.public_id)
    assert (row.title, row.members, row.face.avatar_url) == ("Supper club", 0, "")
    assert list(row.face.faces) == []
    assert browser(bob).get(f"/chats/{gone.public_id}/picture/").status_code == 404
    actions.add_people(**place, people=[bob])
    row = queries.inbox_row(bob, gone.public_id)
    assert (row.title, row.members) == ("Plotters", 3)
    assert row.face.avatar_url == f"/chats/{gone.public_id}/picture/"


def test_he_changes_nothing_that_others_see(bob, gone, heard):
    with pytest.raises(NotAMember), heard.during():
        actions.set_alias(viewer=bob, conversation_id=gone.public_id, alias="Still here")
    assert Membership.objects.get(conversation=gone, account=bob).alias == ""
    assert heard == []


def test_a_stranger_learns_nothing_of_a_group_from_its_picture(alice, carol, group):
    place = {"actor": alice, "conversation_id": group.public_id}
    actions.set_group_picture(**place, picture=picture())
    token = actions.renew_group_qr(**place).qr_token
    address = f"/chats/{group.public_id}/picture/"
    asked = [browser(carol).get(f"{address}{code}") for code in ("", "?code=x", f"?code={token}")]
    for answer in asked:
        if answer.streaming:
            b"".join(answer.streaming_content)
    assert [answer.status_code for answer in asked] == [404, 404, 200]
