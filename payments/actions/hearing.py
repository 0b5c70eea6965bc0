"""Webhooks: kept as they come once their signature is right, then asked about, never believed."""

import logging
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db import transaction

from accounts.models import Person
from payments import ledger
from payments.actions import disputing
from payments.actions.opening import JOB as ASK_JOB
from payments.actions.settling import set_aside_unknown, settle
from payments.errors import EventNotOpen, EventTooLarge, OperationSettled
from payments.gateways import faults, gateway, sandbox
from payments.models import Dispute, GatewayEvent, Operation
from payments.states import DISPUTE_MOVES, EVENT_MOVES, OPEN, DisputeStatus, EventStatus
from superapp.kernel import outbox, time
from superapp.kernel.errors import Invalid
from superapp.kernel.transitions import IllegalTransition, move

JOB = "payments.event"
log = logging.getLogger(__name__)
# What an object's id begins with, and what it is.
_KINDS = {
    "pi_": "charge",
    "po_": "payout",
    "re_": "refund",
    "cs_": "bind",
    "dp_": "dispute",
    "du_": "dispute",
}


def receive_event(*, body: bytes, signature: str) -> bool:
    """Keep a webhook; returns whether it is new. The rest is a job.

    Raises EventTooLarge before anything else is looked at, BadSignature, BadEvent: nothing is kept.
    """
    if len(body) > settings.WEBHOOK_MAX:
        raise EventTooLarge
    event = gateway().read_event(body, signature)
    with transaction.atomic():
        made = GatewayEvent.objects.bulk_create(
            [
                GatewayEvent(
                    event_id=event.event_id,
                    type=event.type,
                    object_id=event.object_id,
                    raw=event.raw,
                    received_at=time.now(),
                )
            ],
            ignore_conflicts=True,
        )
        row = GatewayEvent.objects.filter(event_id=event.event_id, status=EventStatus.NEW).first()
        is_new = row is not None and bool(made)
        if row is not None:
            outbox.at(JOB, {"event": row.pk}, due_at=time.now(), key=event.event_id)
    faults.at("event.stored")
    return is_new


def on_event(payload: Mapping[str, Any]) -> None:
    """The job behind a webhook."""
    follow_event(event_pk=payload["event"])


def follow_event(*, event_pk: int) -> None:
    """Ask the gateway how the object stands now, and settle by that. Raises Silent: try again."""
    event = GatewayEvent.objects.get(pk=event_pk)
    if event.status != EventStatus.NEW:
        return
    note = follow_object(object_id=event.object_id)
    outcome = EventStatus.IGNORED if note == "not for us" else EventStatus.DONE
    move(event, outcome, allowed=EVENT_MOVES, note=note[:200], done_at=time.now())


@transaction.atomic
def retry_event(*, event: GatewayEvent, staff: Person) -> None:
    """Staff let an event be followed once more. Raises EventNotOpen for those that are done."""
    if event.status not in {EventStatus.NEW, EventStatus.FAILED}:
        raise EventNotOpen
    if event.status == EventStatus.FAILED:
        move(event, EventStatus.NEW, allowed=EVENT_MOVES, note=f"again by {staff.pk}")
    outbox.at(JOB, {"event": event.pk}, due_at=time.now(), key=event.event_id)


@transaction.atomic
def ask_soon(*, operation: Operation, staff: Person, reason: str) -> None:
    """Staff let the gateway be asked now. Raises OperationSettled for what is final."""
    if operation.status not in OPEN:
        raise OperationSettled
    log.info("operation %s is asked again for %s: %s", operation, staff.pk, reason[:200])
    Operation.objects.filter(pk=operation.pk).update(next_check_at=time.now())
    outbox.soon(ASK_JOB, {"op": operation.pk})


def decide_in_sandbox(*, dispute: Dispute, outcome: str) -> None:
    """Let the sandbox's bank decide a dispute: "won" or "lost". Its webhook settles it.

    Raises Invalid, and IllegalTransition for what is decided.
    """
    if outcome not in {DisputeStatus.WON, DisputeStatus.LOST}:
        raise Invalid
    if outcome not in DISPUTE_MOVES[DisputeStatus(dispute.status)]:
        raise IllegalTransition(state=dispute.status)
    sandbox.decide_dispute(dispute.external_id, is_won=outcome == DisputeStatus.WON)


def follow_object(*, object_id: str) -> str:
    """Settle by how an object of the gateway stands now; returns a note. Raises Silent."""
    kind = _KINDS.get(object_id[:3], "")
    if not kind:
        return "not for us"
    if kind == "dispute":
        facts = gateway().dispute(object_id)
        faults.at("event.fetched")
        return disputing.hear_dispute(facts=facts)
    result = gateway().look(kind, object_id)
    faults.at("event.fetched")
    operation = Operation.objects.filter(external_id=object_id).first()
    if operation is None and result.op:
        operation = Operation.objects.filter(public_id=result.op).first()
    if operation is not None:
        settle(operation_id=operation.pk, result=result)
        return f"operation {operation.public_id}"
    if kind == "charge" and result.outcome == "succeeded":
        ledger.whole(lambda: set_aside_unknown(result=result))
        return "unknown: the money waits in suspense"
    return "unknown"
