"""What follows from a settled operation: postings, cards, bills. In the settling transaction."""

import logging

from django.db import transaction

from payments import ledger, purposes
from payments.actions import refunding
from payments.actions.billing import bill
from payments.actions.binding import keep_card
from payments.actions.limiting import give_back
from payments.actions.opening import open_operation
from payments.actions.recovering import collect
from payments.gateways import Result
from payments.ledger import AccountRef, Leg
from payments.models import Operation
from payments.queries.wallet import next_card
from payments.states import BillKind, BillStatus, OperationKind
from superapp.kernel.errors import Refusal
from superapp.kernel.money import Money

log = logging.getLogger(__name__)
# The person said no to their bank, let it lie, or nobody knows what happened: no other card is asked.
_NOT_THE_CARD = frozenset(
    {"failed", "mismatch", "authentication", "payment_intent_authentication_failure"}
)


def succeeded(operation: Operation, result: Result) -> None:
    """The gateway did it."""
    if operation.kind == OperationKind.BIND:
        keep_card(operation=operation, facts=result.card)
    elif operation.kind == OperationKind.PAYOUT:
        _paid_out(operation)
    elif operation.kind == OperationKind.REFUND:
        refunding.refunded(operation)
    elif operation.purpose == "topup":
        _topped_up(operation)
    else:
        _paid_by_card(operation)


def kept(operation: Operation) -> None:
    """The card's bank keeps the amount for us; nothing moved yet."""
    purposes.paid[operation.purpose].kept(operation.ref)


def failed(operation: Operation) -> None:
    """The gateway did not do it: what was put aside goes back."""
    give_back(account=operation.account, counted=operation.counted)
    if operation.kind == OperationKind.PAYOUT:
        _back_to_balance(operation)
        _bill(operation, BillKind.WITHDRAWAL, -operation.total, BillStatus.RETURNED)
    elif operation.kind == OperationKind.REFUND:
        refunding.refused(operation)
    elif operation.purpose == "topup":
        _bill(operation, BillKind.TOPUP, operation.money, BillStatus.FAILED)
    elif operation.kind == OperationKind.CHARGE and not _tried_next(operation):
        purposes.paid[operation.purpose].failed(operation.ref, operation.reason)


def sent_back(operation: Operation) -> None:
    """It was paid out, and the bank sent it back days later: all of it returns, the fee too."""
    if operation.kind == OperationKind.REFUND:
        refunding.bounced(operation)
        return
    clearing, fees = _house(operation, "gateway:clearing"), _house(operation, "fees:income")
    balance = ledger.user_available(operation.account, operation.currency)
    legs = [Leg(clearing, balance, operation.money)]
    if operation.fee:
        legs.append(Leg(fees, balance, operation.fee_money))
    ledger.post(
        key=f"gw:{operation.external_id}:returned",
        kind="withdrawal.returned",
        legs=legs,
        ref=operation.public_id,
    )
    give_back(account=operation.account, counted=operation.counted)
    _collect(operation)
    _bill(operation, BillKind.WITHDRAWAL, -operation.total, BillStatus.RETURNED)


def _topped_up(operation: Operation) -> None:
    balance = ledger.user_available(operation.account, operation.currency)
    _post(
        operation, "topup", [Leg(_house(operation, "gateway:clearing"), balance, operation.money)]
    )
    _collect(operation)
    _bill(operation, BillKind.TOPUP, operation.money, BillStatus.DONE)


def _paid_by_card(operation: Operation) -> None:
    """The charge pays for a thing; if that was closed meanwhile, it goes back to the card."""
    clearing = _house(operation, "gateway:clearing")
    try:
        with transaction.atomic():
            into = escrow_of(operation.into, operation.currency)
            _post(operation, f"{operation.purpose}.paid", [Leg(clearing, into, operation.charged)])
            purposes.paid[operation.purpose].paid(operation.ref)
    except Refusal as refusal:
        log.warning("%s came too late for %s: %s", operation, operation.ref, refusal.code)
        refunding.refund(
            charge=operation,
            source=clearing,
            amount=operation.charged,
            key=f"gw:{operation.external_id}:succeeded",
            kind="payment.late",
        )


def _paid_out(operation: Operation) -> None:
    waits = ledger.transit("po", operation.public_id, operation.currency)
    legs = [Leg(waits, _house(operation, "gateway:clearing"), operation.money)]
    if operation.fee:
        legs.append(Leg(waits, _house(operation, "fees:income"), operation.fee_money))
    _post(operation, "withdrawal.paid", legs)
    ledger.close(waits)
    _bill(operation, BillKind.WITHDRAWAL, -operation.total, BillStatus.DONE)


def _back_to_balance(operation: Operation) -> None:
    waits = ledger.transit("po", operation.public_id, operation.currency)
    balance = ledger.user_available(operation.account, operation.currency)
    ledger.post(
        key=f"withdrawal:{operation.public_id}:failed",
        kind="withdrawal.failed",
        legs=[Leg(waits, balance, operation.total)],
        ref=operation.public_id,
    )
    ledger.close(waits)
    _collect(operation)


def _tried_next(operation: Operation) -> bool:
    """Ask the person's next card, where they named none; each card once for each thing."""
    is_over = operation.capture is not None
    if is_over or not operation.is_own_order or operation.reason in _NOT_THE_CARD:
        return False
    asked = Operation.objects.filter(
        account=operation.account, purpose=operation.purpose, ref=operation.ref
    )
    tried = {pk for pk in asked.values_list("card_id", flat=True) if pk is not None}
    card = next_card(operation.account, tried)
    if card is None:
        return False
    open_operation(
        account=operation.account,
        kind=OperationKind.CHARGE,
        purpose=operation.purpose,
        amount=operation.money,
        card=card,
        ref=operation.ref,
        into=operation.into,
        is_own_order=True,
        is_manual=operation.is_manual,
    )
    purposes.paid[operation.purpose].tried(operation.ref, card.public_id, str(card))
    return True


def escrow_of(code: str, currency: str) -> AccountRef:
    """The reference of an escrow account from its code, as an operation keeps it."""
    _escrow, kind, ref = code.split(":", 2)
    return ledger.escrow(kind, ref, currency)


def _post(operation: Operation, kind: str, legs: list[Leg]) -> None:
    ledger.post(
        key=f"gw:{operation.external_id}:succeeded",
        kind=kind,
        legs=legs,
        ref=operation.ref or operation.public_id,
        actor=operation.account,
    )


def _house(operation: Operation, name: str) -> AccountRef:
    return ledger.system(name, operation.currency)


def _collect(operation: Operation) -> None:
    collect(account=operation.account, currency=operation.currency, ref=f"{operation.public_id}:in")


def _bill(operation: Operation, kind: BillKind, amount: Money, status: BillStatus) -> None:
    bill(
        account=operation.account,
        kind=kind,
        ref=operation.public_id,
        amount=amount,
        status=status,
        method=str(operation.card or ""),
        fee=operation.fee_money,
    )
