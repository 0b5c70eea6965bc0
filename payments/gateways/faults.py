"""Named points at which tests let the process die, to see that nobody loses or gains by it."""

import os

from django.conf import settings

POINTS = (
    "operation.committed",
    "operation.sent",
    "gateway.asked",
    "settle.locked",
    "settle.posted",
    "settle.committed",
    "event.stored",
    "event.fetched",
)


def at(point: str) -> None:
    """Die here if SUPERAPP_FAULT_POINT says so, as a killed process would: nothing is tidied up."""
    assert point in POINTS, point
    if point == settings.FAULT_POINT:
        os._exit(9)
