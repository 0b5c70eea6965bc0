"""Disputes: the bank takes a charge back until it is decided whose the money is.

What the person still has of it is held; the rest they owe, and while they owe nothing goes out.
Their balance never falls below zero.
"""

from datetime import UTC, datetime

from payments import events, ledger
from payments.actions.billing import bill
from payments.actions.recovering import collect, refreeze
from payments.gateways.base import DisputeFacts
from payments.ledger import AccountRef, Leg
from payments.models import Dispute, LedgerAccount, Operation
from payments.states import DISPUTE_MOVES, BillKind, BillStatus, DisputeStatus, OperationStatus
from superapp.kernel import push, time
from superapp.kernel.money import Money
from superapp.kernel.transitions import move


@ledger.retried
def hear_dispute(*, facts: DisputeFacts) -> str:
    """Bring a dispute to where the gateway says it is; returns a note. Repeats do nothing."""
    operation = (
        Operation.objects.select_for_update(no_key=True, of=("self",))
        .select_related("account")
        .filter(external_id=facts.charge_id, status=OperationStatus.SUCCEEDED)
        .first()
    )
    if operation is None or facts.amount.currency != operation.currency:
        return "a dispute of an unknown charge"
    dispute = Dispute.objects.filter(external_id=facts.external_id).first()
    if dispute is None:
        dispute = _open(operation, facts)
    if facts.status == "won" and dispute.status == DisputeStatus.OPEN:
        _win(dispute, operation)
    elif facts.status == "lost" and dispute.status == DisputeStatus.OPEN:
        _lose(dispute, operation)
    push.to_accounts([operation.account_id], events.wallet_changed(ref=operation.public_id))
    return f"dispute {dispute.public_id}"


def _open(operation: Operation, facts: DisputeFacts) -> Dispute:
    account, currency = operation.account, operation.currency
    balance = ledger.user_available(account, currency)
    list(
        LedgerAccount.objects.select_for_update(no_key=True).filter(
            code=balance.code, currency=currency
        )
    )
    held = min(facts.amount.minor, ledger.balance(balance).minor)
    owed = facts.amount.minor - held
    dispute = Dispute.objects.create(
        external_id=facts.external_id,
        operation=operation,
        amount=facts.amount.minor,
        held=held,
        owed=owed,
        currency=currency,
        reason=facts.reason[:60],
        opened_at=time.now(),
        due_at=datetime.fromtimestamp(facts.due, UTC) if facts.due else None,
    )
    aside, debt = _aside(dispute), ledger.user_receivable(account, currency)
    disputed = ledger.system("gateway:disputed", currency)
    legs = [Leg(disputed, ledger.system("gateway:clearing", currency), facts.amount)]
    if held:
        legs.append(Leg(balance, aside, Money(held, currency)))
    if owed:
        legs.append(Leg(debt, aside, Money(owed, currency)))
    ledger.unfreeze(balance)
    _post(dispute, "opened", legs)
    refreeze(account=account, currency=currency)
    _bill(dispute, operation, -facts.amount, BillStatus.WAITING)
    return dispute


def _win(dispute: Dispute, operation: Operation) -> None:
    """The money is the person's after all: what they still owe is forgiven first."""
    currency, account = dispute.currency, operation.account
    debt = ledger.user_receivable(account, currency)
    still_owed = min(dispute.owed, -ledger.balance(debt).minor)
    legs = [
        Leg(
            ledger.system("gateway:clearing", currency),
            ledger.system("gateway:disputed", currency),
            dispute.money,
        )
    ]
    if still_owed:
        legs.append(Leg(_aside(dispute), debt, Money(still_owed, currency)))
    if dispute.amount > still_owed:
        rest = Money(dispute.amount - still_owed, currency)
        legs.append(Leg(_aside(dispute), ledger.user_available(account, currency), rest))
    _post(dispute, "won", legs)
    _close(dispute, DisputeStatus.WON)
    refreeze(account=account, currency=currency)
    collect(account=account, currency=currency, ref=f"{dispute.public_id}:won")
    _bill(dispute, operation, Money(0, currency), BillStatus.RETURNED)


def _lose(dispute: Dispute, operation: Operation) -> None:
    """The money is gone: what was held pays for it, what is owed stays owed."""
    disputed = ledger.system("gateway:disputed", dispute.currency)
    _post(dispute, "lost", [Leg(_aside(dispute), disputed, dispute.money)])
    _close(dispute, DisputeStatus.LOST)
    _bill(dispute, operation, -dispute.money, BillStatus.DONE)


def _close(dispute: Dispute, status: DisputeStatus) -> None:
    ledger.close(_aside(dispute))
    move(dispute, status, allowed=DISPUTE_MOVES, closed_at=time.now())


def _aside(dispute: Dispute) -> AccountRef:
    return ledger.hold("dp", dispute.public_id, dispute.currency)


def _post(dispute: Dispute, what: str, legs: list[Leg]) -> None:
    ledger.post(
        key=f"gw:{dispute.external_id}:{what}",
        kind=f"dispute.{what}",
        legs=legs,
        ref=dispute.public_id,
    )


def _bill(dispute: Dispute, operation: Operation, amount: Money, status: BillStatus) -> None:
    bill(
        account=operation.account,
        kind=BillKind.DISPUTE,
        ref=dispute.public_id,
        amount=amount,
        status=status,
    )
