"""Campaigns: planned and switched by staff; everybody's red packets follow at once."""

from collections.abc import Sequence
from datetime import date, timedelta

from auditlog.models import LogEntry
from django.conf import settings
from django.db import transaction

from accounts.models import Person
from payments.errors import BadCampaign
from payments.models import Campaign
from payments.queries.festival import day_of
from payments.queries.people import clean_note
from payments.states import CAMPAIGN_MOVES, Calendar, CampaignStatus, Cover
from superapp.kernel import time
from superapp.kernel.errors import NotAllowed
from superapp.kernel.transitions import move


@transaction.atomic
def plan_campaign(
    *,
    staff: Person,
    name: str,
    calendar: str,
    begins: str,
    ends: str,
    covers: Sequence[str],
    greetings: Sequence[str],
    words: Sequence[str],
) -> Campaign:
    """A new campaign, still off. Days are written in its calendar, "2027-01-15" (the leap month:
    "2033-11+-01"), both included. Raises NotAllowed, BadDay, BadCampaign.
    """
    _require(staff)
    campaign = Campaign(made_by=staff, made_at=time.now())
    _fill(campaign, name, calendar, begins, ends, covers, greetings, words)
    campaign.save()
    _log(staff, campaign, "", campaign.status)
    return campaign


@transaction.atomic
def change_campaign(
    *,
    staff: Person,
    campaign: Campaign,
    name: str,
    calendar: str,
    begins: str,
    ends: str,
    covers: Sequence[str],
    greetings: Sequence[str],
    words: Sequence[str],
) -> None:
    """Other days, covers or words, whether it runs or not. Packets keep the cover they were sent
    in. Raises NotAllowed, BadDay, BadCampaign.
    """
    _require(staff)
    before = _facts(campaign)
    _fill(campaign, name, calendar, begins, ends, covers, greetings, words)
    campaign.save()
    _log(staff, campaign, before, _facts(campaign))


@transaction.atomic
def switch_campaign_on(*, staff: Person, campaign: Campaign) -> None:
    """From now on, within its days, everybody sees it. Raises NotAllowed, Conflict."""
    _switch(staff, campaign, CampaignStatus.ON)


@transaction.atomic
def switch_campaign_off(*, staff: Person, campaign: Campaign) -> None:
    """Nobody is offered it any more. Raises NotAllowed, Conflict."""
    _switch(staff, campaign, CampaignStatus.OFF)


def _switch(staff: Person, campaign: Campaign, to: CampaignStatus) -> None:
    _require(staff)
    before = campaign.status
    move(campaign, to, allowed=CAMPAIGN_MOVES)
    _log(staff, campaign, before, to)


def _fill(
    campaign: Campaign,
    name: str,
    calendar: str,
    begins: str,
    ends: str,
    covers: Sequence[str],
    greetings: Sequence[str],
    words: Sequence[str],
) -> None:
    if calendar not in Calendar.values or not set(covers) <= set(Cover.values):
        raise BadCampaign
    campaign.name = clean_note(name, settings.CAMPAIGN_NAME_MAX)
    campaign.calendar, campaign.begins, campaign.ends = calendar, begins.strip(), ends.strip()
    campaign.begins_on, campaign.ends_on = day_of(calendar, begins), day_of(calendar, ends)
    campaign.covers = list(dict.fromkeys(covers))
    campaign.greetings = _lines(
        greetings, settings.CAMPAIGN_GREETINGS_MAX, settings.PACKET_GREETING_MAX
    )
    campaign.words = _lines(words, settings.CAMPAIGN_WORDS_MAX, settings.CAMPAIGN_WORD_LENGTH_MAX)
    if not campaign.name or not _is_order(campaign.begins_on, campaign.ends_on):
        raise BadCampaign
    if not (campaign.covers or campaign.greetings or campaign.words):
        raise BadCampaign


def _is_order(begins_on: date, ends_on: date) -> bool:
    longest = timedelta(days=settings.CAMPAIGN_DAYS_MAX - 1)
    return begins_on <= ends_on <= begins_on + longest


def _lines(texts: Sequence[str], count: int, length: int) -> list[str]:
    cleaned = [clean_note(text, length) for text in texts]
    return list(dict.fromkeys(text for text in cleaned if text))[:count]


def _facts(campaign: Campaign) -> str:
    days = f"{campaign.begins_on} {campaign.ends_on}"
    parts = [campaign.name, days, *campaign.covers, *campaign.greetings, *campaign.words]
    return " · ".join(parts)


def _require(staff: Person) -> None:
    if not staff.has_perm("payments.manage_campaigns"):
        raise NotAllowed


def _log(staff: Person, campaign: Campaign, before: str, after: str) -> None:
    LogEntry.objects.log_create(
        campaign,
        force_log=True,
        action=LogEntry.Action.UPDATE,
        changes={"campaign": [before, after]},
        actor=staff,
    )
