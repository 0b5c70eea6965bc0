"""The process dies at each point between asking the gateway and settling: nobody loses or gains."""

import json
import os
import subprocess
import sys
from datetime import timedelta

import pytest
import time_machine
from django.db import connection

from payments.actions import Means
from payments.actions.authorising import set_password
from payments.gateways import faults
from payments.models import Bill, Operation, SandboxObject
from payments.queries import audit
from superapp.kernel import time
from tests.chat.conftest import room
from tests.payments import wallets
from tests.payments.between import send
from tests.payments.wallets import bind, give_money, has, house, run_gateway, verify

__all__ = ["room"]
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres, pytest.mark.slow]

TOP_UP = """
actions.top_up(account=account, card_id=card.public_id, amount=Money(5000, "CNY"))
"""
WITHDRAW = """
actions.withdraw(account=account, card_id=card.public_id, amount=Money(5000, "CNY"),
                 fee=Money(0, "CNY"), password="135790")
"""
REFUND = """
from payments.models import Transfer
transfer = Transfer.objects.get()
actions.return_transfer(receiver=transfer.receiver, transfer_id=transfer.public_id)
"""
# Loads the product once, then waits for deeds; a child of its own does each of them.
NURSERY = """
import json, os, sys
import django
django.setup()
from django.conf import settings
from accounts.models import Account
from payments import actions
from payments.models import Card
from superapp.kernel import outbox
from superapp.kernel.money import Money

def do(deed, kind):
    account = Account.objects.get(name="Alice")
    card = Card.objects.get(account=account, kind=kind)
    exec(deed, {**globals(), "account": account, "card": card})
    outbox.run_due(outbox.DELIVERIES, limit=50)

for line in sys.stdin:
    point, deed, kind = json.loads(line)
    child = os.fork()
    if child == 0:
        settings.FAULT_POINT = point
        do(deed, kind)
        sys.exit(0)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


@pytest.fixture(scope="module")
def nursery(django_db_setup, tmp_path_factory):
    there = connection.settings_dict
    place = f"{there['USER']}:{there['PASSWORD']}@/{there['NAME']}?host={there['HOST']}"
    if there["PORT"]:
        place += f"&port={there['PORT']}"
    environment = {
        **os.environ,
        "DATABASE_URL": f"postgresql://{place}",
        "DJANGO_SETTINGS_MODULE": "superapp.settings",
    }
    complaints = tmp_path_factory.mktemp("nursery") / "complaints"
    with (
        complaints.open("w") as stderr,
        subprocess.Popen(
            [sys.executable, "-c", NURSERY],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
        ) as process,
    ):
        process.complaints = complaints
        yield process


@pytest.fixture
def die_at(nursery):
    """Another process does the deed and ends at the point, as if it were killed."""

    def die(point, deed, kind):
        nursery.stdin.write(json.dumps([point, deed, kind]) + "\n")
        nursery.stdin.flush()
        code = nursery.stdout.readline().strip()
        assert code == "9", nursery.complaints.read_text()[-2000:]

    return die


def check():
    faults = [(rule.code, rule.faults) for rule in audit.check_books().rules if rule.faults]
    assert not faults


def sweep():
    """What the sweep finds in the minutes after; then the books are right."""
    for seconds in (1, 50, 100, 200, 400, 900):
        with time_machine.travel(time.now() + timedelta(seconds=seconds)):
            run_gateway()
    check()


@pytest.fixture
def payer(alice):
    verify(alice)
    return alice


@pytest.mark.parametrize("point", faults.POINTS)
def test_a_top_up_that_dies_is_credited_once(payer, die_at, point):
    bind(payer)
    die_at(point, TOP_UP, "card")
    assert Operation.objects.filter(kind="charge").count() == 1
    sweep()
    assert Operation.objects.get(kind="charge").status == "succeeded"
    assert has(payer) == 5000 == -house("gateway:clearing")
    assert SandboxObject.objects.filter(kind="payment_intent").count() == 1
    assert Bill.objects.get().status == "done"


@pytest.mark.parametrize(
    ("point", "number"),
    [
        *((point, wallets.BANK) for point in faults.POINTS),
        ("gateway.asked", wallets.BANK_CLOSED),
        ("event.fetched", wallets.BANK_CLOSED),
    ],
)
def test_a_withdrawal_that_dies_is_paid_or_returned_once(payer, die_at, point, number):
    give_money(payer, 8000)
    set_password(account=payer, password=wallets.PASSWORD)
    bind(payer, number, kind="bank")
    die_at(point, WITHDRAW, "bank")
    sweep()
    operation = Operation.objects.get(kind="payout")
    is_paid = number == wallets.BANK
    assert operation.status == ("succeeded" if is_paid else "failed")
    assert has(payer) == (3000 if is_paid else 8000)
    assert house("gateway:clearing") == (5000 if is_paid else 0)
    assert SandboxObject.objects.filter(kind="payout").count() == 1


# What a refund is asked in is not its owner's own request: it begins with the job.
REFUND_POINTS = [point for point in faults.POINTS if point != "operation.committed"]


@pytest.mark.parametrize("point", REFUND_POINTS)
def test_money_back_that_dies_reaches_the_card_once(payer, bob, room, die_at, point):
    bind(payer)
    transfer = send(payer, room, means=Means())
    run_gateway()
    die_at(point, REFUND, "card")
    transfer.refresh_from_db()
    assert transfer.status == "returned"
    sweep()
    refund = Operation.objects.get(kind="refund")
    assert (refund.status, has(payer), house("gateway:clearing")) == ("succeeded", 0, 0)
    assert SandboxObject.objects.filter(kind="refund").count() == 1
    assert Bill.objects.get(kind="refund").status == "done"
