"""Risk rules: before money leaves, a payment is let through, asked about, delayed or refused.

Called before the payment's own transaction, so that the case is kept whatever becomes of the payment.
Staff decide cases, and freeze wallets: money still comes in, and none goes out.
"""

from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.db.models import F

from accounts.models import Account, Person
from payments import events, ledger
from payments.actions.binding import wallet_of
from payments.actions.payment import Payment
from payments.actions.recovering import refreeze
from payments.errors import JustCameIn, PaidTooOften, WalletFrozen
from payments.ledger import AccountRef
from payments.models import LedgerAccount, RiskCase, Wallet, WalletFreeze
from payments.queries import risk
from payments.queries.limits import from_home
from payments.states import RISK_MOVES, RiskOutcome, RiskRule, RiskStatus
from superapp.kernel import push, time
from superapp.kernel.errors import NotAllowed
from superapp.kernel.transitions import move

# What may arrive later instead of being refused.
_DELAYABLE = frozenset({"transfer"})


@dataclass(frozen=True, slots=True)
class Verdict:
    """`delay` are seconds between accepting and arriving; `step_up`: the password, however small."""

    delay: int = 0
    step_up: bool = False


def assess(*, payer: Account, payment: Payment, session: str = "") -> Verdict:
    """What the rules say to a payment that was not made yet. Before its transaction.

    Raises WalletFrozen, PaidTooOften, JustCameIn.
    """
    if risk.is_frozen(payer):
        raise WalletFrozen
    paid, most = risk.paid_lately(payer), settings.RISK_PAYMENTS_PER_HOUR
    if paid >= most and _stands(payer, RiskRule.VELOCITY):
        _note(payer, RiskRule.VELOCITY, RiskOutcome.REFUSED, payment)
        raise PaidTooOften
    is_new = risk.signed_in_lately(payer, session)
    rule = _found(payer, payment, is_new=is_new)
    can_wait = payment.purpose in _DELAYABLE
    if rule is not None and (can_wait or rule == RiskRule.MULE):
        outcome = RiskOutcome.DELAYED if can_wait else RiskOutcome.REFUSED
        _note(payer, rule, outcome, payment)
        if not can_wait:
            raise JustCameIn
    delay = settings.RISK_DELAY_SECONDS if rule is not None and can_wait else 0
    return Verdict(delay=delay, step_up=is_new or rule is not None or paid * 2 >= most)


@transaction.atomic
def clear_case(*, case: RiskCase, staff: Person, reason: str) -> None:
    """Nothing is wrong: the rule says nothing about them for a while.

    Raises NotAllowed, IllegalTransition.
    """
    _decide(case, staff, reason, RiskStatus.CLEARED)


@transaction.atomic
def confirm_case(*, case: RiskCase, staff: Person, reason: str) -> None:
    """Something is wrong. What to do about the wallet is another decision.

    Raises NotAllowed, IllegalTransition.
    """
    _decide(case, staff, reason, RiskStatus.CONFIRMED)


@transaction.atomic
def freeze_wallet(*, account: Account, staff: Person, reason: str) -> None:
    """Let nothing out, of any currency. Repeats do nothing. Raises NotAllowed."""
    _require(staff)
    wallet = _locked(account)
    if wallet.frozen_at is None:
        wallet.frozen_at = time.now()
        wallet.save(update_fields=["frozen_at"])
        _write_down(account, staff, reason, is_frozen=True)
        for balance in _balances(account):
            ledger.freeze_out(balance)


@transaction.atomic
def unfreeze_wallet(*, account: Account, staff: Person, reason: str) -> None:
    """Let money out again, where nothing is owed. Repeats do nothing. Raises NotAllowed."""
    _require(staff)
    wallet = _locked(account)
    if wallet.frozen_at is not None:
        wallet.frozen_at = None
        wallet.save(update_fields=["frozen_at"])
        _write_down(account, staff, reason, is_frozen=False)
        for balance in _balances(account):
            refreeze(account=account, currency=balance.currency)


def _found(payer: Account, payment: Payment, *, is_new: bool) -> RiskRule | None:
    """The rule that a payment breaks; the worst is asked first."""
    amount = payment.amount
    if risk.came_from_many(payer, amount) and _stands(payer, RiskRule.MULE):
        return RiskRule.MULE
    large = from_home(settings.RISK_NEW_PAYEE_AMOUNT, amount.currency)
    is_large = large <= amount
    is_strange = is_large and not risk.knows_payee(payer, payment.payee)
    if is_large and is_new and _stands(payer, RiskRule.NEW_SESSION):
        return RiskRule.NEW_SESSION
    if is_strange and _stands(payer, RiskRule.NEW_PAYEE):
        return RiskRule.NEW_PAYEE
    return None


def _stands(payer: Account, rule: RiskRule) -> bool:
    return not risk.cleared_lately(payer, rule)


@transaction.atomic
def _note(payer: Account, rule: RiskRule, outcome: RiskOutcome, payment: Payment) -> None:
    """One open case for each rule: more of the same are counted in it."""
    now = time.now()
    about = {
        "outcome": outcome,
        "purpose": payment.purpose,
        "ref": payment.ref,
        "payee": payment.payee,
        "amount": payment.amount.minor,
        "currency": payment.amount.currency,
        "last_at": now,
    }
    made = RiskCase.objects.bulk_create(
        [RiskCase(account=payer, rule=rule, opened_at=now, **about)], ignore_conflicts=True
    )
    ours = RiskCase.objects.filter(account=payer, rule=rule, status=RiskStatus.OPEN)
    if not ours.filter(public_id=made[0].public_id).exists():
        ours.update(count=F("count") + 1, **about)


def _decide(case: RiskCase, staff: Person, reason: str, to: RiskStatus) -> None:
    _require(staff)
    changes = {"decided_at": time.now(), "decided_by": staff, "reason": reason[:200]}
    move(case, to, allowed=RISK_MOVES, **changes)


def _require(staff: Person) -> None:
    if not staff.has_perm("payments.decide_riskcase"):
        raise NotAllowed


def _locked(account: Account) -> Wallet:
    wallet_of(account=account)
    return Wallet.objects.select_for_update(no_key=True).get(account=account)


def _balances(account: Account) -> list[AccountRef]:
    rows = LedgerAccount.objects.filter(owner=account, kind="available").order_by("currency")
    return [ledger.user_available(account, row.currency) for row in rows]


def _write_down(account: Account, staff: Person, reason: str, *, is_frozen: bool) -> None:
    WalletFreeze.objects.create(
        account=account, is_frozen=is_frozen, by=staff, reason=reason[:200], at=time.now()
    )
    push.to_accounts([account.pk], events.wallet_changed())
