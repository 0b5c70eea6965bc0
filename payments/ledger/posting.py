"""The one door through which money moves."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b

from babel.numbers import list_currencies
from django.db import connection

from accounts.models import Account
from payments.errors import AccountFrozen, BadPosting, InsufficientFunds, KeyReused
from payments.ledger.refs import AccountRef, Leg, ref_of
from payments.ledger.shards import accounts_of, place
from payments.models import Journal
from payments.models.ledger import AMOUNT_MAX
from superapp.kernel import hot, time
from superapp.kernel.errors import Refusal
from superapp.kernel.money import CurrencyMismatch, Money

_REFUSED: dict[str, type[Refusal]] = {
    "insufficient_funds": InsufficientFunds,
    "account_frozen": AccountFrozen,
    "key_reused": KeyReused,
    "not_owed": BadPosting,
}
# Everything goes as text, so that there is one statement, planned once per connection.
_POST = (
    "INSERT INTO ledger_door (fact, print, what, about, who, undoes, moment, codes, currencies, kinds,"
    " owners, floors, tracks, debits, credits, amounts) VALUES (%s, %s, %s, %s, %s::bigint, %s::bigint,"
    " %s::timestamptz, %s::text[], %s::text[], %s::text[], %s::bigint[], %s::boolean[], %s::boolean[],"
    " %s::int[], %s::int[], %s::bigint[]) RETURNING journal, outcome, detail"
)


@dataclass(frozen=True, slots=True)
class Posted:
    """`created` is False when the fact had been told before: then nothing moved now."""

    journal_id: int
    created: bool


def post(
    *,
    key: str,
    kind: str,
    legs: Sequence[Leg],
    ref: str = "",
    actor: Account | None = None,
    reverses: int | None = None,
    opened: Sequence[AccountRef] = (),
) -> Posted:
    """Tell a business fact and move its money: all legs in their order, or none.

    `key` names the fact ("transfer:tr_5x:accepted"): told again it moves nothing. `opened` are
    accounts to open although no leg touches them. Amounts are 1 to 10^15 minor units. Must run in
    the caller's transaction, which can go on after a refusal.

    Raises InsufficientFunds, AccountFrozen, KeyReused, BadPosting, CurrencyMismatch.
    """
    assert connection.in_atomic_block, "the caller decides what belongs to one transaction"
    _check(legs)
    fingerprint = _fingerprint(kind, legs, reverses)
    placed = place(key, legs)
    # In one order for everybody: this is the order in which they are locked.
    refs = sorted(
        {(leg.code, leg.currency): leg for leg in accounts_of(placed, opened)}.values(),
        key=lambda one: (one.code, one.currency),
    )
    at = {(one.code, one.currency): number for number, one in enumerate(refs, start=1)}
    journal_id, outcome, detail = _told(
        *(key, fingerprint, kind, ref),
        *(str(actor.pk) if actor else None, str(reverses) if reverses else None),
        time.now().isoformat(),
        _texts(one.code for one in refs),
        _list(one.currency for one in refs),
        _texts(one.kind for one in refs),
        _list(str(one.owner.pk) if one.owner else "NULL" for one in refs),
        _list("t" if one.floor_zero else "f" for one in refs),
        _list("t" if one.tracked else "f" for one in refs),
        _list(str(at[leg.debit.code, leg.debit.currency]) for leg in placed),
        _list(str(at[leg.credit.code, leg.credit.currency]) for leg in placed),
        _list(str(leg.amount.minor) for leg in placed),
    )
    if outcome in _REFUSED:
        raise _REFUSED[outcome](detail=detail)
    return Posted(journal_id, outcome == "created")


def reverse(
    *, journal_id: int, key: str, kind: str, ref: str = "", actor: Account | None = None
) -> Posted:
    """Undo a journal by its mirror, once for ever. Raises InsufficientFunds, AccountFrozen."""
    journal = Journal.objects.get(pk=journal_id)
    postings = journal.postings.select_related("debit", "credit").order_by("-pk")
    legs = [
        Leg(ref_of(one.credit), ref_of(one.debit), Money(one.amount, one.currency))
        for one in postings
    ]
    return post(key=key, kind=kind, legs=legs, ref=ref, actor=actor, reverses=journal.pk)


def _check(legs: Sequence[Leg]) -> None:
    if not legs:
        raise BadPosting
    for leg in legs:
        if not leg.debit.currency == leg.credit.currency == leg.amount.currency:
            raise CurrencyMismatch
        if leg.debit.code == leg.credit.code or not 1 <= leg.amount.minor <= AMOUNT_MAX:
            raise BadPosting
        if leg.amount.currency not in _currencies():
            raise BadPosting


@cache
def _currencies() -> frozenset[str]:
    return frozenset(list_currencies())


def _fingerprint(kind: str, legs: Sequence[Leg], reverses: int | None) -> str:
    """Of what was asked for, before shards are chosen: a retry may find other balances."""
    parts = [kind, str(reverses or "")]
    for leg in legs:
        parts += [leg.debit.code, leg.credit.code, leg.amount.currency, str(leg.amount.minor)]
    return blake2b("\n".join(parts).encode(), digest_size=16).hexdigest()


def _told(*values: str | None) -> tuple[int, str, str]:
    ((journal_id, outcome, detail),) = hot.rows_of(_POST, values)
    return journal_id, outcome, detail


def _list(values: Iterable[str]) -> str:
    """An array as PostgreSQL reads it, of what needs no quotes."""
    return "{" + ",".join(values) + "}"


def _texts(values: Iterable[str]) -> str:
    quoted = (value.replace("\\", "\\\\").replace('"', '\\"') for value in values)
    return _list(f'"{value}"' for value in quoted)
