"""What an official account says to many at once: one row, however many follow it."""

from functools import partial
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models.official import FollowerTag, OfficialAccount
from accounts.models.people import Account
from accounts.states import BroadcastAim, BroadcastReach, BroadcastStatus
from superapp.kernel.ids import new_id


class Broadcast(models.Model):
    """Words, or articles, for all followers or those with a tag.

    Nothing is written per follower: a sent row is merged into threads and lists when they are read
    (queries.reach), and where some are left out they are listed in blocks (Listed).
    """

    public_id = models.CharField(max_length=40, unique=True, default=partial(new_id, "cast"))
    official = models.ForeignKey(
        OfficialAccount, models.CASCADE, related_name="broadcasts", db_index=False
    )
    # The caller's name for it: again gives the first one.
    client_id = models.CharField(max_length=64, blank=True)
    # Of the message with which it was made: the client_id stands for no other. Empty: not known.
    fingerprint = models.CharField(max_length=64, blank=True)
    status = models.CharField(
        max_length=10, choices=BroadcastStatus.choices, default=BroadcastStatus.DRAFT
    )
    text = models.CharField(max_length=600, blank=True)
    # Primary keys of articles in their order; articles are never deleted.
    article_ids: Any = ArrayField(models.BigIntegerField(), default=list, blank=True)
    # What a list of chats says of it.
    headline = models.CharField(max_length=64)
    aim = models.CharField(max_length=4, choices=BroadcastAim.choices, default=BroadcastAim.ALL)
    tag = models.ForeignKey(FollowerTag, models.SET_NULL, null=True, blank=True, related_name="+")
    # Stays when the tag goes.
    tag_name = models.CharField(max_length=30, blank=True)

    made_by = models.ForeignKey(Account, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()
    submitted_by = models.ForeignKey(Account, models.SET_NULL, null=True, related_name="+")
    # Until when somebody else may say yes.
    review_until = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(Account, models.SET_NULL, null=True, related_name="+")
    # When it is to be sent; none: as soon as somebody else has said yes.
    due_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    recalled_at = models.DateTimeField(null=True, blank=True)
    # Code of the rule that stopped it.
    refusal = models.CharField(max_length=60, blank=True)
    reach = models.CharField(
        max_length=4, choices=BroadcastReach.choices, default=BroadcastReach.ALL
    )
    # Followers aimed at, and those of them who had enough already in this day or month.
    total = models.PositiveIntegerField(default=0)
    filtered = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("broadcast")
        verbose_name_plural = _("broadcasts")
        constraints = [
            models.UniqueConstraint(
                fields=["official", "client_id"],
                condition=~Q(client_id=""),
                name="broadcast_once",
            )
        ]
        indexes = [
            models.Index(fields=["official", "-id"], name="broadcasts_of"),
            models.Index(
                fields=["official", "-sent_at"],
                condition=Q(status__in=["sent", "recalled"]),
                name="broadcasts_sent",
            ),
        ]

    def __str__(self) -> str:
        return self.headline

    @property
    def sent_to(self) -> int:
        return self.total - self.filtered


class Listed(models.Model):
    """Followers whom a broadcast reached, or left out: those of one block of primary keys."""

    SIZE = 1024

    broadcast = models.ForeignKey(Broadcast, models.CASCADE, related_name="listed", db_index=False)
    # follow pk // SIZE, and pk % SIZE of each.
    block = models.BigIntegerField()
    places: Any = ArrayField(models.SmallIntegerField())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["broadcast", "block"], name="listed_once")]
