"""The time of the product: aware UTC, and movable where the sandbox clock is on."""

import time as monotonic_time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

# Other processes see a moved clock after at most this many seconds.
_FRESH_SECONDS = 1.0
_offset = timedelta()
_read_at = float("-inf")
_pretended: ContextVar[datetime | None] = ContextVar("pretended", default=None)


def now() -> datetime:
    """The instant by which the product decides. One call per action."""
    pretended = _pretended.get()
    if pretended is not None:
        return pretended
    if settings.SANDBOX_CLOCK:
        return timezone.now() + _sandbox_offset()
    return timezone.now()


@contextmanager
def pretend(moment: datetime) -> Iterator[None]:
    """Let what happens inside have happened at `moment`: how the demo world gets its history."""
    assert settings.SANDBOX, "only the sandbox has an invented past"
    token = _pretended.set(moment)
    try:
        yield
    finally:
        _pretended.reset(token)


def move_clock(by: timedelta) -> None:
    """Move the sandbox clock forward for every process. Only where SANDBOX_CLOCK is on."""
    global _read_at
    from superapp.kernel.models import SandboxClock  # noqa: PLC0415  models need the app registry

    assert settings.SANDBOX_CLOCK, "the clock moves only in the sandbox"
    SandboxClock.advance(by)
    _read_at = float("-inf")


def _sandbox_offset() -> timedelta:
    global _offset, _read_at
    if monotonic_time.monotonic() - _read_at > _FRESH_SECONDS:
        from superapp.kernel.models import SandboxClock  # noqa: PLC0415

        _offset = SandboxClock.offset()
        _read_at = monotonic_time.monotonic()
    return _offset
