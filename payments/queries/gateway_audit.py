"""What must hold between operations, limits and the books. Registered with the ledger's checks."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from payments.ports import Audit, audits
from payments.queries.books import rows

_TRANSIT = """
WITH open_things AS (
    SELECT CASE kind WHEN 'payout' THEN 'transit:po:' || public_id ELSE "into" END AS code, currency,
           amount + fee AS waits
    FROM gateway_op WHERE kind IN ('payout', 'refund')
      AND status IN ('created', 'sent', 'needs_action', 'unknown')
), accounts AS (
    SELECT code, currency, balance FROM ledger_account WHERE kind = 'transit' AND balance <> 0
)
SELECT coalesce(t.code, a.code) || ' should hold ' || coalesce(t.waits, 0) || ' and holds '
       || coalesce(a.balance, 0)
FROM open_things t FULL JOIN accounts a ON a.code = t.code AND a.currency = t.currency
WHERE coalesce(t.waits, 0) <> coalesce(a.balance, 0)
"""
_REFUNDED = """
SELECT 'charge ' || c.public_id || ': ' || sum(r.amount) || ' of ' || coalesce(c.capture, c.amount)
FROM gateway_op c JOIN gateway_op r ON r.charge_id = c.id
WHERE r.status NOT IN ('failed', 'reversed')
GROUP BY c.id HAVING sum(r.amount) > coalesce(c.capture, c.amount) OR bool_or(c.status <> 'succeeded')
"""
# What is held of balances, for services and in disputes.
_HOLDS = """
WITH open_things AS (
    SELECT 'hold:au:' || public_id AS code, currency, amount AS waits FROM payments_hold
    WHERE status = 'held' AND source = 'balance'
    UNION ALL
    SELECT 'hold:dp:' || public_id, currency, amount FROM gateway_dispute WHERE status = 'open'
), accounts AS (
    SELECT code, currency, balance FROM ledger_account WHERE kind = 'hold' AND balance <> 0
)
SELECT coalesce(t.code, a.code) || ' should hold ' || coalesce(t.waits, 0) || ' and holds '
       || coalesce(a.balance, 0)
FROM open_things t FULL JOIN accounts a ON a.code = t.code AND a.currency = t.currency
WHERE coalesce(t.waits, 0) <> coalesce(a.balance, 0)
UNION ALL
SELECT 'hold ' || h.public_id || ' is ' || h.status || ', its charge ' || o.status
FROM payments_hold h JOIN gateway_op o ON o.id = h.operation_id
WHERE (h.status IN ('held', 'capturing')) <> (o.status = 'authorised' OR o.capture > 0)
  AND o.status NOT IN ('succeeded', 'failed')
  OR h.status = 'captured' AND (o.status <> 'succeeded' OR o.capture <> h.captured)
"""
# What the gateway holds for us by our own operations, against what the books say it holds.
_CLEARING = """
WITH known AS (
    SELECT currency, sum(CASE kind WHEN 'charge' THEN coalesce(capture, amount) ELSE -amount END) AS holds
    FROM gateway_op WHERE status = 'succeeded' AND kind <> 'bind' GROUP BY currency
    UNION ALL
    SELECT currency, -sum(amount) FROM gateway_dispute WHERE status <> 'won' GROUP BY currency
    UNION ALL
    SELECT a.currency, sum(e.amount) FROM ledger_entry e JOIN ledger_account a ON a.id = e.account_id
    JOIN ledger_journal j ON j.id = e.journal_id
    WHERE a.code LIKE 'suspense:%%' AND j.kind = 'gateway.suspense' GROUP BY a.currency
), booked AS (
    SELECT a.currency, -sum(e.amount) AS holds
    FROM ledger_entry e JOIN ledger_account a ON a.id = e.account_id
    JOIN ledger_journal j ON j.id = e.journal_id
    WHERE a.code = 'gateway:clearing'
      AND split_part(j.key, ':', 1) IN ('gw', 'withdrawal') GROUP BY a.currency
)
SELECT coalesce(k.currency, b.currency) || ': operations say ' || coalesce(k.holds, 0)
       || ', the books ' || coalesce(b.holds, 0)
FROM (SELECT currency, sum(holds) AS holds FROM known GROUP BY currency) k
FULL JOIN booked b USING (currency)
WHERE coalesce(k.holds, 0) <> coalesce(b.holds, 0)
"""
_LATE = """
SELECT 'operation ' || public_id || ' is ' || status || ' and was not looked at'
FROM gateway_op
WHERE status IN ('created', 'sent', 'needs_action', 'unknown') AND next_check_at < now() - interval '15 minutes'
UNION ALL
SELECT 'event ' || event_id || ' is not followed' FROM gateway_event
WHERE status IN ('new', 'failed') AND received_at < now() - interval '15 minutes'
UNION ALL
SELECT 'job ' || kind || ' ' || key || ' is late or failed' FROM kernel_job
WHERE kind LIKE 'payments.%%' AND done_at IS NULL
  AND (failed_at IS NOT NULL OR due_at < now() - interval '15 minutes')
UNION ALL
SELECT 'suspense of ' || currency || ' is ' || holds FROM (
    SELECT a.currency, sum(e.amount) AS holds, min(j.posted_at) AS since
    FROM ledger_entry e JOIN ledger_account a ON a.id = e.account_id
    JOIN ledger_journal j ON j.id = e.journal_id
    WHERE a.code LIKE 'suspense:%%' GROUP BY a.currency, a.code
) s WHERE holds <> 0 AND since < now() - interval '24 hours'
"""
_LIMITS = """
SELECT rule || ' of account ' || account_id || ': ' || used || ' of ' || cap
FROM limit_use WHERE used > cap OR used < 0
"""


def register() -> None:
    """Once, at start-up."""
    audits.register(
        "I9t", Audit(_("What is on its way out equals the open withdrawals and refunds"), _transit)
    )
    audits.register("I9h", Audit(_("Held money equals the open holds and disputes"), _holds))
    audits.register("I11", Audit(_("No more went back to a card than was charged"), _refunded))
    audits.register("I12", Audit(_("The gateway holds what its operations say"), _clearing))
    audits.register("I14", Audit(_("Nothing waits unseen: operations, events, suspense"), _late))
    audits.register("I15", Audit(_("No limit is exceeded"), _limits))


def _transit() -> Iterator[str]:
    yield from (str(row[0]) for row in rows(_TRANSIT))


def _refunded() -> Iterator[str]:
    yield from (str(row[0]) for row in rows(_REFUNDED))


def _holds() -> Iterator[str]:
    yield from (str(row[0]) for row in rows(_HOLDS))


def _clearing() -> Iterator[str]:
    yield from (str(row[0]) for row in rows(_CLEARING))


def _late() -> Iterator[str]:
    yield from (str(row[0]) for row in rows(_LATE))


def _limits() -> Iterator[str]:
    yield from (str(row[0]) for row in rows(_LIMITS))
