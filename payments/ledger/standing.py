"""What accounts hold, and whether money may move in and out of them."""

from django.db import transaction
from django.db.models import QuerySet, Sum
from django.db.models.functions import Collate

from payments.errors import AccountNotEmpty
from payments.ledger.refs import AccountRef
from payments.ledger.shards import row_of, shards_of
from payments.models import Entry, LedgerAccount
from payments.states import LEDGER_ACCOUNT_MOVES, LedgerAccountStatus
from superapp.kernel.money import Money
from superapp.kernel.transitions import move

# The order in which postings lock accounts.
_LOCKED = Collate("code", "C")


def balance(ref: AccountRef) -> Money:
    """Credits minus debits; zero for an account that was never opened."""
    rows = _rows(ref)
    if ref.tracked:
        found = rows.aggregate(total=Sum("balance"))["total"]
    else:
        found = Entry.objects.filter(account__in=rows).aggregate(total=Sum("amount"))["total"]
    return Money(int(found or 0), ref.currency)


@transaction.atomic
def close(ref: AccountRef) -> None:
    """Close a finished account for good. Raises AccountNotEmpty. Never opened or closed: fine."""
    for row in _rows(ref).select_for_update(no_key=True).order_by(_LOCKED):
        if row.balance:
            raise AccountNotEmpty
        if row.status != LedgerAccountStatus.CLOSED:
            move(row, LedgerAccountStatus.CLOSED, allowed=LEDGER_ACCOUNT_MOVES)


@transaction.atomic
def freeze_out(ref: AccountRef) -> None:
    """Money may still come in, and none goes out. Opens the account if need be."""
    _open(ref)
    for row in _rows(ref).select_for_update(no_key=True).order_by(_LOCKED):
        if row.status == LedgerAccountStatus.OPEN:
            move(row, LedgerAccountStatus.FROZEN_OUT, allowed=LEDGER_ACCOUNT_MOVES)


@transaction.atomic
def unfreeze(ref: AccountRef) -> None:
    """Everything may move again; closed accounts stay closed."""
    for row in _rows(ref).select_for_update(no_key=True).order_by(_LOCKED):
        if row.status in {LedgerAccountStatus.FROZEN_OUT, LedgerAccountStatus.FROZEN}:
            move(row, LedgerAccountStatus.OPEN, allowed=LEDGER_ACCOUNT_MOVES)


def _rows(ref: AccountRef) -> QuerySet[LedgerAccount]:
    return LedgerAccount.objects.filter(pool=ref.code, currency=ref.currency)


def _open(ref: AccountRef) -> None:
    rows = [row_of(one) for one in shards_of(ref)]
    LedgerAccount.objects.bulk_create(rows, ignore_conflicts=True)
