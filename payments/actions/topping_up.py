"""Money from a card into the balance: it appears when the gateway has it."""

from django.conf import settings
from django.db import transaction

from accounts.models import Account
from payments.actions.asking import hurry, pressed_before
from payments.actions.billing import bill
from payments.actions.binding import check_may_bind, owned_card
from payments.actions.limiting import count
from payments.actions.opening import open_operation
from payments.errors import AmountOutOfRange, CurrencyNotHeld
from payments.models import Operation
from payments.queries.limits import from_home
from payments.states import BillKind, BillStatus, CardKind, OperationKind
from payments.wording import written
from superapp.kernel.money import Money


def top_up(*, account: Account, card_id: str, amount: Money, client_key: str = "") -> Operation:
    """Charge one's card for the balance. The answer may say that it is not settled yet.

    A repeat with the same `client_key` finds what the first press began.

    Raises KeyReused, CardNotFound, CurrencyNotHeld, AmountOutOfRange, LimitReached.
    """
    check_amount(amount=amount, least=settings.TOPUP_MIN, most=settings.TOPUP_MAX)
    with transaction.atomic():
        done = pressed_before(
            account=account,
            client_key=client_key,
            purpose="topup",
            amount=amount,
            card_id=card_id,
        )
        if done is not None:
            return done
        card = owned_card(account=account, card_id=card_id, kind=CardKind.CARD)
        counted = count(
            account=account, rule="topup_day", amount=amount, cap=settings.TOPUP_PER_DAY
        )
        operation = open_operation(
            account=account,
            kind=OperationKind.CHARGE,
            purpose="topup",
            amount=amount,
            card=card,
            counted=[counted.as_json()],
            client_key=client_key,
        )
        bill(
            account=account,
            kind=BillKind.TOPUP,
            ref=operation.public_id,
            amount=amount,
            status=BillStatus.WAITING,
            method=str(card),
        )
    return hurry(operation=operation)


def start_binding(*, account: Account, kind: str) -> Operation:
    """Open the gateway's page that takes a number: kind is "card" or "bank".

    Raises VerifyFirst, TooManyCards.
    """
    with transaction.atomic():
        check_may_bind(account=account)
        operation = open_operation(
            account=account,
            kind=OperationKind.BIND,
            purpose="card",
            amount=Money(0, settings.HOME_CURRENCY),
            ref=CardKind(kind).value,
        )
    return hurry(operation=operation)


def check_amount(*, amount: Money, least: int, most: int) -> None:
    """An amount between so many whole home units. Raises CurrencyNotHeld, AmountOutOfRange."""
    if amount.currency not in settings.WALLET_CURRENCIES:
        raise CurrencyNotHeld
    low, high = from_home(least, amount.currency), from_home(most, amount.currency)
    if not low <= amount <= high:
        raise AmountOutOfRange(min=written(low), max=written(high))
