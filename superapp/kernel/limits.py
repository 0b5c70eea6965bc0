"""Rate limits. Two kinds: soft ones in the cache, which fail open, and strict tallies in rows."""

import logging
import math
import time as clock
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core.cache import cache
from django.core.cache.backends.redis import RedisCache
from django.db import connection
from redis.exceptions import RedisError

from superapp.kernel import time
from superapp.kernel.errors import TooMany
from superapp.kernel.models import Tally

log = logging.getLogger(__name__)


class ForgivingCache(RedisCache):
    """A cache that is merely empty while Valkey is away, instead of failing the page."""

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        return self._try("get", default, key, default, version)

    def get_many(self, keys: Any, version: int | None = None) -> Any:
        return self._try("get_many", {}, keys, version)

    def set(self, *args: Any, **kwargs: Any) -> None:
        self._try("set", None, *args, **kwargs)

    def add(self, *args: Any, **kwargs: Any) -> bool:
        return bool(self._try("add", 1, *args, **kwargs))

    def delete(self, *args: Any, **kwargs: Any) -> bool:
        return bool(self._try("delete", 0, *args, **kwargs))

    def incr(self, *args: Any, **kwargs: Any) -> int:
        return int(self._try("incr", 1, *args, **kwargs))

    def touch(self, *args: Any, **kwargs: Any) -> bool:
        return bool(self._try("touch", 0, *args, **kwargs))

    def _try(self, name: str, fallback: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            return getattr(super(), name)(*args, **kwargs)
        except (RedisError, OSError) as error:
            log.warning("cache %s failed: %s", name, type(error).__name__)
            return fallback


@dataclass(frozen=True, slots=True)
class Allowance:
    """What is left of a soft limit, for RateLimit-* headers. Times in seconds."""

    limit: int
    remaining: int
    reset: int

    @property
    def is_spent(self) -> bool:
        return self.remaining < 0


def spend(name: str, owner: object, *, burst: int, per_second: float) -> Allowance:
    """Take one from a soft budget of `burst` that refills at `per_second`; fails open."""
    window = max(1, math.ceil(burst / per_second))
    slot, passed = divmod(clock.time(), window)
    key = f"limit:{name}:{owner}:{int(slot)}"
    cache.add(key, 0, timeout=window * 2)
    try:
        used = cache.incr(key)
    except ValueError:  # expired between the two calls
        used = 1
    return Allowance(burst, burst - used, math.ceil(window - passed))


def require(name: str, owner: object, *, burst: int, per_second: float) -> Allowance:
    """Like spend, but raises TooMany when nothing is left."""
    left = spend(name, owner, burst=burst, per_second=per_second)
    if left.is_spent:
        raise TooMany(retry_after=left.reset)
    return left


def count(key: str, *, limit: int, window: timedelta) -> None:
    """Count one try strictly; raises TooMany beyond `limit` in the window.

    One upsert, so parallel tries count one by one. It joins the caller's transaction: call it
    outside `atomic`, or a refusal that rolls back would also forget the try.
    """
    moment = time.now()
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO kernel_tally AS t (key, window_ends_at, count) VALUES (%s, %s, 1)
            ON CONFLICT (key) DO UPDATE SET
                count = CASE WHEN t.window_ends_at <= %s THEN 1 ELSE t.count + 1 END,
                window_ends_at = CASE WHEN t.window_ends_at <= %s
                                      THEN excluded.window_ends_at ELSE t.window_ends_at END
            RETURNING count, window_ends_at
            """,
            [key, moment + window, moment, moment],
        )
        tried, ends_at = cursor.fetchone()
    if tried > limit:
        raise TooMany(retry_after=max(1, math.ceil((ends_at - moment).total_seconds())))


def forgive(key: str) -> None:
    """Forget the tries, after a success."""
    Tally.objects.filter(pk=key).delete()


def tidy() -> None:
    Tally.objects.filter(window_ends_at__lt=time.now()).delete()
