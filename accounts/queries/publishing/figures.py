"""The figures of an account, by day."""

from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Sum

from accounts.models import Figure, Follow, OfficialAccount
from superapp.kernel import time

COUNTED = (
    Figure.What.FOLLOW,
    Figure.What.UNFOLLOW,
    Figure.What.MESSAGE,
    Figure.What.MENU,
    Figure.What.READ,
    Figure.What.SHARE,
    Figure.What.CLICK,
)


@dataclass(frozen=True, slots=True)
class DayFigures:
    """What was counted on one day; `followers` at its end, where it was kept."""

    day: date
    followers: int | None
    counts: dict[str, int]

    def of(self, what: str) -> int:
        return self.counts.get(what, 0)

    @property
    def net(self) -> int:
        return self.of(Figure.What.FOLLOW) - self.of(Figure.What.UNFOLLOW)


def figures_by_day(
    official: OfficialAccount, *, days: int = settings.FIGURES_DAYS
) -> list[DayFigures]:
    """The last days in the account's time zone, today included, the oldest first; two queries."""
    today = time.now().astimezone(ZoneInfo(official.time_zone)).date()
    first = today - timedelta(days=days - 1)
    rows = (
        Figure.objects.filter(official=official, day__gte=first)
        .values_list("day", "what")
        .annotate(n=Sum("count"))
        .order_by()
    )
    found: dict[date, dict[str, int]] = {}
    for day, what, n in rows:
        found.setdefault(day, {})[what] = n
    now = Follow.objects.filter(official=official, is_following=True).count()
    return [
        DayFigures(
            day=day,
            followers=now if day == today else found.get(day, {}).get(Figure.What.FOLLOWERS),
            counts=found.get(day, {}),
        )
        for day in (first + timedelta(days=n) for n in range(days))
    ]


def today_figures(official: OfficialAccount) -> DayFigures:
    """Today alone."""
    return figures_by_day(official, days=1)[0]


def sources_of(official: OfficialAccount, *, days: int = settings.FIGURES_DAYS) -> dict[str, int]:
    """By which ways new followers came in these days."""
    first = time.now().date() - timedelta(days=days)
    rows = Figure.objects.filter(official=official, day__gte=first, what=Figure.What.FOLLOW)
    return dict(rows.values_list("ref").annotate(n=Sum("count")).order_by("-n"))
