"""Asking for money: paid once, straight to the asker; declined, cancelled, over after a week."""

from datetime import timedelta

import pytest
import time_machine

from payments import actions, queries
from payments.actions import Means
from payments.errors import (
    AlreadyPaid,
    BeingPaid,
    CannotPayThem,
    CannotReceive,
    InsufficientFunds,
    KeyReused,
    RemindedAlready,
    RequestNotFound,
    RequestOver,
)
from payments.models import Bill, MoneyRequest
from superapp.kernel import outbox, time
from superapp.kernel.money import Money
from tests.chat.conftest import group, room
from tests.payments.between import cards, key, lines, means, rich, waits
from tests.payments.wallets import DECLINED, bind, has, run_gateway, verify

__all__ = ["group", "room"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def payer(bob):
    return rich(bob)


def ask(asker, room, minor=1200, **more):
    more.setdefault("client_id", key())
    return actions.request_money(
        asker=asker, conversation_id=room.public_id, amount=Money(minor, "CNY"), **more
    )


def pay(payer, request, **more):
    more.setdefault("means", means())
    return actions.pay_request(payer=payer, request_id=request.public_id, **more)


def later(**by):
    return time_machine.travel(time.now() + timedelta(**by))


def test_a_request_moves_nothing_until_it_is_paid(alice, payer, room):
    request = ask(alice, room, note="lunch")
    assert (request.status, has(payer), cards(room)) == (
        "open",
        100_000,
        [("request", request.public_id)],
    )
    assert pay(payer, request).status == "paid"
    assert (has(payer), has(alice), waits("rq", request.public_id)) == (98_800, 1200, 0)
    assert Bill.objects.get(account=alice).amount == 1200
    with pytest.raises(AlreadyPaid):
        pay(payer, request)
    assert has(payer) == 98_800


def test_a_second_press_asks_once(alice, payer, room):
    assert ask(alice, room, client_id="same") == ask(alice, room, client_id="same")
    assert MoneyRequest.objects.count() == 1
    with pytest.raises(KeyReused):
        ask(alice, room, 1300, client_id="same")


def test_only_the_one_who_is_asked_pays_or_declines(alice, payer, carol, room, group):
    request = ask(alice, room)
    for somebody in (alice, carol):
        rich(somebody)
        with pytest.raises(RequestNotFound):
            pay(somebody, request)
        with pytest.raises(RequestNotFound):
            actions.decline_request(payer=somebody, request_id=request.public_id)
    for somebody in (payer, carol):
        for verb in (actions.cancel_request, actions.remind_request):
            with pytest.raises(RequestNotFound):
                verb(asker=somebody, request_id=request.public_id)
    with pytest.raises(RequestNotFound):
        queries.request_for(carol, request.public_id)
    with pytest.raises(CannotPayThem):
        ask(alice, group)
    request.refresh_from_db()
    assert request.status == "open"


def test_declined_and_cancelled_requests_are_over(alice, payer, room):
    declined, cancelled = ask(alice, room), ask(alice, room)
    actions.decline_request(payer=payer, request_id=declined.public_id)
    actions.cancel_request(asker=alice, request_id=cancelled.public_id)
    for request in (declined, cancelled):
        with pytest.raises(RequestOver):
            pay(payer, request)
    assert (has(payer), lines(room)) == (100_000, ["payments.request_declined"])


def test_one_reminder_a_day(alice, payer, room):
    request = ask(alice, room)
    actions.remind_request(asker=alice, request_id=request.public_id)
    with pytest.raises(RemindedAlready):
        actions.remind_request(asker=alice, request_id=request.public_id)
    with later(hours=25):
        actions.remind_request(asker=alice, request_id=request.public_id)
    assert lines(room) == ["payments.request_reminded"] * 2


def test_after_a_week_it_is_over(alice, payer, room):
    request = ask(alice, room)
    with later(days=7, seconds=1):
        with pytest.raises(RequestOver):
            pay(payer, request)
        outbox.run_due(outbox.DEFAULT, limit=10)
        actions.end_request(request_id=request.public_id)
    request.refresh_from_db()
    assert request.status == "expired"


def test_who_has_too_little_owes_still(alice, bob, room):
    rich(bob, 100)
    request = ask(alice, room)
    with pytest.raises(InsufficientFunds):
        pay(bob, request, means=means(source="balance"))
    request.refresh_from_db()
    assert (request.status, has(bob)) == ("open", 100)


def test_the_payer_learns_nothing_of_the_askers_limits(alice, payer, room, settings):
    settings.RECEIVE_CAPS = [1, 1, 1, 1]
    request = ask(alice, room)
    with pytest.raises(CannotReceive) as refused:
        pay(payer, request)
    assert refused.value.details == {}
    assert (has(payer), has(alice)) == (100_000, 0)


def test_a_card_pays_it_when_it_has_paid(alice, bob, room):
    verify(bob)
    bind(bob)
    request = ask(alice, room)
    assert pay(bob, request, means=Means()).status == "paying"
    with pytest.raises(BeingPaid):
        pay(bob, request, means=Means())
    with pytest.raises(BeingPaid):
        actions.decline_request(payer=bob, request_id=request.public_id)
    run_gateway()
    request.refresh_from_db()
    assert (request.status, has(alice)) == ("paid", 1200)


def test_a_card_that_says_no_leaves_it_open(alice, bob, room):
    verify(bob)
    bind(bob, DECLINED)
    request = ask(alice, room)
    pay(bob, request, means=Means())
    run_gateway()
    request.refresh_from_db()
    assert (request.status, has(alice)) == ("open", 0)
    rich(bob)
    assert pay(bob, request).status == "paid"


def test_a_card_that_paid_what_the_asker_may_not_have(alice, bob, room, settings):
    verify(bob)
    bind(bob)
    request = ask(alice, room)
    pay(bob, request, means=Means())
    settings.RECEIVE_CAPS = [1, 1, 1, 1]
    run_gateway()
    request.refresh_from_db()
    assert (request.status, has(alice), has(bob)) == ("cancelled", 0, 0)
