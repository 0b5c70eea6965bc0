"""The Celery worker of `./dev run`: `celery worker`, with a beat that never outlives it.

With -B the worker forks the beat. Killed with SIGKILL it would leave it behind, and the next worker
would bring a second one.
"""

from __future__ import annotations

import os
import signal
import sys
import warnings
from typing import Any

import celery.apps.worker
from celery.signals import beat_embedded_init

from ops import processes


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "superapp.settings")
    # in a container root is the only user there is; production runs as another one
    warnings.filterwarnings("ignore", message=r"\s*You're running the worker with superuser")
    # the supervisor says what happens; "warm shutdown" from each worker is noise beside it
    vars(celery.apps.worker)["safe_say"] = lambda *_args: None
    from superapp.celery import app  # noqa: PLC0415 - reads the settings named above

    worker = os.getpid()

    def follow_the_worker(**_: Any) -> None:
        processes.die_with(worker, signal.SIGTERM)

    beat_embedded_init.connect(follow_the_worker, weak=False)
    app.start(["--quiet", "worker", *sys.argv[1:]])


if __name__ == "__main__":
    main()
