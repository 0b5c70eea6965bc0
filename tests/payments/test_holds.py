"""Money held for a ride: kept first, taken once, at most what was held, and free again in time."""

from contextlib import suppress
from datetime import timedelta

import pytest
import time_machine

from accounts.ports import account_closing
from payments import actions, ledger, purposes, queries
from payments.actions import Payment
from payments.errors import (
    BadPosting,
    CannotPayThem,
    HoldNotFound,
    HoldOver,
    HoldTooLong,
    InsufficientFunds,
    KeyReused,
    OverCapture,
    PasswordNeeded,
    WalletNotEmpty,
)
from payments.gateways.sandbox import charges
from payments.models import Bill, Hold, LimitUse, Operation, SandboxObject
from payments.states import HOLD_MOVES, HoldStatus
from superapp.kernel import time
from superapp.kernel.errors import NotAllowed, Refusal
from superapp.kernel.models import Job
from tests.payments import wallets
from tests.payments.money import cny
from tests.payments.wallets import bind, has, house, rich, run_gateway

pytestmark = pytest.mark.django_db
WEEK = timedelta(days=7)


@pytest.fixture
def heard():
    """What the service of rides hears of its holds, in order."""
    found = []
    before = dict(purposes.held._items)
    purposes.held.register("ride", purposes.Held(lambda ref, status: found.append((ref, status))))
    yield found
    purposes.held._items = before


@pytest.fixture
def rider(alice, heard):
    return rich(alice, 10_000)


def ask(payer, payee, minor, ref="ride_1", until=timedelta(days=1), **by):
    payment = Payment(purpose="ride", amount=cny(minor), payee=payee.public_id, ref=ref)
    return actions.hold_money(
        payer=payer, payee=payee, payment=payment, until=time.now() + until, note="Airport", **by
    )


def fare(minor, ref="ride_1", currency="CNY"):
    into = ledger.escrow("rd", ref, currency)
    return actions.capture_hold(
        purpose="ride", ref=ref, amount=cny(minor) if currency == "CNY" else None, into=into
    )


def escrow(ref="ride_1"):
    return ledger.balance(ledger.escrow("rd", ref, "CNY")).minor


def later(delta):
    return time_machine.travel(time.now() + delta)


def green():
    assert [(one.code, one.faults) for one in queries.check_books().rules if one.faults] == []


def counted(account):
    return {one.rule: one.used for one in LimitUse.objects.filter(account=account)}


def test_a_balance_holds_and_pays_a_part(rider, bob, heard):
    hold = ask(rider, bob, 8_000)
    assert (hold.status, hold.source, has(rider)) == ("held", "balance", 2_000)
    (balance,) = queries.balances_of(rider)
    assert (balance.available.minor, balance.held.minor) == (2_000, 8_000)
    bill = Bill.objects.get(account=rider, ref=hold.public_id)
    assert (bill.amount, bill.status, bill.counterparty) == (-8_000, "waiting", bob)
    green()
    done = fare(5_500)
    assert (done.status, done.captured, escrow(), has(rider)) == ("captured", 5_500, 5_500, 4_500)
    assert counted(rider)["pay_day"] == 5_500
    bill.refresh_from_db()
    assert (bill.amount, bill.status) == (-5_500, "done")
    assert heard == []  # it did all of this itself
    green()


def test_it_is_taken_once(rider, bob):
    ask(rider, bob, 8_000)
    fare(5_000)
    assert fare(5_000).captured == 5_000
    for minor in (4_999, 5_001):
        with pytest.raises(HoldOver):
            fare(minor)
    with pytest.raises(HoldOver):
        actions.release_hold(purpose="ride", ref="ride_1")
    assert (escrow(), has(rider)) == (5_000, 5_000)


def test_never_more_than_what_is_held(rider, bob):
    ask(rider, bob, 3_000)
    with pytest.raises(OverCapture):
        fare(3_001)
    for minor in (0, -1):
        with pytest.raises(BadPosting):
            fare(minor)
    with pytest.raises(HoldNotFound):
        fare(1, "ride_2")
    assert (escrow(), has(rider)) == (0, 7_000)
    assert fare(3_000).captured == 3_000
    green()


def test_a_released_one_is_free_again(rider, bob, heard):
    hold = ask(rider, bob, 8_000)
    released = actions.release_hold(purpose="ride", ref="ride_1")
    assert (released.status, has(rider), counted(rider)["pay_day"]) == ("voided", 10_000, 0)
    assert actions.release_hold(purpose="ride", ref="ride_1").status == "voided"
    with pytest.raises(HoldOver):
        fare(1)
    assert Bill.objects.get(ref=hold.public_id).status == "returned"
    assert heard == []
    green()


def test_it_ends_by_itself(rider, bob, heard):
    ask(rider, bob, 8_000, until=WEEK)
    with later(WEEK - timedelta(minutes=1)):
        run_gateway()
        assert has(rider) == 2_000
    with later(WEEK + timedelta(seconds=1)):
        with pytest.raises(HoldOver) as no:
            fare(1)
        assert no.value.details["state"] == "expired"
        run_gateway()
        assert (Hold.objects.get().status, has(rider)) == ("expired", 10_000)
        run_gateway()
    assert heard == [("ride_1", "expired")]
    green()


def test_what_is_refused(rider, bob, carol):
    for until in (WEEK + timedelta(seconds=5), timedelta(0)):
        with pytest.raises(HoldTooLong):
            ask(rider, bob, 100, until=until)
    with pytest.raises(CannotPayThem):
        ask(rider, rider, 100)
    with pytest.raises(InsufficientFunds):
        ask(rider, bob, 10_001, source="balance")
    rich(carol, 100_000)
    with pytest.raises(PasswordNeeded):
        ask(carol, bob, 90_000)
    assert not Hold.objects.exists()
    assert has(rider) == 10_000


def test_asked_twice_it_is_held_once(rider, bob, carol):
    first = ask(rider, bob, 4_000)
    assert ask(rider, bob, 4_000).pk == first.pk
    for minor, payee in ((4_001, bob), (4_000, carol)):
        with pytest.raises(KeyReused):
            ask(rider, payee, minor)
    assert has(rider) == 6_000


def test_staff_release_it_and_the_service_hears(rider, bob, heard):
    hold = ask(rider, bob, 8_000)
    with pytest.raises(NotAllowed):
        actions.void_hold(hold=hold, staff=bob.person, reason="no")
    assert has(rider) == 2_000
    bob.person.is_superuser = True
    actions.void_hold(hold=hold, staff=bob.person, reason="the driver never came")
    assert (heard, has(rider)) == ([("ride_1", "voided")], 10_000)
    with pytest.raises(HoldOver):
        actions.void_hold(hold=hold, staff=bob.person, reason="again")


# ---- cards: the bank keeps it


def by_card(rider, bob, number=wallets.OK, minor=20_000, **more):
    card = bind(rider, number)
    hold = ask(rider, bob, minor, source=card.public_id, **more)
    run_gateway()
    hold.refresh_from_db()
    return hold


def test_a_card_keeps_it_and_is_charged_a_part(rider, bob, heard):
    hold = by_card(rider, bob)
    assert (hold.status, hold.operation.status) == ("held", "authorised")
    assert (has(rider), house("gateway:clearing")) == (10_000, 0)
    (balance,) = queries.balances_of(rider)
    assert balance.held.minor == 0  # nothing of the balance
    green()
    assert fare(15_000).status == "capturing"
    green()
    run_gateway()
    hold.refresh_from_db()
    assert (hold.status, hold.captured, escrow()) == ("captured", 15_000, 15_000)
    assert house("gateway:clearing") == -15_000
    assert heard == [("ride_1", "held"), ("ride_1", "captured")]
    bill = Bill.objects.get(ref=hold.public_id)
    assert (bill.amount, bill.status, bill.method) == (-15_000, "done", "Visa ·· 4242")
    assert fare(15_000).status == "captured"
    green()
    run = actions.reconcile(days=2)
    assert (run.green, run.matched) == (True, 1), run.items


@pytest.mark.parametrize("number", [wallets.TIMEOUT, wallets.TWICE])
def test_answers_that_are_lost_or_doubled(rider, bob, number):
    hold = by_card(rider, bob, number)
    for seconds in (0, 60, 200):
        with later(timedelta(seconds=seconds)):
            run_gateway()
    fare(15_000)
    for seconds in (0, 60, 200, 600):
        with later(timedelta(seconds=seconds)):
            run_gateway()
    hold.refresh_from_db()
    assert (hold.status, escrow(), house("gateway:clearing")) == ("captured", 15_000, -15_000)
    green()


def test_a_card_that_is_let_go(rider, bob, heard):
    hold = by_card(rider, bob)
    actions.release_hold(purpose="ride", ref="ride_1")
    run_gateway()
    hold.refresh_from_db()
    assert (hold.status, hold.operation.status) == ("voided", "failed")
    (intent,) = SandboxObject.objects.filter(kind="payment_intent")
    assert intent.data["status"] == "canceled"
    assert heard == [("ride_1", "held")]
    assert house("gateway:clearing") == 0
    green()


def test_a_card_is_let_go_in_time(rider, bob, heard):
    hold = by_card(rider, bob, until=WEEK)
    with later(WEEK + timedelta(seconds=1)):
        run_gateway()
    hold.refresh_from_db()
    assert (hold.status, hold.operation.status) == ("expired", "failed")
    assert heard == [("ride_1", "held"), ("ride_1", "expired")]
    green()


def test_a_card_that_says_no(rider, bob, heard):
    hold = by_card(rider, bob, wallets.DECLINED)
    assert (hold.status, heard) == ("failed", [("ride_1", "failed")])
    assert Bill.objects.get(ref=hold.public_id).status == "failed"
    with pytest.raises(HoldOver):
        fare(1)
    green()


def test_the_next_card_is_asked(rider, bob, heard):
    bind(rider, wallets.DECLINED)
    second = bind(rider)
    hold = ask(rider, bob, 20_000)
    run_gateway()
    hold.refresh_from_db()
    assert (hold.status, hold.source, hold.method) == ("held", second.public_id, "Visa ·· 4242")
    fare(20_000)
    run_gateway()
    assert (escrow(), Operation.objects.filter(purpose="hold").count()) == (20_000, 2)
    green()


def test_the_bank_lets_it_go_by_itself(rider, bob, heard):
    hold = by_card(rider, bob)
    intent = SandboxObject.objects.get(kind="payment_intent")
    intent.data["status"] = "canceled"
    intent.save()
    assert fare(9_000).status == "capturing"
    run_gateway()
    hold.refresh_from_db()
    assert (hold.status, hold.captured, escrow()) == ("failed", 0, 0)
    assert heard[-1] == ("ride_1", "failed")
    green()


def test_a_bank_that_takes_what_nobody_asked_for(rider, bob):
    """Somebody captures in the gateway's own console: it waits where everybody sees it."""
    hold = by_card(rider, bob)
    intent = SandboxObject.objects.get(kind="payment_intent")
    charges.take(intent.data, 7_000)
    run_gateway()
    hold.refresh_from_db()
    assert (hold.status, hold.operation.reason, escrow()) == ("failed", "mismatch", 0)
    assert (house("suspense:in"), house("gateway:clearing")) == (7_000, -7_000)
    green()


# ---- every status with every event


EVENTS = {
    "capture": lambda rider, bob: fare(100),
    "release": lambda rider, bob: actions.release_hold(purpose="ride", ref="ride_1"),
    "kept": lambda rider, bob: actions.on_hold_kept(Hold.objects.get().public_id),
    "paid": lambda rider, bob: actions.on_hold_captured(Hold.objects.get().public_id),
    "failed": lambda rider, bob: actions.on_hold_failed(Hold.objects.get().public_id, "x"),
    "due": lambda rider, bob: actions.end_hold(hold_id=Hold.objects.get().public_id),
}
# What a card's hold becomes; what is not here stays as it is.
BECOMES = {
    ("asked", "kept"): "held",
    ("asked", "failed"): "failed",
    ("held", "capture"): "capturing",
    ("held", "release"): "voided",
    ("held", "failed"): "failed",
    ("capturing", "paid"): "captured",
    ("capturing", "failed"): "failed",
}


@pytest.mark.parametrize("status", list(HoldStatus.values))
@pytest.mark.parametrize("event", list(EVENTS))
def test_every_event_in_every_status(rider, bob, status, event):
    hold = by_card(rider, bob)
    captured = 100 if status in {"capturing", "captured"} else 0
    Hold.objects.update(status=status, captured=captured)
    with suppress(Refusal):
        EVENTS[event](rider, bob)
    hold.refresh_from_db()
    assert hold.status == BECOMES.get((status, event), status)
    assert hold.status == status or hold.status in HOLD_MOVES[HoldStatus(status)]


# ---- doors


def test_the_payer_sees_for_whom_and_until_when(rider, bob, client, carol):
    ask(rider, bob, 8_000)
    client.force_login(rider.person)
    wallet = client.get("/wallet/").content.decode()
    assert "CN¥80.00 held" in wallet
    assert "/wallet/holds/" in wallet
    page = client.get("/wallet/holds/").content.decode()
    for seen in (bob.name, "Airport", "CN¥80.00", "Held until"):
        assert seen in page
    client.force_login(carol.person)
    assert "Airport" not in client.get("/wallet/holds/").content.decode()


def test_lists_cost_the_same(rider, bob, client, django_assert_num_queries):
    client.force_login(rider.person)
    for count in (1, 3):
        while Hold.objects.count() < count:
            ask(rider, bob, 100, ref=f"ride_{Hold.objects.count()}")
        client.get("/wallet/holds/")
        with django_assert_num_queries(5):
            client.get("/wallet/holds/")


def test_nobody_leaves_while_something_is_held(rider, bob):
    ask(rider, bob, 100)
    with pytest.raises(WalletNotEmpty):
        account_closing(rider)
    assert Job.objects.filter(kind="payments.hold_due", done_at=None).count() == 1
