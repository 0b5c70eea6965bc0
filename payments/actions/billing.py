"""Bill rows: each payer and payee has one for each thing, and it follows the thing."""

from django.db.models import Func, Value

from accounts.models import Account
from payments import events
from payments.models import Bill
from payments.states import BillKind, BillStatus
from superapp.kernel import push, search, time
from superapp.kernel.money import Money

_CHANGES = ["amount", "fee", "status", "method", "note", "search"]


def bill(
    *,
    account: Account,
    kind: BillKind,
    ref: str,
    amount: Money,
    status: BillStatus = BillStatus.DONE,
    counterparty: Account | None = None,
    method: str = "",
    note: str = "",
    fee: Money | None = None,
) -> None:
    """Write somebody's line about a thing, or change it: one for each account, kind and ref.

    `amount` is signed: plus came in, minus went out, fees inside. Refuses nothing.
    """
    name = counterparty.name if counterparty else ""
    words = f"{name} {note} {method} {ref}"
    row = Bill(
        account=account,
        kind=kind,
        ref=ref,
        amount=amount.minor,
        fee=fee.minor if fee else 0,
        currency=amount.currency,
        status=status,
        counterparty=counterparty,
        method=method[:60],
        note=note[:200],
        search=_vector(words),
        at=time.now(),
    )
    Bill.objects.bulk_create(
        [row],
        update_conflicts=True,
        unique_fields=["account", "kind", "ref"],
        update_fields=_CHANGES,
    )
    push.to_accounts([account.pk], events.wallet_changed(ref=ref))


def _vector(words: str) -> Func:
    tokens = Func(Value(search.vector_of(words)), Value(" "), function="string_to_array")
    return Func(tokens, function="array_to_tsvector")
