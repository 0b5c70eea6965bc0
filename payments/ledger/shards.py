"""Busy accounts are many rows: which one gets what comes in, and which ones give what goes out."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any
from zlib import crc32

from django.db import connection

from payments.ledger.refs import AccountRef, Leg
from payments.models import LedgerAccount
from superapp.kernel.money import Money


def _shard(ref: AccountRef, number: int) -> AccountRef:
    return replace(ref, code=f"{ref.code}#{number:02}", shards=0)


def shards_of(ref: AccountRef) -> list[AccountRef]:
    return [_shard(ref, number) for number in range(ref.shards)] if ref.shards else [ref]


def place(key: str, legs: Sequence[Leg]) -> list[Leg]:
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
    _open_first(legs)
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
    if (
        missing
    ):  # The database says no, unless the fact was told before. It asks one that is locked.
        rest = replace(leg.debit, code=pool[-1], shards=0)
        parts.append(replace(leg, debit=rest, amount=Money(missing, leg.amount.currency)))
    return parts


def _open_first(legs: list[Leg]) -> None:
    """All accounts are there before any is locked: one opened later would be locked out of order."""
    wanted = {
        (one.code, one.currency): one
        for ref in accounts_of(legs, ())
        if ref.tracked
        for one in shards_of(ref)[:1]
    }
    found = LedgerAccount.objects.filter(code__in={code for code, _ in wanted})
    there = set(found.values_list("code", "currency"))
    missing = [row_of(wanted[which]) for which in sorted(wanted.keys() - there)]
    if missing:
        LedgerAccount.objects.bulk_create(missing, ignore_conflicts=True)


def row_of(ref: AccountRef) -> LedgerAccount:
    """The row by which the account is opened."""
    return LedgerAccount(
        code=ref.code,
        pool=ref.code.partition("#")[0],
        kind=ref.kind,
        currency=ref.currency,
        owner=ref.owner,
        floor_zero=ref.floor_zero,
        tracked=ref.tracked,
    )


def _locked_balances(legs: list[Leg]) -> dict[tuple[str, str], int]:
    """Balances of all shards the legs draw on, by code and currency.

    Locks every account of the legs in the order in which the database function does.
    """
    touched: list[Any] = [(ref.code, ref.currency) for ref in accounts_of(legs, ()) if ref.tracked]
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


def accounts_of(legs: Iterable[Leg], opened: Iterable[AccountRef]) -> Iterable[AccountRef]:
    for leg in legs:
        yield leg.debit
        yield leg.credit
    for ref in opened:
        yield from shards_of(ref)
