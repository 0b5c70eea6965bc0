"""Asking the gateway: one row per question, committed before it is asked, asked until answered.

The gateway is never called inside a transaction. Whoever is in one leaves the question to the
worker; a page asks at once and shows what came of it.
"""

import logging
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from accounts.models import Account
from payments.actions.binding import wallet_of
from payments.actions.opening import JOB
from payments.actions.settling import give_up, leave_unknown, settle
from payments.errors import KeyReused, OperationNotFound
from payments.gateways import Ask, Gateway, Result, Silent, faults, gateway
from payments.models import Operation, Wallet
from payments.states import OPEN, OPERATION_MOVES, OperationStatus
from superapp.kernel import outbox, time
from superapp.kernel.money import Money
from superapp.kernel.transitions import move

log = logging.getLogger(__name__)


def pressed_before(
    *, account: Account, client_key: str, purpose: str, amount: Money, card_id: str
) -> Operation | None:
    """What the same press of a button began already. Presses of one account wait for each other.

    Raises KeyReused when the key stands for something else.
    """
    if not client_key:
        return None
    wallet_of(account=account)
    Wallet.objects.select_for_update(no_key=True).get(account=account)
    found = (
        Operation.objects.select_related("card")
        .filter(account=account, client_key=client_key)
        .first()
    )
    if found is None:
        return None
    is_same = (found.purpose, found.money) == (purpose, amount)
    if not is_same or found.card is None or found.card.public_id != card_id:
        raise KeyReused
    return found


def hurry(*, operation: Operation) -> Operation:
    """Ask now instead of in a moment, where nobody holds a transaction open."""
    if not connection.in_atomic_block:
        faults.at("operation.committed")
        ask_gateway(operation_id=operation.pk)
        operation.refresh_from_db()
    return operation


def look_again(*, account: Account, operation_id: str) -> Operation:
    """The person came back from a page of the gateway: see how it stands, once.

    Raises OperationNotFound.
    """
    operation = Operation.objects.filter(account=account, public_id=operation_id).first()
    if operation is None:
        raise OperationNotFound
    if operation.status in OPEN and operation.external_id and not connection.in_atomic_block:
        try:
            result = gateway().look(operation.kind, operation.external_id)
        except Silent:
            return operation
        settle(operation_id=operation.pk, result=result)
        operation.refresh_from_db()
    return operation


def on_ask(payload: Mapping[str, Any]) -> None:
    """The job that asks."""
    ask_gateway(operation_id=payload["op"])


def ask_gateway(*, operation_id: int) -> None:
    """Ask what is due to be asked, and settle by the answer. Repeats do no harm."""
    operation = _claim(operation_id)
    if operation is None:
        return
    faults.at("operation.sent")
    try:
        result = _answer(operation)
    except Silent as silence:
        log.warning("the gateway said nothing about %s: %s", operation, silence)
        leave_unknown(operation_id=operation.pk)
        return
    faults.at("gateway.asked")
    if result is None:
        _missed(operation)
    else:
        settle(operation_id=operation.pk, result=result)


@transaction.atomic
def _claim(operation_id: int) -> Operation | None:
    """Take the question, unless it is settled or somebody took it a moment ago."""
    operation = Operation.objects.select_for_update(no_key=True).get(pk=operation_id)
    is_waiting = operation.next_check_at is not None and operation.next_check_at > time.now()
    if operation.status not in OPEN or is_waiting:
        return None
    waits = settings.GATEWAY_CHECKS
    due = time.now() + timedelta(seconds=waits[min(operation.attempts, len(waits) - 1)])
    changes = {"attempts": min(operation.attempts + 1, 30_000), "next_check_at": due}
    if operation.status == OperationStatus.CREATED:
        move(operation, OperationStatus.SENT, allowed=OPERATION_MOVES, **changes)
    else:
        Operation.objects.filter(pk=operation.pk).update(**changes)
        operation.refresh_from_db()
    # The sweep's own row: whatever dies now, somebody looks again.
    key = f"{operation.public_id}:{operation.attempts}"
    outbox.at(JOB, {"op": operation.pk}, due_at=due, key=key)
    return operation


def _answer(operation: Operation) -> Result | None:
    """How it stands: looked up by the gateway's id, found by ours, or asked with the same key."""
    there, age = gateway(), (time.now() - operation.created_at).total_seconds()
    if operation.external_id and operation.capture is not None:
        return _end(there, operation, operation.external_id)
    if operation.external_id:
        is_abandoned = operation.status == OperationStatus.NEEDS_ACTION
        if is_abandoned and age > settings.GATEWAY_ABANDONED_SECONDS:
            there.cancel(operation.kind, operation.external_id)
        return there.look(operation.kind, operation.external_id)
    if operation.attempts > 1:
        found = there.find(operation.kind, operation.public_id)
        if found is not None or age > settings.GATEWAY_REPEAT_SECONDS:
            return found
    return there.ask(_ask(operation))


def _end(there: Gateway, operation: Operation, external_id: str) -> Result:
    """Capture what the bank keeps, or let it go."""
    if operation.capture:
        return there.capture(
            op=operation.public_id, external_id=external_id, amount=operation.charged
        )
    there.cancel(operation.kind, external_id)
    return there.look(operation.kind, external_id)


def _missed(operation: Operation) -> None:
    """The gateway knows nothing of it, and it is too old to be asked again: twice, and it failed."""
    misses = operation.misses + 1
    Operation.objects.filter(pk=operation.pk).update(misses=misses)
    if misses >= 2:
        log.error("operation %s is not known to the gateway", operation)
        give_up(operation_id=operation.pk, reason="not_found")


def _ask(operation: Operation) -> Ask:
    account = Account.objects.get(pk=operation.account_id)
    card = operation.card
    page = f"/wallet/operations/{operation.public_id}/"
    binds = operation.ref if operation.kind == "bind" else ""
    return Ask(
        op=operation.public_id,
        kind=operation.kind,
        amount=operation.money,
        customer=_customer(account) if operation.kind in {"bind", "charge"} else "",
        token=card.token if card else "",
        charge=(operation.charge.external_id or "") if operation.charge else "",
        binds=binds,
        name=account.name,
        back=f"{settings.PUBLIC_ORIGIN}{page}",
        is_manual=operation.is_manual,
    )


def _customer(account: Account) -> str:
    """What the gateway calls the person; told the first time it is asked about them."""
    wallet = Wallet.objects.filter(account=account).first()
    if wallet is not None and wallet.customer_id:
        return wallet.customer_id
    name = (wallet.legal_name if wallet else "") or account.name
    made = gateway().customer(key=account.public_id, name=name)
    Wallet.objects.filter(account=account, customer_id="").update(customer_id=made)
    return made
