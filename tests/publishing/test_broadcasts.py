"""Broadcasts: composed, looked at, agreed to, planned, sent once, taken back."""

from datetime import UTC, datetime, timedelta

import pytest

from accounts import actions, queries
from accounts.actions import publishing
from accounts.errors import (
    ArticleNotFound,
    BadBroadcast,
    BroadcastNotFound,
    FollowerTagNotFound,
    OfficialNotFound,
    ReviewOver,
    SecondPersonNeeded,
)
from accounts.models import Broadcast, Follow, Listed, OfficialAccount
from accounts.states import BROADCAST_MOVES, BroadcastStatus
from chat.models import Message
from superapp.kernel import outbox, time
from superapp.kernel.errors import Conflict, NotAllowed
from superapp.kernel.idempotency import KeyReused
from tests import cast as people
from tests.official.businesses import hire
from tests.publishing.casting import agree, cast, compose
from tests.publishing.conftest import follow, print_article, write


def got(person, official):
    found = queries.publishing.received_page(person, official)
    return [broadcast.headline for broadcast in found]


def status_of(broadcast):
    return Broadcast.objects.get(pk=broadcast.pk).status


def test_from_a_draft_to_every_follower(alice, carol, mei, wei, noodles):
    follow(noodles, alice)
    broadcast = compose(noodles, mei)
    agree(noodles, broadcast, mei, wei)
    assert status_of(broadcast) == "scheduled"
    assert got(alice, noodles) == []
    outbox.run_due(outbox.DEFAULT, limit=10)
    assert (status_of(broadcast), got(alice, noodles)) == ("sent", ["Dumplings today"])
    assert got(carol, noodles) == []
    broadcast.refresh_from_db()
    assert (broadcast.total, broadcast.filtered, broadcast.sent_to) == (1, 0, 1)
    publishing.send_broadcast(broadcast_id=broadcast.pk)
    assert got(alice, noodles) == ["Dumplings today"]


def test_one_row_however_many_follow(alice, carol, mei, wei, noodles):
    follow(noodles, alice, carol, *(people.make_person(f"P{n}") for n in range(5)))
    before = Message.objects.count()
    cast(noodles, mei, wei)
    assert (Broadcast.objects.count(), Listed.objects.count()) == (1, 0)
    assert Message.objects.count() == before


def test_a_second_person_agrees_and_in_time(alice, mei, wei, noodles):
    follow(noodles, alice)
    broadcast = compose(noodles, mei)
    place = {"official": noodles, "broadcast_id": broadcast.public_id}
    with pytest.raises(Conflict):
        publishing.approve_broadcast(actor=wei, **place)
    publishing.submit_broadcast(actor=mei, **place)
    with pytest.raises(SecondPersonNeeded):
        publishing.approve_broadcast(actor=mei, **place)
    with pytest.raises(OfficialNotFound):
        publishing.approve_broadcast(actor=alice, **place)
    with time.pretend(time.now() + timedelta(minutes=31)):
        with pytest.raises(ReviewOver):
            publishing.approve_broadcast(actor=wei, **place)
        outbox.run_due(outbox.DEFAULT, limit=10)
    assert (status_of(broadcast), got(alice, noodles)) == ("draft", [])
    publishing.submit_broadcast(actor=mei, **place)
    publishing.return_broadcast(actor=wei, reason="A typo", **place)
    assert status_of(broadcast) == "draft"
    message = publishing.Message(text="Dumplings today!")
    publishing.change_broadcast(actor=mei, message=message, **place)
    agree(noodles, broadcast, wei, mei)
    assert status_of(broadcast) == "scheduled"
    with pytest.raises(Conflict):
        publishing.change_broadcast(actor=mei, message=message, **place)


def test_without_followers_nobody_else_is_needed(mei, noodles):
    broadcast = compose(noodles, mei)
    publishing.submit_broadcast(official=noodles, actor=mei, broadcast_id=broadcast.public_id)
    outbox.run_due(outbox.DEFAULT, limit=10)
    assert status_of(broadcast) == "sent"


def test_planned_ones_wait_and_can_be_cancelled(alice, mei, wei, noodles):
    follow(noodles, alice)
    soon = time.now() + timedelta(hours=2)
    early, late = (compose(noodles, mei, text, due_at=soon) for text in ("A", "B"))
    for broadcast in (early, late):
        agree(noodles, broadcast, mei, wei)
    outbox.run_due(outbox.DEFAULT, limit=10)
    publishing.send_broadcast(broadcast_id=early.pk)
    assert got(alice, noodles) == []
    publishing.cancel_broadcast(official=noodles, actor=wei, broadcast_id=late.public_id)
    with time.pretend(soon + timedelta(seconds=1)):
        outbox.run_due(outbox.DEFAULT, limit=10)
    assert got(alice, noodles) == ["A"]
    for bad in (-1, 31 * 24 * 3600):
        with pytest.raises(BadBroadcast):
            compose(noodles, mei, due_at=time.now() + timedelta(seconds=bad))


def test_a_client_id_says_it_once(alice, mei, wei, noodles, clinic, lin):
    due_at = time.now() + timedelta(hours=1)
    first = compose(noodles, mei, "One", client_id="b-1", due_at=due_at)
    place = {"official": noodles, "broadcast_id": first.public_id}
    publishing.change_broadcast(actor=mei, message=publishing.Message(text="Better"), **place)
    assert compose(noodles, wei, "One", client_id="b-1", due_at=due_at) == first
    assert compose(clinic, lin, "Two", client_id="b-1") != first
    assert Broadcast.objects.get(official=noodles).text == "Better"


def test_a_client_id_stands_for_one_message(mei, noodles):
    first = compose(noodles, mei, "One", client_id="b-1", due_at=time.now() + timedelta(hours=1))
    for other in ({"text": "Two"}, {"text": "One", "due_at": None}, {"text": "One", "tag": 2}):
        with pytest.raises(KeyReused) as refused:
            compose(noodles, mei, client_id="b-1", **{"due_at": first.due_at, **other})
        assert refused.value.code == "idempotency.key_reused"
    assert Broadcast.objects.get(official=noodles).text == "One"
    assert compose(noodles, mei, "Two", client_id="b-2") != first


def test_what_is_wrong_is_refused(mei, lin, noodles, clinic, article):
    theirs = print_article(clinic, lin)
    bad = [
        ({"text": ""}, BadBroadcast),
        ({"text": "x" * 601}, BadBroadcast),
        ({"articles": [article.public_id] * 2}, BadBroadcast),
        ({"articles": [article.public_id] * 9}, BadBroadcast),
        ({"articles": [theirs.public_id]}, ArticleNotFound),
        ({"tag": 999}, FollowerTagNotFound),
    ]
    for given, refusal in bad:
        with pytest.raises(refusal):
            compose(noodles, mei, **given)
    message = publishing.Message(text="Both", articles=[article.public_id])
    with pytest.raises(BadBroadcast):
        publishing.compose_broadcast(official=noodles, actor=mei, message=message)
    assert not Broadcast.objects.exists()


def test_articles_must_be_published_when_it_is_handed_in_and_when_it_is_sent(
    alice, mei, wei, noodles, article
):
    follow(noodles, alice)
    draft = compose(noodles, mei, articles=[write(noodles, mei).public_id])
    with pytest.raises(BadBroadcast):
        publishing.submit_broadcast(official=noodles, actor=mei, broadcast_id=draft.public_id)
    broadcast = compose(noodles, mei, articles=[article.public_id])
    agree(noodles, broadcast, mei, wei)
    publishing.withdraw_article(official=noodles, actor=mei, article_id=article.public_id)
    outbox.run_due(outbox.DEFAULT, limit=10)
    broadcast.refresh_from_db()
    assert (broadcast.status, broadcast.refusal) == ("failed", "articles")
    assert got(alice, noodles) == []


def test_a_suspended_account_says_nothing(alice, mei, wei, root, noodles):
    follow(noodles, alice)
    broadcast = compose(noodles, mei)
    agree(noodles, broadcast, mei, wei)
    actions.suspend_official(official=noodles, staff=root, reason="Complaints")
    outbox.run_due(outbox.DEFAULT, limit=10)
    assert status_of(broadcast) == "failed"


@pytest.mark.parametrize("before", BroadcastStatus.values)
@pytest.mark.parametrize("after", ["review", "draft", "cancelled", "recalled"])
def test_every_move_is_in_the_table_or_refused(alice, mei, noodles, before, after):
    follow(noodles, alice)
    broadcast = compose(noodles, mei)
    Broadcast.objects.filter(pk=broadcast.pk).update(status=before)
    place = {"official": noodles, "actor": mei, "broadcast_id": broadcast.public_id}
    act = {
        "review": lambda: publishing.submit_broadcast(**place),
        "draft": lambda: publishing.return_broadcast(reason="no", **place),
        "cancelled": lambda: publishing.cancel_broadcast(**place),
        "recalled": lambda: publishing.recall_broadcast(**place),
    }[after]
    if after in BROADCAST_MOVES[before]:
        assert act().status == after
    else:
        with pytest.raises(Conflict):
            act()
        assert status_of(broadcast) == before


def test_only_those_who_write_for_the_account_touch_it(alice, bob, lin, mei, noodles, clinic):
    hire(noodles, mei, bob, "agent")
    broadcast = compose(noodles, mei)
    place = {"official": noodles, "broadcast_id": broadcast.public_id}
    for actor, refusal in ((alice, OfficialNotFound), (lin, OfficialNotFound), (bob, NotAllowed)):
        with pytest.raises(refusal):
            compose(noodles, actor)
        for act in (
            publishing.submit_broadcast,
            publishing.approve_broadcast,
            publishing.cancel_broadcast,
            publishing.recall_broadcast,
        ):
            with pytest.raises(refusal):
                act(actor=actor, **place)
        with pytest.raises(refusal):
            publishing.preview_broadcast(actor=actor, handles=[], **place)
    with pytest.raises(BroadcastNotFound):
        publishing.submit_broadcast(official=clinic, actor=lin, broadcast_id=broadcast.public_id)
    assert Broadcast.objects.count() == 1
    assert status_of(broadcast) == "draft"


def test_a_preview_reaches_the_chosen_alone(alice, carol, mei, noodles, article):
    follow(noodles, alice, mei)
    broadcast = compose(noodles, mei, articles=[article.public_id])
    place = {"official": noodles, "actor": mei, "broadcast_id": broadcast.public_id}
    assert publishing.preview_broadcast(**place, handles=[]) == [mei]
    sent = Message.objects.get(author=noodles.account)
    assert sent.body["ref"] == broadcast.public_id
    assert queries.publishing.broadcasts_previewed(mei, [broadcast.public_id])
    assert not queries.publishing.broadcasts_previewed(alice, [broadcast.public_id])
    assert got(alice, noodles) == []


def test_a_tag_is_aimed_at_as_it_was_when_it_was_sent(alice, carol, mei, wei, noodles):
    follow(noodles, alice, carol)
    tag = actions.make_tag(official=noodles, actor=mei, name="Noodle lovers")
    ana = queries.follow_of(alice, noodles)
    other = queries.follow_of(carol, noodles)
    actions.tag_followers(official=noodles, number=tag.number, openids=[ana.openid])
    broadcast = cast(noodles, mei, wei, tag=tag.number)
    assert (got(alice, noodles), got(carol, noodles)) == (["Dumplings today"], [])
    assert (broadcast.total, broadcast.filtered, broadcast.reach) == (1, 0, "only")
    actions.untag_followers(official=noodles, number=tag.number, openids=[ana.openid])
    actions.tag_followers(official=noodles, number=tag.number, openids=[other.openid])
    assert (got(alice, noodles), got(carol, noodles)) == (["Dumplings today"], [])
    waiting = compose(noodles, mei, "Tagged", tag=tag.number)
    agree(noodles, waiting, mei, wei)
    actions.drop_tag(official=noodles, actor=mei, number=tag.number)
    outbox.run_due(outbox.DEFAULT, limit=10)
    waiting.refresh_from_db()
    assert (waiting.status, waiting.refusal) == ("failed", "tag")


def test_a_follower_of_a_service_account_gets_four_a_month(alice, carol, mei, wei, noodles):
    """Carol came later and misses what was said before; Alice has had enough."""
    OfficialAccount.objects.filter(pk=noodles.pk).update(time_zone="Asia/Shanghai")
    noodles.refresh_from_db()
    # 17:00 on the last of October in London is the first of November in Shanghai.
    month = datetime(2026, 10, 31, 17, tzinfo=UTC)
    with time.pretend(month - timedelta(days=2)):
        follow(noodles, alice)
        cast(noodles, mei, wei, "October")
    for n in range(1, 4):
        with time.pretend(month + timedelta(days=n)):
            cast(noodles, mei, wei, f"N{n}")
    with time.pretend(month + timedelta(days=4)):
        follow(noodles, carol)
    for n in range(5, 7):
        with time.pretend(month + timedelta(days=n)):
            last = cast(noodles, mei, wei, f"N{n}")
    assert got(alice, noodles) == ["N5", "N3", "N2", "N1", "October"]
    assert got(carol, noodles) == ["N6", "N5"]
    assert (last.total, last.filtered, last.reach) == (2, 1, "but")
    with time.pretend(datetime(2026, 11, 30, 16, 1, tzinfo=UTC)):  # December in Shanghai
        assert cast(noodles, mei, wei, "December").filtered == 0
    assert got(alice, noodles)[0] == "December"


def test_a_follower_of_a_subscription_account_gets_one_a_day(alice, mei, wei, noodles):
    OfficialAccount.objects.filter(pk=noodles.pk).update(
        kind="subscription", time_zone="Asia/Shanghai"
    )
    noodles.refresh_from_db()
    noon = datetime(2026, 11, 10, 4, tzinfo=UTC)
    with time.pretend(noon):
        follow(noodles, alice)
    for hours, text, filtered in ((0, "One", 0), (11, "Two", 1), (13, "Three", 0)):
        with time.pretend(noon + timedelta(hours=hours, seconds=1)):
            assert cast(noodles, mei, wei, text).filtered == filtered
    assert got(alice, noodles) == ["Three", "One"]


def test_who_is_not_heard_is_not_told(alice, carol, mei, wei, noodles):
    follow(noodles, alice, carol)
    openid = queries.follow_of(carol, noodles).openid
    actions.blacklist_follower(official=noodles, actor=mei, openid=openid)
    broadcast = cast(noodles, mei, wei)
    assert (got(alice, noodles), got(carol, noodles)) == (["Dumplings today"], [])
    assert (broadcast.total, broadcast.filtered) == (2, 1)


def test_who_left_and_came_back_keeps_what_they_got_and_missed_the_rest(
    alice, carol, mei, wei, noodles
):
    start = time.now()

    def at(hours):
        return time.pretend(start + timedelta(hours=hours))

    with at(0):
        follow(noodles, alice, carol)
    with at(1):
        cast(noodles, mei, wei, "Before")
    with at(2):
        actions.unfollow_official(person=alice, official=noodles)
    with at(3):
        cast(noodles, mei, wei, "Away")
    assert got(alice, noodles) == ["Before"]
    with at(4):
        follow(noodles, alice)
    with at(5):
        cast(noodles, mei, wei, "After")
    assert got(alice, noodles) == ["After", "Before"]
    assert len(Follow.objects.get(person=alice).periods) == 2


def test_lists_of_followers_stand_in_blocks(alice, mei, wei, noodles):
    rows = [people.make_person(f"P{n}") for n in range(4)]
    follow(noodles, *rows)
    # Far apart, as where other accounts were followed in between.
    for n, person in enumerate(rows):
        Follow.objects.filter(official=noodles, person=person).update(id=10_000 + n * 700)
    tag = actions.make_tag(official=noodles, actor=mei, name="Some")
    openids = [queries.follow_of(person, noodles).openid for person in rows[:3]]
    actions.tag_followers(official=noodles, number=tag.number, openids=openids)
    broadcast = cast(noodles, mei, wei, tag=tag.number)
    listed = Listed.objects.filter(broadcast=broadcast).order_by("block")
    assert [(row.block, row.places) for row in listed] == [(9, [784]), (10, [460]), (11, [136])]
    assert [len(got(person, noodles)) for person in rows] == [1, 1, 1, 0]


def test_figures_are_added_up_by_day_and_kept(alice, bob, mei, noodles, settings):
    settings.FIGURE_SHARDS = 3
    follow(noodles, alice)
    today = publishing.today_of(official=noodles)
    for _ in range(5):
        publishing.count(official_id=noodles.pk, what="menu", day=today - timedelta(days=3))
    publishing.count_once(official=noodles, what="read", ref="x", person=alice)
    publishing.close_days()
    publishing.close_days()
    days = {row.day: row for row in queries.publishing.figures_by_day(noodles)}
    assert len(days) == 30
    assert days[today - timedelta(days=3)].of("menu") == 5
    assert days[today - timedelta(days=1)].followers == 1
    assert (days[today].of("follow"), days[today].followers, days[today].net) == (1, 1, 1)
    assert queries.publishing.sources_of(noodles) == {"profile": 1}


def test_words_are_cleaned_of_what_nobody_sees():
    assert publishing.clean_words(text=" a\u202eb\x00 \r\n c ", is_long=True) == "ab\n c"
    assert publishing.clean_address(url=" https://example.com/ ") == "https://example.com/"
    assert not publishing.is_page(url="ftp://example.com/")
    checked = publishing.checked_blocks(official=None, blocks=[{"kind": "line", "text": ""}])
    assert checked == [{"kind": "line"}]
