"""What moved among some entries of an account, by kind and by day.

Full blocks of entries are added up once and kept; only what lies beside them, two blocks at most and
what came since the last check, is read entry by entry.
"""

from datetime import date

from django.conf import settings

from payments.queries.books import rows

_SUMS = """
WITH kept AS MATERIALIZED (
    SELECT after, upto, kind, day, came_in, went_out, count FROM ledger_entry_sum
    WHERE account_id = %(account)s AND zone = %(zone)s
      AND upto > %(first)s AND upto <= %(last)s AND after >= %(first)s
), edges AS (
    SELECT coalesce(min(after), %(last)s) AS low, coalesce(max(upto), %(last)s) AS high FROM kept
), beside AS (
    SELECT * FROM ledger_entry e
    WHERE e.account_id = %(account)s AND e.seq > %(first)s AND e.seq <= (SELECT low FROM edges)
    UNION ALL
    SELECT * FROM ledger_entry e
    WHERE e.account_id = %(account)s AND e.seq > (SELECT high FROM edges) AND e.seq <= %(last)s
), moved AS (
    SELECT kind, day, came_in, went_out, count FROM kept
    UNION ALL
    SELECT split_part(j.kind, '.', 1), (j.posted_at AT TIME ZONE %(zone)s)::date,
           greatest(b.amount, 0), greatest(-b.amount, 0), 1
    FROM beside b JOIN ledger_journal j ON j.id = b.journal_id
)
SELECT kind, day, sum(came_in), sum(went_out), sum(count) FROM moved
GROUP BY GROUPING SETS ((kind), (day))
"""
# Accounts with at least a block that is not added up yet, and where that begins.
_DUE = """
SELECT a.id, s.done FROM ledger_account a
CROSS JOIN LATERAL (
    SELECT coalesce(max(upto), 0) AS done FROM ledger_entry_sum
    WHERE account_id = a.id AND zone = %(zone)s
) s
WHERE a.kind = 'available' AND a.seq >= %(size)s AND a.seq >= s.done + %(size)s
"""
_WRONG = """
WITH found AS (
    SELECT b.account_id, b.zone, b.after, b.upto, (j.posted_at AT TIME ZONE b.zone)::date AS day,
           split_part(j.kind, '.', 1) AS kind, sum(greatest(e.amount, 0)) AS came_in,
           sum(greatest(-e.amount, 0)) AS went_out, count(*) AS count
    FROM (SELECT DISTINCT account_id, zone, after, upto FROM ledger_entry_sum) b
    JOIN ledger_entry e
        ON e.account_id = b.account_id AND e.seq > b.after AND e.seq <= b.upto
    JOIN ledger_journal j ON j.id = e.journal_id
    GROUP BY 1, 2, 3, 4, 5, 6
)
SELECT 'account ' || account_id || ', entries ' || after + 1 || ' to ' || upto || ', ' || kind
FROM ledger_entry_sum s FULL JOIN found f USING (account_id, zone, after, upto, day, kind)
WHERE (s.came_in, s.went_out, s.count) IS DISTINCT FROM (f.came_in, f.went_out, f.count)
UNION ALL
SELECT 'account ' || account_id || ', between entries ' || before || ' and ' || after FROM (
    SELECT account_id, after, coalesce(lag(upto) OVER (
        PARTITION BY account_id, zone ORDER BY upto), 0) AS before
    FROM (SELECT DISTINCT account_id, zone, after, upto FROM ledger_entry_sum) blocks
) follow WHERE after <> before
"""


def sums_of(account_pk: int, first: int, last: int) -> list[tuple[str, date, int, int, int]]:
    """(kind, None, …) for each kind and (None, day, …) for each day: what came, what went, how often.

    Of the entries after `first` up to `last`, exact at any moment.
    """
    if first == last:
        return []
    values = {
        "account": account_pk,
        "first": first,
        "last": last,
        "zone": settings.HOME_TIME_ZONE,
    }
    return rows(_SUMS, values)


def due_to_add_up() -> list[tuple[int, int]]:
    """(account's number, the last entry that is added up) where a block is full and not kept."""
    values = {"zone": settings.HOME_TIME_ZONE, "size": settings.LEDGER_SUM_BLOCK}
    return rows(_DUE, values)


def wrong_sums() -> list[str]:
    """Kept sums that are not what their entries add up to."""
    return [str(row[0]) for row in rows(f"{_WRONG} LIMIT {settings.LEDGER_FAULTS_SHOWN:d}")]
