"""Charts of the business console, drawn by the server: bars by day, each with its number in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from accounts.models import Figure, Follow
from accounts.queries.publishing import DayFigures

_W = Figure.What
# What stands in one chart: the first in the accent, the second beside it.
CHARTS: tuple[tuple[Any, tuple[str, ...]], ...] = (
    (_("Follows and unfollows"), (_W.FOLLOW, _W.UNFOLLOW)),
    (_("Messages"), (_W.MESSAGE,)),
    (_("Reads"), (_W.READ,)),
    (_("Clicks"), (_W.CLICK,)),
)
_HEIGHT, _WIDTH = 40, 100


@dataclass(frozen=True, slots=True)
class Bar:
    """In units of the drawing, as text: a comma would break the address of a line."""

    x: str
    y: str
    width: str
    height: str
    is_second: bool


@dataclass(frozen=True, slots=True)
class Chart:
    title: Any
    total: int
    most: int
    first_day: str
    last_day: str
    bars: list[Bar]


def charts_of(days: Sequence[DayFigures]) -> list[Chart]:
    """One chart for each thing that is counted."""
    return [_chart(title, names, days) for title, names in CHARTS]


def _chart(title: Any, names: tuple[str, ...], days: Sequence[DayFigures]) -> Chart:
    most = max((day.of(name) for day in days for name in names), default=0)
    step = _WIDTH / max(1, len(days))
    width = step * 0.7 / len(names)
    bars = []
    for place, day in enumerate(days):
        for nth, name in enumerate(names):
            height = day.of(name) / most * _HEIGHT if most else 0
            bars.append(
                Bar(
                    x=f"{place * step + nth * width:.2f}",
                    y=f"{_HEIGHT - height:.2f}",
                    width=f"{width:.2f}",
                    height=f"{height:.2f}",
                    is_second=nth > 0,
                )
            )
    first, last = (date_format(days[i].day, "SHORT_DATE_FORMAT") for i in (0, -1))
    total = sum(day.of(names[0]) for day in days)
    return Chart(title, total, most, first, last, bars)


def sources(found: dict[str, int]) -> list[tuple[str, int]]:
    """Ways by which followers came, in words."""
    known = dict(Follow.Source.choices)
    return [(str(known.get(name, name)), n) for name, n in found.items()]
