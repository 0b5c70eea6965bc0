"""The bill list: newest first, filtered, searched, page by page, at the same cost however long."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import QuerySet, Sum
from django.db.models.functions import TruncDate
from django.utils import timezone
from django.utils.formats import date_format

from accounts.models import Account
from payments.errors import BillNotFound
from payments.models import Bill, BillDoubt, Dispute, Operation
from payments.states import BillKind, BillStatus, DoubtStatus, OperationStatus
from superapp.kernel import search, time
from superapp.kernel.money import Money

WAYS = ("in", "out")


@dataclass(frozen=True, slots=True)
class BillFilter:
    """How the list is narrowed; empty means all. `way` is "in" or "out"."""

    way: str = ""
    kind: str = ""
    words: str = ""


def bills(account: Account, narrowed: BillFilter) -> QuerySet[Bill]:
    """Somebody's bills, without an order."""
    rows = Bill.objects.filter(account=account).select_related("counterparty__avatar")
    if narrowed.way == "in":
        rows = rows.filter(amount__gt=0)
    elif narrowed.way == "out":
        rows = rows.filter(amount__lt=0)
    if narrowed.kind in BillKind.values:
        rows = rows.filter(kind=narrowed.kind)
    if narrowed.words:
        rows = rows.filter(search.matches("search", narrowed.words))
    return rows.defer("search")


def bills_page(
    account: Account, narrowed: BillFilter, before: int | None
) -> tuple[list[Bill], int | None]:
    """One page, newest first, and where the next begins (None on the last)."""
    rows = bills(account, narrowed).order_by("-pk")
    if before is not None:
        rows = rows.filter(pk__lt=before)
    size = settings.BILLS_PAGE
    found = list(rows[: size + 1])
    return found[:size], found[size - 1].pk if len(found) > size else None


def latest_bills(account: Account, count: int = 5) -> list[Bill]:
    """What happened last, for the wallet's first page."""
    return list(bills(account, BillFilter()).order_by("-pk")[:count])


def bill_of(account: Account, bill_id: str) -> Bill:
    """One's own bill. Raises BillNotFound."""
    bill = bills(account, BillFilter()).filter(public_id=bill_id).first()
    if bill is None:
        raise BillNotFound
    return bill


@dataclass(frozen=True, slots=True)
class Receipt:
    """A bill with what it was about, where that was at the gateway."""

    bill: Bill
    operation: Operation | None
    disputes: list[Dispute]
    # Money of it that goes back to the card, or went there.
    refunds: list[Operation]
    # What its owner doubted about it, and the answers.
    doubts: list[BillDoubt]

    @property
    def may_doubt(self) -> bool:
        return all(doubt.status != DoubtStatus.OPEN for doubt in self.doubts)


def receipt_of(account: Account, bill_id: str) -> Receipt:
    """One's own bill with its details. Raises BillNotFound."""
    bill = bill_of(account, bill_id)
    rows = Operation.objects.select_related("card").filter(account=account)
    operation = rows.filter(public_id=bill.ref).first()
    if bill.kind == BillKind.REFUND and operation is not None and operation.into:
        operation = rows.filter(kind="refund", into=operation.into).order_by("-pk").first()
    back = rows.filter(kind="refund", ref=bill.ref).exclude(status=OperationStatus.FAILED)
    disputes = Dispute.objects.filter(operation=operation) if operation else Dispute.objects.none()
    return Receipt(
        bill, operation, list(disputes.order_by("pk")), list(back.order_by("pk")), doubts_of(bill)
    )


def doubts_of(bill: Bill) -> list[BillDoubt]:
    """What was doubted about a bill, in order."""
    return list(BillDoubt.objects.filter(bill=bill).order_by("pk")[: settings.DOUBTS_SHOWN])


def bill_for(account: Account, ref: str) -> Bill | None:
    """One's own bill about a thing, if there is one."""
    return bills(account, BillFilter()).filter(ref=ref).first()


@dataclass(frozen=True, slots=True)
class Month:
    """Bills of one month, as they follow each other in the list."""

    first: datetime
    bills: list[Bill]


def in_months(rows: list[Bill]) -> list[Month]:
    """Rows under the months in which the reader sees them."""
    groups = groupby(rows, key=lambda bill: timezone.localtime(bill.at).strftime("%Y-%m"))
    found = [list(group) for _month, group in groups]
    return [Month(group[0].at, group) for group in found]


@dataclass(frozen=True, slots=True)
class Bar:
    """A day of a chart: `height` and `x` are parts of 100."""

    label: str
    amount: Money
    height: int
    x: int
    is_last: bool

    @property
    def top(self) -> int:
        return 100 - self.height


@dataclass(frozen=True, slots=True)
class Week:
    """The last seven days of spending in the home currency."""

    total: Money
    bars: list[Bar]


def spent_this_week(account: Account) -> Week:
    """What went out in the last seven days, today last. What failed, came back, or was only put
    aside does not count."""
    zone, home = ZoneInfo(settings.HOME_TIME_ZONE), settings.HOME_CURRENCY
    today = time.now().astimezone(zone).date()
    since = datetime.combine(today - timedelta(days=6), datetime.min.time(), zone)
    rows = (
        Bill.objects.filter(account=account, at__gte=since, amount__lt=0, currency=home)
        .filter(status__in=[BillStatus.DONE, BillStatus.WAITING])
        .exclude(kind=BillKind.POT)
        .annotate(day=TruncDate("at", tzinfo=zone))
        .values_list("day")
        .annotate(spent=-Sum("amount"))
    )
    spent = {day: int(amount) for day, amount in rows}
    days = [today - timedelta(days=6 - number) for number in range(7)]
    most = max((spent.get(day, 0) for day in days), default=0) or 1
    bars = [
        Bar(
            date_format(day, "D"),
            Money(spent.get(day, 0), home),
            max(2, spent.get(day, 0) * 100 // most),
            number * 100 // 7 + 1,
            day == today,
        )
        for number, day in enumerate(days)
    ]
    return Week(Money(sum(spent.values()), home), bars)
