"""Where programs listen, and what they were told."""

from collections.abc import Collection

from django.conf import settings

from accounts.models import Callback, Follow, OfficialAccount, ProgramCard, Push
from accounts.states import PUSH_OPEN


def callback_of(official: OfficialAccount) -> Callback | None:
    """Where its program listens; None when no program does."""
    return Callback.objects.filter(official=official).first()


def pushes_of(official: OfficialAccount, *, before: int | None = None) -> tuple[list[Push], str]:
    """One page of the log, newest first, and the position of the next; with their followers."""
    rows = Push.objects.filter(official=official).select_related("follow").order_by("-pk")
    if before is not None:
        rows = rows.filter(pk__lt=before)
    size = settings.PUSH_LOG_PAGE
    found = list(rows[: size + 1])
    return found[:size], str(found[size - 1].pk) if len(found) > size else ""


def waiting_for_programs() -> list[int]:
    """Official accounts (primary keys) with pushes that are not over."""
    rows = Push.objects.filter(status__in=PUSH_OPEN).order_by()
    return list(rows.values_list("official_id", flat=True).distinct())


def follow_by_push(push_id: int) -> Follow | None:
    """Whose push it is, with the account."""
    return (
        Follow.objects.select_related("official__account", "person").filter(pushes=push_id).first()
    )


def program_cards(public_ids: Collection[str]) -> dict[str, ProgramCard]:
    """Cards by their public id."""
    rows = ProgramCard.objects.select_related("official").filter(public_id__in=public_ids)
    return {card.public_id: card for card in rows}
