"""Statuses of campaigns."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class CampaignStatus(models.TextChoices):
    OFF = "off", _("Off")
    ON = "on", _("On")


CAMPAIGN_MOVES = {
    CampaignStatus.OFF: {CampaignStatus.ON},
    CampaignStatus.ON: {CampaignStatus.OFF},
}


class Calendar(models.TextChoices):
    GREGORIAN = "gregorian", _("Gregorian")
    LUNAR = "lunar", _("Chinese lunar")


class Cover(models.TextChoices):
    """Drawn in static/img/covers.svg, coloured in static/css/covers.css."""

    LANTERNS = "lanterns", _("Lanterns")
    PLUM = "plum", _("Plum blossom")
    FISH = "fish", _("Carp")
    FIREWORKS = "fireworks", _("Fireworks")
    KNOT = "knot", _("Lucky knot")
