"""Comparing the books with the gateway's own list of movements, and keeping what was found.

What the gateway moved and nobody booked is asked about first, as if its webhook had come now: that
settles whatever operation it belongs to. What belongs to none waits in suspense, booked once.
"""

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings

from accounts.models import Person
from payments import ledger, queries
from payments.actions.hearing import follow_object
from payments.gateways import gateway
from payments.ledger import Leg
from payments.models import ReconciliationRun
from payments.queries.reconciling import SUSPENDED, Item
from superapp.kernel import outbox, time
from superapp.kernel.errors import NotAllowed
from superapp.kernel.money import Money

JOB = "payments.reconcile"
log = logging.getLogger(__name__)


def reconcile_soon() -> None:
    """Let the next free worker compare the last days. One comparison waits at a time."""
    _soon(settings.RECONCILE_DAYS, "recent")


def reconcile_days_soon() -> None:
    """Let the next free worker compare whole days further back."""
    _soon(settings.RECONCILE_NIGHT_DAYS, "days")


def reconcile_now(*, staff: Person) -> ReconciliationRun:
    """Compare at once, because somebody of the staff wants to know. Raises NotAllowed, Silent."""
    if not staff.has_perm("payments.check_books"):
        raise NotAllowed
    return reconcile(days=settings.RECONCILE_DAYS)


def on_reconcile(payload: Mapping[str, Any]) -> None:
    """A comparison is due."""
    reconcile(days=payload["days"])


def reconcile(*, days: int) -> ReconciliationRun:
    """Compare the last so many whole days item by item, and keep what was found as a row.

    Asks the gateway, so it must not run inside a transaction. Repeats book nothing again.
    Raises Silent.
    """
    moment = time.now()
    since = datetime.combine(moment.date(), datetime.min.time(), moment.tzinfo)
    since -= timedelta(days=days)
    lines = gateway().movements(int(since.timestamp()))
    movements = [(line.external_id, line.amount) for line in lines]
    found = queries.compare(movements, since)
    strange = [item for item in found.items if item.ours != item.theirs and item.bucket != "ours"]
    for item in strange[: settings.RECONCILE_ASKS_MAX]:
        follow_object(object_id=item.external_id)
    if strange:
        found = queries.compare(movements, since)
        if _set_aside(found.of("theirs")):
            found = queries.compare(movements, since)
    return _keep(found, since)


def forget_old_comparisons() -> None:
    """Forget green comparisons of long ago; the red ones stay."""
    oldest = time.now() - timedelta(days=settings.LEDGER_RUNS_DAYS)
    ReconciliationRun.objects.filter(green=True, ran_at__lt=oldest).delete()


def _soon(days: int, key: str) -> None:
    if not settings.GATEWAY_CLOSED:
        outbox.at(JOB, {"days": days}, due_at=time.now(), key=key)


def _set_aside(items: list[Item]) -> int:
    """Book what belongs to nobody, where everybody sees it; returns how much of it is new."""
    waiting = queries.open_ids(item.external_id for item in items)
    return sum(
        _suspend(item) for item in items if not item.ours and item.external_id not in waiting
    )


@ledger.retried
def _suspend(item: Item) -> bool:
    amount = Money(abs(item.theirs), item.currency)
    clearing = ledger.system("gateway:clearing", item.currency)
    if item.theirs > 0:
        leg = Leg(clearing, ledger.system("suspense:in", item.currency), amount)
    else:
        leg = Leg(ledger.system("suspense:out", item.currency), clearing, amount)
    posted = ledger.post(
        key=f"gw:{item.external_id}:suspense", kind=SUSPENDED, legs=[leg], ref=item.external_id
    )
    if posted.created:
        log.error("the gateway moved %s for nobody: %s", item.theirs, item.external_id)
    return posted.created


def _keep(found: queries.Comparison, since: datetime) -> ReconciliationRun:
    run = ReconciliationRun.objects.create(ran_at=time.now(), since=since, **found.stored())
    if not run.green:
        log.error(
            "the books and the gateway differ: %s ours only, %s theirs only, %s differ",
            *(run.ours_only, run.theirs_only, run.differing),
        )
    return run
