"""Which account: what money's code says instead of the number of a row."""

from dataclasses import dataclass

from django.conf import settings

from accounts.models import Account
from payments.models import LedgerAccount
from superapp.kernel.money import Money

SYSTEM = frozenset(
    {
        *("gateway:clearing", "gateway:disputed", "bank:clearing", "fees:income", "fees:gateway"),
        *("promo", "loss:chargeback", "suspense:in", "suspense:out", "rounding", "tax:payable"),
        "fx",
    }
)


@dataclass(frozen=True, slots=True)
class AccountRef:
    """Which account, and what it is if it has to be opened. Made by the functions below."""

    code: str
    currency: str
    kind: str
    floor_zero: bool = True
    tracked: bool = True
    owner: Account | None = None
    # Busy accounts are spread over this many; 0: it is one.
    shards: int = 0


@dataclass(frozen=True, slots=True)
class Leg:
    """`amount` goes from `debit` to `credit`."""

    debit: AccountRef
    credit: AccountRef
    amount: Money


def user_available(account: Account, currency: str) -> AccountRef:
    """What somebody may spend."""
    return AccountRef(f"user:{account.pk}:available", currency, "available", owner=account)


def user_receivable(account: Account, currency: str) -> AccountRef:
    """What somebody owes the house: zero or less."""
    code = f"user:{account.pk}:receivable"
    return AccountRef(code, currency, "receivable", floor_zero=False, owner=account)


def pot(account: Account, ref: str, currency: str) -> AccountRef:
    """What somebody put aside."""
    return AccountRef(f"user:{account.pk}:pot:{ref}", currency, "pot", owner=account)


def escrow(kind: str, ref: str, currency: str) -> AccountRef:
    """Money that waits for a decision about one object, as a transfer or a red packet."""
    return AccountRef(f"escrow:{kind}:{ref}", currency, "escrow")


def hold(kind: str, ref: str, currency: str) -> AccountRef:
    """Money kept for one service that is still to be given."""
    return AccountRef(f"hold:{kind}:{ref}", currency, "hold")


def transit(kind: str, ref: str, currency: str) -> AccountRef:
    """Money of one payout, on its way out."""
    return AccountRef(f"transit:{kind}:{ref}", currency, "transit")


def merchant(
    merchant_id: int, name: str, currency: str, *, owner: Account | None = None
) -> AccountRef:
    """A merchant's money: "pending" (busy, so spread over shards), "available" or "reserve"."""
    assert name in {"pending", "available", "reserve"}
    shards = settings.LEDGER_SHARDS if name == "pending" else 0
    code = f"merchant:{merchant_id}:{name}"
    return AccountRef(code, currency, "merchant", owner=owner, shards=shards)


def merchant_receivable(
    merchant_id: int, currency: str, *, owner: Account | None = None
) -> AccountRef:
    """What a merchant owes the house: zero or less."""
    code = f"merchant:{merchant_id}:receivable"
    return AccountRef(code, currency, "receivable", floor_zero=False, owner=owner)


def system(name: str, currency: str) -> AccountRef:
    """An account of the house. It may go below zero and nobody waits for it."""
    assert name in SYSTEM, name
    return AccountRef(name, currency, "system", floor_zero=False, tracked=False)


def ref_of(row: LedgerAccount) -> AccountRef:
    """As its functions would make it; a shard stands for its whole pool."""
    shards = settings.LEDGER_SHARDS if row.code != row.pool else 0
    return AccountRef(
        row.pool, row.currency, row.kind, row.floor_zero, row.tracked, row.owner, shards
    )
