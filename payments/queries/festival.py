"""What is festive now, and on which day a date of the lunar calendar falls."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from borax.calendars.lunardate import LunarDate
from django.conf import settings

from payments.errors import BadDay
from payments.models import Campaign
from payments.states import Calendar, CampaignStatus
from superapp.kernel import search, time

_DAY = re.compile(r"([0-9]{4})-([0-9]{1,2})(\+?)-([0-9]{1,2})")


def day_of(calendar: str, text: str) -> date:
    """The day that "2027-01-15" is in this calendar; "+" after the month says the leap one.

    Raises BadDay. Lunar years from 1900 to 2100.
    """
    found = _DAY.fullmatch(text.strip())
    if found is None:
        raise BadDay
    year, month, day = int(found[1]), int(found[2]), int(found[4])
    is_leap = found[3] == "+"
    try:
        if calendar == Calendar.LUNAR:
            solar: date = LunarDate(year, month, day, int(is_leap)).to_solar_date()
            return solar
        if is_leap:
            raise BadDay
        return date(year, month, day)
    except ValueError:
        raise BadDay from None


@dataclass(frozen=True, slots=True)
class Festival:
    """What the campaigns that run now offer together, in their order; all empty on other days."""

    names: list[str]
    covers: list[str]
    greetings: list[str]
    words: list[str]

    @property
    def is_on(self) -> bool:
        return bool(self.names)

    def is_wished(self, text: str) -> bool:
        """Whether a text holds one of the words that let confetti rain."""
        folded = search.fold(text)
        return any(search.fold(word) in folded for word in self.words)


def campaigns_running(now: datetime) -> list[Campaign]:
    """Switched on, and within their days."""
    today = now.astimezone(ZoneInfo(settings.HOME_TIME_ZONE)).date()
    rows = Campaign.objects.filter(
        status=CampaignStatus.ON, begins_on__lte=today, ends_on__gte=today
    )
    return list(rows.order_by("begins_on", "pk"))


def festival() -> Festival:
    """What is festive now."""
    running = campaigns_running(time.now())

    def all_of(name: str) -> list[str]:
        return list(dict.fromkeys(one for campaign in running for one in getattr(campaign, name)))

    return Festival(
        names=[campaign.name for campaign in running],
        covers=all_of("covers"),
        greetings=all_of("greetings"),
        words=all_of("words"),
    )
