"""Statuses of cases that the risk rules opened, and what they did."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class RiskRule(models.TextChoices):
    VELOCITY = "velocity", _("Many payments in an hour")
    NEW_SESSION = "new_session", _("Large, from a device that just signed in")
    NEW_PAYEE = "new_payee", _("Large, to somebody never paid before")
    MULE = "mule", _("Came in from many, goes out at once")


class RiskOutcome(models.TextChoices):
    DELAYED = "delayed", _("Arrives later")
    REFUSED = "refused", _("Refused")


class RiskStatus(models.TextChoices):
    OPEN = "open", _("Open")
    CLEARED = "cleared", _("Nothing wrong")
    CONFIRMED = "confirmed", _("Confirmed")


RISK_MOVES = {
    RiskStatus.OPEN: {RiskStatus.CLEARED, RiskStatus.CONFIRMED},
    RiskStatus.CLEARED: set(),
    RiskStatus.CONFIRMED: set(),
}
