"""How anything is paid for: from the balance, or by a card where the balance does not do."""

from dataclasses import dataclass

from django.conf import settings
from django.db import transaction

from accounts.models import Account
from payments import ledger
from payments.actions.authorising import use_auth
from payments.actions.binding import owned_card
from payments.actions.limiting import count, spend
from payments.actions.opening import open_operation
from payments.actions.payment import Payment
from payments.errors import InsufficientFunds, LimitReached, VerifyFirst
from payments.ledger import AccountRef, Leg
from payments.models import Card, Operation
from payments.queries.wallet import default_card, is_within_free
from payments.states import CardKind, OperationKind

__all__ = ["BALANCE", "Payment", "Taken", "take"]

BALANCE = "balance"


@dataclass(frozen=True, slots=True)
class Taken:
    """`is_paid`, or a card is being charged: then the purpose's handlers hear how it ended."""

    is_paid: bool
    source: str
    operation: Operation | None = None


def take(
    *,
    payer: Account,
    payment: Payment,
    into: AccountRef,
    source: str = "",
    auth: str = "",
    session: str = "",
) -> Taken:
    """Take what is to be paid, in the caller's transaction, and put it `into` an escrow account.

    `source` is "balance", a card's public id, or "" for the person's own order: the balance, and
    their cards, one after the other, where that has too little or may not pay so much. Above the
    free limit it needs `auth` from `authorise`, which is used up.

    Raises PasswordNeeded, NoPassword, AuthInvalid, InsufficientFunds, AccountFrozen, CardNotFound,
    LimitReached, VerifyFirst.
    """
    assert into.kind == "escrow", "what is paid waits in the account of its own thing"
    require_auth(payer, payment, auth, session)
    if source not in {"", BALANCE}:
        card = owned_card(account=payer, card_id=source, kind=CardKind.CARD)
        return _by_card(payer, payment, into, card)
    try:
        return _from_balance(payer, payment, into)
    except (InsufficientFunds, LimitReached, VerifyFirst):
        fallback = default_card(payer) if source == "" else None
        if fallback is None:
            raise
        return _by_card(payer, payment, into, fallback, is_own_order=True)


def require_auth(payer: Account, payment: Payment, auth: str, session: str) -> None:
    """A payment above the free limit was confirmed: for just this, and used up. Raises PasswordNeeded,
    NoPassword, AuthInvalid.
    """
    if not auth and is_within_free(payer, payment.amount):
        try:
            with transaction.atomic():
                cap = settings.PASSWORD_FREE_PER_DAY
                count(account=payer, rule="free_day", amount=payment.amount, cap=cap)
        except LimitReached:  # somebody else's payment was faster: ask after all
            pass
        else:
            return
    use_auth(account=payer, auth=auth, payment=payment, session=session)


@transaction.atomic
def _from_balance(payer: Account, payment: Payment, into: AccountRef) -> Taken:
    spend(account=payer, amount=payment.amount)
    balance = ledger.user_available(payer, payment.amount.currency)
    ledger.post(
        key=f"{payment.purpose}:{payment.ref}:paid",
        kind=payment.kind or f"{payment.purpose}.paid",
        legs=[Leg(balance, into, payment.amount)],
        ref=payment.ref,
        actor=payer,
    )
    return Taken(is_paid=True, source=BALANCE)


def _by_card(
    payer: Account, payment: Payment, into: AccountRef, card: Card, *, is_own_order: bool = False
) -> Taken:
    operation = open_operation(
        account=payer,
        kind=OperationKind.CHARGE,
        purpose=payment.purpose,
        amount=payment.amount,
        card=card,
        ref=payment.ref,
        into=into.code,
        is_own_order=is_own_order,
    )
    return Taken(is_paid=False, source=card.public_id, operation=operation)
