"""Checking the books, keeping what was found, and sealing and adding up what is finished."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction

from accounts.models import Person
from payments import queries
from payments.actions.adding_up import add_up
from payments.models import AuditRun, Journal, Seal
from superapp.kernel import outbox, time
from superapp.kernel.errors import NotAllowed

CHECK_JOB = "payments.check_books"


def check_books_soon() -> None:
    """Let the next free worker check. One check waits at a time."""
    outbox.at(CHECK_JOB, {}, due_at=time.now(), key="books")


def check_books_now(*, staff: Person) -> AuditRun:
    """Check at once, because somebody of the staff wants to know. Raises NotAllowed."""
    if not staff.has_perm("payments.check_books"):
        raise NotAllowed
    return check_and_keep()


def on_check_books(payload: Any) -> None:
    """The books are due to be checked."""
    check_and_keep()


def check_and_keep() -> AuditRun:
    """Seal and add up what is finished, check every rule, and keep what was found as a row."""
    seal_books()
    add_up()
    is_deep = not AuditRun.objects.filter(
        deep=True, ran_at__gt=time.now() - timedelta(seconds=settings.LEDGER_DEEP_CHECK_SECONDS)
    ).exists()
    last_journal, next_xid, _oldest = queries.horizon()
    found = queries.check_books(seals=None if is_deep else settings.LEDGER_SEALS_RECHECKED)
    return AuditRun.objects.create(
        ran_at=time.now(),
        deep=is_deep,
        last_journal=last_journal,
        next_xid=next_xid,
        **found.stored(),
    )


@transaction.atomic
def seal_books() -> Seal | None:
    """Seal the journals that were there at the last check, if nobody who had begun then still writes.

    Each seal hashes its journals and the seal before it. Returns the last seal made, if any.
    """
    run = queries.last_run()
    if run is None or queries.horizon()[2] < run.next_xid:
        return None
    made = None
    while made_now := _seal_next(run.last_journal):
        made = made_now
    return made


def _seal_next(until: int) -> Seal | None:
    before = Seal.objects.select_for_update().order_by("-pk").first()
    first = before.last_journal + 1 if before else 1
    ids = Journal.objects.filter(pk__gte=first, pk__lte=until).order_by("pk")
    block = ids.values_list("pk", flat=True)[: settings.LEDGER_SEAL_MAX]
    if not block:
        return None
    last = max(block)
    count, content = queries.content_hash(first, last)
    return Seal.objects.create(
        first_journal=first,
        last_journal=last,
        journals=count,
        content_hash=content,
        chain_hash=queries.chained(before.chain_hash if before else "", content),
        sealed_at=time.now(),
    )


def forget_old_checks() -> None:
    """Forget green results of long ago; the red ones stay."""
    oldest = time.now() - timedelta(days=settings.LEDGER_RUNS_DAYS)
    AuditRun.objects.filter(green=True, ran_at__lt=oldest).delete()
