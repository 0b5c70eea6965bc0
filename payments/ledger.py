"""The ledger: accounts by reference, and the one door through which money moves.

Credit is plus: an account's balance is credits minus debits. docs/ledger.md explains the books,
docs/adr/0011 their shape. What is refused was not written, and the transaction can go on.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from hashlib import blake2b
from typing import Any
from zlib import crc32

from babel.numbers import list_currencies
from django.conf import settings
from django.db import connection, transaction
from django.db.backends.postgresql.base import ServerBindingCursor
from django.db.models import QuerySet, Sum

from accounts.models import Account
from payments.errors import (
    AccountFrozen,
    AccountNotEmpty,
    BadPosting,
    InsufficientFunds,
    KeyReused,
)
from payments.models import Entry, Journal, LedgerAccount
from payments.models.ledger import AMOUNT_MAX
from payments.states import LEDGER_ACCOUNT_MOVES, LedgerAccountStatus
from superapp.kernel import time
from superapp.kernel.errors import Refusal
from superapp.kernel.money import CurrencyMismatch, Money
from superapp.kernel.transitions import move

SYSTEM = frozenset(
    {
        *("gateway:clearing", "gateway:disputed", "bank:clearing", "fees:income", "fees:gateway"),
        *("promo", "loss:chargeback", "suspense:in", "suspense:out", "rounding", "tax:payable"),
        "fx",
    }
)
_REFUSED: dict[str, type[Refusal]] = {
    "insufficient_funds": InsufficientFunds,
    "account_frozen": AccountFrozen,
    "key_reused": KeyReused,
    "not_owed": BadPosting,
}
# Everything goes as text, so that there is one statement, planned once per connection.
_POST = (
    "INSERT INTO ledger_door (fact, print, what, about, who, undoes, moment, codes, currencies, kinds,"
    " owners, floors, tracks, debits, credits, amounts) VALUES (%s, %s, %s, %s, %s::bigint, %s::bigint,"
    " %s::timestamptz, %s::text[], %s::text[], %s::text[], %s::bigint[], %s::boolean[], %s::boolean[],"
    " %s::int[], %s::int[], %s::bigint[]) RETURNING journal, outcome, detail"
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


@dataclass(frozen=True, slots=True)
class Posted:
    """`created` is False when the fact had been told before: then nothing moved now."""

    journal_id: int
    created: bool


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


def post(
    *,
    key: str,
    kind: str,
    legs: Sequence[Leg],
    ref: str = "",
    actor: Account | None = None,
    reverses: int | None = None,
    opened: Sequence[AccountRef] = (),
) -> Posted:
    """Tell a business fact and move its money: all legs in their order, or none.

    `key` names the fact ("transfer:tr_5x:accepted"): told again it moves nothing. `opened` are
    accounts to open although no leg touches them. Amounts are 1 to 10^15 minor units. Must run in
    the caller's transaction, which can go on after a refusal.

    Raises InsufficientFunds, AccountFrozen, KeyReused, BadPosting, CurrencyMismatch.
    """
    assert connection.in_atomic_block, "the caller decides what belongs to one transaction"
    _check(legs)
    fingerprint = _fingerprint(kind, legs, reverses)
    placed = _place(key, legs)
    # In one order for everybody: this is the order in which they are locked.
    refs = sorted(
        {(leg.code, leg.currency): leg for leg in _accounts(placed, opened)}.values(),
        key=lambda one: (one.code, one.currency),
    )
    at = {(one.code, one.currency): number for number, one in enumerate(refs, start=1)}
    journal_id, outcome, detail = _told(
        *(key, fingerprint, kind, ref, actor and str(actor.pk), reverses and str(reverses)),
        time.now().isoformat(),
        _texts(one.code for one in refs),
        _list(one.currency for one in refs),
        _texts(one.kind for one in refs),
        _list(str(one.owner.pk) if one.owner else "NULL" for one in refs),
        _list("t" if one.floor_zero else "f" for one in refs),
        _list("t" if one.tracked else "f" for one in refs),
        _list(str(at[leg.debit.code, leg.debit.currency]) for leg in placed),
        _list(str(at[leg.credit.code, leg.credit.currency]) for leg in placed),
        _list(str(leg.amount.minor) for leg in placed),
    )
    if outcome in _REFUSED:
        raise _REFUSED[outcome](detail=detail)
    return Posted(journal_id, outcome == "created")


def reverse(
    *, journal_id: int, key: str, kind: str, ref: str = "", actor: Account | None = None
) -> Posted:
    """Undo a journal by its mirror, once for ever. Raises InsufficientFunds, AccountFrozen."""
    journal = Journal.objects.get(pk=journal_id)
    postings = journal.postings.select_related("debit", "credit").order_by("-pk")
    legs = [
        Leg(_ref(one.credit), _ref(one.debit), Money(one.amount, one.currency)) for one in postings
    ]
    return post(key=key, kind=kind, legs=legs, ref=ref, actor=actor, reverses=journal.pk)


def balance(ref: AccountRef) -> Money:
    """Credits minus debits; zero for an account that was never opened."""
    rows = _rows(ref)
    if ref.tracked:
        found = rows.aggregate(total=Sum("balance"))["total"]
    else:
        found = Entry.objects.filter(account__in=rows).aggregate(total=Sum("amount"))["total"]
    return Money(int(found or 0), ref.currency)


@transaction.atomic
def close(ref: AccountRef) -> None:
    """Close a finished account for good. Raises AccountNotEmpty. Never opened or closed: fine."""
    for row in _rows(ref).select_for_update(no_key=True).order_by("pk"):
        if row.balance:
            raise AccountNotEmpty
        if row.status != LedgerAccountStatus.CLOSED:
            move(row, LedgerAccountStatus.CLOSED, allowed=LEDGER_ACCOUNT_MOVES)


@transaction.atomic
def freeze_out(ref: AccountRef) -> None:
    """Money may still come in, and none goes out. Opens the account if need be."""
    _open(ref)
    for row in _rows(ref).select_for_update(no_key=True).order_by("pk"):
        if row.status == LedgerAccountStatus.OPEN:
            move(row, LedgerAccountStatus.FROZEN_OUT, allowed=LEDGER_ACCOUNT_MOVES)


@transaction.atomic
def unfreeze(ref: AccountRef) -> None:
    """Everything may move again; closed accounts stay closed."""
    for row in _rows(ref).select_for_update(no_key=True).order_by("pk"):
        if row.status in {LedgerAccountStatus.FROZEN_OUT, LedgerAccountStatus.FROZEN}:
            move(row, LedgerAccountStatus.OPEN, allowed=LEDGER_ACCOUNT_MOVES)


def _told(*values: str | None) -> tuple[int, str, str]:
    """Ask the door, by a statement the server keeps: planning it each time costs as much as the work."""
    raw = connection.connection
    raw.prepare_threshold = 0
    with connection._prepare_cursor(ServerBindingCursor(raw)) as cursor:  # type: ignore[attr-defined]
        cursor.execute(_POST, values)
        answer: tuple[int, str, str] = cursor.fetchone()
    return answer


def _list(values: Iterable[str]) -> str:
    """An array as PostgreSQL reads it, of what needs no quotes."""
    return "{" + ",".join(values) + "}"


def _texts(values: Iterable[str]) -> str:
    quoted = (value.replace("\\", "\\\\").replace('"', '\\"') for value in values)
    return _list(f'"{value}"' for value in quoted)


def _rows(ref: AccountRef) -> QuerySet[LedgerAccount]:
    return LedgerAccount.objects.filter(pool=ref.code, currency=ref.currency)


def _open(ref: AccountRef) -> None:
    LedgerAccount.objects.bulk_create(
        (
            LedgerAccount(
                code=one.code,
                pool=ref.code,
                kind=ref.kind,
                currency=ref.currency,
                owner=ref.owner,
                floor_zero=ref.floor_zero,
                tracked=ref.tracked,
            )
            for one in _shards(ref)
        ),
        ignore_conflicts=True,
    )


def _ref(row: LedgerAccount) -> AccountRef:
    """As its functions would make it; a shard stands for its whole pool."""
    shards = settings.LEDGER_SHARDS if row.code != row.pool else 0
    return AccountRef(
        row.pool, row.currency, row.kind, row.floor_zero, row.tracked, row.owner, shards
    )


def _check(legs: Sequence[Leg]) -> None:
    if not legs:
        raise BadPosting
    for leg in legs:
        if not leg.debit.currency == leg.credit.currency == leg.amount.currency:
            raise CurrencyMismatch
        if leg.debit.code == leg.credit.code or not 1 <= leg.amount.minor <= AMOUNT_MAX:
            raise BadPosting
        if leg.amount.currency not in _currencies():
            raise BadPosting


@cache
def _currencies() -> frozenset[str]:
    return frozenset(list_currencies())


def _fingerprint(kind: str, legs: Sequence[Leg], reverses: int | None) -> str:
    """Of what was asked for, before shards are chosen: a retry may find other balances."""
    parts = [kind, str(reverses or "")]
    for leg in legs:
        parts += [leg.debit.code, leg.credit.code, leg.amount.currency, str(leg.amount.minor)]
    return blake2b("\n".join(parts).encode(), digest_size=16).hexdigest()


def _accounts(legs: Iterable[Leg], opened: Iterable[AccountRef]) -> Iterable[AccountRef]:
    for leg in legs:
        yield leg.debit
        yield leg.credit
    for ref in opened:
        yield from _shards(ref)


# ---- shards


def _shard(ref: AccountRef, number: int) -> AccountRef:
    return replace(ref, code=f"{ref.code}#{number:02}", shards=0)


def _shards(ref: AccountRef) -> list[AccountRef]:
    return [_shard(ref, number) for number in range(ref.shards)] if ref.shards else [ref]


def _place(key: str, legs: Sequence[Leg]) -> list[Leg]:
    """Income goes to the shard the key falls on; what goes out comes from the shards in order."""
    if not any(leg.debit.shards or leg.credit.shards for leg in legs):
        return list(legs)
    slot = crc32(key.encode())
    placed = [
        replace(leg, credit=_shard(leg.credit, slot % leg.credit.shards))
        if leg.credit.shards
        else leg
        for leg in legs
    ]
    if any(leg.debit.shards for leg in placed):
        return _drawn(placed)
    return placed


def _drawn(legs: list[Leg]) -> list[Leg]:
    """Split what is taken from spread accounts over the shards that have it."""
    left = _locked_balances(legs)
    drawn: list[Leg] = []
    for leg in legs:
        drawn += _draw(leg, left) if leg.debit.shards else [leg]
        credited = (leg.credit.code, leg.credit.currency)
        if credited in left:
            left[credited] += leg.amount.minor
    return drawn


def _draw(leg: Leg, left: dict[tuple[str, str], int]) -> list[Leg]:
    parts: list[Leg] = []
    missing = leg.amount.minor
    pool = [
        code
        for code, currency in left
        if currency == leg.debit.currency and code.partition("#")[0] == leg.debit.code
    ]
    for code in pool:
        part = min(missing, left[code, leg.debit.currency])
        if part and code != leg.credit.code:
            left[code, leg.debit.currency] -= part
            missing -= part
            shard = replace(leg.debit, code=code, shards=0)
            parts.append(replace(leg, debit=shard, amount=Money(part, leg.amount.currency)))
    if missing:  # the database says no, unless the fact was told before
        rest = Money(missing, leg.amount.currency)
        parts.append(replace(leg, debit=_shard(leg.debit, 0), amount=rest))
    return parts


def _locked_balances(legs: list[Leg]) -> dict[tuple[str, str], int]:
    """Balances of all shards the legs draw on, by code and currency.

    Locks every account of the legs in the order in which the database function does.
    """
    touched: list[Any] = [(ref.code, ref.currency) for ref in _accounts(legs, ()) if ref.tracked]
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT code, currency, balance, code <> pool FROM ledger_account
            WHERE tracked AND id IN (
                SELECT l.id FROM unnest(%s::text[], %s::text[]) AS w (code, currency)
                JOIN ledger_account l ON l.currency = w.currency
                    AND (l.code = w.code OR l.pool = w.code)
            )
            ORDER BY code COLLATE "C", currency FOR NO KEY UPDATE
            """,
            [[code for code, _ in touched], [currency for _, currency in touched]],
        )
        return {
            (code, currency): amount
            for code, currency, amount, is_shard in cursor.fetchall()
            if is_shard
        }
