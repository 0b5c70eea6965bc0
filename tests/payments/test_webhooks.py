"""The webhook door: what it keeps, and what it does not even look at."""

import json
import time as clock

import pytest
from django.conf import settings as house_settings
from django.test import Client

from payments import actions
from payments.errors import EventNotOpen, EventTooLarge
from payments.gateways.base import sign
from payments.models import GatewayEvent, Journal, Operation, SandboxObject
from payments.states import OperationStatus
from superapp.kernel.models import Job
from superapp.kernel.money import Money
from tests.payments.wallets import bind, has, house, run_gateway, top_up, verify

pytestmark = pytest.mark.django_db
DOOR = "/webhooks/gateway/"


def event(**changes):
    about = {"id": "pi_unknown", "object": "payment_intent", "amount": 5000, "currency": "cny"}
    said = {"id": "evt_1", "type": "payment_intent.succeeded", "data": {"object": about}}
    return json.dumps(said | changes).encode()


def send(body, *, stamp=None, secret="whsec_sandbox", header=None):
    stamp = str(int(clock.time()) if stamp is None else stamp)
    signature = header or f"t={stamp},v1={sign(body, stamp, secret)}"
    return Client(enforce_csrf_checks=True).generic(
        "POST", DOOR, body, "application/json", headers={"Stripe-Signature": signature}
    )


def test_a_signed_event_is_kept_once_and_answered_200_twice():
    assert [send(event()).status_code for _try in range(2)] == [200, 200]
    assert GatewayEvent.objects.count() == Job.objects.filter(kind="payments.event").count() == 1


def now(shift=0):
    return int(clock.time()) + shift


@pytest.mark.parametrize(
    "forged",
    [
        lambda: {"secret": "whsec_other"},
        lambda: {"stamp": now(-301)},
        lambda: {"stamp": now(900)},
        lambda: {"header": "t=1,v1="},
        lambda: {"header": f"v1={sign(event(), str(now()), 'whsec_sandbox')}"},
        lambda: {"header": f"t={now()},v0={sign(event(), str(now()), 'whsec_sandbox')}"},
        lambda: {"header": f"t={now()},t={now()},v1={sign(event(), str(now()), 'whsec_sandbox')}"},
        lambda: {"header": "t=９,v1=a"},
        lambda: {"header": "nonsense"},
    ],
)
def test_forged_events_leave_nothing(forged):
    # made now: a stamp of when the tests were collected would have come true meanwhile
    assert send(event(), **forged()).status_code == 400
    assert not GatewayEvent.objects.exists()
    assert not Job.objects.exists()


def test_without_a_signature_or_with_another_body_nothing_is_kept():
    body, stamp = event(), str(now())
    header = f"t={stamp},v1={sign(body, stamp, 'whsec_sandbox')}"
    assert send(body + b" ", header=header).status_code == 400
    assert Client().post(DOOR, body, "application/json").status_code == 400
    assert Client().get(DOOR).status_code == 405
    assert not GatewayEvent.objects.exists()


def test_size_comes_before_everything():
    with pytest.raises(EventTooLarge):
        actions.receive_event(body=b"x" * (house_settings.WEBHOOK_MAX + 1), signature="")
    big = event(pad="x" * (house_settings.WEBHOOK_MAX + 1))
    assert send(big).status_code == 413
    assert not GatewayEvent.objects.exists()


@pytest.mark.parametrize("body", [b"{}", b"[]", b'{"id": 1}', b"\xff", b"not json"])
def test_signed_nonsense_is_refused(body):
    assert send(body).status_code == 400
    assert not GatewayEvent.objects.exists()


def test_two_secrets_are_good_while_one_replaces_the_other(settings):
    settings.WEBHOOK_SECRETS = ["whsec_old", "whsec_new"]
    for number, secret in enumerate(settings.WEBHOOK_SECRETS):
        assert send(event(id=f"evt_{number}"), secret=secret).status_code == 200
    assert GatewayEvent.objects.count() == 2


def test_unknown_types_are_kept_and_ignored():
    send(event(type="customer.created", data={"object": {"id": "cus_1"}}))
    run_gateway()
    assert GatewayEvent.objects.get().status == "ignored"


def test_amounts_of_an_event_are_not_believed(alice):
    """The object is asked; an event that lies about it changes nothing."""
    verify(alice)
    operation = top_up(alice, 5000, bind(alice))
    lie = {"id": operation.external_id, "amount": 999_999, "status": "succeeded"}
    send(event(id="evt_lie", data={"object": lie}))
    run_gateway()
    assert has(alice) == 5000


def change(operation, **changes):
    row = SandboxObject.objects.get(pk=operation.external_id)
    row.data |= changes
    row.save()


@pytest.mark.parametrize(
    "wrong", [{"amount": 4999}, {"currency": "usd"}, {"metadata": {"op": "op_x"}}]
)
def test_what_differs_from_the_question_goes_to_suspense(alice, wrong):
    verify(alice)
    card = bind(alice, "4000000000003055")
    operation = actions.top_up(account=alice, card_id=card.public_id, amount=Money(5000, "CNY"))
    actions.ask_gateway(operation_id=operation.pk)
    operation.refresh_from_db()
    change(operation, status="succeeded", **wrong)
    send(event(data={"object": {"id": operation.external_id}}))
    run_gateway()
    operation.refresh_from_db()
    assert (operation.status, operation.reason, has(alice)) == (
        OperationStatus.FAILED,
        "mismatch",
        0,
    )
    currency = wrong.get("currency", "cny").upper()
    assert house("suspense:in", currency) == wrong.get("amount", 5000)


def test_money_nobody_asked_for_waits_in_suspense(alice):
    verify(alice)
    operation = top_up(alice, 5000, bind(alice))
    stranger = SandboxObject.objects.get(pk=operation.external_id)
    stranger.pk, stranger.op = "pi_stranger", ""
    stranger.data = {**stranger.data, "id": "pi_stranger", "metadata": {}}
    stranger.save(force_insert=True)
    for number in range(2):
        send(event(id=f"evt_{number}", data={"object": {"id": "pi_stranger"}}))
    run_gateway()
    assert (house("suspense:in"), has(alice)) == (5000, 5000)


def test_a_webhook_that_overtakes_the_answer_settles_once(alice):
    verify(alice)
    card = bind(alice, "4000000000000119")
    operation = actions.top_up(account=alice, card_id=card.public_id, amount=Money(5000, "CNY"))
    actions.ask_gateway(operation_id=operation.pk)  # its answer is lost; the row knows no id
    assert Operation.objects.get(pk=operation.pk).external_id is None
    run_gateway()  # the webhook finds it by our own mark
    assert has(alice) == 5000
    assert Journal.objects.count() == 1


def test_only_an_open_event_is_tried_again(alice):
    send(event(type="customer.created", data={"object": {"id": "cus_1"}}))
    row = GatewayEvent.objects.get()
    actions.retry_event(event=row, staff=alice.person)
    run_gateway()
    row.refresh_from_db()
    with pytest.raises(EventNotOpen):
        actions.retry_event(event=row, staff=alice.person)
