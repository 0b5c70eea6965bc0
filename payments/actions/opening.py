"""What will be asked of the gateway: a row and the job that asks, in the caller's transaction."""

from datetime import timedelta
from typing import Any

from accounts.models import Account
from payments.models import Card, Operation
from payments.states import OPERATION_MOVES, OperationStatus
from superapp.kernel import outbox, time
from superapp.kernel.money import Money
from superapp.kernel.transitions import move

JOB = "payments.ask"


def open_operation(
    *,
    account: Account,
    kind: str,
    purpose: str,
    amount: Money,
    card: Card | None = None,
    ref: str = "",
    into: str = "",
    fee: Money | None = None,
    counted: list[dict[str, Any]] | None = None,
    client_key: str = "",
    is_own_order: bool = False,
    is_manual: bool = False,
    charge: Operation | None = None,
    wait: int = 0,
) -> Operation:
    """Write down what will be asked, with the job that asks it, in the caller's transaction.

    `wait` are seconds until it is asked.
    """
    due = time.now() + timedelta(seconds=wait)
    operation = Operation.objects.create(
        account=account,
        kind=kind,
        purpose=purpose,
        ref=ref,
        card=card,
        amount=amount.minor,
        fee=fee.minor if fee else 0,
        currency=amount.currency,
        into=into,
        counted=counted or [],
        client_key=client_key,
        is_own_order=is_own_order,
        is_manual=is_manual,
        charge=charge,
        created_at=time.now(),
        next_check_at=due,
    )
    outbox.at(JOB, {"op": operation.pk}, due_at=due, key=f"{operation.public_id}:0")
    return operation


def end_authorisation(*, operation: Operation, capture: int, into: str = "") -> None:
    """Let what a card's bank keeps be captured (minor units, into that account), or let it go (0).

    In the caller's transaction. Raises IllegalTransition where nothing is kept any more.
    """
    changes = {"capture": capture, "into": into, "next_check_at": time.now()}
    move(operation, OperationStatus.SENT, allowed=OPERATION_MOVES, **changes)
    key = f"{operation.public_id}:end"
    outbox.at(JOB, {"op": operation.pk}, due_at=time.now(), key=key)
