"""Work that must not be lost: rows that are due, claimed with SKIP LOCKED, swept.

A job is written in the caller's transaction. After commit a Celery message rings for it; when the
bell is lost (Valkey away, worker killed) the sweep finds the row. A handler takes the payload,
runs in its own transaction, and may run twice: it must be idempotent.
"""

import logging
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from superapp.kernel import time
from superapp.kernel.models import Job
from superapp.kernel.ports import Port, Registry

log = logging.getLogger(__name__)

DEFAULT = "celery"
DELIVERIES = "deliveries"


@dataclass(frozen=True, slots=True)
class Kind:
    """How a kind of job runs. `retries` are seconds to wait before each further attempt.

    With a `lease` (seconds) the attempt owns the job for that long instead of holding its row lock:
    for handlers that must not sit in a transaction while they wait for somebody else's server.
    """

    handler: Callable[[Mapping[str, Any]], None]
    queue: str = DEFAULT
    retries: tuple[float, ...] = (5, 30, 120, 600)
    lease: float = 0


kinds: Registry[Kind] = Registry("outbox.kinds")

# Hourly housekeeping of the apps above; a handler may run twice.
tidying: Port[[]] = Port("outbox.tidying")
# Every SWEEP_SECONDS, in a process of the deliveries queue: queues of the apps above.
sweeping_deliveries: Port[[]] = Port("outbox.sweeping_deliveries")
_ring: Callable[[int, str], None] | None = None


def set_bell(ring: Callable[[int, str], None] | None) -> None:
    """Called by kernel.tasks: how to wake a worker for one job; None rings nowhere."""
    global _ring
    _ring = ring


def soon(kind: str, payload: Mapping[str, Any]) -> Job:
    """Do it right after this transaction commits."""
    return at(kind, payload, due_at=time.now())


def at(kind: str, payload: Mapping[str, Any], *, due_at: datetime, key: str = "") -> Job:
    """Do it at `due_at`. With a key, an open job of the same kind and key is moved instead."""
    values = {"payload": dict(payload), "due_at": due_at, "queue": kinds[kind].queue}
    if key:
        job, _new = Job.objects.update_or_create(
            kind=kind, key=key, done_at=None, failed_at=None, defaults=values
        )
    else:
        job = Job.objects.create(kind=kind, **values)
    if due_at <= time.now():
        transaction.on_commit(lambda: _wake(job), robust=True)
    return job


def cancel(kind: str, key: str) -> None:
    """Forget an open job. One that is running finishes; its guards decide."""
    Job.objects.filter(kind=kind, key=key, done_at=None, failed_at=None).delete()


def run_due(queue: str, *, limit: int) -> int:
    """Run what is overdue in this queue; returns how many jobs were claimed."""
    count = 0
    while count < limit and _run_one(queue, None):
        count += 1
    return count


def run(job_id: int, queue: str) -> None:
    """Run one job if it is still open, due and unclaimed."""
    _run_one(queue, job_id)


def _wake(job: Job) -> None:
    if _ring is not None:
        _ring(job.pk, job.queue)


def _run_one(queue: str, job_id: int | None) -> bool:
    with transaction.atomic():
        # The row lock is the claim: it lives as long as the attempt, and dies with the process.
        open_jobs = Job.objects.select_for_update(skip_locked=True).filter(
            queue=queue, done_at=None, failed_at=None, due_at__lte=time.now()
        )
        if job_id is not None:
            open_jobs = open_jobs.filter(pk=job_id)
        job = open_jobs.order_by("due_at").first()
        if job is None:
            return False
        kind = kinds[job.kind]
        if not kind.lease:
            _attempt(job, kind)
            return True
        # A process that dies now leaves the job to whoever finds it when the lease is over.
        job.due_at = time.now() + timedelta(seconds=kind.lease)
        job.save(update_fields=["due_at"])
    _attempt(job, kind)
    return True


def _attempt(job: Job, kind: Kind) -> None:
    try:
        with nullcontext() if kind.lease else transaction.atomic():
            kind.handler(job.payload)
    except Exception as error:
        log.exception("job %s failed", job)
        job.attempts += 1
        job.last_error = type(error).__name__
        if job.attempts > len(kind.retries):
            job.failed_at = time.now()
        else:
            job.due_at = time.now() + timedelta(seconds=kind.retries[job.attempts - 1])
    else:
        job.done_at = time.now()
    job.save()


def tidy(*, older_than: timedelta = timedelta(days=7)) -> None:
    """Forget jobs that were done long ago."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM kernel_job WHERE done_at < %s", [time.now() - older_than])


def oldest_due_seconds() -> float:
    """How late the latest job is: what /readyz and the metrics watch."""
    due = (
        Job.objects.filter(done_at=None, failed_at=None, due_at__lte=time.now())
        .order_by("due_at")
        .values_list("due_at", flat=True)
        .first()
    )
    return (time.now() - due).total_seconds() if due else 0.0
