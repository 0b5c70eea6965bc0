"""./dev bench broadcast: what it costs to say something to all followers of an account.

    ./dev bench broadcast [--followers 100000] [--rounds 5]

In one run and on one server, round by round: sending as the product does, one row that is merged when
it is read, and beside it one row per follower, as inboxes with rows do. Time in the database and bytes
of write-ahead log (medians), then what a follower's list of chats costs to read before and after.
"""

import argparse
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

os.environ["DJANGO_SETTINGS_MODULE"] = "superapp.settings"
os.environ["SUPERAPP_LOG_LEVEL"] = "ERROR"
os.environ["SUPERAPP_BROADCASTS_PER_MONTH"] = "1000"

import django

django.setup()

from django.core.management import call_command  # noqa: E402  Django must be set up first
from django.db import connection  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from accounts.actions import publishing  # noqa: E402
from accounts.models import Account, Broadcast, Follow, OfficialAccount  # noqa: E402
from accounts.states import BroadcastStatus, OfficialStatus  # noqa: E402
from chat import queries  # noqa: E402

TIMES, BYTES = 10, 100
_PEOPLE = """
INSERT INTO accounts_account (public_id, kind, name, sort_key, name_keys, created_at)
SELECT 'acc_bench' || n, 'person', 'Follower ' || n, 'follower', '{}', now()
FROM generate_series(1, %s) AS n
"""
_FOLLOWS = """
INSERT INTO accounts_follow (official_id, person_id, openid, unionid, is_following, followed_at, periods,
                             source, scene_str, remark, is_blacklisted, handed_over_to, window_left,
                             created_at)
SELECT %s, id, 'o' || lpad(id::text, 27, '0'), 'u' || lpad(id::text, 27, '0'), true, now(),
       ARRAY[tstzrange(now(), NULL)], 'search', '', '', false, '', 0, now()
FROM accounts_account WHERE kind = 'person' AND name LIKE 'Follower %%'
"""
_THREADS = """
WITH made AS (
    INSERT INTO chat_conversation (public_id, kind, pair_key, title, last_seq, last_change,
        last_message_at, members_rev, members_count, is_greeting, needs_approval, announcement, created_at)
    SELECT 'conv_bench' || id, 'service', %(official)s || ':' || id, '', 0, 0, now(), 0, 2, false, false,
           '', now()
    FROM accounts_account WHERE kind = 'person' AND name LIKE 'Follower %%'
    RETURNING id, split_part(pair_key, ':', 2)::bigint AS person
)
INSERT INTO chat_membership (conversation_id, account_id, peer_id, role, status, joined_at, ended_title,
    first_seq, cleared_seq, read_seq, is_marked_unread, is_muted, is_archived, is_subscription, alias,
    remark, is_saved, draft)
SELECT id, a, p, 'member', 'active', now(), '', 0, 0, 0, false, false, false, false, '', '', false, ''
FROM made, LATERAL (VALUES (person, %(official)s::bigint), (%(official)s::bigint, person)) AS t (a, p)
"""
_INBOX = """
CREATE TABLE bench_inbox (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    person_id bigint NOT NULL, broadcast_id bigint NOT NULL,
    is_read boolean NOT NULL DEFAULT false, received_at timestamptz NOT NULL,
    UNIQUE (person_id, broadcast_id)
)
"""
_PER_FOLLOWER = """
INSERT INTO bench_inbox (person_id, broadcast_id, received_at)
SELECT person_id, %s, now() FROM accounts_follow WHERE official_id = %s AND is_following
"""


@dataclass(frozen=True)
class Cost:
    milliseconds: float
    wal: int


def main() -> int:
    options = _options()
    call_command("migrate", verbosity=0)
    official, reader = _world(options.followers)
    before = _reading(reader)
    ours, theirs = [], []
    for number in range(options.rounds):
        ours.append(_measured(lambda n=number: _send(official, n)))  # type: ignore[misc]
        theirs.append(_measured(lambda n=number: _per_follower(official, n)))  # type: ignore[misc]
    after = _reading(reader)
    return _print(options, ours, theirs, before, after)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--followers", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=5)
    return parser.parse_args()


def _world(followers: int) -> tuple[OfficialAccount, Account]:
    """An account with its followers, each with a thread; and one of them, who reads."""
    account = Account.objects.create(kind=Account.Kind.OFFICIAL, name="Bench")
    owner = Account.objects.create(name="Owner")
    official = OfficialAccount.objects.create(
        account=account,
        owner=owner,
        kind="service",
        category="other",
        status=OfficialStatus.APPROVED,
        time_zone="UTC",
        name_skeleton="bench",
    )
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute(_PEOPLE, [followers])
        cursor.execute(_FOLLOWS, [official.pk])
        cursor.execute(_THREADS, {"official": account.pk})
        cursor.execute(_INBOX)
        cursor.execute("ALTER SYSTEM SET max_wal_size = '16GB'")
        cursor.execute("SELECT pg_reload_conf()")
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("CHECKPOINT")
    reader = Follow.objects.filter(official=official).order_by("-pk")[followers // 2].person
    return official, reader


def _send(official: OfficialAccount, number: int) -> None:
    """What the job does when a broadcast is due."""
    broadcast = Broadcast.objects.create(
        official=official,
        status=BroadcastStatus.SCHEDULED,
        text=f"Broadcast {number}",
        headline=f"Broadcast {number}",
        created_at=official.created_at,
    )
    publishing.send_broadcast(broadcast_id=broadcast.pk)


def _per_follower(official: OfficialAccount, number: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_PER_FOLLOWER, [number, official.pk])


def _measured(act: Callable[[], None]) -> Cost:
    """Time of all statements, as the database was asked, and the log they wrote."""
    with connection.cursor() as cursor:
        cursor.execute("CHECKPOINT")
        cursor.execute("SELECT pg_current_wal_insert_lsn()")
        (start,) = cursor.fetchone()
    with _stopwatch() as spent:
        act()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), %s)", [start])
        (wal,) = cursor.fetchone()
    return Cost(spent[0] * 1000, int(wal))


@contextmanager
def _stopwatch() -> Iterator[list[float]]:
    spent = [0.0]

    def timed(execute, sql, params, many, context):
        began = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            spent[0] += time.perf_counter() - began

    with connection.execute_wrapper(timed):
        yield spent


def _reading(reader: Account) -> tuple[int, float, int]:
    """(queries, median milliseconds, unread) of the first page of somebody's list of chats."""
    with CaptureQueriesContext(connection) as asked:
        rows, _cursor = queries.inbox_page(reader)
    taken = []
    for _ in range(50):
        began = time.perf_counter()
        queries.inbox_page(reader)
        taken.append((time.perf_counter() - began) * 1000)
    return len(asked), statistics.median(taken), rows[0].unread


def _print(
    options: argparse.Namespace,
    ours: list[Cost],
    theirs: list[Cost],
    before: tuple[int, float, int],
    after: tuple[int, float, int],
) -> int:
    say = sys.stdout.write
    say(f"\n{options.followers:,} followers, {options.rounds} rounds, medians\n")
    say(f"{'':<34}{'database ms':>12}{'WAL bytes':>14}\n")
    found = []
    for title, costs in (("one row, merged when read", ours), ("one row per follower", theirs)):
        milliseconds = statistics.median(cost.milliseconds for cost in costs)
        wal = statistics.median(cost.wal for cost in costs)
        found.append((milliseconds, wal))
        say(f"{title:<34}{milliseconds:>12.1f}{wal:>14,.0f}\n")
    (our_ms, our_wal), (their_ms, their_wal) = found
    faster, lighter = their_ms / our_ms, their_wal / our_wal
    say(f"{'times less':<34}{faster:>12.1f}{lighter:>14.1f}\n")
    say(f"{'target':<34}{TIMES:>12}{BYTES:>14}\n")
    for title, (count, milliseconds, unread) in (("before", before), ("after", after)):
        say(f"list of chats {title:<8} {count} queries, {milliseconds:.2f} ms, {unread} unread\n")
    # The first broadcast of a list adds the one query that fetches its words.
    is_constant = after[0] - before[0] <= 1 and after[2] == options.rounds
    return 0 if faster >= TIMES and lighter >= BYTES and is_constant else 1


if __name__ == "__main__":
    sys.exit(main())
