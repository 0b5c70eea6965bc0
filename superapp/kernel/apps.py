import gc
from itertools import count

from django.apps import AppConfig
from django.conf import settings
from django.core.signals import request_finished

_answered = count(1)


class KernelConfig(AppConfig):
    name = "superapp.kernel"
    label = "kernel"

    def ready(self) -> None:
        # Every process rings for what it leaves to a worker; without a bell it waits for the sweep.
        from superapp.kernel import tasks  # noqa: F401

        gc.set_threshold(settings.GC_NEW_OBJECTS)
        request_finished.connect(settle)


def settle(**_signal: object) -> None:
    """Called for every request and every new socket: tells the collector, a few times, what lives as
    long as the process: models, addresses, templates.

    They load with the first pages. Left to the collector, they would be walked again and again in
    the middle of somebody's page, a third of its time.
    """
    if next(_answered) in settings.GC_SETTLE_AFTER:
        gc.collect()
        gc.freeze()
