"""The checks see what is wrong between operations, limits and the books."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection, transaction

from payments import actions, ledger
from payments.ledger import Leg
from payments.models import GatewayEvent, LimitUse, Operation
from payments.queries import audit
from superapp.kernel import time
from tests.payments import wallets
from tests.payments.money import cny
from tests.payments.wallets import PASSWORD, bind, rich, run_gateway, top_up

pytestmark = pytest.mark.django_db
OURS = ("I9t", "I12", "I14", "I15")


def faults():
    found = audit.check_books(seals=0)
    return {rule.code: rule.faults for rule in found.rules if rule.faults and rule.code in OURS}


@pytest.fixture
def busy(alice):
    """Topped up, one charge disputed, one refused, one withdrawal on its way, one come back."""
    rich(alice, 50_000)
    top_up(alice, 5000, bind(alice))
    top_up(alice, 700, bind(alice, wallets.DECLINED))
    top_up(alice, 900, bind(alice, wallets.DISPUTED))
    for number in (wallets.BANK_RETURNS, wallets.BANK):
        bank = bind(alice, number, kind="bank")
        actions.withdraw(
            account=alice, card_id=bank.public_id, amount=cny(300), fee=cny(0), password=PASSWORD
        )
        if number == wallets.BANK_RETURNS:
            for _round in range(3):
                with time_machine.travel(time.now() + timedelta(seconds=60)):
                    run_gateway()
    return alice


def test_all_of_it_is_right(busy):
    assert Operation.objects.filter(status="created", kind="payout").count() == 1
    assert faults() == {}


def test_a_withdrawal_whose_money_is_gone_is_seen(busy):
    operation = Operation.objects.get(status="created", kind="payout")
    waits = ledger.transit("po", operation.public_id, "CNY")
    with transaction.atomic():
        ledger.post(key="oops", kind="x", legs=[Leg(waits, ledger.system("promo", "CNY"), cny(1))])
    assert list(faults()) == ["I9t"]


def test_an_operation_that_pays_without_a_posting_is_seen(busy):
    Operation.objects.filter(kind="charge", status="failed").update(status="succeeded")
    assert list(faults()) == ["I12"]


def test_what_nobody_looked_at_is_seen(busy):
    old = time.now() - timedelta(minutes=16)
    Operation.objects.filter(status="created").update(next_check_at=old)
    GatewayEvent.objects.filter(pk=GatewayEvent.objects.first().pk).update(
        status="new", received_at=old
    )
    assert len(faults()["I14"]) == 2


def test_a_limit_that_was_forced_is_seen(busy):
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE limit_use DROP CONSTRAINT limit_is_kept")
    LimitUse.objects.filter(rule="topup_day").update(used=10**15)
    assert list(faults()) == ["I15"]
