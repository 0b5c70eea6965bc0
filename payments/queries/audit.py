"""Are the books right? Each rule is recomputed from what is stored, trusting nothing that guards it."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import timedelta
from itertools import islice
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from payments.models import AuditRun
from payments.ports import Audit, audits
from payments.queries.books import (
    Total,
    chained,
    content_hash,
    last_run,
    newest_seals,
    rows,
    totals,
)
from payments.queries.sums import wrong_sums
from superapp.kernel import time

# The triggers that guard, by table; a disabled one is as bad as a missing one.
GUARDS = {
    "ledger_account": {
        *("ledger_only_by_post", "ledger_never_deleted", "ledger_never_emptied"),
        *("ledger_born_empty", "ledger_identity_fixed", "ledger_closed_for_good"),
        *("ledger_closed_is_empty", "ledger_known_status"),
    },
    "ledger_journal": {"ledger_only_by_post", "ledger_written_once", "ledger_never_emptied"},
    "ledger_posting": {"ledger_only_by_post", "ledger_written_once", "ledger_never_emptied"},
    "ledger_seal": {"ledger_written_once", "ledger_never_emptied"},
    "ledger_door": {"ledger_post"},
}
_CONSTRAINTS = {
    *("ledger_no_overdraft", "ledger_amount", "ledger_two_accounts"),
    *("ledger_debit_currency", "ledger_credit_currency"),
}
_INDEXES = {
    *("ledger_one_journal_per_fact", "ledger_reversed_once", "ledger_one_account_per_code"),
    *("ledger_one_debit_per_seq", "ledger_one_credit_per_seq"),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule, and the first things that break it."""

    code: str
    title: str
    faults: list[str]


@dataclass(frozen=True, slots=True)
class Findings:
    """What one run found."""

    rules: list[Finding]
    totals: list[Total]

    @property
    def is_green(self) -> bool:
        return not any(rule.faults for rule in self.rules)

    def stored(self) -> dict[str, Any]:
        """As an AuditRun keeps it."""
        return {
            "green": self.is_green,
            "findings": [asdict(rule) for rule in self.rules],
            "totals": [asdict(total) for total in self.totals],
        }

    def lines(self) -> Iterator[str]:
        """A table for people at a terminal."""
        for rule in self.rules:
            yield f"{'ok  ' if not rule.faults else 'FAIL'} {rule.code:<4} {rule.title}"
            yield from (f"          {fault}" for fault in rule.faults)
        for total in self.totals:
            yield (
                f"{total.currency}  {total.accounts} accounts, held {total.held},"
                f" house {total.house}, together {total.difference}"
            )
        yield "green" if self.is_green else "RED"


def check_books(*, seals: int | None = None) -> Findings:
    """Check every registered rule. `seals`: how many of the newest are hashed again; None: all."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            milliseconds = settings.LEDGER_CHECK_TIMEOUT_SECONDS * 1000
            cursor.execute(f"SET LOCAL statement_timeout = {milliseconds:d}")
        rules = [
            _finding(code, audit, seals)
            for code, audit in sorted(audits, key=lambda one: _number(one[0]))
        ]
        return Findings(rules, totals())


def standing() -> tuple[str, AuditRun | None]:
    """("green" | "red" | "stale", the last run): silence is not health."""
    run = last_run()
    oldest = time.now() - timedelta(seconds=settings.LEDGER_CHECK_STALE_SECONDS)
    if run is None or run.ran_at < oldest:
        return "stale", run
    return ("green" if run.green else "red"), run


def register() -> None:
    """The ledger's own rules; called once, at start-up."""
    for code, audit in OWN.items():
        audits.register(code, audit)


def _number(code: str) -> tuple[int, str]:
    return int(code[1:]) if code[1:].isdigit() else 1000, code


def _finding(code: str, audit: Audit, seals: int | None) -> Finding:
    faults: Iterable[str] = audit.faults()
    if code == "I6":
        faults = [*faults, *_broken_seals(seals)]
    return Finding(code, str(audit.title), list(islice(faults, settings.LEDGER_FAULTS_SHOWN)))


def _asks(sql: str) -> Callable[[], Iterable[str]]:
    """A rule as a statement that finds, in words, what breaks it."""
    return lambda: (str(row[0]) for row in rows(f"{sql} LIMIT {settings.LEDGER_FAULTS_SHOWN:d}"))


def _missing_guards() -> Iterator[str]:
    found = set(
        rows(
            """
            SELECT tgrelid::regclass::text, tgname FROM pg_trigger
            WHERE tgenabled IN ('O', 'A') AND NOT tgisinternal
            """
        )
    )
    for table, names in GUARDS.items():
        for name in sorted(names):
            if (table, name) not in found:
                yield f"{table}: {name} is off or gone"
    checks = {name for (name,) in rows("SELECT conname FROM pg_constraint WHERE convalidated")}
    valid = {
        name
        for (name,) in rows(
            "SELECT indexrelid::regclass::text FROM pg_index WHERE indisvalid AND indisunique"
        )
    }
    for name in sorted((_CONSTRAINTS - checks) | (_INDEXES - valid)):
        yield f"{name} is gone"


def _broken_seals(count: int | None) -> Iterator[str]:
    # One more than is hashed again, to see that the oldest of them follows it.
    seals = newest_seals(None if count is None else count + 1)
    before = None
    for number, seal in enumerate(seals):
        if before or count is None:
            follows, chain = (before.last_journal, before.chain_hash) if before else (0, "")
            if seal.first_journal != follows + 1:
                yield f"seal {seal.pk} does not follow the one before it"
            if seal.chain_hash != chained(chain, seal.content_hash):
                yield f"seal {seal.pk} is not chained to the one before it"
        if count is None or number >= len(seals) - count:
            found = content_hash(seal.first_journal, seal.last_journal)
            if found != (seal.journals, seal.content_hash):
                yield f"journals {seal} are not what was sealed"
        before = seal


# An account's entries in order, with what they add up to.
_HISTORY = """
    SELECT account_id, seq, balance_after, amount,
           sum(amount) OVER history AS running, row_number() OVER history AS number
    FROM ledger_entry WINDOW history AS (PARTITION BY account_id ORDER BY seq)
"""
OWN = {
    "I1": Audit(
        _("Every journal has postings, and its entries add up to zero in each currency"),
        _asks(
            """
            SELECT 'journal ' || j.key || ' has no postings' FROM ledger_journal j
            WHERE NOT EXISTS (SELECT FROM ledger_posting p WHERE p.journal_id = j.id)
            UNION ALL
            SELECT 'posting ' || p.id || ' has no journal' FROM ledger_posting p
            WHERE NOT EXISTS (SELECT FROM ledger_journal j WHERE j.id = p.journal_id)
            UNION ALL
            SELECT 'posting ' || id || ' moves ' || amount FROM ledger_posting
            WHERE amount NOT BETWEEN 1 AND 1000000000000000 OR debit_id = credit_id
            UNION ALL
            (SELECT 'journal ' || e.journal_id || ' adds up to ' || sum(e.amount) || ' ' || a.currency
             FROM ledger_entry e JOIN ledger_account a ON a.id = e.account_id
             GROUP BY e.journal_id, a.currency HAVING sum(e.amount) <> 0)
            """
        ),
    ),
    "I2": Audit(
        _("All accounts of a currency together are zero"),
        lambda: (f"{total.currency}: {total.difference}" for total in totals() if total.difference),
    ),
    "I3": Audit(
        _("Every balance is the sum of its entries, without gaps"),
        _asks(
            f"""
            SELECT a.code || ' ' || a.currency FROM ledger_account a
            LEFT JOIN (
                SELECT account_id, count(*) AS entries, sum(amount) AS total,
                       bool_and(seq = number AND balance_after IS NOT DISTINCT FROM running) AS is_whole
                FROM ({_HISTORY}) AS h GROUP BY account_id
            ) AS h ON h.account_id = a.id
            WHERE a.tracked AND (
                a.balance <> coalesce(h.total, 0) OR a.seq <> coalesce(h.entries, 0)
                OR NOT coalesce(h.is_whole, true)
            )
            """  # noqa: S608 - our own words
        ),
    ),
    "I4": Audit(
        _("No protected account was ever below zero"),
        _asks(
            f"""
            SELECT a.code || ' ' || a.currency || ' at entry ' || h.seq FROM ({_HISTORY}) AS h
            JOIN ledger_account a ON a.id = h.account_id
            WHERE (a.floor_zero AND h.running < 0) OR (a.kind = 'receivable' AND h.running > 0)
            """  # noqa: S608 - our own words
        ),
    ),
    "I5": Audit(
        _("Each posting and both its accounts are of one currency"),
        _asks(
            """
            SELECT 'posting ' || p.id FROM ledger_posting p
            LEFT JOIN ledger_account d ON d.id = p.debit_id
            LEFT JOIN ledger_account c ON c.id = p.credit_id
            WHERE (p.currency, p.currency) IS DISTINCT FROM (d.currency, c.currency)
            """
        ),
    ),
    "I6": Audit(_("History is what was sealed, and its guards are on"), _missing_guards),
    "I7": Audit(
        _("Each business fact was told once"),
        _asks("SELECT key FROM ledger_journal GROUP BY key HAVING count(*) > 1"),
    ),
    "I8": Audit(
        _("A journal is reversed at most once, and by its mirror"),
        _asks(
            """
            SELECT 'journal ' || j.key FROM ledger_journal j
            WHERE j.reverses_id IS NOT NULL AND (
                EXISTS (
                    SELECT FROM ledger_journal o WHERE o.reverses_id = j.reverses_id AND o.id <> j.id
                ) OR EXISTS (
                    SELECT FROM ledger_effect(j.id) n
                    FULL JOIN ledger_effect(j.reverses_id) o USING (pool, currency)
                    WHERE n.amount IS DISTINCT FROM -o.amount
                )
            )
            """
        ),
    ),
    "I17": Audit(_("What is added up for statements is what the entries say"), wrong_sums),
    "I13": Audit(
        _("What people, merchants and objects have is what came in minus what went out"),
        _asks(
            """
            SELECT currency || ': ' || sum(amount) FROM (
                SELECT currency, balance AS amount FROM ledger_account WHERE tracked
                UNION ALL
                SELECT p.currency, CASE WHEN d.tracked THEN p.amount ELSE -p.amount END
                FROM ledger_posting p
                JOIN ledger_account d ON d.id = p.debit_id
                JOIN ledger_account c ON c.id = p.credit_id
                WHERE d.tracked <> c.tracked
            ) AS flows GROUP BY currency HAVING sum(amount) <> 0
            """
        ),
    ),
}
