"""Campaigns: days on which red packets wear other covers and other words are wished."""

from functools import partial

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from payments.states import Calendar, CampaignStatus, Cover
from superapp.kernel.ids import new_id


class Campaign(models.Model):
    """Staff plan it, and switch it on. Days are those of the house's time zone, both included."""

    public_id = models.CharField(max_length=40, unique=True, default=partial(new_id, "cam"))
    name = models.CharField(max_length=60)
    calendar = models.CharField(max_length=10, choices=Calendar.choices)
    # As they were typed, in that calendar; and the days they are.
    begins = models.CharField(max_length=12)
    ends = models.CharField(max_length=12)
    begins_on = models.DateField()
    ends_on = models.DateField()
    covers = ArrayField(models.CharField(max_length=20, choices=Cover.choices))
    greetings = ArrayField(models.CharField(max_length=60))
    # Said in a chat, or wished in a packet, they let confetti rain.
    words = ArrayField(models.CharField(max_length=30))
    status = models.CharField(
        max_length=5, choices=CampaignStatus.choices, default=CampaignStatus.OFF
    )
    made_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        verbose_name = _("campaign")
        verbose_name_plural = _("campaigns")
        permissions = [("manage_campaigns", "Can plan campaigns and switch them on")]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("begins_on")), name="campaign_ends_after_it_begins"
            )
        ]
        indexes = [models.Index(fields=["ends_on"], condition=Q(status="on"), name="campaigns_on")]

    def __str__(self) -> str:
        return self.name
