"""What all money between people shares: being paid, arriving, going back."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeVar

from django.conf import settings
from django.db import connection
from django.db.models import QuerySet

from accounts.models import Account
from chat.models import Membership
from payments import ledger
from payments.actions.authorising import auth_for
from payments.actions.limiting import Counted, give_back, receive
from payments.actions.paying import BALANCE, Taken, take
from payments.actions.payment import Payment
from payments.actions.recovering import collect
from payments.actions.refunding import charge_behind, refund
from payments.actions.risking import assess
from payments.errors import (
    AmountOutOfRange,
    CannotPayThem,
    CannotReceive,
    CurrencyNotHeld,
    LimitReached,
    PasswordNeeded,
)
from payments.ledger import Leg
from payments.models.people import Funded, MoneyRequest, RedPacket, SplitShare, Transfer
from payments.queries.limits import from_home, home_minor, level_of, window_of
from payments.wording import written
from superapp.kernel import time
from superapp.kernel.money import Money

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Means:
    """By what somebody pays. `source` is "" (their own order), "balance" or a card's public id.

    Pages bring a `password`; programs bring `auth`, which they were given for one.
    """

    source: str = ""
    password: str = ""
    auth: str = ""
    session: str = ""
    # Seconds by which the risk rules let a transfer arrive later.
    delay: int = 0


def confirm(*, payer: Account, payment: Payment, means: Means) -> Means:
    """Ask the risk rules, and check the password, if one was typed. What they count is committed: call
    it outside a transaction.

    Raises NoPassword, PasswordNeeded, WrongPassword, PasswordLocked, WalletFrozen, PaidTooOften,
    JustCameIn.
    """
    verdict = assess(payer=payer, payment=payment, session=means.session)
    means = replace(means, delay=verdict.delay)
    if means.auth or not means.password:
        if verdict.step_up and not means.auth:
            raise PasswordNeeded
        return means
    auth = auth_for(account=payer, password=means.password, payment=payment, session=means.session)
    return replace(means, auth=auth, password="")


def check_between(*, amount: Money, most: int) -> None:
    """An amount that people may send each other: `most` in whole home units.

    Raises CurrencyNotHeld, AmountOutOfRange.
    """
    if amount.currency not in settings.WALLET_CURRENCIES:
        raise CurrencyNotHeld
    highest = from_home(most, amount.currency)
    if not 1 <= amount.minor <= highest.minor:
        raise AmountOutOfRange(min=written(Money(1, amount.currency)), max=written(highest))


def straight(*, payer: Account, payee: Account, step: Callable[[], T]) -> T:
    """Run what takes from one and gives to the other in one transaction, again if it must.

    Two who pay each other at once would each hold what the other needs: a pair goes one after the
    other. Longer circles are broken by the database, and go again. Raises TooBusy.
    """
    pair = sorted((payer.pk, payee.pk))

    def in_turn() -> T:
        with connection.cursor() as cursor:
            name = f"straight:{pair[0]}:{pair[1]}"
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])
        return step()

    return ledger.whole(in_turn)


def payee_of(*, seat: Membership) -> Account:
    """The person at the other end of a chat of two. Raises CannotPayThem."""
    peer = seat.peer
    if peer is None or peer.kind != Account.Kind.PERSON or peer.closed_at is not None:
        raise CannotPayThem
    return peer


def fund(*, payer: Account, payment: Payment, escrow: str, thing: Funded, means: Means) -> Taken:
    """Take the money into the thing's own account and note on it how; the caller saves it.

    Raises what `take` raises.
    """
    into = ledger.escrow(escrow, payment.ref, payment.amount.currency)
    taken = take(
        payer=payer,
        payment=payment,
        into=into,
        source=means.source,
        auth=means.auth,
        session=means.session,
    )
    thing.source = taken.source
    thing.method = str(taken.operation.card) if taken.operation else ""
    thing.counted = _counted(payer, payment.amount, time.now()) if taken.is_paid else []
    return taken


def arrive(*, escrow: str, ref: str, payee: Account, amount: Money, fact: str) -> None:
    """All that waits in the thing's account reaches somebody; what they owe is taken first.

    Raises LimitReached (the payee's), AccountFrozen.
    """
    receive(account=payee, amount=amount)
    waits = ledger.escrow(escrow, ref, amount.currency)
    ledger.post(
        key=fact,
        kind=f"{escrow}.arrived",
        legs=[Leg(waits, ledger.user_available(payee, amount.currency), amount)],
        ref=ref,
        actor=payee,
    )
    ledger.close(waits)
    collect(account=payee, currency=amount.currency, ref=ref)


def arrive_unasked(*, escrow: str, ref: str, payee: Account, amount: Money, fact: str) -> None:
    """Like `arrive`, for a payer who must not learn of the payee's limits. Raises CannotReceive."""
    try:
        arrive(escrow=escrow, ref=ref, payee=payee, amount=amount, fact=fact)
    except LimitReached:
        raise CannotReceive from None


def send_back(
    *, escrow: str, ref: str, payer: Account, amount: Money, fact: str, thing: Funded
) -> None:
    """All that still waits returns to where it came from: the card, or the balance, whose limits are
    free for it again. Raises AccountFrozen.
    """
    waits = ledger.escrow(escrow, ref, amount.currency)
    if thing.source not in {"", BALANCE}:
        charge = charge_behind(account_pk=payer.pk, ref=ref, into=waits, amount=amount)
        if charge is not None:
            kind = f"{escrow}.returned"
            refund(charge=charge, source=waits, amount=amount, key=fact, kind=kind)
            ledger.close(waits)
            return
    ledger.post(
        key=fact,
        kind=f"{escrow}.returned",
        legs=[Leg(waits, ledger.user_available(payer, amount.currency), amount)],
        ref=ref,
    )
    ledger.close(waits)
    give_back(account=payer, counted=_part(thing, amount))
    collect(account=payer, currency=amount.currency, ref=ref)


def tried_by(
    things: type[Transfer | MoneyRequest | SplitShare | RedPacket],
) -> Callable[[str, str, str], None]:
    """What a thing of this model hears when another card is asked for it."""

    def tried(ref: str, source: str, method: str) -> None:
        rows: QuerySet[Any] = things._default_manager.all()
        rows.filter(public_id=ref).update(source=source, method=method)

    return tried


def _counted(payer: Account, amount: Money, moment: datetime) -> list[dict[str, object]]:
    """What `spend` counted for a payment from the balance just now."""
    rules = ("pay_life" if level_of(payer) == 1 else "pay_year", "pay_day")
    minor = home_minor(amount)
    return [Counted(rule, window_of(rule, moment).isoformat(), minor).as_json() for rule in rules]


def _part(thing: Funded, amount: Money) -> list[dict[str, object]]:
    back = home_minor(amount)
    return [{**one, "amount": min(one["amount"], back)} for one in thing.counted]
