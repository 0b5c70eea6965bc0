"""How things are paid for: the balance, a card behind it, the password above the free limit."""

import pytest
from django.db import transaction

from payments import actions, ledger, purposes, queries
from payments.actions.limiting import give_back, receive
from payments.actions.paying import Payment
from payments.errors import (
    CardNotFound,
    InsufficientFunds,
    LimitReached,
    PasswordNeeded,
    VerifyFirst,
)
from payments.gateways import sandbox
from payments.models import Bill, LimitUse
from payments.queries.wallet import needs_password, plan
from superapp.kernel.errors import Conflict
from superapp.kernel.money import Money
from tests.chat.conftest import room
from tests.payments import wallets
from tests.payments.between import send
from tests.payments.wallets import PASSWORD, bind, give_money, has, rich, run_gateway, verify

__all__ = ["room"]
pytestmark = pytest.mark.django_db
heard: list[tuple[str, ...]] = []


class Gone(Conflict):
    code = "test.gone"


def _paid(ref):
    if ref == "gone":
        raise Gone
    heard.append(("paid", ref))


purposes.paid.register(
    "test", purposes.Handlers(_paid, lambda ref, why: heard.append(("failed", ref, why)))
)


@pytest.fixture(autouse=True)
def _silence():
    heard.clear()


@pytest.fixture
def payer(alice):
    return rich(alice, 100_000)


def deal(minor, ref="t1"):
    return Payment(purpose="test", payee="acc_bob", amount=Money(minor, "CNY"), ref=ref)


def box(ref="t1"):
    return ledger.escrow("tt", ref, "CNY")


def pay(payer, minor, ref="t1", password="", **more):
    payment, auth = deal(minor, ref), ""
    if password:
        auth = actions.authorise(account=payer, password=password, payment=payment, session="")
    with transaction.atomic():
        return actions.take(payer=payer, payment=payment, into=box(ref), auth=auth, **more)


def inside(ref="t1"):
    return ledger.balance(box(ref)).minor


def test_small_payments_need_no_password_until_the_day_is_full(payer, settings):
    settings.PASSWORD_FREE_PER_DAY = 300
    assert pay(payer, 20_000).is_paid
    assert needs_password(payer, Money(10_001, "CNY"))
    with pytest.raises(PasswordNeeded):
        pay(payer, 10_001, "t2")
    assert (has(payer), inside("t2")) == (80_000, 0)
    assert pay(payer, 10_001, "t2", password=PASSWORD).is_paid
    assert inside("t2") == 10_001


def test_large_ones_always_do(payer):
    with pytest.raises(PasswordNeeded):
        pay(payer, 20_001)
    assert pay(payer, 20_001, password=PASSWORD).source == actions.BALANCE


def test_the_default_card_pays_what_the_balance_has_not(payer):
    amount = Money(100_001, "CNY")
    assert not plan(payer, amount).is_covered
    card = bind(payer)
    assert plan(payer, amount).card == card
    taken = pay(payer, 100_001, password=PASSWORD)
    assert (taken.is_paid, taken.source, inside()) == (False, card.public_id, 0)
    run_gateway()
    assert (inside(), has(payer), heard) == (100_001, 100_000, [("paid", "t1")])


def test_a_card_that_says_no_closes_the_thing(payer):
    card = bind(payer, wallets.POOR)
    pay(payer, 5_000, source=card.public_id)
    run_gateway()
    assert (heard, inside()) == ([("failed", "t1", "insufficient_funds")], 0)


def test_money_that_comes_too_late_goes_back_to_the_card(payer):
    card = bind(payer)
    pay(payer, 5_000, "gone", source=card.public_id)
    run_gateway()
    assert (has(payer), inside("gone"), heard) == (100_000, 0, [])
    assert wallets.Operation.objects.get(kind="refund").status == "succeeded"
    assert wallets.house("gateway:clearing") == 0


def test_the_balance_asked_for_by_name_has_no_card_behind_it(payer):
    bind(payer)
    with pytest.raises(InsufficientFunds):
        pay(payer, 100_001, password=PASSWORD, source=actions.BALANCE)
    assert not LimitUse.objects.filter(rule="pay_day").exists()


def test_cards_of_others_do_not_pay(payer, carol):
    verify(carol)
    theirs = bind(carol)
    with pytest.raises(CardNotFound):
        pay(payer, 5_000, source=theirs.public_id)


def test_whoever_is_not_known_pays_by_nothing(alice):
    give_money(alice, 1_000)
    with pytest.raises(VerifyFirst):
        pay(alice, 500)
    assert has(alice) == 1_000


def test_the_first_level_pays_a_thousand_in_a_lifetime_then_by_card(payer):
    verify(payer, level=1)
    give_money(payer, 60_000)
    pay(payer, 100_000, password=PASSWORD)
    with pytest.raises(LimitReached):
        pay(payer, 100, "t2")
    card = bind(payer)
    assert pay(payer, 100, "t3").source == card.public_id


def test_receiving_has_a_limit_that_is_given_back(bob):
    verify(bob, level=0)
    counted = receive(account=bob, amount=Money(100_000, "CNY"))
    with pytest.raises(LimitReached):
        receive(account=bob, amount=Money(1, "CNY"))
    give_back(account=bob, counted=[counted.as_json()])
    receive(account=bob, amount=Money(1, "CNY"))


# ---- the next card


def asked(payer):
    attempts = payer.operations.filter(purpose="test").order_by("pk")
    return [operation.card.last4 for operation in attempts]


def test_a_card_that_says_no_is_followed_by_the_next(payer):
    for number in (wallets.POOR, wallets.DECLINED, wallets.OK, wallets.TWICE):
        bind(payer, number)
    pay(payer, 100_001, password=PASSWORD)
    run_gateway()
    assert asked(payer) == ["9995", "0002", "4242"]
    assert (inside(), has(payer), heard) == (100_001, 100_000, [("paid", "t1")])


def test_when_every_card_said_no_the_thing_is_closed_once(payer):
    for number in (wallets.POOR, wallets.DECLINED):
        bind(payer, number)
    pay(payer, 100_001, password=PASSWORD)
    run_gateway()
    assert asked(payer) == ["9995", "0002"]
    assert (inside(), heard) == (0, [("failed", "t1", "generic_decline")])


def test_whoever_named_a_card_meant_that_one(payer):
    card = bind(payer, wallets.DECLINED)
    bind(payer)
    pay(payer, 5_000, source=card.public_id)
    run_gateway()
    assert asked(payer) == ["0002"]
    assert heard == [("failed", "t1", "generic_decline")]


def test_no_other_card_is_asked_when_the_person_said_no_to_their_bank(payer):
    bind(payer, wallets.SECURE)
    bind(payer)
    operation = pay(payer, 100_001, password=PASSWORD).operation
    run_gateway()
    operation.refresh_from_db()
    sandbox.answer_challenge(operation.external_id, is_confirmed=False)
    run_gateway()
    assert asked(payer) == ["3184"]
    assert heard[0][:2] == ("failed", "t1")


def order(payer):
    return [card.last4 for card in queries.cards_of(payer)]


def test_the_order_of_cards_is_theirs(payer, carol):
    first, second, third = (
        bind(payer, number) for number in (wallets.OK, wallets.POOR, wallets.TWICE)
    )
    bank = bind(payer, wallets.BANK, kind="bank")
    actions.move_card_up(account=payer, card_id=third.public_id)
    assert order(payer) == ["4242", "0341", "9995", "6789"]
    actions.move_card_down(account=payer, card_id=first.public_id)
    assert order(payer) == ["0341", "4242", "9995", "6789"]
    for verb, card in ((actions.move_card_up, third), (actions.move_card_down, second)):
        verb(account=payer, card_id=card.public_id)
        assert order(payer) == ["0341", "4242", "9995", "6789"], "there is nothing beyond"
    assert queries.default_card(payer) == third
    for account, card in ((carol, first), (payer, bank)):
        with pytest.raises(CardNotFound):
            actions.move_card_up(account=account, card_id=card.public_id)


def test_a_transfer_says_which_card_paid_it(payer, bob, room):
    bind(payer, wallets.DECLINED)
    card = bind(payer)
    transfer = send(payer, room, 100_001)
    run_gateway()
    transfer.refresh_from_db()
    assert (transfer.status, transfer.source) == ("pending", card.public_id)
    bill = Bill.objects.get(account=payer, ref=transfer.public_id)
    assert bill.method == transfer.method == "Visa ·· 4242"
