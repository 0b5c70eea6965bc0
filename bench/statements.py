"""./dev bench statements: what a wallet costs to read when the books are large.

    ./dev bench statements [--entries 1000000] [--turns 30]

One busy person with a tenth of all entries, the rest are others'. In process, without a network,
beside the smallest page that needs a session. Prints the median in milliseconds, the ratio and how
many questions the database got; the books are checked at the end.
"""

import argparse
import os
import statistics
import sys
import time
from collections.abc import Callable

os.environ["DJANGO_SETTINGS_MODULE"] = "superapp.settings"
os.environ["SUPERAPP_LOG_LEVEL"] = "ERROR"

import django

django.setup()

from django.conf import settings  # noqa: E402  Django must be set up first
from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from accounts.models import Account, Person  # noqa: E402
from payments import actions, ledger, queries  # noqa: E402
from payments.ledger import Leg  # noqa: E402
from payments.models import Posting  # noqa: E402
from superapp.kernel.money import Money  # noqa: E402

PEOPLE = 1000
FUNDS = 10**9
# As the door tells facts: one row for each; triggers post, lock and number as always. Who pays whom
# goes round, every tenth time the reader; the last 90 days, evenly.
_TELL = """
INSERT INTO ledger_door (fact, print, what, about, moment, codes, currencies, kinds, owners, floors,
                         tracks, debits, credits, amounts)
SELECT 'bench:' || n, md5(n::text), 'transfer.arrived', 'bench:' || n,
       now() - interval '90 days' * (1 - n / %(all)s::float8),
       CASE WHEN a.code < b.code THEN ARRAY[a.code, b.code] ELSE ARRAY[b.code, a.code] END,
       ARRAY['CNY', 'CNY'], ARRAY['available', 'available'],
       CASE WHEN a.code < b.code THEN ARRAY[a.pk, b.pk] ELSE ARRAY[b.pk, a.pk] END,
       ARRAY[true, true], ARRAY[true, true],
       ARRAY[CASE WHEN a.code < b.code THEN 1 ELSE 2 END],
       ARRAY[CASE WHEN a.code < b.code THEN 2 ELSE 1 END], ARRAY[100 + n %% 1000]
FROM generate_series(%(first)s, %(last)s) AS n
CROSS JOIN LATERAL (
    SELECT CASE WHEN n %% 10 = 0 THEN 0 ELSE 1 + n %% (%(people)s - 1) END AS one,
           CASE WHEN n %% 10 = 5 THEN 0 ELSE 1 + (n * 7 + 3) %% (%(people)s - 1) END AS other
) AS pair
CROSS JOIN LATERAL (
    SELECT id AS pk, 'user:' || id || ':available' COLLATE "C" AS code
    FROM accounts_account WHERE id = %(reader)s + pair.one
) AS a
CROSS JOIN LATERAL (
    SELECT id AS pk, 'user:' || id || ':available' COLLATE "C" AS code
    FROM accounts_account WHERE id = %(reader)s + pair.other
) AS b
WHERE a.pk <> b.pk
"""
_BILLS = """
INSERT INTO payments_bill (public_id, account_id, kind, ref, amount, fee, currency, status,
                           counterparty_id, method, note, search, at)
SELECT 'bill_' || j.id, a.owner_id, 'transfer', j.ref, e.amount, 0, 'CNY', 'done', NULL, '', '',
       array_to_tsvector(ARRAY['bench', j.id::text]), j.posted_at
FROM ledger_account a JOIN ledger_entry e ON e.account_id = a.id
JOIN ledger_journal j ON j.id = e.journal_id
WHERE a.owner_id = %s AND j.key LIKE 'bench:%%' ORDER BY j.id
"""


def main() -> int:
    options = _options()
    call_command("migrate", verbosity=0)
    reader = _people()
    began = time.perf_counter()
    _tell(reader.account, options.entries // 2)
    seconds = time.perf_counter() - began
    entries = 2 * Posting.objects.count()
    sys.stdout.write(f"{entries:,} entries, told through the door in {seconds:.0f} s\n")
    began = time.perf_counter()
    added = actions.add_up()
    seconds = time.perf_counter() - began
    sys.stdout.write(
        f"added up for {added} people in {seconds:.1f} s, as the check of the books does\n"
    )
    client = Client()
    client.force_login(reader, backend=settings.AUTHENTICATION_BACKENDS[0])
    _compare(client, options.turns)
    found = queries.check_books(seals=0)
    sys.stdout.write(f"books: {'green' if found.is_green else 'RED'}\n")
    return 0 if found.is_green else 1


def _compare(client: Client, turns: int) -> None:
    pages: list[tuple[str, Callable[[], object]]] = [
        ("settings page (baseline)", lambda: client.get("/settings/appearance/")),
        ("wallet with its balance", lambda: client.get("/wallet/")),
        ("bill list", lambda: client.get("/wallet/bills/")),
        ("bills that came in", lambda: client.get("/wallet/bills/?way=in")),
        ("statement of a month", lambda: client.get("/wallet/statement/")),
    ]
    baseline = 0.0
    for title, page in pages:
        for _warm in range(3):
            page()
        with CaptureQueriesContext(connection) as asked:
            page()
        count = len(asked)  # the next request forgets them
        median = statistics.median(_timed(page) for _ in range(turns)) * 1000
        baseline = baseline or median
        ratio = median / baseline
        sys.stdout.write(f"{title:<28} {median:7.1f} ms  {ratio:5.2f} x  {count:3} queries\n")


def _timed(page: Callable[[], object]) -> float:
    began = time.perf_counter()
    page()
    return time.perf_counter() - began


def _people() -> Person:
    """The reader, and others after them in order; all with money."""
    made = [Account.objects.create(name=f"Person {number}") for number in range(PEOPLE)]
    assert made[-1].pk - made[0].pk == PEOPLE - 1
    with transaction.atomic():
        house = ledger.system("promo", "CNY")
        for account in made:
            leg = Leg(house, ledger.user_available(account, "CNY"), Money(FUNDS, "CNY"))
            ledger.post(key=f"funds:{account.pk}", kind="gift", legs=[leg])
    return Person.objects.create(account=made[0], email="reader@example.com")


def _tell(reader: Account, count: int) -> None:
    step = 20_000
    values = {"all": count, "people": PEOPLE, "reader": reader.pk}
    for first in range(1, count + 1, step):
        with connection.cursor() as cursor:
            cursor.execute(_TELL, {**values, "first": first, "last": min(first + step - 1, count)})
    with connection.cursor() as cursor:
        cursor.execute(_BILLS, [reader.pk])
        cursor.execute("VACUUM ANALYZE")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--entries", type=int, default=1_000_000)
    parser.add_argument("--turns", type=int, default=30)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
