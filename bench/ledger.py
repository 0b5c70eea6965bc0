"""./dev bench ledger: transfers per second of the books, beside pgbench's TPC-B on the same server.

    ./dev bench ledger [--seconds 4] [--rounds 5] [--clients 8] [--accounts 100000]

Every turn of ours stands between two turns of the baseline, and is compared with their mean: a busy
machine slows both. Medians of all rounds. The same server, the same fsync, the same number of
connections, statements prepared. "random": between any two people; "hot": all to one merchant. The
books are checked at the end.
"""

import argparse
import os
import statistics
import sys
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

os.environ["DJANGO_SETTINGS_MODULE"] = "superapp.settings"
os.environ["SUPERAPP_LOG_LEVEL"] = "ERROR"
os.environ["SUPERAPP_DB_POOL"] = "0"

import django

django.setup()

from django.core.management import call_command  # noqa: E402  Django must be set up first
from django.db import connection  # noqa: E402

from bench.transfers import clients, tpcb  # noqa: E402
from payments import queries  # noqa: E402

TARGETS = {"random": 0.8, "hot": 0.9}
FUNDS = 10**9


@dataclass(frozen=True)
class Way:
    """One way to move money, at one kind of counter."""

    name: str
    place: str
    run: Callable[..., clients.Run]

    @property
    def title(self):
        return f"{self.name}, {self.place}" if self.place else self.name


def main() -> int:
    options = _options()
    call_command("migrate", verbosity=0)
    _fund(options.accounts)
    ways = [
        Way("TPC-B by psycopg", "", clients.tpcb_by_psycopg),
        *(
            Way(name, place, run)
            for place in TARGETS
            for name, run in (
                ("the function by pgbench", tpcb.post),
                ("the function by psycopg", clients.post_directly),
                ("ledger.post in Django", clients.post_in_django),
            )
        ),
    ]
    baseline = tpcb.prepare(options.clients)
    _settle()
    base = [baseline(options)]
    found: dict[str, list[tuple[clients.Run, float]]] = defaultdict(list)
    for number in range(options.rounds):
        for way in ways:
            run = way.run(way.place, options, number)
            base.append(baseline(options))
            beside = (base[-2].per_second + base[-1].per_second) / 2
            found[way.title].append((run, run.per_second / beside))
    _print(base, found, ways, options)
    return _check()


def _options():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=4)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--accounts", type=int, default=100_000)
    return parser.parse_args()


def _fund(count: int) -> None:
    """People with money: accounts straight into the table, the money through the function."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO ledger_account (code, pool, kind, currency, floor_zero, tracked, balance, seq,
                                        status)
            SELECT 'user:' || n || ':available', 'user:' || n || ':available', 'available', 'CNY',
                   true, true, 0, 0, 'open'
            FROM generate_series(1, %s) AS n
            """,
            [count],
        )
        cursor.execute("ANALYZE ledger_account")
        cursor.execute("SET statement_timeout = 0")
        cursor.execute(
            """
            INSERT INTO ledger_door (fact, print, what, about, moment, codes, currencies, kinds, owners,
                                     floors, tracks, debits, credits, amounts)
            SELECT 'funds:' || n, 'fund', 'fund', '', now(),
                   ARRAY['gateway:clearing', 'user:' || n || ':available'], ARRAY['CNY', 'CNY'],
                   ARRAY['system', 'available'], ARRAY[NULL, NULL]::bigint[], ARRAY[false, true],
                   ARRAY[false, true], ARRAY[1], ARRAY[2], ARRAY[%s::bigint]
            FROM generate_series(1, %s) AS n
            """,
            [FUNDS, count],
        )
        cursor.execute("VACUUM ANALYZE ledger_account, ledger_journal, ledger_posting")


def _settle() -> None:
    """No checkpoint in the middle of a turn: what it costs would be somebody else's."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER SYSTEM SET max_wal_size = '16GB'")
        cursor.execute("ALTER SYSTEM SET checkpoint_timeout = '1h'")
        cursor.execute("SELECT pg_reload_conf()")
        cursor.execute("SET statement_timeout = 0")
        cursor.execute("CHECKPOINT")


def _print(base, found, ways, options) -> None:
    sys.stdout.write(
        f"\n{options.clients} clients, {options.accounts:,} accounts, {options.rounds} rounds of"
        f" {options.seconds:g} s, fsync on\n{'':<34}{'per second':>11}{'lowest':>9}{'highest':>9}"
        f"{'ratio':>8}{'target':>8}{'':>6}{'p50 ms':>8}{'p99 ms':>8}\n"
    )
    _line("TPC-B by pgbench (the baseline)", base, 1.0, None)
    for way in ways:
        runs, ratios = zip(*found[way.title], strict=True)
        _line(way.title, runs, statistics.median(ratios), TARGETS.get(way.place))


def _line(title, runs, ratio, target) -> None:
    rates = [run.per_second for run in runs]
    verdict = "" if target is None else "yes" if ratio >= target else "no"
    sys.stdout.write(
        f"{title:<34}{statistics.median(rates):>11,.0f}{min(rates):>9,.0f}{max(rates):>9,.0f}"
        f"{ratio:>8.2f}{target or '':>8}{verdict:>6}"
        f"{statistics.median(run.p50 for run in runs):>8.2f}"
        f"{statistics.median(run.p99 for run in runs):>8.2f}\n"
    )


def _check() -> int:
    found = queries.check_books()
    for line in found.lines():
        sys.stdout.write(f"{line}\n")
    return 0 if found.is_green else 1


if __name__ == "__main__":
    sys.exit(main())
