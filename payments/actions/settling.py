"""One way to settle, whoever brings the news: the answer, a webhook or the sweep.

The row is locked, what is final stays so, and each posting's key names the gateway's own object:
the same news told by three messengers in any order moves money once.
"""

import logging

from django.db import transaction

from payments import events, ledger
from payments.actions import finishing
from payments.gateways import Result, faults
from payments.ledger import Leg
from payments.models import Operation
from payments.states import OPEN, OPERATION_MOVES, OperationKind, OperationStatus
from superapp.kernel import push, time
from superapp.kernel.transitions import move

log = logging.getLogger(__name__)
_S = OperationStatus


def settle(*, operation_id: int, result: Result) -> Operation:
    """Bring an operation to where the gateway says it is. Refuses nothing; repeats do nothing."""
    operation = ledger.whole(lambda: _settle(operation_id, result))
    faults.at("settle.committed")
    return operation


def leave_unknown(*, operation_id: int) -> None:
    """No answer came: it may have happened or not, and is looked into. Never shown as failed."""
    with transaction.atomic():
        operation = _locked(operation_id)
        if operation.status == _S.SENT:
            move(operation, _S.UNKNOWN, allowed=OPERATION_MOVES)
            _tell(operation)


@ledger.retried
def give_up(*, operation_id: int, reason: str) -> None:
    """The gateway surely never did it: what was put aside for it goes back."""
    operation = _locked(operation_id)
    if operation.status in OPEN:
        _fail(operation, reason)


def set_aside_unknown(*, result: Result) -> None:
    """Money came that nobody asked for: it waits where everybody sees it."""
    if result.amount is None or not result.amount.minor:
        return
    log.error("money came for an unknown operation: %s", result.external_id)
    _suspend(result)


def _settle(operation_id: int, result: Result) -> Operation:
    operation = _locked(operation_id)
    faults.at("settle.locked")
    if operation.status not in (*OPEN, _S.AUTHORISED):
        _after_the_end(operation, result)
    elif _is_other(operation, result):
        _set_aside(operation, result)
    else:
        _advance(operation, result)
    faults.at("settle.posted")
    return operation


def _locked(operation_id: int) -> Operation:
    return (
        Operation.objects.select_for_update(no_key=True, of=("self",))
        .select_related("account", "card")
        .get(pk=operation_id)
    )


def _is_other(operation: Operation, result: Result) -> bool:
    """The gateway speaks of something else than what was asked."""
    known = operation.external_id
    if result.op and result.op != operation.public_id:
        return True
    if known and result.external_id and result.external_id != known:
        return True
    if operation.kind == OperationKind.BIND or result.amount is None:
        return False
    if operation.is_manual and result.outcome == "succeeded":
        return result.received is None or result.received.minor != operation.capture
    return result.amount != operation.money


def _set_aside(operation: Operation, result: Result) -> None:
    log.error("operation %s and the gateway's %s differ", operation, result.external_id)
    if result.outcome == "succeeded" and operation.kind == OperationKind.CHARGE:
        _suspend(result)
    if result.outcome in {"succeeded", "failed"}:
        _fail(operation, "mismatch")


def _suspend(result: Result) -> None:
    amount = result.received or result.amount
    assert amount is not None
    currency = amount.currency
    come, aside = (ledger.system(name, currency) for name in ("gateway:clearing", "suspense:in"))
    ledger.post(
        key=f"gw:{result.external_id}:suspense",
        kind="gateway.suspense",
        legs=[Leg(come, aside, amount)],
        ref=result.external_id,
    )


def _advance(operation: Operation, result: Result) -> None:
    if result.external_id and not operation.external_id:
        operation.external_id = result.external_id
        operation.save(update_fields=["external_id"])
    if result.outcome == "succeeded":
        move(operation, _S.SUCCEEDED, allowed=_MOVES, settled_at=time.now(), action_url="")
        finishing.succeeded(operation, result)
        _tell(operation)
    elif result.outcome == "failed":
        _fail(operation, result.reason or "failed")
    elif result.outcome == "authorised" and operation.capture is None:
        _kept(operation)
    elif result.outcome == "needs_action" and operation.status != _S.NEEDS_ACTION:
        move(operation, _S.NEEDS_ACTION, allowed=_MOVES, action_url=result.action_url[:500])
        _tell(operation)


def _kept(operation: Operation) -> None:
    if operation.status != _S.AUTHORISED:
        move(operation, _S.AUTHORISED, allowed=_MOVES, action_url="")
        finishing.kept(operation)
        _tell(operation)


def _fail(operation: Operation, reason: str) -> None:
    move(
        operation,
        _S.FAILED,
        allowed=_MOVES,
        reason=reason[:60],
        settled_at=time.now(),
        action_url="",
    )
    finishing.failed(operation)
    _tell(operation)


def _after_the_end(operation: Operation, result: Result) -> None:
    """News about what is over: a payout that the bank sent back, or money for what had failed."""
    if _is_other(operation, result) and operation.status != _S.FAILED:
        return
    kind = operation.kind
    goes_out = kind in {OperationKind.PAYOUT, OperationKind.REFUND}
    is_sent_back = goes_out and result.outcome == "failed"
    is_late_money = kind == OperationKind.CHARGE and result.outcome == "succeeded"
    if operation.status == _S.SUCCEEDED and is_sent_back:
        move(operation, _S.REVERSED, allowed=OPERATION_MOVES, reason=result.reason[:60])
        finishing.sent_back(operation)
        _tell(operation)
    elif operation.status == _S.FAILED and is_late_money:
        log.error("money came for %s, which had failed", operation)
        _suspend(result)


def _tell(operation: Operation) -> None:
    push.to_accounts([operation.account_id], events.wallet_changed(ref=operation.public_id))


# A webhook may bring the end before the row says that anything was asked.
_MOVES = {
    **OPERATION_MOVES,
    _S.CREATED: {_S.SUCCEEDED, _S.FAILED, _S.NEEDS_ACTION, _S.SENT, _S.AUTHORISED},
}
