"""Money from cards: each test card, and each way the news can come."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from accounts import actions as people
from payments import actions, ledger
from payments.errors import (
    AmountOutOfRange,
    CardNotFound,
    LimitReached,
    OperationNotFound,
    VerifyFirst,
)
from payments.gateways import gateway, sandbox
from payments.models import Bill, Card, GatewayEvent, Journal, Operation, SandboxObject
from payments.states import OperationStatus
from superapp.kernel import time
from superapp.kernel.money import CurrencyMismatch, Money
from tests import cast
from tests.payments import wallets
from tests.payments.money import pay
from tests.payments.wallets import bind, has, house, run_gateway, top_up, verify

pytestmark = pytest.mark.django_db


@pytest.fixture
def payer(alice):
    verify(alice)
    return alice


def later(seconds):
    return time_machine.travel(time.now() + timedelta(seconds=seconds))


def asked_of_gateway():
    return SandboxObject.objects.filter(kind="payment_intent").count()


def test_a_card_is_kept_as_a_token_and_four_digits(payer):
    card = bind(payer)
    assert (card.brand, card.last4, card.exp_year, card.holder) == ("visa", "4242", 2030, "Alice")
    assert wallets.OK not in str(vars(card))
    payer.person.refresh_from_db()
    seen = payer.person.verified_at
    people.note_identity(account=payer)
    payer.person.refresh_from_db()
    assert seen == payer.person.verified_at is not None


def test_a_card_in_another_name_is_not_kept(payer):
    assert bind(payer, holder="Mallory") is None
    assert Operation.objects.get().reason == "holder_differs"


def test_one_card_serves_three_accounts_and_no_more(payer, bob, carol):
    for account in (payer, bob, carol):
        verify(account, name="Alice")
        assert bind(account, holder="Alice")
    dora = verify(cast.make_person("Dora"), name="Alice").account
    assert bind(dora, holder="Alice") is None


def test_nobody_binds_before_they_are_known(alice):
    with pytest.raises(VerifyFirst):
        actions.start_binding(account=alice, kind="card")
    assert not Operation.objects.exists()


def test_money_appears_when_the_gateway_has_it(payer):
    card = bind(payer)
    operation = actions.top_up(account=payer, card_id=card.public_id, amount=Money(5000, "CNY"))
    assert (has(payer), operation.status) == (0, OperationStatus.CREATED)
    run_gateway()
    operation.refresh_from_db()
    assert (has(payer), operation.status) == (5000, OperationStatus.SUCCEEDED)
    assert house("gateway:clearing") == -5000
    (bill,) = Bill.objects.all()
    assert (bill.kind, bill.status, bill.amount, bill.method) == (
        "topup",
        "done",
        5000,
        "Visa ·· 4242",
    )


@pytest.mark.parametrize(
    ("number", "reason"),
    [(wallets.DECLINED, "generic_decline"), (wallets.POOR, "insufficient_funds")],
)
def test_a_card_that_says_no(payer, number, reason):
    operation = top_up(payer, 5000, bind(payer, number))
    assert (operation.status, operation.reason) == (OperationStatus.FAILED, reason)
    assert has(payer) == 0
    assert Bill.objects.get().status == "failed"
    assert not Journal.objects.exists()


def test_a_failed_top_up_gives_its_limit_back(payer, settings):
    settings.TOPUP_PER_DAY = 60
    card = bind(payer, wallets.DECLINED)
    for _try in range(3):
        top_up(payer, 5000, card)
    good = bind(payer)
    top_up(payer, 5000, good)
    with pytest.raises(LimitReached):
        actions.top_up(account=payer, card_id=good.public_id, amount=Money(1001, "CNY"))
    assert has(payer) == 5000


def test_3d_secure_waits_for_the_person(payer):
    operation = top_up(payer, 5000, bind(payer, wallets.SECURE))
    assert operation.status == OperationStatus.NEEDS_ACTION
    assert (operation.action_url, has(payer)) == (
        f"/sandbox/confirm/{operation.external_id}/",
        0,
    )
    page = Client().get(operation.action_url)
    assert "¥50.00" in page.content.decode() or "CN¥50.00" in page.content.decode()
    Client().post(operation.action_url, {"answer": "yes"})
    run_gateway()
    assert has(payer) == 5000
    assert Client().get(operation.action_url).status_code == 404


def test_only_ones_own_operation_is_looked_at(payer, carol):
    operation = top_up(payer, 5000, bind(payer, wallets.SECURE))
    with pytest.raises(OperationNotFound):
        actions.look_again(account=carol, operation_id=operation.public_id)
    seen = actions.look_again(account=payer, operation_id=operation.public_id)
    assert seen.status == OperationStatus.NEEDS_ACTION


def test_3d_secure_denied(payer):
    operation = top_up(payer, 5000, bind(payer, wallets.SECURE))
    sandbox.answer_challenge(operation.external_id, is_confirmed=False)
    run_gateway()
    operation.refresh_from_db()
    assert (operation.status, has(payer)) == (OperationStatus.FAILED, 0)


def test_a_lost_answer_is_looked_into_and_charged_once(payer):
    card = bind(payer, wallets.TIMEOUT)
    operation = actions.top_up(account=payer, card_id=card.public_id, amount=Money(5000, "CNY"))
    actions.ask_gateway(operation_id=operation.pk)  # without the webhook
    operation.refresh_from_db()
    assert (operation.status, has(payer)) == (OperationStatus.UNKNOWN, 0)
    GatewayEvent.objects.all().delete()
    with later(40):
        run_gateway()
    operation.refresh_from_db()
    assert (operation.status, has(payer), asked_of_gateway()) == (
        OperationStatus.SUCCEEDED,
        5000,
        1,
    )


def test_a_doubled_webhook_pays_once(payer):
    top_up(payer, 5000, bind(payer, wallets.TWICE))
    assert GatewayEvent.objects.filter(type="payment_intent.succeeded").count() == 1
    assert has(payer) == 5000


def test_a_late_webhook(payer):
    operation = top_up(payer, 5000, bind(payer, wallets.LATE))
    assert (operation.status, has(payer)) == (OperationStatus.SENT, 0)
    with later(15):
        run_gateway()
    operation.refresh_from_db()
    assert (operation.status, has(payer)) == (OperationStatus.SUCCEEDED, 5000)


def test_a_dispute_takes_what_is_left_and_the_rest_is_owed(payer, bob):
    top_up(payer, 5000, bind(payer, wallets.DISPUTED))
    pay("spent", payer, bob, 4000)
    with later(15):
        run_gateway()
    owed = ledger.balance(ledger.user_receivable(payer, "CNY")).minor
    assert (has(payer), owed, house("gateway:disputed")) == (0, -4000, -5000)
    other = bind(payer)
    with later(20):
        top_up(payer, 6000, other)
    assert (has(payer), ledger.balance(ledger.user_receivable(payer, "CNY")).minor) == (2000, 0)


@pytest.mark.parametrize("is_won", [True, False])
def test_the_end_of_a_dispute(payer, is_won):
    top_up(payer, 5000, bind(payer, wallets.DISPUTED))
    with later(15):
        run_gateway()
    assert has(payer) == 0
    dispute = SandboxObject.objects.get(kind="dispute")
    sandbox.decide_dispute(dispute.pk, is_won=is_won)
    run_gateway()
    assert has(payer) == (5000 if is_won else 0)
    assert house("gateway:disputed") == 0
    assert house("gateway:clearing") == (-5000 if is_won else 0)


def test_the_gateways_own_books_agree(payer):
    card = bind(payer)
    top_up(payer, 5000, card)
    top_up(payer, 700, bind(payer, wallets.TWICE))
    report = sum(line.amount.minor for line in gateway().movements(0))
    assert report == 5700 == -house("gateway:clearing")


def test_what_is_refused(payer, carol):
    card = bind(payer)
    for amount, why in (
        (Money(0, "CNY"), AmountOutOfRange),
        (Money(-5, "CNY"), AmountOutOfRange),
        (Money(10**12, "CNY"), AmountOutOfRange),
    ):
        with pytest.raises(why):
            actions.top_up(account=payer, card_id=card.public_id, amount=amount)
    with pytest.raises(CardNotFound):
        actions.top_up(account=carol, card_id=card.public_id, amount=Money(5000, "CNY"))
    assert not Operation.objects.filter(kind="charge").exists()
    with pytest.raises(CurrencyMismatch):
        assert Money(1, "CNY") <= Money(1, "JPY")


def test_yen_have_no_decimals_and_dinars_three(payer):
    card = bind(payer)
    top_up(payer, 5000, card, "JPY")
    top_up(payer, 1250, card, "BHD")
    assert (has(payer, "JPY"), has(payer, "BHD"), has(payer)) == (5000, 1250, 0)


def test_default_and_removal(payer, carol):
    first, second = bind(payer), bind(payer, "5555555555554444")
    actions.make_default(account=payer, card_id=second.public_id)
    order = Card.objects.filter(account=payer).order_by("place").values_list("pk", flat=True)
    assert list(order) == [second.pk, first.pk]
    for act in (actions.make_default, actions.remove_card):
        with pytest.raises(CardNotFound):
            act(account=carol, card_id=first.public_id)
    actions.remove_card(account=payer, card_id=first.public_id)
    with pytest.raises(CardNotFound):
        actions.top_up(account=payer, card_id=first.public_id, amount=Money(5000, "CNY"))
