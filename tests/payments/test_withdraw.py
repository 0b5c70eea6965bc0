"""Money to one's own account: fees, quotas, and every way it can end."""

from datetime import timedelta

import pytest
import time_machine

from payments import actions, ledger
from payments.actions.authorising import set_password
from payments.errors import (
    CardNotFound,
    CoolingDown,
    FeeChanged,
    InsufficientFunds,
    LimitReached,
    NoPassword,
    PasswordNeeded,
    WithdrawalOpen,
    WrongPassword,
)
from payments.models import Bill, LedgerAccount, LimitUse, Operation
from payments.queries.limits import withdrawal_fee_for
from payments.states import OperationStatus
from superapp.kernel import time
from superapp.kernel.money import Money
from tests.payments import wallets
from tests.payments.wallets import PASSWORD, bind, has, house, rich, run_gateway

pytestmark = pytest.mark.django_db


@pytest.fixture
def payer(alice):
    return rich(alice, 500_000)


def withdraw(account, minor, card, **more):
    amount = Money(minor, "CNY")
    fee = withdrawal_fee_for(account, amount)
    wanted = {"password": PASSWORD, "fee": fee, **more}
    return actions.withdraw(account=account, card_id=card.public_id, amount=amount, **wanted)


def later(seconds):
    run_gateway()
    with time_machine.travel(time.now() + timedelta(seconds=seconds)):
        run_gateway()


def in_transit():
    rows = LedgerAccount.objects.filter(kind="transit")
    return sum(row.balance for row in rows)


def test_it_leaves_the_balance_at_once_and_the_house_when_it_arrives(payer):
    card = bind(payer, wallets.BANK, kind="bank")
    operation = withdraw(payer, 60_000, card)
    assert (has(payer), in_transit()) == (440_000, 60_000)
    run_gateway()
    assert Bill.objects.get().status == "waiting"
    later(15)
    operation.refresh_from_db()
    assert (operation.status, in_transit()) == (OperationStatus.SUCCEEDED, 0)
    assert (house("gateway:clearing"), Bill.objects.get().status) == (60_000, "done")
    assert LedgerAccount.objects.get(kind="transit").status == "closed"


def test_a_thousand_is_free_for_a_lifetime_then_it_costs(payer):
    card = bind(payer, wallets.BANK, kind="bank")
    assert withdrawal_fee_for(payer, Money(60_000, "CNY")).minor == 0
    withdraw(payer, 60_000, card)
    later(15)
    # 40 000 of it are free, 0.1 % of the other 160 000.
    assert withdrawal_fee_for(payer, Money(200_000, "CNY")).minor == 160
    withdraw(payer, 200_000, card)
    assert has(payer) == 500_000 - 60_000 - 200_160
    later(15)
    assert house("fees:income") == 160
    assert withdrawal_fee_for(payer, Money(100, "CNY")).minor == 10  # at least 0.10


def test_another_fee_than_the_one_shown_is_refused(payer):
    card = bind(payer, wallets.BANK, kind="bank")
    with pytest.raises(FeeChanged):
        withdraw(payer, 200_000, card, fee=Money(0, "CNY"))
    assert has(payer) == 500_000
    assert not Operation.objects.filter(kind="payout").exists()
    assert not LimitUse.objects.filter(rule="withdraw_day").exists()


def test_what_the_bank_refuses_comes_back_with_fee_and_quota(payer):
    card = bind(payer, wallets.BANK_CLOSED, kind="bank")
    operation = withdraw(payer, 200_000, card)
    assert has(payer) == 500_000 - 200_100
    later(15)
    operation.refresh_from_db()
    assert (operation.status, operation.reason) == (OperationStatus.FAILED, "account_closed")
    assert (has(payer), in_transit(), house("fees:income")) == (500_000, 0, 0)
    assert withdrawal_fee_for(payer, Money(100_000, "CNY")).minor == 0
    assert Bill.objects.get().status == "returned"


def test_paid_and_days_later_sent_back(payer):
    card = bind(payer, wallets.BANK_RETURNS, kind="bank")
    operation = withdraw(payer, 200_000, card)
    later(15)
    operation.refresh_from_db()
    assert operation.status == OperationStatus.SUCCEEDED
    for seconds in (40, 40, 60):
        later(seconds)
    operation.refresh_from_db()
    assert (operation.status, has(payer)) == (OperationStatus.REVERSED, 500_000)
    assert (house("gateway:clearing"), house("fees:income")) == (0, 0)


def test_it_needs_the_payment_password_for_just_this(payer):
    card = bind(payer, wallets.BANK, kind="bank")
    for wrong, why in (("000001", WrongPassword), ("", PasswordNeeded)):
        with pytest.raises(why):
            withdraw(payer, 100, card, password=wrong)
    assert has(payer) == 500_000


def test_only_to_ones_own_account_and_only_what_is_there(payer, carol):
    rich(carol, 10_000)
    mine, theirs = (bind(who, wallets.BANK, kind="bank") for who in (payer, carol))
    debit = bind(payer)
    for card in (theirs, debit):
        with pytest.raises(CardNotFound):
            withdraw(payer, 100, card)
    with pytest.raises(InsufficientFunds):
        withdraw(payer, 500_001, mine)
    assert (has(payer), in_transit()) == (500_000, 0)


def test_one_at_a_time_for_one_account(payer):
    card = bind(payer, wallets.BANK, kind="bank")
    withdraw(payer, 100, card)
    with pytest.raises(WithdrawalOpen):
        withdraw(payer, 200, card)
    assert in_transit() == 100


def test_a_day_has_a_limit(payer, settings):
    settings.WITHDRAW_PER_DAY = 10
    card = bind(payer, wallets.BANK, kind="bank")
    with pytest.raises(LimitReached):
        withdraw(payer, 1001, card)
    assert has(payer) == 500_000


def test_not_so_soon_after_a_change(payer, settings):
    settings.WITHDRAW_COOLING_SECONDS = 24 * 3600
    card = bind(payer, wallets.BANK, kind="bank")
    with pytest.raises(CoolingDown):
        withdraw(payer, 100, card)
    with time_machine.travel(time.now() + timedelta(hours=25)):
        withdraw(payer, 100, card)
    assert ledger.balance(ledger.user_available(payer, "CNY")).minor == 499_900


def test_a_payer_without_a_password_is_asked_to_set_one(alice):
    wallets.verify(alice)
    wallets.give_money(alice, 1000)
    card = bind(alice, wallets.BANK, kind="bank")
    with pytest.raises(NoPassword):
        withdraw(alice, 100, card, password="")
    set_password(account=alice, password=PASSWORD)
    withdraw(alice, 100, card)
    assert has(alice) == 900
