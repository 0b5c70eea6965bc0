"""A capture beside the end of its time, beside a release and beside itself: one of them wins."""

from datetime import timedelta

import pytest
import time_machine

from payments import actions, ledger, purposes, queries
from payments.errors import HoldOver
from payments.models import Hold, Journal, SandboxObject
from superapp.kernel import time
from superapp.kernel.errors import Refusal
from tests.accounts.test_races import at_once
from tests.payments.money import cny
from tests.payments.test_holds import ask, by_card, escrow, fare, heard
from tests.payments.wallets import has, house, rich, run_gateway

__all__ = ["heard"]
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]


@pytest.fixture
def rider(alice, heard):
    return rich(alice, 10_000)


def check(rider, hold):
    """Whoever won, the money is in one place, and the other was told."""
    hold.refresh_from_db()
    if hold.status == "captured":
        assert (escrow(), has(rider)) == (hold.captured, 10_000 - hold.captured)
    else:
        assert hold.status in {"voided", "expired"}
        assert (escrow(), has(rider)) == (0, 10_000)
    moved = Journal.objects.filter(ref=hold.public_id).exclude(kind="payment.held")
    assert moved.count() == 1
    assert [one.code for one in queries.check_books().rules if one.faults] == []


@pytest.mark.parametrize("turn", range(3))
def test_capture_release_and_the_end_at_once(rider, bob, turn):
    hold = ask(rider, bob, 8_000)
    ends = hold.due_at + timedelta(microseconds=turn - 1)

    def step(number):
        if number == 0:
            return fare(3_000)
        if number == 1:
            return actions.release_hold(purpose="ride", ref="ride_1")
        return actions.end_hold(hold_id=hold.public_id)

    with time_machine.travel(ends, tick=False):
        answers = at_once(3, step)
    if turn == 0:  # still in time: not the end
        assert any(isinstance(answer, HoldOver) for answer in answers[:2])
    check(rider, Hold.objects.get())


def test_two_fares_at_once(rider, bob):
    hold = ask(rider, bob, 8_000)
    answers = at_once(4, lambda number: fare(3_000 + number))
    assert sum(isinstance(answer, Hold) for answer in answers) == 1
    assert sum(isinstance(answer, HoldOver) for answer in answers) == 3
    check(rider, hold)


def test_one_balance_holds_only_what_it_has(rider, bob):
    answers = at_once(4, lambda number: ask(rider, bob, 4_000, ref=f"ride_{number}"))
    held = [answer for answer in answers if isinstance(answer, Hold)]
    assert (len(held), has(rider)) == (2, 2_000)
    assert all(isinstance(answer, Refusal) for answer in answers if answer not in held)
    assert [one.code for one in queries.check_books().rules if one.faults] == []


def test_a_card_is_charged_or_let_go(rider, bob):
    hold = by_card(rider, bob)
    into = ledger.escrow("rd", "ride_1", "CNY")

    def step(number):
        if number == 0:
            return actions.capture_hold(purpose="ride", ref="ride_1", amount=cny(9_000), into=into)
        if number == 1:
            return actions.release_hold(purpose="ride", ref="ride_1")
        return run_gateway()

    at_once(3, step)
    for seconds in (1, 60, 300):
        with time_machine.travel(time.now() + timedelta(seconds=seconds)):
            run_gateway()
    hold.refresh_from_db()
    (intent,) = SandboxObject.objects.filter(kind="payment_intent")
    if hold.status == "captured":
        assert (escrow(), house("gateway:clearing")) == (9_000, -9_000)
        assert intent.data["status"] == "succeeded"
    else:
        assert (hold.status, escrow(), house("gateway:clearing")) == ("voided", 0, 0)
        assert intent.data["status"] == "canceled"
    assert [one.code for one in queries.check_books().rules if one.faults] == []
    assert purposes.held.get("ride")
