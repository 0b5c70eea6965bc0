"""Standing payments as their owner sees them, and the days on which they are due."""

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from datetime import time as clock
from itertools import islice
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import QuerySet

from accounts.models import Account, Person
from payments.errors import StandingNotFound
from payments.models import Pot, Standing, StandingRun
from payments.states import Every, StandingStatus
from superapp.kernel import time

_DAY = timedelta(days=1)
LIVE = (StandingStatus.ACTIVE, StandingStatus.PAUSED)


def zone_of(account: Account) -> ZoneInfo:
    """The time zone in which somebody's days begin."""
    rows = Person.objects.filter(account=account).values_list("time_zone", flat=True)
    return ZoneInfo(rows.first() or settings.HOME_TIME_ZONE)


def moment_of(on: date, zone: ZoneInfo) -> datetime:
    """When a payment of this day is made."""
    return datetime.combine(on, clock(settings.STANDING_HOUR), zone)


def days_of(every: str, day: int, since: date) -> Iterator[date]:
    """The days of a plan from `since` on; in a shorter month its last one."""
    if every == Every.WEEK:
        on = since + timedelta(days=(day - since.isoweekday()) % 7)
        while True:
            yield on
            on += timedelta(days=7)
    year, month = since.year, since.month
    while True:
        on = date(year, month, min(day, monthrange(year, month)[1]))
        if on >= since:
            yield on
        year, month = year + month // 12, month % 12 + 1


def next_on(standing: Standing, since: date) -> date | None:
    """The first day from `since` on that is to be paid; None when the plan is at its end."""
    if standing.count is not None and standing.periods >= standing.count:
        return None
    on = next(days_of(standing.every, standing.day, max(since, standing.starts_on)))
    return None if standing.ends_on is not None and on > standing.ends_on else on


def last_on(standing: Standing) -> date | None:
    """The last day that will be paid, where the plan has an end."""
    if standing.on is None:
        return None
    ahead = days_of(standing.every, standing.day, standing.on)
    if standing.count is not None:
        ahead = islice(ahead, max(0, standing.count - standing.periods))
    elif standing.ends_on is None:
        return None
    last = None
    for on in ahead:
        if standing.ends_on is not None and on > standing.ends_on:
            break
        last = on
    return last


def upcoming(standing: Standing) -> list[date]:
    """The next days that will be paid; none of a paused plan."""
    if standing.on is None or standing.status != StandingStatus.ACTIVE:
        return []
    left = settings.STANDING_UPCOMING
    if standing.count is not None:
        left = min(left, standing.count - standing.periods)
    found = islice(days_of(standing.every, standing.day, standing.on), max(0, left))
    return [on for on in found if standing.ends_on is None or on <= standing.ends_on]


def standings_of(owner: Account) -> QuerySet[Standing]:
    """Somebody's standing payments, those that are over too."""
    return Standing.objects.filter(account=owner).select_related("receiver__avatar", "pot")


def standings_live(owner: Account) -> list[Standing]:
    """What is still to be paid, the next first; then what is paused."""
    rows = standings_of(owner).filter(status__in=LIVE)
    never = time.now() + timedelta(days=36_500)
    return sorted(rows, key=lambda one: (one.due_at or never, one.pk))


def standings_over(owner: Account) -> list[Standing]:
    """The latest of those that are over."""
    rows = standings_of(owner).exclude(status__in=LIVE).order_by("-pk")
    return list(rows[: settings.STANDING_RUNS_SHOWN])


def standings_into(pot: Pot) -> list[Standing]:
    """What is still to be paid into a pot."""
    rows = Standing.objects.filter(pot=pot, status__in=LIVE)
    return list(rows.select_related("pot", "receiver").order_by("pk"))


def standing_for(owner: Account, public_id: str) -> Standing:
    """One's own standing payment. Raises StandingNotFound."""
    found = standings_of(owner).filter(public_id=public_id).first()
    if found is None:
        raise StandingNotFound
    return found


def runs_of(standing: Standing) -> list[StandingRun]:
    """What became of its periods, the latest first."""
    rows = standing.runs.select_related("transfer", "move").order_by("-on")
    return list(rows[: settings.STANDING_RUNS_SHOWN])


def today_of(owner: Account) -> date:
    """The day it is for somebody."""
    return time.now().astimezone(zone_of(owner)).date()


def after(on: date) -> date:
    """The day after."""
    return on + _DAY
