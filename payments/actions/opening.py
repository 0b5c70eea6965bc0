"""What will be asked of the gateway: a row and the job that asks, in the caller's transaction."""

from typing import Any

from accounts.models import Account
from payments.models import Card, Operation
from superapp.kernel import outbox, time
from superapp.kernel.money import Money

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
) -> Operation:
    """Write down what will be asked, with the job that asks it, in the caller's transaction."""
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
        created_at=time.now(),
        next_check_at=time.now(),
    )
    outbox.at(JOB, {"op": operation.pk}, due_at=time.now(), key=f"{operation.public_id}:0")
    return operation
