"""Do pots hold what they say, and were standing payments paid once? Recomputed from rows."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from payments.ports import Audit
from payments.queries.books import rows

_POTS = """
WITH pots AS (
    SELECT 'user:' || p.account_id || ':pot:' || p.public_id AS code, p.currency, p.account_id,
        p.amount, p.status,
        (SELECT coalesce(sum(m.amount), 0) FROM payments_potmove m WHERE m.pot_id = p.id) AS moved
    FROM payments_pot p
), accounts AS (
    SELECT code, currency, owner_id, balance, status FROM ledger_account WHERE kind = 'pot'
)
SELECT coalesce(p.code, a.code), coalesce(p.amount, 0), coalesce(p.moved, 0), coalesce(a.balance, 0)
FROM pots p FULL JOIN accounts a ON a.code = p.code AND a.currency = p.currency
WHERE coalesce(p.amount, 0) <> coalesce(a.balance, 0) OR coalesce(p.moved, 0) <> coalesce(p.amount, 0)
    OR p.code IS NULL OR (a.code IS NOT NULL AND a.owner_id IS DISTINCT FROM p.account_id)
    OR (p.status = 'closed' AND a.status IS DISTINCT FROM 'closed' AND a.code IS NOT NULL)
"""
_RUNS = """
SELECT s.public_id || ' ' || r."on" FROM payments_standingrun r
JOIN payments_standing s ON s.id = r.standing_id
LEFT JOIN payments_transfer t ON t.id = r.transfer_id
LEFT JOIN payments_potmove m ON m.id = r.move_id
WHERE r.status = 'done' AND NOT coalesce(
    CASE WHEN s.pot_id IS NULL
        THEN t.sender_id = s.account_id AND t.receiver_id = s.receiver_id
            AND t.amount = s.amount AND t.currency = s.currency
        ELSE m.pot_id = s.pot_id AND m.amount = s.amount END, false)
    OR (r.status <> 'done' AND (r.transfer_id IS NOT NULL OR r.move_id IS NOT NULL))
"""


def _pots() -> Iterator[str]:
    for code, says, moved, balance in rows(_POTS):
        yield f"{code} says {says}, was given {moved} and holds {balance}"


def _runs() -> Iterator[str]:
    for (run,) in rows(_RUNS):
        yield f"{run}: what was paid is not what was ordered"


AUDITS = {
    "I18": Audit(_("Pots hold what was put into them, each of its owner"), _pots),
    "I19": Audit(_("Standing payments paid what was ordered"), _runs),
}
