"""Bells: Celery only wakes what the rows already say."""

from celery import shared_task
from django.conf import settings
from django.core.management import call_command

from superapp.kernel import idempotency, limits, outbox


@shared_task(name="superapp.kernel.tasks.run_job")
def run_job(job_id: int, queue: str) -> None:
    outbox.run(job_id, queue)


@shared_task(name="superapp.kernel.tasks.sweep")
def sweep() -> None:
    outbox.run_due(outbox.DEFAULT, limit=settings.SWEEP_BATCH)
    sweep_deliveries.apply_async(queue=outbox.DELIVERIES)


@shared_task(name="superapp.kernel.tasks.sweep_deliveries")
def sweep_deliveries() -> None:
    outbox.sweeping_deliveries()
    outbox.run_due(outbox.DELIVERIES, limit=settings.SWEEP_BATCH)


@shared_task(name="superapp.kernel.tasks.tidy")
def tidy() -> None:
    outbox.tidy()
    limits.tidy()
    idempotency.tidy()
    call_command("clearsessions")
    outbox.tidying()


def _ring(job_id: int, queue: str) -> None:
    run_job.apply_async((job_id, queue), queue=queue)


outbox.set_bell(_ring)
