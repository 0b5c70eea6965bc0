"""Money that is held for somebody: for whom, how much, until when."""

from django.conf import settings
from django.db.models import QuerySet, Sum

from accounts.models import Account
from payments.errors import HoldNotFound
from payments.models import Hold
from payments.states import HoldStatus


def holds_of(account: Account) -> QuerySet[Hold]:
    """What was ever held of somebody, without an order."""
    return Hold.objects.filter(payer=account).select_related("payee__avatar")


def holds_page(account: Account, before: int | None) -> tuple[list[Hold], int | None]:
    """One page, newest first, and where the next begins (None on the last)."""
    rows = holds_of(account).order_by("-pk")
    if before is not None:
        rows = rows.filter(pk__lt=before)
    size = settings.HOLDS_PAGE
    found = list(rows[: size + 1])
    return found[:size], found[size - 1].pk if len(found) > size else None


def hold_of(account: Account, hold_id: str) -> Hold:
    """One's own. Raises HoldNotFound."""
    hold = holds_of(account).filter(public_id=hold_id).first()
    if hold is None:
        raise HoldNotFound
    return hold


def held_of(account: Account) -> dict[str, int]:
    """What the balance holds just now, in minor units by currency."""
    rows = Hold.objects.filter(payer=account, source="balance", status=HoldStatus.HELD)
    return dict(rows.order_by("currency").values_list("currency").annotate(Sum("amount")))
