"""Whoever leaves a job to a worker wakes one, without waiting for the sweep."""

import subprocess
import sys
from datetime import timedelta

from superapp.kernel import outbox, time

LOOKS = "import django; django.setup(); from superapp.kernel import outbox; assert outbox._ring"


def test_every_process_has_a_bell():
    subprocess.run([sys.executable, "-c", LOOKS], check=True)


def test_it_rings_for_what_is_due_now_and_once_it_is_committed(
    db, django_capture_on_commit_callbacks
):
    rung = []
    outbox.set_bell(lambda job_id, queue: rung.append((job_id, queue)))
    try:
        kind = next(iter(outbox.kinds._items))
        with django_capture_on_commit_callbacks(execute=True):
            now = outbox.soon(kind, {})
            outbox.at(kind, {}, due_at=time.now() + timedelta(hours=1))
            assert rung == []
    finally:
        outbox.set_bell(None)
    assert rung == [(now.pk, now.queue)]
