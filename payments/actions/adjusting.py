"""Money moved by hand: one of the staff proposes, another one approves, both leave a trace."""

from auditlog.models import LogEntry
from django.db import transaction

from accounts.models import Person
from payments import events, ledger
from payments.errors import BadPosting, OwnProposal
from payments.ledger import Leg
from payments.models import Adjustment, LedgerAccount
from payments.models.ledger import AMOUNT_MAX, HOUSE_ACCOUNTS
from payments.states import ADJUSTMENT_MOVES, AdjustmentStatus
from superapp.kernel import push, search, time
from superapp.kernel.errors import Invalid, NotAllowed
from superapp.kernel.money import CurrencyMismatch, Money
from superapp.kernel.transitions import move


@transaction.atomic
def propose_adjustment(
    *, staff: Person, account: LedgerAccount, house: str, amount: Money, reason: str
) -> Adjustment:
    """Ask a second person to move money by hand; plus: the account gets it, minus: it is taken.

    Only what somebody may spend is adjusted. Nothing moves yet. Raises NotAllowed, Invalid without a
    reason, BadPosting, CurrencyMismatch.
    """
    _require(staff, "propose_adjustment")
    if amount.currency != account.currency:
        raise CurrencyMismatch
    if account.owner is None or account.kind != "available":
        raise BadPosting
    if house not in HOUSE_ACCOUNTS or not 1 <= abs(amount.minor) <= AMOUNT_MAX:
        raise BadPosting
    adjustment = Adjustment.objects.create(
        account=account.owner,
        house=house,
        currency=amount.currency,
        amount=amount.minor,
        reason=_said(reason),
        proposed_by=staff,
        proposed_at=time.now(),
    )
    _log(staff, adjustment, "", AdjustmentStatus.PROPOSED, adjustment.reason)
    return adjustment


@ledger.retried
def approve_adjustment(*, staff: Person, adjustment: Adjustment, reason: str) -> None:
    """Move the money, once. Raises NotAllowed, OwnProposal, Invalid, Conflict, InsufficientFunds,
    AccountFrozen.
    """
    said = _decides(staff, adjustment, reason)
    adjustment.refresh_from_db()
    house = ledger.system(adjustment.house, adjustment.currency)
    theirs = ledger.user_available(adjustment.account, adjustment.currency)
    amount = Money(abs(adjustment.amount), adjustment.currency)
    gets_it = adjustment.amount > 0
    posted = ledger.post(
        key=f"adjustment:{adjustment.pk}:approved",
        kind="adjustment",
        legs=[Leg(house, theirs, amount) if gets_it else Leg(theirs, house, amount)],
        ref=f"adjustment:{adjustment.pk}",
        actor=staff.account,
    )
    _decide(staff, adjustment, AdjustmentStatus.APPROVED, said, journal_id=posted.journal_id)
    push.to_accounts([adjustment.account_id], events.wallet_changed())


@transaction.atomic
def reject_adjustment(*, staff: Person, adjustment: Adjustment, reason: str) -> None:
    """Say no; nothing moves. Who proposed may not decide at all. Raises as approving does."""
    said = _decides(staff, adjustment, reason)
    _decide(staff, adjustment, AdjustmentStatus.REJECTED, said)


def _decides(staff: Person, adjustment: Adjustment, reason: str) -> str:
    _require(staff, "decide_adjustment")
    if adjustment.proposed_by_id == staff.pk:
        raise OwnProposal
    return _said(reason)


def _decide(
    staff: Person, adjustment: Adjustment, status: AdjustmentStatus, said: str, **changes: int
) -> None:
    before = adjustment.status
    move(
        adjustment,
        status,
        allowed=ADJUSTMENT_MOVES,
        decided_by=staff,
        decided_at=time.now(),
        decision=said,
        **changes,
    )
    _log(staff, adjustment, before, status, said)


def _require(staff: Person, permission: str) -> None:
    if not staff.has_perm(f"payments.{permission}"):
        raise NotAllowed


def _said(text: str) -> str:
    said = search.clean_line(text)[:200]
    if not said:
        raise Invalid
    return said


def _log(staff: Person, adjustment: Adjustment, before: str, after: str, reason: str) -> None:
    LogEntry.objects.log_create(
        adjustment,
        force_log=True,
        action=LogEntry.Action.UPDATE,
        changes={"status": [before, after]},
        actor=staff,
        additional_data={"reason": reason},
    )
