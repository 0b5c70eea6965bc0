"""Money back goes to the card it came from; what the card cannot take is in the balance."""

from datetime import timedelta

import pytest
import time_machine

from payments import actions, ledger, queries
from payments.actions import Means, settling
from payments.actions.refunding import given_back
from payments.gateways.base import Result
from payments.models import Bill, Operation, SandboxObject
from superapp.kernel import time
from tests.chat.conftest import room
from tests.payments import wallets
from tests.payments.between import pack, send, waits
from tests.payments.money import cny
from tests.payments.wallets import bind, has, house, rich, run_gateway, verify

__all__ = ["room"]
pytestmark = pytest.mark.django_db
LATE, CLOSED, BUSY, BOUNCED = (
    *("4000000000007726", "4000000000005126"),
    *("4000000000005134", "4000000000005142"),
)


def green():
    assert [(one.code, one.faults) for one in queries.check_books().rules if one.faults] == []


def run_on(*seconds):
    for one in seconds or (0, 15, 65, 130, 400, 4000, 8000):
        with time_machine.travel(time.now() + timedelta(seconds=one)):
            run_gateway()


def sent(alice, room, number):
    """A transfer that this card paid and that waits for Bob."""
    verify(alice)
    bind(alice, number)
    transfer = send(alice, room, means=Means())
    run_on(0, 15, 65)
    transfer.refresh_from_db()
    assert (transfer.status, waits("tr", transfer.public_id)) == ("pending", 5000)
    return transfer


def the_refund():
    return Operation.objects.filter(kind="refund").latest("pk")


def in_transit():
    first = Operation.objects.filter(kind="refund").earliest("pk")
    return ledger.balance(ledger.transit("rf", first.public_id, "CNY")).minor


def test_a_returned_transfer_goes_back_to_the_card(alice, bob, room):
    transfer = sent(alice, room, wallets.OK)
    actions.return_transfer(receiver=bob, transfer_id=transfer.public_id)
    transfer.refresh_from_db()
    assert (transfer.status, has(alice), waits("tr", transfer.public_id)) == ("returned", 0, 0)
    refund = the_refund()
    assert (refund.status, refund.amount, in_transit()) == ("created", 5000, 5000)
    bill = Bill.objects.get(kind="refund")
    assert (bill.amount, bill.status, bill.method) == (5000, "waiting", "Visa ·· 4242")
    green()
    run_on()
    refund.refresh_from_db()
    bill.refresh_from_db()
    assert (refund.status, bill.status, in_transit()) == ("succeeded", "done", 0)
    assert (has(alice), house("gateway:clearing")) == (0, 0)
    green()
    run = actions.reconcile(days=2)
    assert (run.green, run.matched) == (True, 2), run.items


def test_an_expired_one_too(alice, room):
    transfer = sent(alice, room, wallets.OK)
    with time_machine.travel(transfer.due_at + timedelta(seconds=1)):
        run_gateway()
        run_gateway()
        transfer.refresh_from_db()
        assert (transfer.status, has(alice)) == ("expired", 0)
        assert the_refund().status == "succeeded"
        green()


def test_what_the_balance_paid_goes_to_the_balance(alice, bob, room):
    rich(alice)
    bind(alice)
    transfer = send(alice, room)
    actions.return_transfer(receiver=bob, transfer_id=transfer.public_id)
    assert has(alice) == 100_000
    assert not Operation.objects.filter(kind="refund").exists()


def test_the_rest_of_a_packet(alice, bob, room):
    verify(alice)
    bind(alice)
    packet = pack(alice, room, 5000, kind="single", count=1, means=Means())
    run_on(0, 15)
    with time_machine.travel(packet.due_at + timedelta(seconds=1)):
        run_gateway()
        run_gateway()
        packet.refresh_from_db()
        assert (packet.status, has(alice), the_refund().amount) == ("refunded", 0, 5000)
        assert the_refund().status == "succeeded"
        green()


@pytest.mark.parametrize("number", [wallets.TIMEOUT, wallets.TWICE, LATE, wallets.LATE])
def test_answers_that_are_lost_doubled_or_late(alice, bob, room, number):
    transfer = sent(alice, room, number)
    actions.return_transfer(receiver=bob, transfer_id=transfer.public_id)
    run_on()
    assert (the_refund().status, has(alice), house("gateway:clearing")) == ("succeeded", 0, 0)
    assert SandboxObject.objects.filter(kind="refund").count() == 1
    green()


def test_a_closed_card_gives_it_to_the_balance(alice, bob, room):
    transfer = sent(alice, room, CLOSED)
    actions.return_transfer(receiver=bob, transfer_id=transfer.public_id)
    run_on()
    assert Operation.objects.filter(kind="refund").count() == 1
    assert (the_refund().status, has(alice), in_transit()) == ("failed", 5000, 0)
    assert house("gateway:clearing") == -5000
    bill = Bill.objects.get(kind="refund")
    assert (bill.status, bill.method) == ("refunded", "")
    green()
    assert actions.reconcile(days=2).green


def test_three_times_no_and_it_is_in_the_balance(alice, bob, room):
    transfer = sent(alice, room, BUSY)
    actions.return_transfer(receiver=bob, transfer_id=transfer.public_id)
    run_on(0, 15)
    tries = Operation.objects.filter(kind="refund").order_by("pk")
    assert [one.status for one in tries] == ["failed", "created"]
    assert (has(alice), in_transit(), given_back(tries[0].charge)) == (0, 5000, 5000)
    green()
    run_on(20, 80, 100, 4000, 4100, 8000)
    assert [one.status for one in tries.all()] == ["failed"] * 3
    assert (has(alice), in_transit()) == (5000, 0)
    assert Bill.objects.filter(kind="refund").count() == 1
    assert Bill.objects.get(kind="refund").status == "refunded"
    green()
    run_on(20_000)
    assert has(alice) == 5000


def test_a_card_whose_bank_sends_it_back_later(alice, bob, room):
    transfer = sent(alice, room, BOUNCED)
    actions.return_transfer(receiver=bob, transfer_id=transfer.public_id)
    run_on()
    assert (the_refund().status, has(alice)) == ("reversed", 5000)
    assert house("gateway:clearing") == -5000
    assert Bill.objects.get(kind="refund").status == "refunded"
    green()
    run_on(9000)
    assert has(alice) == 5000
    assert actions.reconcile(days=2).green


def test_a_disputed_charge_is_not_given_back_twice(alice, bob, room):
    transfer = sent(alice, room, wallets.OK)
    intent = SandboxObject.objects.get(kind="payment_intent")
    intent.data["_disputed"] = True
    intent.save()
    actions.return_transfer(receiver=bob, transfer_id=transfer.public_id)
    run_on()
    assert (the_refund().reason, has(alice)) == ("charge_disputed", 5000)
    green()


def test_what_went_back_already_waits_for_somebody_to_look(alice, bob, room):
    """Somebody gave it back in the gateway's own console."""
    transfer = sent(alice, room, wallets.OK)
    intent = SandboxObject.objects.get(kind="payment_intent")
    intent.data["_refunded"] = 1
    intent.save()
    actions.return_transfer(receiver=bob, transfer_id=transfer.public_id)
    run_on()
    assert (the_refund().reason, has(alice)) == ("charge_already_refunded", 0)
    assert (house("suspense:in"), in_transit()) == (5000, 0)
    green()


def test_the_same_news_again_changes_nothing(alice, bob, room):
    transfer = sent(alice, room, wallets.OK)
    actions.return_transfer(receiver=bob, transfer_id=transfer.public_id)
    run_on()
    refund = the_refund()
    again = Result("succeeded", refund.external_id, op=refund.public_id, amount=cny(5000))
    settling.settle(operation_id=refund.pk, result=again)
    assert (has(alice), house("gateway:clearing")) == (0, 0)
    green()


def test_a_refund_of_another_amount_is_not_believed(alice, bob, room):
    transfer = sent(alice, room, LATE)
    actions.return_transfer(receiver=bob, transfer_id=transfer.public_id)
    run_gateway()
    refund = the_refund()
    other = Result("succeeded", refund.external_id, op=refund.public_id, amount=cny(4999))
    settling.settle(operation_id=refund.pk, result=other)
    refund.refresh_from_db()
    assert (refund.status, refund.reason, house("suspense:in")) == ("failed", "mismatch", 5000)
    assert has(alice) == 0


def test_the_receipt_says_where_it_goes(alice, bob, room, client):
    transfer = sent(alice, room, LATE)
    actions.return_transfer(receiver=bob, transfer_id=transfer.public_id)
    client.force_login(alice.person)
    for kind in ("transfer", "refund"):
        bill = Bill.objects.get(account=alice, kind=kind)
        page = client.get(f"/wallet/bills/{bill.public_id}/").content.decode()
        assert "to card •••• 7726, 2–5 days" in page, kind
    client.force_login(bob.person)
    assert client.get(f"/wallet/bills/{bill.public_id}/").status_code == 404


def test_the_receipt_says_that_it_is_in_the_balance(alice, bob, room, client):
    transfer = sent(alice, room, BUSY)
    actions.return_transfer(receiver=bob, transfer_id=transfer.public_id)
    run_on(0, 15, 20, 80, 100, 4000, 4100, 8000)
    client.force_login(alice.person)
    bill = Bill.objects.get(account=alice, kind="refund")
    page = client.get(f"/wallet/bills/{bill.public_id}/").content.decode()
    assert "it is in your balance" in page
