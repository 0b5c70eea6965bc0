"""Money held for a service that is still to be given: kept first, then taken once, at most all of it.

The balance holds it in an account of its own; a card's bank keeps it, and then nothing of it is in
the books. Services call `hold_money`, `capture_hold` and `release_hold`, and register in
payments.purposes.held what they want to hear. Locks: the charge first, then the hold.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from accounts.models import Account, Person
from payments import ledger, purposes
from payments.actions.billing import bill
from payments.actions.binding import owned_card
from payments.actions.limiting import give_back, spend
from payments.actions.opening import end_authorisation, open_operation
from payments.actions.paying import BALANCE, require_auth
from payments.actions.payment import Payment
from payments.actions.recovering import collect
from payments.errors import (
    AccountFrozen,
    BadPosting,
    CannotPayThem,
    HoldNotFound,
    HoldOver,
    HoldTooLong,
    InsufficientFunds,
    KeyReused,
    LimitReached,
    OverCapture,
    VerifyFirst,
)
from payments.ledger import AccountRef, Leg
from payments.models import Card, Hold, Operation
from payments.queries.limits import home_minor
from payments.queries.wallet import default_card
from payments.states import (
    HOLD_MOVES,
    BillKind,
    BillStatus,
    CardKind,
    HoldStatus,
    OperationKind,
)
from superapp.kernel import outbox, time
from superapp.kernel.errors import NotAllowed, Refusal
from superapp.kernel.money import Money
from superapp.kernel.transitions import move

JOB = "payments.hold_due"
PURPOSE = "hold"
_H = HoldStatus
_HOUR = timedelta(hours=1)


@ledger.retried
def hold_money(
    *,
    payer: Account,
    payee: Account,
    payment: Payment,
    until: datetime,
    source: str = "",
    auth: str = "",
    session: str = "",
    note: str = "",
) -> Hold:
    """Hold what a service may cost at most, until then; who pays and how is as with `take`.

    A balance holds it at once. A card is asked: the hold is "asked" until the service hears "held"
    or "failed". The same purpose and ref give the first hold. Raises HoldTooLong, CannotPayThem,
    KeyReused and the refusals of `take`.
    """
    assert purposes.held.get(payment.purpose), "a service registers what it wants to hear"
    now = time.now()
    if not now < until <= now + timedelta(seconds=settings.HOLD_MAX_SECONDS):
        raise HoldTooLong
    if payer.pk == payee.pk:
        raise CannotPayThem
    wanted = Hold(
        purpose=payment.purpose,
        ref=payment.ref,
        payer=payer,
        payee=payee,
        amount=payment.amount.minor,
        currency=payment.amount.currency,
        note=note[:60],
        created_at=now,
        due_at=until,
    )
    Hold.objects.bulk_create([wanted], ignore_conflicts=True)
    hold = _lock().get(purpose=payment.purpose, ref=payment.ref)
    if hold.public_id != wanted.public_id:
        same = ("payer_id", "payee_id", "amount", "currency")
        if any(getattr(hold, name) != getattr(wanted, name) for name in same):
            raise KeyReused
        return hold
    require_auth(payer, payment, auth, session)
    _fund(hold, source)
    outbox.at(JOB, {"ref": hold.public_id}, due_at=hold.due_at)
    _bill(hold)
    return hold


@ledger.retried
def capture_hold(*, purpose: str, ref: str, amount: Money, into: AccountRef) -> Hold:
    """Take what it cost, once, `into` the escrow of the service's thing; the rest is free at once.

    From a balance it is taken now. A card is charged: "capturing", until the service hears
    "captured" or "failed". The same amount again changes nothing. Raises HoldNotFound, HoldOver,
    OverCapture, BadPosting, AccountFrozen.
    """
    assert into.kind == "escrow", "what is taken waits in the account of its own thing"
    hold = _locked(purpose=purpose, ref=ref)
    if hold.status in {_H.CAPTURING, _H.CAPTURED} and hold.taken == amount:
        return hold
    _require_held(hold)
    if amount.currency != hold.currency or amount.minor < 1:
        raise BadPosting
    if amount.minor > hold.amount:
        raise OverCapture
    if hold.is_by_card:
        assert hold.operation is not None
        move(hold, _H.CAPTURING, allowed=HOLD_MOVES, captured=amount.minor)
        end_authorisation(operation=hold.operation, capture=amount.minor, into=into.code)
    else:
        _capture_from_balance(hold, amount, into)
    _bill(hold)
    return hold


@ledger.retried
def release_hold(*, purpose: str, ref: str) -> Hold:
    """Nothing is taken: all of it is free. Repeats do nothing. Raises HoldNotFound, HoldOver."""
    hold = _locked(purpose=purpose, ref=ref)
    if hold.status != _H.VOIDED:
        _require_held(hold)
        _release(hold, _H.VOIDED)
    return hold


@ledger.retried
def void_hold(*, hold: Hold, staff: Person, reason: str) -> Hold:
    """Staff release it, and the service hears so. Raises NotAllowed, HoldOver."""
    if not staff.has_perm("payments.void_hold"):
        raise NotAllowed
    held = _locked(purpose=hold.purpose, ref=hold.ref)
    _require_held(held)
    _release(held, _H.VOIDED)
    _tell(held)
    return held


@ledger.retried
def end_hold(*, hold_id: str) -> None:
    """Its time is over and nobody took anything: it is free again. Repeats do nothing."""
    found = Hold.objects.get(public_id=hold_id)
    hold = _locked(purpose=found.purpose, ref=found.ref)
    if hold.status != _H.HELD or hold.due_at > time.now():
        return
    try:
        with transaction.atomic():
            _release(hold, _H.EXPIRED)
    except AccountFrozen:  # kept for its owner; asked again
        outbox.at(JOB, {"ref": hold.public_id}, due_at=time.now() + _HOUR)
        return
    _tell(hold)


def on_hold_due(payload: Mapping[str, Any]) -> None:
    """A job: its time may be over."""
    end_hold(hold_id=payload["ref"])


def on_hold_tried(ref: str, source: str, method: str) -> None:
    """One card said no, the next is asked."""
    asked = Operation.objects.filter(purpose=PURPOSE, ref=ref).order_by("-pk").first()
    rows = Hold.objects.filter(public_id=ref)
    rows.update(source=source, method=method[:60], operation=asked)


def on_hold_kept(ref: str) -> None:
    """The card's bank keeps it. A service that does not want it any more, or is late, lets it go."""
    hold = _lock().get(public_id=ref)
    move(hold, _H.HELD, allowed=HOLD_MOVES)
    try:
        with transaction.atomic():
            _tell(hold)
    except Refusal:
        _release(hold, _H.VOIDED)
        return
    if hold.due_at <= time.now():
        _release(hold, _H.EXPIRED)
        _tell(hold)
    _bill(hold)


def on_hold_captured(ref: str) -> None:
    """The card was charged."""
    hold = _lock().get(public_id=ref)
    if hold.status != _H.CAPTURING:
        raise HoldOver(state=hold.status)
    move(hold, _H.CAPTURED, allowed=HOLD_MOVES, ended_at=time.now())
    _bill(hold)
    _tell(hold)


def on_hold_failed(ref: str, reason: str) -> None:
    """No card kept it, or the bank let it go before it was taken."""
    hold = _lock().get(public_id=ref)
    if _H.FAILED in HOLD_MOVES[HoldStatus(hold.status)]:
        move(hold, _H.FAILED, allowed=HOLD_MOVES, ended_at=time.now(), captured=0)
        _bill(hold)
        _tell(hold)


def _fund(hold: Hold, source: str) -> None:
    if source not in {"", BALANCE}:
        _ask(hold, owned_card(account=hold.payer, card_id=source, kind=CardKind.CARD))
        return
    try:
        _hold_balance(hold)
    except (InsufficientFunds, LimitReached, VerifyFirst):
        fallback = default_card(hold.payer) if source == "" else None
        if fallback is None:
            raise
        _ask(hold, fallback, is_own_order=True)


@transaction.atomic
def _hold_balance(hold: Hold) -> None:
    counted = [one.as_json() for one in spend(account=hold.payer, amount=hold.total)]
    _post(hold, "held", [Leg(_balance(hold), _aside(hold), hold.total)], actor=hold.payer)
    move(hold, _H.HELD, allowed=HOLD_MOVES, source=BALANCE, counted=counted)


def _ask(hold: Hold, card: Card, *, is_own_order: bool = False) -> None:
    hold.operation = open_operation(
        account=hold.payer,
        kind=OperationKind.CHARGE,
        purpose=PURPOSE,
        amount=hold.total,
        card=card,
        ref=hold.public_id,
        is_own_order=is_own_order,
        is_manual=True,
    )
    hold.source, hold.method = card.public_id, str(card)
    hold.save(update_fields=["operation", "source", "method"])


def _capture_from_balance(hold: Hold, amount: Money, into: AccountRef) -> None:
    now = time.now()
    move(hold, _H.CAPTURED, allowed=HOLD_MOVES, captured=amount.minor, ended_at=now)
    legs = [Leg(_aside(hold), into, amount)]
    rest = hold.total - amount
    if rest.minor:
        legs.append(Leg(_aside(hold), _balance(hold), rest))
    _post(hold, "captured", legs)
    _freed(hold, rest)


def _release(hold: Hold, to: HoldStatus) -> None:
    move(hold, to, allowed=HOLD_MOVES, ended_at=time.now())
    if hold.is_by_card:
        assert hold.operation is not None
        end_authorisation(operation=hold.operation, capture=0)
    else:
        _post(hold, "released", [Leg(_aside(hold), _balance(hold), hold.total)])
        _freed(hold, hold.total)
    _bill(hold)


def _freed(hold: Hold, rest: Money) -> None:
    """Nothing waits any more: limits are free for the rest, and what is owed is taken of it."""
    ledger.close(_aside(hold))
    if not rest.minor:
        return
    back = home_minor(rest)
    counted = [{**one, "amount": min(one["amount"], back)} for one in hold.counted]
    give_back(account=hold.payer, counted=counted)
    collect(account=hold.payer, currency=hold.currency, ref=f"{hold.public_id}:freed")


def _post(hold: Hold, what: str, legs: list[Leg], actor: Account | None = None) -> None:
    ledger.post(
        key=f"hold:{hold.public_id}:{what}",
        kind=f"payment.{what}",
        legs=legs,
        ref=hold.public_id,
        actor=actor,
    )


def _aside(hold: Hold) -> AccountRef:
    return ledger.hold("au", hold.public_id, hold.currency)


def _balance(hold: Hold) -> AccountRef:
    return ledger.user_available(hold.payer, hold.currency)


def _tell(hold: Hold) -> None:
    purposes.held[hold.purpose].changed(hold.ref, hold.status)


def _bill(hold: Hold) -> None:
    is_taken = hold.status in {_H.CAPTURING, _H.CAPTURED}
    bill(
        account=hold.payer,
        kind=BillKind.PAYMENT,
        ref=hold.public_id,
        amount=-(hold.taken if is_taken else hold.total),
        status=_BILLED[HoldStatus(hold.status)],
        counterparty=hold.payee,
        method=hold.method,
        note=hold.note,
    )


def _require_held(hold: Hold) -> None:
    if hold.status == _H.HELD and hold.due_at > time.now():
        return
    raise HoldOver(state=_H.EXPIRED if hold.status == _H.HELD else hold.status)


def _lock() -> QuerySet[Hold]:
    rows = Hold.objects.select_for_update(no_key=True, of=("self",))
    return rows.select_related("payer", "payee", "operation")


def _locked(*, purpose: str, ref: str) -> Hold:
    """The hold, and the charge behind it, locked in the order in which settling locks them."""
    found = Hold.objects.filter(purpose=purpose, ref=ref).first()
    if found is None:
        raise HoldNotFound
    if found.operation_id is not None:
        Operation.objects.select_for_update(no_key=True).get(pk=found.operation_id)
    return _lock().get(pk=found.pk)


_BILLED = {
    _H.ASKED: BillStatus.WAITING,
    _H.HELD: BillStatus.WAITING,
    _H.CAPTURING: BillStatus.WAITING,
    _H.CAPTURED: BillStatus.DONE,
    _H.VOIDED: BillStatus.RETURNED,
    _H.EXPIRED: BillStatus.RETURNED,
    _H.FAILED: BillStatus.FAILED,
}
