"""The sandbox's clock: moved forward by staff, for everybody, so that days pass at once."""

from datetime import timedelta

from django.conf import settings

from accounts.models import Person
from superapp.kernel import time
from superapp.kernel.errors import Invalid, NotFound

STEPS = {
    "minute": timedelta(minutes=1),
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
    "week": timedelta(days=7),
    "month": timedelta(days=31),
}


def move_sandbox_clock(*, staff: Person, step: str) -> None:
    """Let time pass: what falls due is done by the next sweep, within seconds.

    Raises NotFound where there is no such clock or the person is no staff, Invalid for other steps.
    """
    if not settings.SANDBOX_CLOCK or not staff.is_staff:
        raise NotFound
    if step not in STEPS:
        raise Invalid
    time.move_clock(STEPS[step])
