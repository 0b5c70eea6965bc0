"""Server mode of an official account: where its program listens, and what it is told."""

from functools import partial
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models.official import Follow, OfficialAccount
from accounts.models.people import Account
from accounts.states import PUSH_OPEN, CallbackMode, PushStatus
from superapp.kernel.ids import new_id


class Callback(models.Model):
    """Where the program of an account listens. The address has answered a test."""

    official = models.OneToOneField(
        OfficialAccount, models.CASCADE, primary_key=True, related_name="callback"
    )
    url = models.CharField(max_length=1024)
    # Shared with the program: signs every push.
    token = models.CharField(max_length=32)
    aes_key = models.CharField(max_length=43, blank=True)
    mode = models.CharField(max_length=8, choices=CallbackMode.choices)
    verified_at = models.DateTimeField()
    saved_by = models.ForeignKey(Account, models.SET_NULL, null=True, related_name="+")
    # Since when no push was taken, and what the last one ran into; empty while all is well.
    failing_since = models.DateTimeField(null=True, blank=True)
    trouble = models.CharField(max_length=40, blank=True)

    class Meta:
        verbose_name = _("server")
        verbose_name_plural = _("servers")


class Push(models.Model):
    """Something that a program is told: waits in its follower's line, then stands in the log."""

    official = models.ForeignKey(
        OfficialAccount, models.CASCADE, related_name="pushes", db_index=False
    )
    follow = models.ForeignKey(Follow, models.CASCADE, related_name="pushes", db_index=False)
    # The type of a message, or the name of an event.
    kind = models.CharField(max_length=30)
    # What the platform's XML says, in order: [[name, value], …]; a file of the follower stands as
    # {"media": kind, "file": primary key}. Emptied at the end: the log needs no words of people.
    fields: "models.JSONField[Any, Any]" = models.JSONField(default=list)
    status = models.CharField(max_length=8, choices=PushStatus.choices, default=PushStatus.WAITING)
    created_at = models.DateTimeField()
    # Whoever sends it has it until then.
    leased_until = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    ended_at = models.DateTimeField(null=True, blank=True)
    # Of the last try.
    milliseconds = models.PositiveIntegerField(null=True, blank=True)
    # "ok", "replied" or what went wrong.
    outcome = models.CharField(max_length=40, blank=True)

    class Meta:
        verbose_name = _("push")
        verbose_name_plural = _("pushes")
        indexes = [
            models.Index(
                fields=["official", "id"], condition=Q(status__in=PUSH_OPEN), name="pushes_open"
            ),
            models.Index(
                fields=["follow", "id"], condition=Q(status__in=PUSH_OPEN), name="pushes_in_line"
            ),
            models.Index(fields=["official", "-id"], name="pushes_log"),
            models.Index(fields=["created_at"], name="pushes_old"),
        ]


class ProgramCard(models.Model):
    """What a program shows in a chat beyond plain messages, in the platform's own fields."""

    class Kind(models.TextChoices):
        NEWS = "news"  # {"articles": [{"title", "description", "url", "picurl"}]}
        MUSIC = "music"  # {"title", "description", "musicurl", "hqmusicurl"}
        MENU = "msgmenu"  # {"head_content", "list": [{"id", "content"}], "tail_content"}

    public_id = models.CharField(max_length=40, unique=True, default=partial(new_id, "pcard"))
    official = models.ForeignKey(OfficialAccount, models.CASCADE, related_name="program_cards")
    # Who may see it, besides the account.
    follow = models.ForeignKey(Follow, models.CASCADE, related_name="program_cards")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    title = models.CharField(max_length=200)
    facts: "models.JSONField[Any, Any]" = models.JSONField(default=dict)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("card of a program")
        verbose_name_plural = _("cards of programs")
