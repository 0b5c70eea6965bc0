"""Followers, openids, codes, windows, tags."""

import re
from datetime import timedelta

import pytest

from accounts import actions, ports, queries
from accounts.errors import (
    BadScene,
    FollowedTooMany,
    FollowerTagNotFound,
    NotFollowing,
    OfficialNotFound,
    SceneNotFound,
    SystemTag,
    TagExists,
    TooManyTags,
    WindowClosed,
    WindowSpent,
)
from accounts.models import Follow
from superapp.kernel import time
from superapp.kernel.errors import NotAllowed
from tests.official.businesses import hire, publish


@pytest.fixture
def happened(monkeypatch):
    """What programs would hear of."""
    seen = []
    port = type(ports.official_events)("test")
    port.register(lambda events: seen.extend((e.kind, dict(e.facts)) for e in events))
    monkeypatch.setattr(ports, "official_events", port)
    return seen


def test_every_account_knows_a_person_by_another_openid(alice, bob, noodles, clinic, lin, root):
    tea = publish(lin, "Tea House", root)
    rows = [actions.follow_official(person=alice, official=o) for o in (noodles, clinic, tea)]
    theirs = actions.follow_official(person=bob, official=noodles)
    for row in [*rows, theirs]:
        assert re.fullmatch(r"o[A-Za-z0-9_-]{27}", row.openid)
        assert re.fullmatch(r"o[A-Za-z0-9_-]{27}", row.unionid)
    assert len({row.openid for row in [*rows, theirs]}) == 4
    restaurant, doctor, shop = (row.unionid for row in rows)
    assert doctor == shop != restaurant  # Lin owns both


def test_following_twice_is_following_once(alice, noodles, happened):
    actions.follow_official(person=alice, official=noodles, source="card")
    again = actions.follow_official(person=alice, official=noodles, source="search")
    assert (again.source, Follow.objects.count()) == ("card", 1)
    assert [kind for kind, _facts in happened] == ["subscribe"]


def test_leaving_is_immediate_and_keeps_the_openid(alice, noodles, regular, happened, mei):
    actions.describe_follower(
        official=noodles, actor=mei, openid=regular.openid, remark="Window seat", tag_numbers=[2]
    )
    actions.unfollow_official(person=alice, official=noodles)
    left = queries.follow_of(alice, noodles)
    assert (left.is_following, left.remark, left.tags.count()) == (False, "", 0)
    assert left.unfollowed_at is not None
    assert queries.followers_of(noodles).count() == 0
    with pytest.raises(NotFollowing):
        actions.unfollow_official(person=alice, official=noodles)
    back = actions.follow_official(person=alice, official=noodles)
    assert back.openid == regular.openid
    assert [kind for kind, _facts in happened] == ["unsubscribe", "subscribe"]


def test_one_person_follows_a_bounded_number(alice, noodles, clinic, settings):
    settings.FOLLOWED_MAX = 1
    actions.follow_official(person=alice, official=noodles)
    with pytest.raises(FollowedTooMany):
        actions.follow_official(person=alice, official=clinic)


def test_a_code_says_where_the_follower_came_from(alice, noodles, happened):
    scene = actions.make_scene(official=noodles, scene_str="table-7")
    follow = actions.scan_scene(person=alice, scene=scene)
    assert (follow.source, follow.scene_str) == ("qr", "table-7")
    actions.scan_scene(person=alice, scene=scene)
    facts = {"scene": "table-7", "ticket": scene.ticket}
    assert happened == [("subscribe", facts), ("scan", facts)]


def test_codes_end_and_permanent_ones_are_one(alice, noodles, mei, lin):
    short = actions.make_scene(official=noodles, scene_id=7, seconds=60)
    assert queries.scene_by_ticket(short.ticket) == short
    with time.pretend(time.now() + timedelta(seconds=61)), pytest.raises(SceneNotFound):
        queries.scene_by_ticket(short.ticket)
    poster = actions.make_poster_code(official=noodles, actor=mei, place="Window")
    assert actions.make_scene(official=noodles, scene_str="Window") == poster
    assert actions.make_scene(official=noodles, scene_id=1) != actions.make_scene(
        official=noodles, scene_id=2
    )
    with pytest.raises(OfficialNotFound):
        actions.make_poster_code(official=noodles, actor=lin, place="Window")


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"scene_id": 1, "scene_str": "both"},
        {"scene_str": "x" * 65},
        {"scene_id": 100_001},
        {"scene_id": 0, "seconds": 60},
        {"scene_id": 2**32, "seconds": 60},
        {"scene_id": 1, "seconds": 0},
        {"scene_id": 1, "seconds": 30 * 24 * 3600 + 1},
    ],
)
def test_bad_codes_are_refused(noodles, given):
    with pytest.raises(BadScene):
        actions.make_scene(official=noodles, **given)
    assert queries.scenes_of(noodles).count() == 0


def test_a_window_is_spent_and_opens_again(alice, noodles, regular, settings):
    settings.WINDOW_EVENT_MESSAGES = 2
    with time.pretend(time.now() + timedelta(hours=1)):
        with pytest.raises(WindowClosed):
            actions.spend_window(follow=regular)
        actions.tell_official(follow=regular, kind=ports.EventKind.CLICK, facts={"type": "click"})
        actions.spend_window(follow=regular)
        actions.spend_window(follow=regular)
        with pytest.raises(WindowSpent):
            actions.spend_window(follow=regular)
        actions.open_windows(follows=[regular])
        for _ in range(settings.WINDOW_MESSAGES):
            actions.spend_window(follow=regular)
        with pytest.raises(WindowSpent):
            actions.spend_window(follow=regular)


def test_nobody_writes_to_whom_they_only_know(alice, noodles):
    known = actions.know_person(official=noodles, person=alice)
    assert not known.is_following
    with pytest.raises(WindowClosed):
        actions.spend_window(follow=known)


def test_tags_are_numbered_bounded_and_the_accounts_own(
    alice, bob, noodles, clinic, regular, mei, lin, settings
):
    tag = actions.make_tag(official=noodles, actor=mei, name="Regulars")
    assert tag.number == actions.FIRST_TAG
    assert actions.create_follower_tag(official=clinic, name="Regulars").number == 100
    with pytest.raises(TagExists):
        actions.create_follower_tag(official=noodles, name="Regulars")
    theirs = actions.follow_official(person=bob, official=clinic)
    actions.tag_followers(
        official=noodles, number=tag.number, openids=[regular.openid, theirs.openid]
    )
    assert [f.person for f in queries.followers_page(noodles, tag="100")[0]] == [alice]
    assert theirs.tags.count() == 0
    assert [(t.number, t.size) for t in queries.follower_tags_of(noodles)] == [(2, 0), (100, 1)]
    actions.rename_follower_tag(official=noodles, number=100, name="Friends")
    actions.untag_followers(official=noodles, number=100, openids=[regular.openid])
    assert regular.tags.count() == 0
    with pytest.raises(SystemTag):
        actions.drop_tag(official=noodles, actor=mei, number=actions.STARRED_TAG)
    with pytest.raises(OfficialNotFound):
        actions.drop_tag(official=noodles, actor=lin, number=100)
    actions.drop_tag(official=noodles, actor=mei, number=100)
    with pytest.raises(FollowerTagNotFound):
        actions.delete_follower_tag(official=noodles, number=100)
    settings.FOLLOWER_TAGS_MAX = 0
    with pytest.raises(TooManyTags):
        actions.create_follower_tag(official=noodles, name="More")


def test_a_follower_has_a_bounded_number_of_tags(noodles, regular, mei, settings):
    settings.FOLLOWER_TAGS_EACH_MAX = 1
    one = actions.create_follower_tag(official=noodles, name="One")
    two = actions.create_follower_tag(official=noodles, name="Two")
    actions.tag_followers(official=noodles, number=one.number, openids=[regular.openid])
    with pytest.raises(TooManyTags):
        actions.tag_followers(official=noodles, number=two.number, openids=[regular.openid])
    assert list(regular.tags.all()) == [one]


def test_roles_decide_who_touches_followers(bob, noodles, regular, mei):
    hire(noodles, mei, bob, "finance")
    for act in (actions.blacklist_follower, actions.unblacklist_follower):
        with pytest.raises(NotAllowed):
            act(official=noodles, actor=bob, openid=regular.openid)
    assert not queries.follower_for(noodles, regular.openid).is_blacklisted


def test_lists_of_followers_cost_the_same_for_one_and_for_three(
    alice, bob, carol, noodles, regular, django_assert_num_queries
):
    def read():
        rows, _next = queries.followers_page(noodles)
        return [(row.person.name, list(row.tags.all())) for row in rows]

    with django_assert_num_queries(2):
        assert len(read()) == 1
    for person in (bob, carol):
        actions.follow_official(person=person, official=noodles)
    with django_assert_num_queries(2):
        assert len(read()) == 3
