"""Statements: what a month began with, what moved, what it ended with. The sums must meet.

An account's entries are numbered; a month is a range of numbers, found by halving: some twenty
looks at an index, however many entries there are. What moved in them is added up in payments.queries.sums.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection

from accounts.models import Account
from payments.models import Bill, LedgerAccount
from payments.queries.sums import sums_of
from superapp.kernel import time
from superapp.kernel.errors import Invalid
from superapp.kernel.money import Money

_LAST_BEFORE = """
WITH RECURSIVE s (low, high) AS (
    SELECT 0::bigint, %(last)s::bigint
    UNION ALL
    SELECT CASE WHEN t.posted_at < %(moment)s THEN m.middle ELSE s.low END,
           CASE WHEN t.posted_at < %(moment)s THEN s.high ELSE m.middle - 1 END
    FROM s
    CROSS JOIN LATERAL (SELECT (s.low + s.high + 1) / 2 AS middle) m
    CROSS JOIN LATERAL (
        SELECT j.posted_at FROM ledger_entry e JOIN ledger_journal j ON j.id = e.journal_id
        WHERE e.account_id = %(account)s AND e.seq = m.middle LIMIT 1
    ) t
    WHERE s.low < s.high
)
SELECT s.low, coalesce(
    (SELECT e.balance_after FROM ledger_entry e
     WHERE e.account_id = %(account)s AND e.seq = s.low LIMIT 1), 0)
FROM s WHERE s.low >= s.high
"""
_LINES = """
SELECT e.seq, j.posted_at, j.kind, j.ref, e.amount, e.balance_after
FROM ledger_entry e JOIN ledger_journal j ON j.id = e.journal_id
WHERE e.account_id = %(account)s AND e.seq > %(first)s AND e.seq <= %(last)s
ORDER BY e.seq LIMIT %(limit)s
"""


@dataclass(frozen=True, slots=True)
class Category:
    """`kind` is what journals call it before the point: topup, transfer, …"""

    kind: str
    came_in: Money
    went_out: Money
    count: int


@dataclass(frozen=True, slots=True)
class Day:
    day: int
    came_in: Money
    went_out: Money


@dataclass(frozen=True, slots=True)
class Statement:
    """A month, or some, of one currency, `until` excluded. `opening` plus what came minus what went is `closing`."""

    month: datetime
    until: datetime
    currency: str
    opening: Money
    closing: Money
    came_in: Money
    went_out: Money
    categories: list[Category]
    days: list[Day]
    account_pk: int | None
    first: int
    last: int

    @property
    def count(self) -> int:
        return self.last - self.first


@dataclass(frozen=True, slots=True)
class Line:
    """One entry of the statement."""

    seq: int
    at: datetime
    kind: str
    ref: str
    amount: Money
    balance: Money
    counterparty: str
    note: str


def month_of(text: str) -> datetime:
    """The first instant of "2026-11", in the house's time zone; of this month for "".

    Raises Invalid for what is no month, and for months that have not begun.
    """
    zone = ZoneInfo(settings.HOME_TIME_ZONE)
    this = time.now().astimezone(zone).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    if not text:
        return this
    try:
        year, month = (int(part) for part in text.split("-"))
        wanted = datetime(year, month, 1, tzinfo=zone)
    except (ValueError, OverflowError):
        raise Invalid from None
    if wanted > this or year < 2000:
        raise Invalid
    return wanted


def month_after(month: datetime) -> datetime:
    """The first instant of the next month."""
    return month.replace(year=month.year + month.month // 12, month=month.month % 12 + 1)


def month_before(month: datetime) -> datetime:
    """The first instant of the month before."""
    return month.replace(
        year=month.year - (month.month == 1), month=12 if month.month == 1 else month.month - 1
    )


def statement(
    account: Account, currency: str, month: datetime, until: datetime | None = None
) -> Statement:
    """A month of somebody's balance in one currency, or all before `until`, in a constant number
    of queries. Only the days of a single month are told apart.
    """
    until = until or month_after(month)
    row = LedgerAccount.objects.filter(owner=account, kind="available", currency=currency).first()
    first, opening = _edge(row, month)
    last, closing = _edge(row, until)
    sums = sums_of(row.pk, first, last) if row else []
    kinds = [Category(kind, *_both(line, currency), line[4]) for line in sums if (kind := line[0])]
    days = [Day(day.day, *_both(line, currency)) for line in sums if (day := line[1])]
    came = sum(one.came_in.minor for one in kinds)
    went = sum(one.went_out.minor for one in kinds)
    assert opening + came - went == closing, "a statement whose sums do not meet is never shown"
    return Statement(
        month=month,
        until=until,
        currency=currency,
        opening=Money(opening, currency),
        closing=Money(closing, currency),
        came_in=Money(came, currency),
        went_out=Money(went, currency),
        categories=sorted(kinds, key=lambda one: -(one.came_in.minor + one.went_out.minor)),
        days=sorted(days, key=lambda one: one.day),
        account_pk=row.pk if row else None,
        first=first,
        last=last,
    )


def lines_of(account: Account, shown: Statement, limit: int) -> list[Line]:
    """The entries of a statement in their order, at most `limit`, with whom each was about."""
    if shown.account_pk is None:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            _LINES,
            {
                "account": shown.account_pk,
                "first": shown.first,
                "last": shown.last,
                "limit": limit,
            },
        )
        found = cursor.fetchall()
    refs = {ref for _seq, _at, _kind, ref, _amount, _after in found if ref}
    bills = Bill.objects.filter(account=account, ref__in=refs).select_related("counterparty")
    about = {bill.ref: bill for bill in bills.defer("search")}
    return list(_lines(found, about, shown.currency))


def _lines(
    found: list[tuple[int, datetime, str, str, int, int]], about: dict[str, Bill], currency: str
) -> Iterator[Line]:
    for seq, at, kind, ref, amount, after in found:
        bill = about.get(ref)
        yield Line(
            seq=seq,
            at=at,
            kind=kind.partition(".")[0],
            ref=ref,
            amount=Money(amount, currency),
            balance=Money(after, currency),
            counterparty=bill.counterparty.name if bill and bill.counterparty else "",
            note=bill.note if bill else "",
        )


def _edge(row: LedgerAccount | None, moment: datetime) -> tuple[int, int]:
    """(number, balance) of the last entry before a moment."""
    if row is None or not row.seq:
        return 0, 0
    given: dict[str, Any] = {"account": row.pk, "last": row.seq, "moment": moment.astimezone(UTC)}
    with connection.cursor() as cursor:
        cursor.execute(_LAST_BEFORE, given)
        seq, balance = cursor.fetchone()
    return seq, balance


def _both(line: tuple[str, date, int, int, int], currency: str) -> tuple[Money, Money]:
    return Money(int(line[2]), currency), Money(int(line[3]), currency)


@dataclass(frozen=True, slots=True)
class ChartDay:
    """Two bars of a day, as parts of 100 of the highest one; `x` of 100."""

    day: int
    came_in: int
    went_out: int
    x: float

    @property
    def in_x(self) -> float:
        return round(self.x + 1.5, 2)

    @property
    def in_top(self) -> int:
        return 100 - self.came_in

    @property
    def out_top(self) -> int:
        return 100 - self.went_out


def chart_of(shown: Statement) -> list[ChartDay]:
    """Every day of the month that moved something."""
    most = max((max(d.came_in.minor, d.went_out.minor) for d in shown.days), default=0) or 1
    return [
        ChartDay(
            one.day,
            one.came_in.minor * 100 // most,
            one.went_out.minor * 100 // most,
            round((one.day - 1) * 100 / 31, 2),
        )
        for one in shown.days
    ]
