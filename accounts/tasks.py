"""Bells of the courier: what it takes stands in the rows."""

from collections.abc import Sequence

from celery import shared_task

from accounts import courier
from accounts.actions import pushes
from superapp.kernel import outbox


@shared_task(name="accounts.tasks.push")
def push(officials: list[int]) -> None:
    courier.ring(officials)


def sweep() -> None:
    """In a process of the deliveries queue, every few seconds."""
    waiting = pushes.sweep_pushes()
    if waiting:
        courier.ring(waiting)


def ring(officials: Sequence[int]) -> None:
    push.apply_async((list(officials),), queue=outbox.DELIVERIES)
