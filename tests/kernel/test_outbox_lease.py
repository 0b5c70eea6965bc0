"""Jobs that wait for somebody else's server own their row for a while, and hold no transaction."""

from datetime import timedelta

import pytest
import time_machine
from django.db import transaction

from superapp.kernel import outbox, time
from superapp.kernel.models import Job

seen: list[str] = []


def _works(payload):
    with transaction.atomic(durable=True):  # raises inside a transaction that is not the test's
        seen.append(payload["word"])


def _dies(payload):
    seen.append("died")
    raise SystemExit(9)


def _fails(payload):
    raise ValueError


outbox.kinds.register("test.works", outbox.Kind(_works, outbox.DELIVERIES, lease=45))
outbox.kinds.register("test.dies", outbox.Kind(_dies, outbox.DELIVERIES, lease=45))
outbox.kinds.register("test.fails", outbox.Kind(_fails, outbox.DELIVERIES, (30,), lease=45))


@pytest.fixture(autouse=True)
def _nothing_seen(db):
    seen.clear()


def test_it_runs_outside_any_transaction_and_once():
    job = outbox.soon("test.works", {"word": "hello"})
    assert outbox.run_due(outbox.DELIVERIES, limit=5) == 1
    assert outbox.run_due(outbox.DELIVERIES, limit=5) == 0
    job.refresh_from_db()
    assert (seen, job.done_at is None) == (["hello"], False)


def test_while_one_attempt_owns_it_no_other_begins_and_a_dead_one_is_taken_over():
    job = outbox.soon("test.dies", {})
    with pytest.raises(SystemExit):
        outbox.run_due(outbox.DELIVERIES, limit=5)
    assert outbox.run_due(outbox.DELIVERIES, limit=5) == 0
    with time_machine.travel(time.now() + timedelta(seconds=46)), pytest.raises(SystemExit):
        outbox.run_due(outbox.DELIVERIES, limit=5)
    job.refresh_from_db()
    assert (seen, job.done_at) == (["died", "died"], None)


def test_a_failure_waits_for_its_retry():
    outbox.soon("test.fails", {})
    outbox.run_due(outbox.DELIVERIES, limit=5)
    assert Job.objects.get().attempts == 1
    with time_machine.travel(time.now() + timedelta(seconds=31)):
        outbox.run_due(outbox.DELIVERIES, limit=5)
    assert Job.objects.get().failed_at is not None
