"""What the programs of an official account need to speak for it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.official import OfficialAccount


class Program(models.Model):
    """An official account's way in for programs. Its name is the account's appid."""

    official = models.OneToOneField(
        OfficialAccount, models.CASCADE, primary_key=True, related_name="program"
    )
    # Shown once, when it is made; 128 random bits need no slow hash.
    secret_digest = models.CharField(max_length=64)
    secret_made_at = models.DateTimeField()

    class Meta:
        verbose_name = _("program access")
        verbose_name_plural = _("program access")


class ProgramToken(models.Model):
    """A token that was given out. Itself it is derived from the row (see actions.programs)."""

    class Kind(models.TextChoices):
        # /cgi-bin/token: a new one leaves the one before five minutes.
        PLAIN = "plain"
        # /cgi-bin/stable_token: the same for its whole life.
        STABLE = "stable"
        # Tickets for the signatures of pages.
        JSAPI = "jsapi"
        CARD = "wx_card"

    official = models.ForeignKey(OfficialAccount, models.CASCADE, related_name="program_tokens")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    nonce = models.CharField(max_length=43)
    digest = models.CharField(max_length=64, unique=True)
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    # Replaced by another: the longest-lived one that is not is the current one.
    is_superseded = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("program token")
        verbose_name_plural = _("program tokens")
        indexes = [
            models.Index(fields=["official", "kind", "-expires_at"], name="program_tokens_of"),
            models.Index(fields=["expires_at"], name="program_tokens_ending"),
        ]
