"""Bells of money's regular work: what is done stands in the outbox."""

from celery import shared_task

from payments import actions


@shared_task(name="payments.tasks.check_books")
def check_books() -> None:
    actions.check_books_soon()


@shared_task(name="payments.tasks.reconcile")
def reconcile() -> None:
    actions.reconcile_soon()


@shared_task(name="payments.tasks.reconcile_days")
def reconcile_days() -> None:
    actions.reconcile_days_soon()
