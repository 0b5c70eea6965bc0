"""Do things between people say what lies in their accounts? Recomputed from what is stored."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from payments.ports import Audit
from payments.queries.books import rows

_ESCROWS = """
WITH open_things AS (
    SELECT 'escrow:tr:' || public_id AS code, currency, amount AS waits
    FROM payments_transfer WHERE status IN ('pending', 'delayed')
    UNION ALL
    SELECT 'escrow:rp:' || public_id, currency, amount - taken
    FROM payments_redpacket WHERE status = 'open'
), accounts AS (
    SELECT code, currency, balance FROM ledger_account
    WHERE kind = 'escrow' AND balance <> 0 AND code ~ '^escrow:(tr|rp|rq|sp):'
)
SELECT coalesce(t.code, a.code), coalesce(t.waits, 0), coalesce(a.balance, 0)
FROM open_things t FULL JOIN accounts a ON a.code = t.code AND a.currency = t.currency
WHERE coalesce(t.waits, 0) <> coalesce(a.balance, 0)
"""
_PACKETS = """
SELECT p.public_id FROM payments_redpacket p
LEFT JOIN LATERAL (
    SELECT count(*) AS claims, coalesce(sum(c.amount), 0) AS taken,
        count(*) FILTER (WHERE c.amount <> p.shares[c.number]) AS wrong,
        count(DISTINCT c.account_id) AS people, coalesce(max(c.number), 0) AS last
    FROM payments_packetclaim c WHERE c.packet_id = p.id
) AS c ON true
WHERE NOT packet_shares_hold(p.shares, p.amount, p.count)
    OR c.claims <> p.claimed OR c.taken <> p.taken OR c.wrong > 0
    OR c.people <> c.claims OR c.last <> c.claims
    OR (p.status IN ('exhausted', 'refunded') AND p.taken + p.refunded <> p.amount)
"""
_SPLITS = """
SELECT s.public_id FROM payments_split s
JOIN LATERAL (
    SELECT coalesce(sum(x.amount), 0) AS owed, count(*) AS people,
        count(*) FILTER (WHERE x.status = 'paid') AS paid
    FROM payments_splitshare x WHERE x.split_id = s.id
) AS x ON true
WHERE x.owed + s.own_part <> s.amount OR x.people <> s.people OR x.paid <> s.paid
"""


def _escrows() -> Iterator[str]:
    for code, waits, balance in rows(_ESCROWS):
        yield f"{code} should hold {waits} and holds {balance}"


def _packets() -> Iterator[str]:
    for (public_id,) in rows(_PACKETS):
        yield f"{public_id}: shares, claims and what went back do not add up"
    for (public_id,) in rows(_SPLITS):
        yield f"{public_id}: parts and payments do not add up"


AUDITS = {
    "I9": Audit(_("Accounts of transfers and packets hold what is open"), _escrows),
    "I10": Audit(_("Red packets and split bills add up"), _packets),
}
