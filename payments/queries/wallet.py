"""What somebody has, and how they can pay."""

import hashlib
import hmac
from dataclasses import dataclass

from django.conf import settings
from django.db.models import QuerySet

from accounts.models import Account
from payments.models import Card, KYCCase, LedgerAccount, LimitUse, Operation, Wallet
from payments.queries.holds import held_of
from payments.queries.limits import from_home, home_minor, window_of
from payments.states import OPEN, CardKind, CardStatus, OperationKind
from superapp.kernel import time
from superapp.kernel.errors import NotFound
from superapp.kernel.money import Money


@dataclass(frozen=True, slots=True)
class Balance:
    """One currency of a wallet: what may be spent, what waits, what is owed."""

    available: Money
    held: Money
    owed: Money
    is_frozen: bool


def balances_of(account: Account) -> list[Balance]:
    """Every currency somebody has or had, the home currency first and always."""
    rows = LedgerAccount.objects.filter(owner=account, kind__in=["available", "receivable"])
    found: dict[str, dict[str, int]] = {settings.HOME_CURRENCY: {}}
    frozen: set[str] = set()
    for row in rows.order_by("currency"):
        found.setdefault(row.currency, {})[row.kind] = row.balance
        if row.kind == "available" and row.status != "open":
            frozen.add(row.currency)
    held = held_of(account)
    for operation in payouts_open(account):
        held[operation.currency] = held.get(operation.currency, 0) + operation.total.minor
    return [
        Balance(
            Money(kinds.get("available", 0), currency),
            Money(held.get(currency, 0), currency),
            Money(-kinds.get("receivable", 0), currency),
            currency in frozen,
        )
        for currency, kinds in found.items()
    ]


def payouts_open(account: Account) -> QuerySet[Operation]:
    """Withdrawals that are on their way."""
    return Operation.objects.filter(account=account, kind=OperationKind.PAYOUT, status__in=OPEN)


def available(account: Account, currency: str) -> Money:
    """What may be spent in one currency."""
    rows = LedgerAccount.objects.filter(owner=account, kind="available", currency=currency)
    return Money(rows.values_list("balance", flat=True).first() or 0, currency)


def wallet_for(account: Account) -> Wallet:
    """The person's wallet, unsaved where they have none yet: reading makes no rows."""
    return Wallet.objects.filter(account=account).first() or Wallet(account=account)


def cards_of(account: Account) -> list[Card]:
    """Cards in the order in which they are tried, then accounts."""
    rows = Card.objects.filter(account=account, status=CardStatus.ACTIVE)
    return sorted(rows.order_by("place", "pk"), key=lambda card: card.is_bank)


def card_of(account: Account, card_id: str) -> Card:
    """One's own card or account. Raises NotFound."""
    card = Card.objects.filter(account=account, public_id=card_id, status=CardStatus.ACTIVE).first()
    if card is None:
        raise NotFound
    return card


def default_card(account: Account) -> Card | None:
    """The card that is tried when the balance does not do."""
    return next_card(account, set())


def next_card(account: Account, tried: set[int]) -> Card | None:
    """The first card in their order that was not tried yet, by primary key."""
    rows = Card.objects.filter(account=account, kind=CardKind.CARD, status=CardStatus.ACTIVE)
    return rows.exclude(pk__in=tried).order_by("place", "pk").first()


def operation_of(account: Account, operation_id: str) -> Operation:
    """One's own top-up, withdrawal or binding. Raises NotFound."""
    rows = Operation.objects.select_related("card").filter(account=account)
    operation = rows.filter(public_id=operation_id).first()
    if operation is None:
        raise NotFound
    return operation


def operations_of(account: Account, purpose: str) -> QuerySet[Operation]:
    """Somebody's top-ups or withdrawals, for a page of them."""
    return Operation.objects.select_related("card").filter(account=account, purpose=purpose)


def last_case(account: Account) -> KYCCase | None:
    """The latest check of who they are."""
    return KYCCase.objects.filter(account=account).order_by("-pk").first()


def is_within_free(account: Account, amount: Money) -> bool:
    """Whether a payment is small enough, today, to need no payment password."""
    if not amount <= from_home(settings.PASSWORD_FREE_EACH, amount.currency):
        return False
    window = window_of("free_day", time.now())
    used = LimitUse.objects.filter(account=account, rule="free_day", window=window)
    day = Money.parse(str(settings.PASSWORD_FREE_PER_DAY), settings.HOME_CURRENCY)
    spent = used.values_list("used", flat=True).first() or 0
    return spent + home_minor(amount) <= day.minor


def needs_password(account: Account, amount: Money) -> bool:
    """Whether to show the field."""
    return not is_within_free(account, amount)


@dataclass(frozen=True, slots=True)
class Plan:
    """What would pay: shown before paying. `card` is None when the balance does."""

    available: Money
    card: Card | None
    is_covered: bool


def plan(account: Account, amount: Money) -> Plan:
    """The balance, or the default card where that has too little."""
    has = available(account, amount.currency)
    if amount <= has:
        return Plan(has, None, is_covered=True)
    card = default_card(account)
    return Plan(has, card, is_covered=card is not None)


def digest_of_document(number: str) -> str:
    """A keyed sum to compare documents by; the number cannot be read back from it."""
    plain = "".join(number.split()).upper()
    return hmac.new(settings.PAYMENT_PEPPER.encode(), plain.encode(), hashlib.sha256).hexdigest()


def cases_of(account: Account) -> QuerySet[KYCCase]:
    """Somebody's checks, for a page of them."""
    return KYCCase.objects.filter(account=account)
