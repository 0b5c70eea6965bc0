"""Python clients: one process per connection, each moves money as fast as it is answered."""

import multiprocessing
import os
import random
import statistics
import time
from dataclasses import dataclass

import psycopg
from django.conf import settings
from django.db import connection, transaction

from accounts.models import Account
from payments import ledger
from payments.ledger import Leg
from superapp.kernel.money import Money

# All as text, as the product sends it: one prepared statement.
_SQL = (
    "INSERT INTO ledger_door (fact, print, what, about, moment, codes, currencies, kinds, owners, floors,"
    " tracks, debits, credits, amounts) VALUES (%s, %s, 'transfer', '', now(), %s::text[],"
    " ARRAY['CNY', 'CNY'], %s::text[], ARRAY[NULL, NULL]::bigint[], ARRAY[true, true],"
    " ARRAY[true, true], %s::int[], %s::int[], ARRAY[1::bigint]) RETURNING journal, outcome"
)
_TPCB = (
    "BEGIN",
    "UPDATE pgbench_accounts SET abalance = abalance + %(d)s::int WHERE aid = %(a)s::int",
    "SELECT abalance FROM pgbench_accounts WHERE aid = %(a)s::int",
    "UPDATE pgbench_tellers SET tbalance = tbalance + %(d)s::int WHERE tid = %(t)s::int",
    "UPDATE pgbench_branches SET bbalance = bbalance + %(d)s::int WHERE bid = %(b)s::int",
    "INSERT INTO pgbench_history (tid, bid, aid, delta, mtime) VALUES (%(t)s::int, %(b)s::int,"
    " %(a)s::int, %(d)s::int, CURRENT_TIMESTAMP)",
    "END",
)


@dataclass(frozen=True)
class Run:
    """What one turn came to; times in milliseconds."""

    per_second: float
    p50: float
    p99: float


def post_directly(place, options, number):
    """psycopg, autocommit, prepared: one question and its answer per transfer."""
    return _together("direct", place, options, number)


def post_in_django(place, options, number):
    """transaction.atomic() and payments.ledger.post: BEGIN, the function, COMMIT."""
    return _together("django", place, options, number)


def tpcb_by_psycopg(_place, options, number):
    """The transaction of pgbench from the same Python clients, prepared too."""
    return _together("tpcb", "random", options, number)


def _together(kind, place, options, number):
    connection.close()
    context = multiprocessing.get_context("fork")
    with context.Pool(options.clients) as pool:
        jobs = [(kind, place, options, f"{number}:{n}") for n in range(options.clients)]
        taken = pool.starmap(_one, jobs, chunksize=1)
    times = sorted(taken_by for one in taken for taken_by in one)
    return Run(
        len(times) / options.seconds,
        statistics.median(times) * 1000,
        times[int(len(times) * 0.99)] * 1000,
    )


def _one(kind, place, options, who):
    """Seconds of each transfer of one client."""
    step = {"direct": _direct, "django": _in_django, "tpcb": _tpcb}[kind](place, options)
    step(f"{kind}:{place}:{who}:{os.getpid()}:warm")
    taken = []
    began = time.perf_counter()
    ends = began + options.seconds
    while began < ends:
        step(f"{kind}:{place}:{who}:{len(taken)}")
        done = time.perf_counter()
        taken.append(done - began)
        began = done
    return taken


def _direct(place, options):
    server = psycopg.connect(os.environ["DATABASE_URL"], autocommit=True, prepare_threshold=0)
    cursor = server.cursor()

    def step(key):
        payer, payee = _pair(options)
        mine = f"user:{payer}:available"
        if place == "hot":
            other = f"merchant:1:pending#{hash(key) % settings.LEDGER_SHARDS:02}"
            kinds = "{merchant,available}"
        else:
            other = f"user:{payee}:available"
            kinds = "{available,available}"
        is_first = mine < other
        codes = f'{{"{mine}","{other}"}}' if is_first else f'{{"{other}","{mine}"}}'
        sides = ("{1}", "{2}") if is_first else ("{2}", "{1}")
        cursor.execute(_SQL, (key, key[-32:], codes, kinds, *sides))
        assert cursor.fetchone()[1] == "created"

    return step


def _tpcb(_place, _options):
    server = psycopg.connect(os.environ["DATABASE_URL"], autocommit=True, prepare_threshold=0)
    cursor = server.cursor()
    branches = cursor.execute("SELECT count(*) FROM pgbench_branches").fetchone()[0]

    def step(_key):
        values = {
            "a": str(random.randrange(100_000 * branches) + 1),
            "t": str(random.randrange(10 * branches) + 1),
            "b": str(random.randrange(branches) + 1),
            "d": str(random.randrange(-5000, 5001)),
        }
        for statement in _TPCB:
            cursor.execute(statement, values if "%" in statement else None)

    return step


def _in_django(place, options):
    shop = ledger.merchant(1, "pending", "CNY")

    def step(key):
        payer, payee = _pair(options)
        to = shop if place == "hot" else ledger.user_available(_account(payee), "CNY")
        leg = Leg(ledger.user_available(_account(payer), "CNY"), to, Money(1, "CNY"))
        with transaction.atomic():
            assert ledger.post(key=key, kind="transfer", legs=[leg]).created

    return step


def _account(number):
    """As if it had been read: making a random public id would be measured too."""
    return Account(pk=number, public_id="-")


def _pair(options):
    payer = random.randrange(options.accounts) + 1
    payee = random.randrange(options.accounts - 1) + 1
    return payer, payee + (payee >= payer)
