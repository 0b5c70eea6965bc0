"""Statuses of what people put aside, and of what they pay regularly."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class PotStatus(models.TextChoices):
    OPEN = "open", _("Open")
    CLOSED = "closed", _("Closed")


POT_MOVES = {PotStatus.OPEN: {PotStatus.CLOSED}, PotStatus.CLOSED: set()}


class Every(models.TextChoices):
    MONTH = "month", _("Every month")
    WEEK = "week", _("Every week")


class StandingStatus(models.TextChoices):
    ACTIVE = "active", _("Active")
    PAUSED = "paused", _("Paused")
    ENDED = "ended", _("Ended")
    CANCELLED = "cancelled", _("Cancelled")


_S = StandingStatus
STANDING_MOVES = {
    _S.ACTIVE: {_S.PAUSED, _S.ENDED, _S.CANCELLED},
    # Its last day may pass while it is paused.
    _S.PAUSED: {_S.ACTIVE, _S.ENDED, _S.CANCELLED},
    _S.ENDED: set(),
    _S.CANCELLED: set(),
}


class RunStatus(models.TextChoices):
    # Tried, and tried again tomorrow.
    WAITING = "waiting", _("Tried again tomorrow")
    DONE = "done", _("Done")
    MISSED = "missed", _("Missed")
    SKIPPED = "skipped", _("Skipped")


_R = RunStatus
RUN_MOVES = {
    _R.WAITING: {_R.DONE, _R.MISSED, _R.SKIPPED},
    _R.DONE: set(),
    _R.MISSED: set(),
    _R.SKIPPED: set(),
}
