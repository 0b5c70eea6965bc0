"""Split bills: parts that add up, paid straight to whoever made it."""

from datetime import timedelta

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from chat import actions as chat
from payments import actions, queries
from payments.actions import Means
from payments.errors import (
    AlreadyPaid,
    BadParts,
    KeyReused,
    NobodyToSplit,
    RemindedAlready,
    SplitNotFound,
    SplitOver,
)
from payments.models import Split
from superapp.kernel import outbox, time
from superapp.kernel.money import Money
from tests import cast
from tests.chat.conftest import group, room
from tests.payments.between import cards, key, lines, means, rich
from tests.payments.wallets import bind, has, run_gateway, verify

__all__ = ["group", "room"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def dora(group):
    return group.memberships.get(account__name="Dora").account


def share(maker, group, minor, people, **more):
    more.setdefault("client_id", key())
    return actions.split_equally(
        maker=maker,
        conversation_id=group.public_id,
        amount=Money(minor, "CNY"),
        people=[one.public_id for one in people],
        **more,
    )


def pay(payer, split, **more):
    more.setdefault("means", means())
    return actions.pay_share(payer=payer, split_id=split.public_id, **more)


def parts(split):
    return {row.account.name: row.amount for row in queries.shares_of(split)}


def later(**by):
    return time_machine.travel(time.now() + timedelta(**by))


@given(total=st.integers(1, 10**15), count=st.integers(1, 500))
def test_equal_parts_add_up_and_differ_by_one_at_most(total, count):
    found = queries.equal_parts(total, count)
    assert (len(found), sum(found)) == (count, total)
    assert max(found) - min(found) <= 1
    assert found == sorted(found, reverse=True)


def test_leftover_cents_go_to_the_first_names(alice, bob, dora, group):
    split = share(alice, group, 1000, [bob, alice, dora])
    assert (split.own_part, parts(split)) == (333, {"Bob": 334, "Dora": 333})
    assert cards(group) == [("split", split.public_id)]


def test_each_payment_goes_straight_to_the_maker(alice, bob, dora, group):
    split = share(alice, group, 1000, [bob, dora])
    rich(bob), rich(dora)
    assert pay(bob, split).paid == 1
    assert has(alice) == 500
    split.refresh_from_db()
    assert split.status == "open"
    with pytest.raises(AlreadyPaid):
        pay(bob, split)
    pay(dora, split)
    split.refresh_from_db()
    assert (split.paid, split.status, has(alice), has(bob)) == (2, "settled", 1000, 99_500)
    assert lines(group)[-1] == "payments.split_settled"


def test_parts_of_ones_own(alice, bob, dora, group):
    common = {
        "maker": alice,
        "conversation_id": group.public_id,
        "amount": Money(1000, "CNY"),
    }
    split = actions.split_by_parts(
        parts={bob.public_id: 900, dora.public_id: 100}, client_id=key(), **common
    )
    assert parts(split) == {"Bob": 900, "Dora": 100}
    for wrong in (
        {bob.public_id: 900, dora.public_id: 101},
        {bob.public_id: 1000, dora.public_id: 0},
        {bob.public_id: 1100, dora.public_id: -100},
    ):
        with pytest.raises(BadParts):
            actions.split_by_parts(parts=wrong, client_id=key(), **common)
    assert Split.objects.count() == 1


def test_a_second_press_splits_once(alice, bob, dora, group):
    first = share(alice, group, 1000, [bob, dora], client_id="same")
    assert share(alice, group, 1000, [bob, dora], client_id="same") == first
    with pytest.raises(KeyReused):
        share(alice, group, 1100, [bob, dora], client_id="same")
    assert (Split.objects.count(), len(cards(group))) == (1, 1)


def test_only_members_share_and_only_they_see(alice, bob, carol, dora, room, group):
    for people in ([], [alice], [bob, carol]):
        with pytest.raises(NobodyToSplit):
            share(alice, group, 1000, people)
    with pytest.raises(BadParts):
        share(alice, group, 1, [bob, dora])
    split = share(alice, group, 1000, [bob])
    rich(carol), rich(dora)
    for somebody in (carol, dora, alice):
        with pytest.raises(SplitNotFound):
            pay(somebody, split)
    with pytest.raises(SplitNotFound):
        queries.split_for(carol, split.public_id)
    assert queries.split_for(dora, split.public_id) == split
    for verb in (actions.close_split, actions.remind_split):
        with pytest.raises(SplitNotFound):
            verb(maker=bob, split_id=split.public_id)


def test_who_left_still_pays_what_they_owe(alice, bob, dora, group):
    split = share(alice, group, 1000, [bob, dora])
    chat.remove_member(actor=alice, conversation_id=group.public_id, member=bob)
    rich(bob)
    pay(bob, split)
    assert has(alice) == 500


def test_one_reminder_a_day_names_those_who_owe(alice, bob, dora, group):
    split = share(alice, group, 1000, [bob, dora])
    rich(bob)
    pay(bob, split)
    actions.remind_split(maker=alice, split_id=split.public_id)
    body = group.messages.filter(kind="system").last().body
    assert [card["name"] for card in body["people"]] == ["Dora"]
    assert group.mention_set.get().account == dora
    with pytest.raises(RemindedAlready):
        actions.remind_split(maker=alice, split_id=split.public_id)


def test_closed_early_it_collects_no_more(alice, bob, dora, group):
    split = share(alice, group, 1000, [bob, dora])
    rich(bob), rich(dora)
    pay(bob, split)
    actions.close_split(maker=alice, split_id=split.public_id)
    with pytest.raises(SplitOver):
        pay(dora, split)
    assert (has(alice), has(dora)) == (500, 100_000)


def test_after_three_days_it_is_over(alice, bob, dora, group):
    split = share(alice, group, 1000, [bob, dora])
    rich(bob)
    with later(hours=72, seconds=1):
        with pytest.raises(SplitOver):
            pay(bob, split)
        outbox.run_due(outbox.DEFAULT, limit=10)
        actions.end_split(split_id=split.public_id)
    split.refresh_from_db()
    assert (split.status, [row.status for row in queries.shares_of(split)]) == (
        "expired",
        ["closed", "closed"],
    )


def test_a_card_on_its_way_still_arrives_after_the_end(alice, bob, group):
    verify(bob)
    bind(bob)
    split = share(alice, group, 1000, [bob])
    pay(bob, split, means=Means())
    actions.close_split(maker=alice, split_id=split.public_id)
    run_gateway()
    split.refresh_from_db()
    assert (split.paid, split.status, has(alice)) == (1, "settled", 1000)


def test_everybody_in_the_chat_sees_how_many_paid(alice, bob, dora, group, heard):
    cast.make_person("Eve")
    split = share(alice, group, 1000, [bob, dora])
    rich(bob)
    heard.clear()
    with heard.during():
        pay(bob, split)
    members = tuple(sorted((alice.pk, bob.pk, dora.pk)))
    assert (members, "chat.messages_changed") in {(ids, event["kind"]) for ids, event in heard}
