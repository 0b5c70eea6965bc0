"""Pots as their owner sees them."""

from django.conf import settings
from django.db.models import QuerySet

from accounts.models import Account
from payments.errors import PotNotFound
from payments.models import Pot, PotMove
from payments.states import PotStatus
from superapp.kernel.money import Money


def pots_seen_by(owner: Account) -> QuerySet[Pot]:
    """Somebody's pots, the closed ones too."""
    return Pot.objects.filter(account=owner)


def pots_of(owner: Account) -> list[Pot]:
    """Somebody's open pots, the oldest first."""
    return list(pots_seen_by(owner).filter(status=PotStatus.OPEN).order_by("pk"))


def pot_for(owner: Account, public_id: str) -> Pot:
    """One's own pot. Raises PotNotFound."""
    found = pots_seen_by(owner).filter(public_id=public_id).first()
    if found is None:
        raise PotNotFound
    return found


def saved_in(pots: list[Pot]) -> list[Money]:
    """What lies in pots together, one sum for each currency."""
    sums: dict[str, int] = {}
    for pot in pots:
        sums[pot.currency] = sums.get(pot.currency, 0) + pot.amount
    return [Money(minor, currency) for currency, minor in sorted(sums.items())]


def moves_of(pot: Pot) -> QuerySet[PotMove]:
    """What went in and out."""
    return PotMove.objects.filter(pot=pot).select_related("pot")


def moves_page(pot: Pot, before: int | None) -> tuple[list[PotMove], int | None]:
    """One page, newest first, and where the next begins (None on the last)."""
    rows = moves_of(pot).order_by("-pk")
    if before is not None:
        rows = rows.filter(pk__lt=before)
    size = settings.POT_MOVES_PAGE
    found = list(rows[: size + 1])
    return found[:size], found[size - 1].pk if len(found) > size else None
