"""Pots: money that somebody puts aside for themselves, and takes back when they like.

Whoever changes a pot locks its row first; standing payments into it are locked after it.
"""

from django.conf import settings
from django.db import transaction

from accounts.models import Account
from payments import events, ledger
from payments.actions.billing import bill
from payments.actions.binding import wallet_of
from payments.actions.recovering import collect
from payments.actions.standing import cancel_all_into
from payments.errors import (
    BadPosting,
    CurrencyNotHeld,
    InsufficientFunds,
    KeyReused,
    NameMissing,
    PotClosed,
    PotNotFound,
    TooManyPots,
)
from payments.ledger import Leg
from payments.models import Pot, PotMove, Wallet
from payments.models.ledger import AMOUNT_MAX
from payments.queries.people import clean_note
from payments.states import POT_MOVES, BillKind, PotStatus
from superapp.kernel import push, time
from superapp.kernel.money import CurrencyMismatch, Money
from superapp.kernel.transitions import move


@transaction.atomic
def open_pot(*, owner: Account, name: str, goal: Money, client_id: str) -> Pot:
    """A new pot in the goal's currency; a goal of zero is none. A repeated client_id gives the
    first one. Raises NameMissing, CurrencyNotHeld, BadPosting, TooManyPots, KeyReused.
    """
    name = _name(name)
    if goal.currency not in settings.WALLET_CURRENCIES:
        raise CurrencyNotHeld
    _check_goal(goal)
    # One after the other, so that the count below is right.
    wallet_of(account=owner)
    Wallet.objects.select_for_update(no_key=True).get(account=owner)
    known = Pot.objects.filter(account=owner, client_id=client_id).first()
    if known is not None:
        if known.currency != goal.currency:
            raise KeyReused
        return known
    if Pot.objects.filter(account=owner, status=PotStatus.OPEN).count() >= settings.POTS_MAX:
        raise TooManyPots
    pot = Pot.objects.create(
        account=owner,
        client_id=client_id,
        name=name,
        currency=goal.currency,
        goal=goal.minor,
        created_at=time.now(),
    )
    _tell(pot)
    return pot


@transaction.atomic
def change_pot(*, owner: Account, pot_id: str, name: str, goal: Money) -> Pot:
    """Another name and goal. Raises PotNotFound, PotClosed, NameMissing, CurrencyMismatch,
    BadPosting.
    """
    pot = lock_pot(owner=owner, pot_id=pot_id)
    if goal.currency != pot.currency:
        raise CurrencyMismatch
    _check_goal(goal)
    pot.name, pot.goal = _name(name), goal.minor
    pot.save(update_fields=["name", "goal"])
    _tell(pot)
    return pot


@ledger.retried
def put_in(*, owner: Account, pot_id: str, amount: Money, client_id: str) -> PotMove:
    """From the balance into the pot; a repeated client_id does it once.

    Raises PotNotFound, PotClosed, CurrencyMismatch, BadPosting, InsufficientFunds, AccountFrozen,
    KeyReused.
    """
    pot = lock_pot(owner=owner, pot_id=pot_id)
    return _moved(pot, _some(amount), client_id)


@ledger.retried
def take_out(*, owner: Account, pot_id: str, amount: Money, client_id: str) -> PotMove:
    """Back to the balance, where what is owed is taken first; a repeated client_id does it once.

    Raises PotNotFound, PotClosed, CurrencyMismatch, BadPosting, InsufficientFunds, AccountFrozen,
    KeyReused.
    """
    pot = lock_pot(owner=owner, pot_id=pot_id)
    return _moved(pot, -_some(amount), client_id)


@ledger.retried
def close_pot(*, owner: Account, pot_id: str) -> Pot:
    """End it: what is in it returns to the balance, and what was to be paid into it ends too.

    A second time changes nothing. Raises PotNotFound, AccountFrozen.
    """
    pot = _locked(owner, pot_id)
    if pot.status == PotStatus.CLOSED:
        return pot
    cancel_all_into(pot=pot)
    if pot.amount:
        _moved(pot, -pot.saved, "close")
    ledger.close(_account(pot))
    move(pot, PotStatus.CLOSED, allowed=POT_MOVES, closed_at=time.now())
    _tell(pot)
    return pot


def lock_pot(*, owner: Account, pot_id: str) -> Pot:
    """One's own open pot, for this transaction. Raises PotNotFound, PotClosed."""
    pot = _locked(owner, pot_id)
    if pot.status != PotStatus.OPEN:
        raise PotClosed
    return pot


def _moved(pot: Pot, amount: Money, client_id: str) -> PotMove:
    """Move it: plus goes in, minus comes out. The caller holds the pot's row."""
    if amount.currency != pot.currency:
        raise CurrencyMismatch
    known = PotMove.objects.select_related("pot").filter(pot=pot, client_id=client_id).first()
    if known is not None:
        if known.amount != amount.minor:
            raise KeyReused
        return known
    if pot.amount + amount.minor < 0:
        raise InsufficientFunds
    made = PotMove.objects.create(pot=pot, client_id=client_id, amount=amount.minor, at=time.now())
    _post(pot, made)
    pot.amount += amount.minor
    pot.save(update_fields=["amount"])
    bill(
        account=pot.account,
        kind=BillKind.POT,
        ref=made.public_id,
        amount=-amount,
        note=pot.name,
    )
    if amount.minor < 0:
        collect(account=pot.account, currency=pot.currency, ref=made.public_id)
    _tell(pot)
    return made


def _some(amount: Money) -> Money:
    if not 1 <= amount.minor <= AMOUNT_MAX:
        raise BadPosting
    return amount


def _post(pot: Pot, made: PotMove) -> None:
    balance, aside = ledger.user_available(pot.account, pot.currency), _account(pot)
    amount = Money(abs(made.amount), pot.currency)
    goes_in = made.amount > 0
    ledger.post(
        key=f"pot:{made.public_id}",
        kind="pot.in" if goes_in else "pot.out",
        legs=[Leg(balance, aside, amount) if goes_in else Leg(aside, balance, amount)],
        ref=made.public_id,
        actor=pot.account,
    )


def _account(pot: Pot) -> ledger.AccountRef:
    return ledger.pot(pot.account, pot.public_id, pot.currency)


def _locked(owner: Account, pot_id: str) -> Pot:
    rows = Pot.objects.select_for_update(of=("self",), no_key=True).select_related("account")
    pot = rows.filter(account=owner, public_id=pot_id).first()
    if pot is None:
        raise PotNotFound
    return pot


def _name(name: str) -> str:
    cleaned = clean_note(name, settings.POT_NAME_MAX)
    if not cleaned:
        raise NameMissing
    return cleaned


def _check_goal(goal: Money) -> None:
    if not 0 <= goal.minor <= AMOUNT_MAX:
        raise BadPosting


def _tell(pot: Pot) -> None:
    push.to_accounts([pot.account_id], events.wallet_changed(ref=pot.public_id))
