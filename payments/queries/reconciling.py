"""The books beside the gateway's own list of movements, item by item, by the gateway's ids."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from django.conf import settings

from payments.models import Operation, ReconciliationRun
from payments.queries.books import rows
from payments.states import OPEN
from superapp.kernel import time
from superapp.kernel.money import Money

Bucket = Literal["matched", "ours", "theirs", "differs"]
Key = tuple[str, str]  # the gateway's id, and a currency
SUSPENDED = "gateway.suspense"
# What the key of a journal may say about one object of the gateway.
_FACTS = ("succeeded", "returned", "suspense", "opened", "won")
_BOOKED = """
SELECT j.key, j.kind, j.posted_at, p.currency, p.sign * p.amount FROM ledger_account a
JOIN LATERAL (
    SELECT journal_id, currency, amount, 1 AS sign FROM ledger_posting
    WHERE debit_id = a.id AND debit_seq >= %s
    UNION ALL
    SELECT journal_id, currency, amount, -1 FROM ledger_posting
    WHERE credit_id = a.id AND credit_seq >= %s
) p ON true
JOIN ledger_journal j ON j.id = p.journal_id
WHERE a.code = 'gateway:clearing' AND j.posted_at >= %s
"""
# Numbers of journals grow with time: where those of a moment begin is found by halving.
_FIRST_POSTING = """
WITH RECURSIVE search (low, high) AS (
    SELECT 0::bigint, coalesce(max(id), 0) + 1 FROM ledger_journal
    UNION ALL
    SELECT CASE WHEN middle.posted_at < %s THEN middle.id + 1 ELSE low END,
           CASE WHEN middle.posted_at < %s THEN high ELSE (low + high) / 2 END
    FROM search LEFT JOIN LATERAL (
        SELECT id, posted_at FROM ledger_journal WHERE id >= (low + high) / 2 ORDER BY id LIMIT 1
    ) middle ON true
    WHERE low < high
)
SELECT coalesce((
    SELECT id FROM ledger_posting WHERE journal_id >= (SELECT max(low) FROM search)
    ORDER BY journal_id, id LIMIT 1
), 0)
"""
_WAITING = """
SELECT a.currency FROM ledger_account a JOIN ledger_entry e ON e.account_id = a.id
WHERE a.code IN ('suspense:in', 'suspense:out')
GROUP BY a.currency, a.code HAVING sum(e.amount) <> 0
"""
_BOOKED_ABOUT = """
SELECT j.key, j.kind, j.posted_at, p.currency,
       CASE WHEN d.code = 'gateway:clearing' THEN p.amount ELSE -p.amount END
FROM ledger_journal j
JOIN ledger_posting p ON p.journal_id = j.id
JOIN ledger_account d ON d.id = p.debit_id
JOIN ledger_account c ON c.id = p.credit_id
WHERE j.key = ANY(%s) AND 'gateway:clearing' IN (d.code, c.code)
"""


@dataclass(frozen=True, slots=True)
class Booked:
    """What the books say the gateway moved: one posting of a journal. Plus came in."""

    external_id: str
    key: str
    kind: str
    at: datetime
    amount: Money


@dataclass(frozen=True, slots=True)
class Item:
    """One object of the gateway, as both sides see it; `ours` and `theirs` in minor units."""

    bucket: Bucket
    external_id: str
    currency: str
    ours: int
    theirs: int
    is_red: bool

    @property
    def key(self) -> Key:
        return self.external_id, self.currency


@dataclass(frozen=True, slots=True)
class Comparison:
    """Every item of both sides, in its bucket."""

    items: list[Item]

    def of(self, bucket: Bucket) -> list[Item]:
        return [item for item in self.items if item.bucket == bucket]

    def stored(self) -> dict[str, Any]:
        """As a ReconciliationRun keeps it: all counts, and of each bucket the first faults."""
        shown: list[dict[str, Any]] = []
        buckets: tuple[Bucket, ...] = ("differs", "theirs", "ours")
        for bucket in buckets:
            shown += [asdict(item) for item in self.of(bucket)[: settings.LEDGER_FAULTS_SHOWN]]
        sums: dict[str, list[int]] = {}
        for item in self.items:
            both = sums.setdefault(item.currency, [0, 0])
            both[0] += item.ours
            both[1] += item.theirs
        return {
            "green": not any(item.is_red for item in self.items),
            "matched": len(self.of("matched")),
            "ours_only": len(self.of("ours")),
            "theirs_only": len(self.of("theirs")),
            "differing": len(self.of("differs")),
            "items": shown,
            "totals": [
                {"currency": currency, "ours": ours, "theirs": theirs}
                for currency, (ours, theirs) in sorted(sums.items())
            ],
        }


def compare(movements: Iterable[tuple[str, Money]], since: datetime) -> Comparison:
    """Put what the gateway moved since then, by its ids, beside what is booked.

    Lines are matched by id, currency and amount. A posting may be older than `since` only where a
    movement asks for it; what the books alone have is judged once the margin is over.
    """
    told: dict[Key, list[int]] = {}
    for external_id, amount in movements:
        told.setdefault((external_id, amount.currency), []).append(amount.minor)
    begins = since + timedelta(seconds=settings.RECONCILE_MARGIN_SECONDS)
    booked: dict[Key, dict[str, Booked]] = {}
    for line in [*_booked_since(begins), *_booked_about(key[0] for key in told)]:
        booked.setdefault((line.external_id, line.amount.currency), {})[line.key] = line
    waiting = _waiting_currencies()
    return Comparison(
        [
            _item(key, list(booked.get(key, {}).values()), told.get(key, []), begins, waiting)
            for key in sorted({*told, *booked})
        ]
    )


def open_ids(ids: Iterable[str]) -> set[str]:
    """Those of the gateway's ids whose operation is still to be settled: nobody else books them."""
    found = Operation.objects.filter(external_id__in=list(ids), status__in=OPEN)
    return {str(one) for one in found.values_list("external_id", flat=True)}


def last_comparison() -> ReconciliationRun | None:
    """The newest comparison with the gateway."""
    return ReconciliationRun.objects.order_by("-pk").first()


def gateway_standing() -> tuple[str, ReconciliationRun | None]:
    """("green" | "red" | "stale" | "off", the last run). Off: there is no gateway to compare with."""
    run = last_comparison()
    if settings.GATEWAY_CLOSED:
        return "off", run
    oldest = time.now() - timedelta(seconds=settings.RECONCILE_STALE_SECONDS)
    if run is None or run.ran_at < oldest:
        return "stale", run
    return ("green" if run.green else "red"), run


def _item(
    key: Key, booked: list[Booked], told: list[int], begins: datetime, waiting: set[str]
) -> Item:
    external_id, currency = key
    ours, theirs = Counter(line.amount.minor for line in booked), Counter(told)
    lacking = (theirs - ours).elements()
    # A line from before what is compared has its movement there too: unseen, and not missed.
    young = Counter(line.amount.minor for line in booked if line.at >= begins)
    extra = (young - theirs).elements()
    missing_here, missing_there = list(lacking), list(extra)
    sum_told = sum(told)
    sum_ours = sum_told - sum(missing_here) + sum(missing_there)
    bucket: Bucket = "matched"
    is_red = False
    if sum_ours != sum_told and booked and told:
        bucket, is_red = "differs", True
    elif sum_ours != sum_told and told:
        bucket, is_red = "theirs", True
    elif sum_ours != sum_told:
        bucket = "ours"
        patience = timedelta(seconds=settings.RECONCILE_PATIENCE_SECONDS)
        is_red = max(line.at for line in booked) < time.now() - patience
    elif currency in waiting and any(line.kind == SUSPENDED for line in booked):
        # Booked, but nobody knows for whom: it stays here until it is placed.
        bucket, is_red = "theirs", True
    return Item(bucket, external_id, currency, sum_ours, sum_told, is_red)


def _booked_since(moment: datetime) -> Iterator[Booked]:
    first = _first_posting(moment)
    return (_line(*row) for row in rows(_BOOKED, [first, first, moment]))


def _booked_about(ids: Iterable[str]) -> Iterator[Booked]:
    keys = [f"gw:{one}:{fact}" for one in set(ids) for fact in _FACTS]
    return (_line(*row) for row in rows(_BOOKED_ABOUT, [keys]))


def _line(key: str, kind: str, at: datetime, currency: str, amount: int) -> Booked:
    """A journal that does not name an object of the gateway is an item of its own: ours alone."""
    external_id = key[3:].rpartition(":")[0] if key.startswith("gw:") else key
    return Booked(external_id, key, kind, at, Money(int(amount), currency))


def _first_posting(moment: datetime) -> int:
    return int(rows(_FIRST_POSTING, [moment, moment])[0][0])


def _waiting_currencies() -> set[str]:
    return {str(row[0]) for row in rows(_WAITING)}
