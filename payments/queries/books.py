"""Reading whole books: totals, and the hashes by which they are recognised."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.db import connection
from django.db.models import F, QuerySet

from payments.models import AuditRun, Posting, Seal

_COLUMNS = (
    *("journal__key", "journal__kind", "journal__ref", "journal__fingerprint"),
    *("debit__code", "credit__code", "currency", "amount"),
    *("debit_seq", "debit_after", "credit_seq", "credit_after"),
)


@dataclass(frozen=True, slots=True)
class Total:
    """One currency: what people, merchants and objects have, and what the house's accounts say.

    Credit is plus; together they are zero.
    """

    currency: str
    accounts: int
    held: int
    house: int

    @property
    def difference(self) -> int:
        return self.held + self.house


def totals() -> list[Total]:
    """Per currency, from the balances of tracked accounts and the entries of the others."""
    return [
        Total(*row)
        for row in rows(
            """
            SELECT a.currency, count(*), sum(a.balance)::bigint, coalesce(sum(h.amount), 0)::bigint
            FROM ledger_account a
            LEFT JOIN LATERAL (
                SELECT sum(amount) AS amount FROM ledger_entry e WHERE e.account_id = a.id
            ) h ON NOT a.tracked
            GROUP BY a.currency ORDER BY a.currency
            """
        )
    ]


def fingerprints() -> dict[str, str]:
    """Per currency a hash of everything posted: equal before a backup and after it is restored."""
    currencies = Posting.objects.order_by("currency").values_list("currency", flat=True).distinct()
    return {currency: _hash(Posting.objects.filter(currency=currency)) for currency in currencies}


def content_hash(first_journal: int, last_journal: int) -> tuple[int, str]:
    """How many journals there are from one to the other, and the hash of what they say."""
    found = Posting.objects.filter(journal__gte=first_journal, journal__lte=last_journal)
    return found.values("journal").distinct().count(), _hash(found)


def chained(before: str, content: str) -> str:
    """The hash of a seal, from the one of the seal before it and from its block."""
    return sha256(f"{before}\n{content}".encode()).hexdigest()


def newest_seals(count: int | None) -> list[Seal]:
    """The newest seals, oldest first; None: all of them."""
    return list(Seal.objects.order_by("-pk")[:count])[::-1]


def last_run() -> AuditRun | None:
    """The newest result of the checks."""
    return AuditRun.objects.order_by("-pk").first()


def horizon() -> tuple[int, int, int]:
    """(last journal's number, next transaction's number, oldest one still running)."""
    found: tuple[int, int, int] = rows(
        """
        SELECT coalesce((SELECT max(id) FROM ledger_journal), 0),
               pg_snapshot_xmax(pg_current_snapshot())::text::bigint,
               pg_snapshot_xmin(pg_current_snapshot())::text::bigint
        """
    )[0]
    return found


def rows(sql: str, values: Sequence[Any] | dict[str, Any] = ()) -> list[tuple[Any, ...]]:
    """What a statement of ours finds."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found


def _hash(found: QuerySet[Posting]) -> str:
    digest = sha256()
    lines = found.order_by("pk").annotate(at=F("journal__posted_at")).values_list("at", *_COLUMNS)
    for at, *line in lines.iterator(chunk_size=5000):
        digest.update(repr((at.isoformat(), *line)).encode())
    return digest.hexdigest()
