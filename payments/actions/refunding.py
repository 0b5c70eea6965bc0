"""Money back to the card it came from. It waits in an account of its own until the card has it.

A bank that says no is asked again; a card that is closed, or three times no, and it goes to the
balance instead. What the gateway says it gave back already waits in suspense for somebody to look.
"""

import logging

from django.conf import settings
from django.db.models import Sum

from payments import ledger
from payments.actions.billing import bill
from payments.actions.opening import open_operation
from payments.actions.recovering import collect
from payments.ledger import AccountRef, Leg
from payments.models import Operation
from payments.states import OPEN, BillKind, BillStatus, OperationKind, OperationStatus
from superapp.kernel.money import Money

log = logging.getLogger(__name__)
PURPOSE = "refund"
# The card takes nothing any more, or its owner asked the bank for the money already.
_CLOSED = frozenset({"expired_or_canceled_card", "lost_or_stolen_card", "charge_disputed"})
_STRANGE = frozenset({"charge_already_refunded", "mismatch"})


def charge_behind(
    *, account_pk: int, ref: str, into: AccountRef, amount: Money
) -> Operation | None:
    """The charge by which a thing was paid, if so much of it can go back to its card."""
    charge = (
        Operation.objects.select_related("card", "account")
        .filter(
            account=account_pk,
            kind=OperationKind.CHARGE,
            status=OperationStatus.SUCCEEDED,
            ref=ref,
            into=into.code,
            currency=amount.currency,
        )
        .order_by("-pk")
        .first()
    )
    if charge is None or given_back(charge) + amount.minor > charge.charged.minor:
        return None
    return charge


def given_back(charge: Operation) -> int:
    """What went back of a charge, or is on its way, in minor units."""
    rows = charge.refunds.filter(status__in=[*OPEN, OperationStatus.SUCCEEDED])
    return int(rows.aggregate(all=Sum("amount"))["all"] or 0)


def refund(
    *, charge: Operation, source: AccountRef, amount: Money, key: str, kind: str
) -> Operation:
    """Send money back to the card of a charge, in the caller's transaction: out of `source` now,
    to the card when the gateway did it. `key` and `kind` name the fact. Raises what `post` raises.
    """
    operation = open_operation(
        account=charge.account,
        kind=OperationKind.REFUND,
        purpose=PURPOSE,
        amount=amount,
        card=charge.card,
        ref=charge.ref,
        charge=charge,
    )
    operation.into = ledger.transit("rf", operation.public_id, amount.currency).code
    operation.save(update_fields=["into"])
    ledger.post(
        key=key,
        kind=kind,
        legs=[Leg(source, _waits(operation), amount)],
        ref=charge.ref or charge.public_id,
    )
    _bill(operation, BillStatus.WAITING)
    return operation


def refunded(operation: Operation) -> None:
    """The card has it."""
    clearing = ledger.system("gateway:clearing", operation.currency)
    _post(operation, f"gw:{operation.external_id}:succeeded", "refund.paid", clearing)
    _bill(operation, BillStatus.DONE)


def refused(operation: Operation) -> None:
    """The bank said no: asked again, or to the balance."""
    tries = Operation.objects.filter(kind=OperationKind.REFUND, into=operation.into).count()
    if operation.reason in _STRANGE:
        log.error("refund %s: the gateway says %s", operation, operation.reason)
        aside = ledger.system("suspense:in", operation.currency)
        _post(operation, f"refund:{operation.public_id}:strange", "refund.suspense", aside)
    elif operation.reason in _CLOSED or tries >= settings.REFUND_TRIES:
        balance = ledger.user_available(operation.account, operation.currency)
        _post(operation, f"refund:{operation.public_id}:failed", "refund.balance", balance)
        _in_the_balance(operation)
    else:
        _again(operation, tries)


def bounced(operation: Operation) -> None:
    """The card had it, and its bank sent it back: to the balance."""
    clearing = ledger.system("gateway:clearing", operation.currency)
    balance = ledger.user_available(operation.account, operation.currency)
    ledger.post(
        key=f"gw:{operation.external_id}:returned",
        kind="refund.returned",
        legs=[Leg(clearing, balance, operation.money)],
        ref=operation.ref,
    )
    _in_the_balance(operation)


def _again(operation: Operation, tries: int) -> None:
    waits = settings.REFUND_WAITS
    open_operation(
        account=operation.account,
        kind=OperationKind.REFUND,
        purpose=PURPOSE,
        amount=operation.money,
        card=operation.card,
        ref=operation.ref,
        into=operation.into,
        charge=operation.charge,
        wait=waits[min(tries, len(waits)) - 1],
    )


def _in_the_balance(operation: Operation) -> None:
    collect(account=operation.account, currency=operation.currency, ref=f"{operation.public_id}:in")
    _bill(operation, BillStatus.REFUNDED)


def _post(operation: Operation, key: str, kind: str, to: AccountRef) -> None:
    """All of it leaves the account in which it waited."""
    waits = _waits(operation)
    ledger.post(key=key, kind=kind, legs=[Leg(waits, to, operation.money)], ref=operation.ref)
    ledger.close(waits)


def _waits(operation: Operation) -> AccountRef:
    """However often it is tried: the account of the first try."""
    return ledger.transit("rf", _first(operation), operation.currency)


def _first(operation: Operation) -> str:
    return operation.into.rpartition(":")[2]


def _bill(operation: Operation, status: BillStatus) -> None:
    """Done: on the card. Refunded: in the balance, because the card could not take it."""
    is_card = status != BillStatus.REFUNDED
    bill(
        account=operation.account,
        kind=BillKind.REFUND,
        ref=_first(operation),
        amount=operation.money,
        status=status,
        method=str(operation.card or "") if is_card else "",
    )
