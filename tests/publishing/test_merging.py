"""What an account said to many, in the threads and lists of those who read: merged, never copied."""

import pytest
from django.test import Client

from accounts import actions as people
from accounts import queries as known
from accounts.actions import publishing
from chat import actions, queries
from chat.models import Membership
from tests.chat.conftest import say
from tests.official.businesses import hire, publish
from tests.official.test_pages import browser, text
from tests.publishing.casting import cast
from tests.publishing.conftest import follow, print_article


@pytest.fixture
def thread(alice, noodles):
    follow(noodles, alice)
    return actions.open_service(viewer=alice, official=noodles)


def row_of(viewer, conversation):
    return queries.inbox_row(viewer, conversation.public_id)


def read(account, conversation, seq=0):
    actions.mark_read(account_id=account.pk, conversation_id=conversation.public_id, seq=seq)


def test_a_broadcast_moves_the_row_and_is_unread_until_it_is_seen(
    alice, bob, mei, wei, noodles, thread
):
    other = actions.open_direct(viewer=alice, other=bob)
    say(bob, other, "Hello")
    assert [row.title for row in queries.inbox_page(alice)[0]] == ["Bob", "Mei Noodles"]
    cast(noodles, mei, wei, "Dumplings today")
    rows, _cursor = queries.inbox_page(alice)
    assert [row.title for row in rows] == ["Mei Noodles", "Bob"]
    assert (rows[0].preview, rows[0].unread) == ("Dumplings today", 1)
    assert queries.unread_total(alice) == 2
    assert [r.title for r in queries.inbox_page(alice, only="unread")[0]] == ["Mei Noodles", "Bob"]
    say(bob, other, "Again")
    assert [row.title for row in queries.inbox_page(alice)[0]] == ["Bob", "Mei Noodles"]
    read(alice, thread)
    assert (row_of(alice, thread).unread, queries.unread_total(alice)) == (0, 2)
    assert [r.title for r in queries.inbox_page(alice, only="unread")[0]] == ["Bob"]
    report = known.publishing.report_of(known.publishing.broadcasts_of(noodles)[0])
    assert (report["sent"], report["opened"]) == (1, 1)
    read(alice, thread)
    report = known.publishing.report_of(known.publishing.broadcasts_of(noodles)[0])
    assert report["opened"] == 1


def test_it_stands_between_the_messages_by_its_time(alice, mei, wei, noodles, thread):
    say(alice, thread, "Before")
    article = print_article(noodles, mei)
    cast(noodles, mei, wei, articles=[article.public_id])
    say(alice, thread, "After")
    rows = queries.newest_page(queries.seat_of(alice, thread.public_id)).rows
    assert [row.message.text or row.card["articles"][0].title for row in rows] == [
        "Before",
        "Hand-pulled since 1987",
        "After",
    ]
    page = queries.newest_page(queries.seat_of(alice, thread.public_id))
    assert (page.first_seq, page.last_seq) == (1, 2)
    assert row_of(alice, thread).preview == "After"


def test_pages_of_a_long_thread_hold_it_once(alice, mei, wei, noodles, thread, settings):
    settings.THREAD_PAGE = 2
    for word in "ab":
        say(alice, thread, word)
    cast(noodles, mei, wei, "Middle")
    for word in "cd":
        say(alice, thread, word)
    seat = queries.seat_of(alice, thread.public_id)
    newest = queries.newest_page(seat)
    older = queries.page_before(seat, newest.first_seq)

    def words(page):
        return [row.message.text for row in page.rows]

    assert (words(newest), words(older)) == (["c", "d"], ["a", "b", "Middle"])
    assert words(queries.page_after(seat, 0)) == ["a", "b"]


def test_opening_the_page_reads_it(alice, mei, wei, noodles, thread):
    article = print_article(noodles, mei)
    cast(noodles, mei, wei, articles=[article.public_id])
    page = browser(alice)
    assert "[Article] Hand-pulled since 1987" in text(page.get("/chats/"))
    shown = page.get(f"/chats/{thread.public_id}/").content.decode()
    assert 'data-broadcast="cast_' in shown
    assert "Hand-pulled since 1987" in shown
    assert queries.unread_total(alice) == 0
    assert Client().get(f"/chats/{thread.public_id}/").status_code == 302


def test_its_links_count_once_a_person(alice, mei, wei, noodles, thread):
    broadcast = cast(noodles, mei, wei, "See https://example.com/menu.")
    page = browser(alice)
    shown = page.get(f"/chats/{thread.public_id}/").content.decode()
    start = shown.index('href="/l/') + 6
    path = shown[start : shown.index('"', start)]
    for _ in range(2):
        assert page.get(path)["Location"] == "https://example.com/menu"
    report = known.publishing.report_of(broadcast)
    assert (report["clicked"], report["opened"]) == (1, 1)


def test_what_was_taken_back_leaves_the_list_and_says_so(alice, mei, wei, noodles, thread):
    broadcast = cast(noodles, mei, wei)
    publishing.recall_broadcast(official=noodles, actor=mei, broadcast_id=broadcast.public_id)
    row = row_of(alice, thread)
    assert (row.unread, row.preview, queries.unread_total(alice)) == (0, "", 0)
    shown = text(browser(alice).get(f"/chats/{thread.public_id}/"))
    assert "took back" in shown
    assert "Dumplings" not in shown


def test_clearing_hiding_and_muting(alice, mei, wei, noodles, thread):
    cast(noodles, mei, wei, "One")
    actions.hide_chat(viewer=alice, conversation_id=thread.public_id)
    assert queries.inbox_page(alice)[0] == []
    cast(noodles, mei, wei, "Two")
    assert [row.preview for row in queries.inbox_page(alice)[0]] == ["Two"]
    actions.delete_chat(viewer=alice, conversation_id=thread.public_id)
    assert queries.inbox_page(alice)[0] == []
    cast(noodles, mei, wei, "Three")
    seat = queries.seat_of(alice, thread.public_id)
    assert [row.message.text for row in queries.newest_page(seat).rows] == ["Three"]
    actions.mute_chat(viewer=alice, conversation_id=thread.public_id)
    assert (row_of(alice, thread).unread, queries.unread_total(alice)) == (1, 0)


def test_subscriptions_are_ordered_and_marked_in_their_folder(alice, bob, mei, lin, root):
    papers = [
        publish(lin, name, root, kind="subscription", category="media")
        for name in ("Morning Paper", "Evening Paper")
    ]
    follow(papers[0], alice)
    follow(papers[1], alice)
    for paper in papers:
        hire(paper, lin, bob, "operator")
    cast(papers[0], lin, bob, "News")

    def folder():
        rows, _cursor = queries.inbox_page(alice, folder="subscriptions")
        return [(row.title, row.unread) for row in rows]

    assert folder() == [("Morning Paper", 1), ("Evening Paper", 0)]
    assert queries.folders_waiting(alice).has_news
    assert queries.unread_total(alice) == 0
    cast(papers[1], lin, bob, "Sport")
    assert folder() == [("Evening Paper", 1), ("Morning Paper", 1)]
    for paper in papers:
        read(alice, actions.open_service(viewer=alice, official=paper))
    assert not queries.folders_waiting(alice).has_news


def test_staff_who_answer_see_their_conversation_without_it(alice, mei, wei, noodles, thread):
    say(alice, thread, "A table?")
    cast(noodles, mei, wei)
    seat = queries.seat_of(noodles.account, thread.public_id)
    assert [row.message.text for row in queries.newest_page(seat).rows] == ["A table?"]
    assert queries.inbox_row(noodles.account, thread.public_id).preview == "A table?"


def test_another_person_gets_nothing_by_guessing(alice, bob, carol, mei, wei, noodles, thread):
    tag = people.make_tag(official=noodles, actor=mei, name="Few")
    openid = known.follow_of(alice, noodles).openid
    people.tag_followers(official=noodles, number=tag.number, openids=[openid])
    follow(noodles, carol)
    theirs = actions.open_service(viewer=carol, official=noodles)
    cast(noodles, mei, wei, "For few", tag=tag.number)
    assert "For few" in text(browser(alice).get(f"/chats/{thread.public_id}/"))
    assert "For few" not in text(browser(carol).get(f"/chats/{theirs.public_id}/"))
    assert browser(carol).get(f"/chats/{thread.public_id}/").status_code == 404


def test_the_list_costs_the_same_for_one_and_for_three_accounts(
    alice, bob, mei, wei, lin, root, noodles, thread, django_assert_num_queries
):
    def read_list():
        rows, _cursor = queries.inbox_page(alice)
        return [(row.title, row.preview, row.unread) for row in rows]

    cast(noodles, mei, wei)
    with django_assert_num_queries(6):
        assert read_list() == [("Mei Noodles", "Dumplings today", 1)]
    for name in ("Tea", "Books"):
        shop = publish(lin, name, root)
        hire(shop, lin, bob, "operator")
        follow(shop, alice)
        cast(shop, lin, bob, name)
    with django_assert_num_queries(6):
        assert len(read_list()) == 3
    with django_assert_num_queries(1):
        assert queries.unread_total(alice) == 3


def test_a_thread_costs_the_same_for_one_and_for_three(
    alice, mei, wei, noodles, thread, django_assert_num_queries
):
    article = print_article(noodles, mei)

    def read_thread():
        seat = queries.seat_of(alice, thread.public_id)
        return len(queries.newest_page(seat).rows)

    cast(noodles, mei, wei, articles=[article.public_id])
    with django_assert_num_queries(5):
        assert read_thread() == 1
    for _ in range(2):
        cast(noodles, mei, wei, articles=[article.public_id])
    with django_assert_num_queries(5):
        assert read_thread() == 3
    assert Membership.objects.get(account=alice).broadcasts_read_at is None
