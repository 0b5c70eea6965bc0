"""Scenarios of money held for a service, of doubted bills and of frozen wallets."""

from contextlib import contextmanager
from datetime import timedelta

import time_machine

from payments import actions, ledger, purposes
from payments.actions import Payment
from payments.models import Bill
from superapp.kernel import time
from superapp.kernel.money import Money
from tests.payments.wallets import bind, rich, run_gateway

SCENARIOS = {}
FARE = Money(100, "CNY")


def scenario(make):
    SCENARIOS[make.__name__] = make
    return make


@contextmanager
def _rides():
    """A service that holds money, and does nothing with what it hears."""
    before = dict(purposes.held._items)
    purposes.held.register("ride", purposes.Held(lambda ref, status: None))
    try:
        yield {"purpose": "ride", "ref": "ride_1"}
    finally:
        purposes.held._items = before


def _hold(w, **by):
    payment = Payment(purpose="ride", amount=FARE, payee=w.bob.public_id, ref="ride_1")
    until = time.now() + timedelta(hours=1)
    return actions.hold_money(payer=w.alice, payee=w.bob, payment=payment, until=until, **by)


@scenario
def hold_money(w):
    rich(w.alice)
    with _rides():
        yield
        _hold(w)


@scenario
def hold_money_of_a_card(w):
    """The bank keeps it: the wallet hears when it does."""
    rich(w.alice)
    card = bind(w.alice)
    with _rides():
        yield
        _hold(w, source=card.public_id)
        run_gateway()


@scenario
def capture_hold(w):
    rich(w.alice)
    with _rides() as ride:
        _hold(w)
        yield
        into = ledger.escrow("rd", "ride_1", "CNY")
        actions.capture_hold(**ride, amount=Money(60, "CNY"), into=into)


@scenario
def release_hold(w):
    rich(w.alice)
    with _rides() as ride:
        _hold(w)
        yield
        actions.release_hold(**ride)


@scenario
def void_hold(w):
    rich(w.alice)
    with _rides():
        hold = _hold(w)
        yield
        actions.void_hold(hold=hold, staff=_staff(w), reason="the ride was cancelled")


@scenario
def end_hold(w):
    rich(w.alice)
    with _rides():
        hold = _hold(w)
        with time_machine.travel(time.now() + timedelta(hours=2)):
            yield
            actions.end_hold(hold_id=hold.public_id)


def _doubted(w):
    rich(w.alice)
    with _rides() as ride:
        _hold(w)
        actions.release_hold(**ride)
    return Bill.objects.get(account=w.alice, kind="payment")


@scenario
def doubt_bill(w):
    bill = _doubted(w)
    yield
    actions.doubt_bill(account=w.alice, bill_id=bill.public_id, text="not mine")


@scenario
def answer_doubt(w):
    bill = _doubted(w)
    doubt = actions.doubt_bill(account=w.alice, bill_id=bill.public_id, text="not mine")
    yield
    actions.answer_doubt(doubt=doubt, staff=_staff(w), answer="It was yours.")


@scenario
def freeze_wallet(w):
    rich(w.alice)
    yield
    actions.freeze_wallet(account=w.alice, staff=_staff(w), reason="stolen")


@scenario
def unfreeze_wallet(w):
    rich(w.alice)
    actions.freeze_wallet(account=w.alice, staff=_staff(w), reason="stolen")
    yield
    actions.unfreeze_wallet(account=w.alice, staff=_staff(w), reason="found")


def _staff(w):
    person = w.dora.person
    person.is_superuser = True
    person.save(update_fields=["is_superuser"])
    return person
