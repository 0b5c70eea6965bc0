"""Reading a thread: pages, windows, gaps, and what it costs."""

import pytest
from django.conf import settings
from django.db import connection

from chat import actions, queries
from chat.errors import ConversationNotFound, MessageNotFound
from chat.models import Conversation, Message
from chat.queries import Filters
from superapp.kernel import search
from tests.chat.conftest import say

_MANY = """
INSERT INTO chat_message (conversation_id, seq, author_id, client_id, kind, text, body, sent_at,
                          change, search)
SELECT %(room)s, n, CASE WHEN n %% 2 = 0 THEN %(one)s ELSE %(other)s END, 'm' || n, 'text',
       CASE WHEN n %% 1000 = 0 THEN '今天爸爸做饭 ' ELSE '明天我们去喝茶 ' END || n, '{}', now(), 0,
       array_to_tsvector(string_to_array(
           CASE WHEN n %% 1000 = 0 THEN %(rare)s ELSE %(common)s END || ' ' || n, ' '))
FROM generate_series(1, %(count)s) AS n
"""


def fill(room, one, other, count):
    """A long history, written straight into the table: saying it would take minutes."""
    with connection.cursor() as cursor:
        cursor.execute(
            _MANY,
            {
                "room": room.pk,
                "one": one.pk,
                "other": other.pk,
                "count": count,
                "rare": search.vector_of("今天爸爸做饭"),
                "common": search.vector_of("明天我们去喝茶"),
            },
        )
        cursor.execute("ANALYZE chat_message")
    Conversation.objects.filter(pk=room.pk).update(last_seq=count)


def seat(account, conversation):
    return queries.seat_of(account, conversation.public_id)


@pytest.mark.parametrize("count", [1, 3, 10_000])
def test_a_thread_costs_five_queries_however_long(
    alice, bob, room, count, django_assert_num_queries
):
    fill(room, alice, bob, count)
    mine = seat(alice, room)
    with django_assert_num_queries(5):  # messages, viewer, authors, remarks, reactions
        page = queries.newest_page(mine)
    assert len(page.rows) == min(count, settings.THREAD_PAGE)
    assert page.has_older == (count > settings.THREAD_PAGE)


def test_jumping_ten_thousand_messages_back_costs_the_same(
    alice, bob, room, django_assert_num_queries
):
    fill(room, alice, bob, 10_000)
    mine = seat(alice, room)
    with django_assert_num_queries(6):
        page = queries.page_around(mine, 12)
    seqs = [row.message.seq for row in page.rows]
    assert seqs == list(range(1, 27))
    assert (page.has_older, page.has_newer) == (False, True)


def test_pages_meet_without_gap_or_overlap(alice, bob, room):
    fill(room, alice, bob, 100)
    mine = seat(alice, room)
    newest = queries.newest_page(mine)
    older = queries.page_before(mine, newest.rows[0].message.seq)
    newer = queries.page_after(mine, older.rows[-1].message.seq)
    assert [r.message.seq for r in newest.rows] == list(range(71, 101))
    assert [r.message.seq for r in older.rows] == list(range(41, 71))
    assert [r.message.seq for r in newer.rows] == list(range(71, 101))


@pytest.mark.slow
def test_two_chinese_characters_are_found_among_200000_messages_by_the_index(alice, bob, room):
    fill(room, alice, bob, 200_000)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM" if not connection.in_atomic_block else "SELECT 1")
    rows = queries.messages_matching(alice, "爸爸", Filters()).order_by("-pk")[:30]
    plan = rows.explain(analyze=True)
    assert "messages_search" in plan, plan
    assert "Seq Scan on chat_message" not in plan, plan
    assert len(rows) == 30
    assert all("爸爸" in message.text for message in rows)


def test_search_finds_every_script_and_only_what_one_may_see(alice, bob, carol, room, group):
    say(alice, room, "晚上一起吃火锅吧，coffee红包也行")
    say(bob, room, "Meet at the Harbour kitchen")
    say(alice, group, "火锅 secret")
    for words, found in (
        ("火锅", 2),
        ("锅", 2),
        ("吃火锅", 1),
        ("红包", 1),
        ("cof", 1),
        ("HARB", 1),
        ("harbour kitchen", 1),
        ("arbour", 0),
        ("锅火", 0),
        ("", 0),
        ("!!", 0),
    ):
        page, _more = queries.search_page(alice, words, Filters(), None)
        assert len(page) == found, words
    assert queries.search_page(carol, "火锅", Filters(), None)[0] == []
    in_group = Filters(conversation=group)
    assert len(queries.search_page(alice, "火锅", in_group, None)[0]) == 1
    from_bob = Filters(sender=bob)
    assert [m.text for m in queries.search_page(alice, "", from_bob, None)[0]] == [
        "Meet at the Harbour kitchen"
    ]


def test_search_never_finds_what_was_cleared_or_deleted(alice, bob, room):
    say(alice, room, "old password")
    actions.clear_history(viewer=bob, conversation_id=room.public_id)
    say(alice, room, "new password")
    say(alice, room, "third password")
    actions.delete_for_me(viewer=bob, conversation_id=room.public_id, seqs=[3])
    found, _more = queries.search_page(bob, "password", Filters(), None)
    assert [m.text for m in found] == ["new password"]
    assert len(queries.search_page(alice, "password", Filters(), None)[0]) == 3


def test_a_browser_that_was_away_gets_exactly_what_it_missed(alice, bob, room, group, carol):
    say(alice, room, "one")
    say(alice, room, "two")
    actions.recall_message(actor=alice, conversation_id=room.public_id, seq=1)
    say(alice, room, "three")
    found = queries.changes_since(bob.pk, {room.public_id: (2, 0), group.public_id: (0, 0)})
    missed = found["c"][room.public_id]
    assert [m["text"] for m in missed["messages"]] == ["three"]
    assert (missed["changed"], missed["change"], missed["to"], missed["more"]) == ([1], 1, 3, False)
    assert group.public_id not in found["c"]
    assert queries.changes_since(carol.pk, {room.public_id: (0, 0)}) == {
        "c": {},
        "gone": [room.public_id],
    }


def test_a_long_absence_is_cut_and_says_so(alice, bob, room, settings):
    settings.SYNC_MAX = 10
    fill(room, alice, bob, 25)
    first = queries.changes_since(bob.pk, {room.public_id: (0, 0)})["c"][room.public_id]
    assert ([m["seq"] for m in first["messages"]][-1], first["more"]) == (10, True)
    rest = queries.changes_since(bob.pk, {room.public_id: (20, 0)})["c"][room.public_id]
    assert ([m["seq"] for m in rest["messages"]], rest["more"]) == ([21, 22, 23, 24, 25], False)


def test_quotes_show_their_beginning_and_only_of_what_one_sees(alice, bob, room, group):
    say(alice, room, "x" * 300)
    message = say(bob, room, "really?", quote_seq=1)
    assert message.body["quote"] == {
        "seq": 1,
        "author": alice.public_id,
        "name": "Alice",
        "kind": "text",
        "text": "x" * 100,
    }
    actions.clear_history(viewer=bob, conversation_id=room.public_id)
    with pytest.raises(MessageNotFound):
        say(bob, room, "again", quote_seq=1)
    with pytest.raises(MessageNotFound):
        say(bob, room, "nothing", quote_seq=99)
    assert Message.objects.count() == 2


def test_a_stranger_reads_nothing(carol, room):
    with pytest.raises(ConversationNotFound):
        seat(carol, room)


def test_typing_is_shown_to_the_other_friend_alone(alice, bob, carol, room, group, heard):
    with heard.during():
        actions.show_typing(account_id=alice.pk, conversation_id=room.public_id)
        actions.show_typing(account_id=alice.pk, conversation_id=group.public_id)
        actions.show_typing(account_id=carol.pk, conversation_id=room.public_id)
    assert [(ids, e["kind"], e["by"]) for ids, e in heard] == [
        ((bob.pk,), "chat.typing", alice.public_id)
    ]
