"""Figures of an account: counted when something happens, added up by whoever reads them."""

import random
from collections import Counter
from collections.abc import Collection, Sequence
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection
from django.utils.crypto import salted_hmac

from accounts.models import Account, Figure, OfficialAccount, Seen
from accounts.ports import EventKind, OfficialEvent
from superapp.kernel import time

_COUNT = """
INSERT INTO accounts_figure AS f (official_id, ref, what, day, shard, count)
SELECT official, ref, what, day, %s, n
FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::date[], %s::bigint[])
     AS t (official, ref, what, day, n)
ORDER BY official, ref, what, day
ON CONFLICT (official_id, ref, what, day, shard) DO UPDATE SET count = f.count + excluded.count
"""
# Rows of past days become one; followers are counted at the end of the account's day.
_MERGE = """
WITH gone AS (
    DELETE FROM accounts_figure WHERE day < %(today)s AND shard > 0
    RETURNING official_id, ref, what, day, count
)
INSERT INTO accounts_figure AS f (official_id, ref, what, day, shard, count)
SELECT official_id, ref, what, day, 0, sum(count) FROM gone
GROUP BY official_id, ref, what, day
ON CONFLICT (official_id, ref, what, day, shard) DO UPDATE SET count = f.count + excluded.count
"""
_FOLLOWERS = """
INSERT INTO accounts_figure (official_id, ref, what, day, shard, count)
SELECT o.id, '', 'followers', (%(now)s AT TIME ZONE o.time_zone)::date - 1, 0,
       (SELECT count(*) FROM accounts_follow f WHERE f.official_id = o.id AND f.is_following)
FROM accounts_officialaccount o WHERE o.status = 'approved'
ON CONFLICT (official_id, ref, what, day, shard) DO NOTHING
"""
_EVENTS = {
    EventKind.SUBSCRIBE: Figure.What.FOLLOW,
    EventKind.UNSUBSCRIBE: Figure.What.UNFOLLOW,
    EventKind.MESSAGE: Figure.What.MESSAGE,
    EventKind.CLICK: Figure.What.MENU,
    EventKind.VIEW: Figure.What.MENU,
}


def today_of(*, official: OfficialAccount) -> date:
    """Which day it is where the account is."""
    return time.now().astimezone(ZoneInfo(official.time_zone)).date()


def count(*, official_id: int, what: str, ref: str = "", day: date | None = None) -> None:
    """One more; in the caller's transaction. Without a day: today, in UTC."""
    _add(Counter({(official_id, ref, what, day or time.now().date()): 1}))


def count_once(*, official: OfficialAccount, what: str, ref: str, person: Account) -> bool:
    """One more, unless this person was counted for this today. Returns whether they were not."""
    day = today_of(official=official)
    mark = salted_hmac("accounts.seen", f"{what}:{ref}:{person.pk}:{day}").hexdigest()[:32]
    _rows, is_new = Seen.objects.get_or_create(mark=mark, defaults={"day": day})
    if is_new:
        count(official_id=official.pk, what=what, ref=ref, day=day)
    return is_new


def count_received(*, official: OfficialAccount, refs: Collection[str]) -> None:
    """A follower opened the thread in which these broadcasts were new; in the caller's transaction."""
    day = today_of(official=official)
    _add(Counter({(official.pk, ref, Figure.What.RECEIVED, day): 1 for ref in refs}))


def on_official_events(happened: Sequence[OfficialEvent]) -> None:
    """Follows, messages and presses of the menu, counted with the rows that they left."""
    found: Counter[tuple[int, str, str, date]] = Counter()
    for event in happened:
        what = _EVENTS.get(event.kind)
        if what is not None:
            ref = event.follow.source if event.kind == EventKind.SUBSCRIBE else ""
            found[event.official.pk, ref, what, today_of(official=event.official)] += 1
    if found:
        _add(found)


def close_days() -> None:
    """Housekeeping: past days keep one row a thing, and how many followed at their end."""
    now = time.now()
    with connection.cursor() as cursor:
        # A day is over everywhere once it is over in the westernmost zone.
        cursor.execute(_MERGE, {"today": (now - timedelta(hours=12)).date()})
        cursor.execute(_FOLLOWERS, {"now": now})
    Seen.objects.filter(day__lt=now.date() - timedelta(days=settings.SEEN_DAYS)).delete()


def _add(found: Counter[tuple[int, str, str, date]]) -> None:
    rows = sorted(found.items())
    officials, refs, whats, days = (list(part) for part in zip(*(k for k, _n in rows), strict=True))
    shard = random.randrange(settings.FIGURE_SHARDS)  # noqa: S311  spreads, hides nothing
    with connection.cursor() as cursor:
        cursor.execute(
            _COUNT, [shard, officials, refs, [str(w) for w in whats], days, [n for _k, n in rows]]
        )
