"""The list of chats, and unread counts that stay right."""

from datetime import timedelta

import pytest

from chat import actions, queries
from chat.errors import ConversationNotFound
from chat.models import Conversation, Membership, Message
from superapp.kernel import time
from superapp.kernel.errors import BadCursor
from tests import cast
from tests.chat.conftest import say


def row_of(viewer, conversation):
    return queries.inbox_row(viewer, conversation.public_id)


def read(account, conversation, seq):
    actions.mark_read(account_id=account.pk, conversation_id=conversation.public_id, seq=seq)


def test_unread_counts_what_others_said_and_nothing_else(alice, bob, room):
    for text in "abc":
        say(alice, room, text)
    say(bob, room, "mine does not count")
    actions.pat(actor=alice, conversation_id=room.public_id, target=bob)
    assert row_of(bob, room).unread == 3
    assert row_of(alice, room).unread == 1
    assert queries.unread_total(bob) == 3


def test_reading_recalling_and_deleting_keep_the_number_right(alice, bob, room, heard):
    for text in "abcd":
        say(alice, room, text)
    read(bob, room, 1)
    assert row_of(bob, room).unread == 3
    actions.recall_message(actor=alice, conversation_id=room.public_id, seq=2)
    assert row_of(bob, room).unread == 2
    actions.delete_for_me(viewer=bob, conversation_id=room.public_id, seqs=[3])
    assert row_of(bob, room).unread == 1
    with heard.during():
        read(bob, room, 999)
    assert (row_of(bob, room).unread, row_of(bob, room).seat.read_seq) == (0, 4)
    assert [(ids, e["kind"], e["seq"]) for ids, e in heard] == [((bob.pk,), "chat.read_moved", 4)]


def test_the_read_mark_never_moves_back(alice, bob, room):
    say(alice, room)
    say(alice, room)
    read(bob, room, 2)
    read(bob, room, 1)
    assert row_of(bob, room).seat.read_seq == 2


def test_muted_chats_do_not_count_in_the_total(alice, bob, room):
    say(alice, room)
    actions.mute_chat(viewer=bob, conversation_id=room.public_id)
    assert (row_of(bob, room).unread, queries.unread_total(bob)) == (1, 0)


def test_deleting_a_chat_hides_it_until_something_new_is_said(alice, bob, room):
    say(alice, room, "old")
    actions.delete_chat(viewer=bob, conversation_id=room.public_id)
    assert queries.inbox_page(bob)[0] == []
    say(alice, room, "new")
    (row,) = queries.inbox_page(bob)[0]
    assert (row.preview, row.unread) == ("new", 1)
    assert [m.text for m in queries.visible_to(row.seat)] == ["new"]
    assert queries.visible_to(queries.seat_of(alice, room.public_id)).count() == 2


def test_archived_chats_stay_away_whatever_is_said(alice, bob, room):
    actions.archive_chat(viewer=bob, conversation_id=room.public_id)
    say(alice, room)
    assert queries.inbox_page(bob)[0] == []
    assert len(queries.inbox_page(bob, folder="archive")[0]) == 1
    assert queries.unread_total(bob) == 0
    actions.unarchive_chat(viewer=bob, conversation_id=room.public_id)
    assert len(queries.inbox_page(bob)[0]) == 1


def test_a_mention_is_marked_until_it_is_read(alice, bob, group):
    say(alice, group, "@Bob hi", mentions=[bob.public_id])
    assert row_of(bob, group).is_mentioned
    read(bob, group, 1)
    assert not row_of(bob, group).is_mentioned


def test_pinned_chats_come_first_and_hidden_ones_not_at_all(alice, bob, room, group):
    say(alice, room)
    say(alice, group)
    actions.pin_chat(viewer=bob, conversation_id=room.public_id)
    assert [r.seat.conversation for r in queries.inbox_page(bob)[0]] == [room, group]
    actions.hide_chat(viewer=bob, conversation_id=room.public_id)
    assert [r.seat.conversation for r in queries.inbox_page(bob)[0]] == [group]


def test_previews_speak_the_viewers_names(alice, bob, room, group):
    say(bob, group, "bring plates")
    assert row_of(alice, group).preview == "Bob: bring plates"
    assert row_of(bob, group).preview == "bring plates"
    actions.recall_message(actor=bob, conversation_id=group.public_id, seq=1)
    assert row_of(alice, group).preview == "Bob recalled a message"
    assert row_of(bob, group).preview == "You recalled a message"


def test_a_draft_is_kept_and_told_to_own_devices_only(alice, bob, room, heard):
    with heard.during():
        actions.save_draft(viewer=alice, conversation_id=room.public_id, text="Could you")
    assert row_of(alice, room).seat.draft == "Could you"
    assert [(ids, e["kind"]) for ids, e in heard] == [((alice.pk,), "chat.seat_changed")]


def test_a_stranger_has_no_row(carol, room):
    with pytest.raises(ConversationNotFound):
        row_of(carol, room)


def many_chats(owner, count):
    """`count` groups of the owner, each with one message of somebody else."""
    other = cast.make_person("Many")
    groups = Conversation.objects.bulk_create(
        Conversation(kind="group", title=f"Group {n}", members_count=2, last_seq=1)
        for n in range(count)
    )
    Membership.objects.bulk_create(
        Membership(conversation=g, account=who) for g in groups for who in (owner, other)
    )
    Message.objects.bulk_create(
        Message(
            conversation=g,
            seq=1,
            author=other,
            client_id=f"c{g.pk}",
            kind="text",
            text="x",
            sent_at=g.created_at,
        )
        for g in groups
    )


@pytest.mark.parametrize("count", [1, 3, 500])
def test_the_list_costs_seven_queries_for_any_number_of_chats(
    alice, count, django_assert_num_queries
):
    many_chats(alice, count)
    with django_assert_num_queries(7):
        rows, cursor = queries.inbox_page(alice)
    assert (len(rows), bool(cursor)) == (min(count, 30), count > 30)


def test_paging_shows_every_chat_once(alice):
    many_chats(alice, 120)
    seen, cursor = [], ""
    while True:
        rows, cursor = queries.inbox_page(alice, cursor=cursor)
        seen += [row.seat.pk for row in rows]
        if not cursor:
            break
    assert len(seen) == len(set(seen)) == 120


@pytest.mark.parametrize(
    "cursor", ["x", "1.2", "1.2.3.4", "2.1.1", "0.-1.1", "0.1.99999999999999999999"]
)
def test_a_made_up_cursor_is_refused(alice, cursor):
    with pytest.raises(BadCursor):
        queries.inbox_page(alice, cursor=cursor)


def test_a_page_learns_what_was_said_while_it_travelled(client, alice, bob, carol, room, group):
    made = time.now()
    say(bob, room, "while the page was on its way")
    Conversation.objects.filter(pk=group.pk).update(last_message_at=made - timedelta(minutes=1))
    client.force_login(alice.person)
    answer = client.get(f"/chats/unread/?since={int(made.timestamp() * 1000)}").json()
    assert answer == {"unread": 1, "moved": [room.public_id]}
    assert client.get("/chats/unread/").json() == {"unread": 1, "moved": []}
    client.force_login(carol.person)
    answer = client.get(f"/chats/unread/?since={int(made.timestamp() * 1000)}").json()
    assert answer == {"unread": 0, "moved": []}


@pytest.mark.parametrize("since", ["soon", "-1", "1" * 15, "１２"])
def test_a_moment_that_is_none_is_refused(client, alice, since):
    client.force_login(alice.person)
    assert client.get("/chats/unread/", {"since": since}).status_code == 400


def test_the_badge_stops_at_its_cap(alice, bob, room, group, settings):
    settings.UNREAD_CAP = 3
    for text in "abc":
        say(alice, room, text)
        say(alice, group, text)
    assert queries.unread_total(bob) == 3
    read(bob, room, 3)
    read(bob, group, 2)
    assert queries.unread_total(bob) == 1
