"""Adding up blocks of entries that are full, so that statements need not."""

from django.conf import settings
from django.db import connection

from payments import queries

_ADD_UP = """
INSERT INTO ledger_entry_sum (account_id, zone, after, upto, day, kind, came_in, went_out, count)
SELECT e.account_id, %(zone)s, b.after, b.after + %(size)s,
       (j.posted_at AT TIME ZONE %(zone)s)::date, split_part(j.kind, '.', 1),
       sum(greatest(e.amount, 0)), sum(greatest(-e.amount, 0)), count(*)
FROM ledger_account a
CROSS JOIN LATERAL generate_series(%(done)s::bigint, a.seq - %(size)s, %(size)s::bigint) AS b (after)
JOIN ledger_entry e ON e.account_id = a.id AND e.seq > b.after AND e.seq <= b.after + %(size)s
JOIN ledger_journal j ON j.id = e.journal_id
WHERE a.id = %(account)s
GROUP BY e.account_id, b.after, (j.posted_at AT TIME ZONE %(zone)s)::date, split_part(j.kind, '.', 1)
ON CONFLICT DO NOTHING
"""


def add_up() -> int:
    """Add up every block of entries that became full; returns of how many accounts.

    Whoever posts holds the account's row until the end, so what is numbered is there: a full block
    never changes again. Two who add up the same write the same.
    """
    due = queries.due_to_add_up()
    for account, done in due:
        values: dict[str, str | int] = {
            "account": account,
            "done": done,
            "zone": settings.HOME_TIME_ZONE,
            "size": settings.LEDGER_SUM_BLOCK,
        }
        with connection.cursor() as cursor:
            cursor.execute(_ADD_UP, values)
    return len(due)
