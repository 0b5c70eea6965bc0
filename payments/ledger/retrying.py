"""Transactions that PostgreSQL broke off, so that others could go on, are run again as a whole.

Of a circle of transactions that wait for each other it ends one (40P01), and one that read what
others changed meanwhile (40001). Nothing of it was written, so the same once more is right.
"""

import random
from collections.abc import Callable
from contextvars import ContextVar
from functools import wraps
from time import sleep
from typing import ParamSpec, TypeVar

from django.conf import settings
from django.db import OperationalError, transaction
from psycopg.errors import DeadlockDetected, SerializationFailure

from payments.errors import TooBusy

P = ParamSpec("P")
T = TypeVar("T")
_BROKEN_OFF = (DeadlockDetected, SerializationFailure)
_is_inside: ContextVar[bool] = ContextVar("ledger.is_inside", default=False)


def retried(action: Callable[P, T]) -> Callable[P, T]:
    """An action that is one transaction, run as `whole` runs it."""

    @wraps(action)
    def whole_action(*args: P.args, **named: P.kwargs) -> T:
        return whole(lambda: action(*args, **named))

    return whole_action


def whole(step: Callable[[], T]) -> T:
    """Run all of `step` in one transaction, LEDGER_TRIES times in all when it is broken off.

    `step` must begin with what is stored, not with what an earlier try left in memory. Inside
    another one nothing is repeated: what holds the locks is the outer one, and it begins again.
    Raises TooBusy when every try was broken off: nothing was written.
    """
    if _is_inside.get():
        with transaction.atomic():
            return step()
    token = _is_inside.set(True)
    try:
        return _tried(step)
    finally:
        _is_inside.reset(token)


def _tried(step: Callable[[], T]) -> T:
    for number in range(1, settings.LEDGER_TRIES + 1):
        try:
            with transaction.atomic():
                return step()
        except OperationalError as error:
            if not isinstance(error.__cause__, _BROKEN_OFF):
                raise
            if number == settings.LEDGER_TRIES:
                raise TooBusy from error
        # Two that met are not to meet again.
        sleep(random.uniform(0, settings.LEDGER_RETRY_SECONDS * 2 ** (number - 1)))  # noqa: S311
    raise AssertionError("the last try returns or raises")
