"""What the programs of an official account need to speak for it."""

from functools import partial

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models.official import Follow, OfficialAccount
from superapp.kernel.ids import new_id, new_token
from superapp.kernel.models import StoredFile


class Program(models.Model):
    """An official account's way in for programs. Its name is the account's appid."""

    official = models.OneToOneField(
        OfficialAccount, models.CASCADE, primary_key=True, related_name="program"
    )
    # Shown once, when it is made; 128 random bits need no slow hash.
    secret_digest = models.CharField(max_length=64)
    secret_made_at = models.DateTimeField()
    # Hosts to which people who sign in may be sent back.
    oauth_domains = ArrayField(models.CharField(max_length=253), default=list, blank=True)
    # Two numbers of the platform's list of trades: the main one and the second.
    industries = ArrayField(models.PositiveSmallIntegerField(), default=list, blank=True)

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


class Media(models.Model):
    """A file that a program sends with, or that a follower sent to the account.

    Whoever knows `media_id` (256 random bits) may look: programs and their servers have no session.
    """

    class Kind(models.TextChoices):
        IMAGE = "image", _("Picture")
        VOICE = "voice", _("Voice message")
        VIDEO = "video", _("Video")
        THUMB = "thumb", _("Thumbnail")

    official = models.ForeignKey(OfficialAccount, models.CASCADE, related_name="media")
    media_id = models.CharField(max_length=60, unique=True, default=new_token)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    # What a follower sent, by the name of its message: kept once, however often it is pushed.
    origin = models.CharField(max_length=60, blank=True)
    created_at = models.DateTimeField()
    # None: kept for good (pictures inside articles).
    expires_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("medium")
        verbose_name_plural = _("media")
        constraints = [
            models.UniqueConstraint(
                fields=["official", "origin"], condition=~Q(origin=""), name="one_medium_of_each"
            )
        ]
        indexes = [
            models.Index(
                fields=["expires_at"], condition=Q(expires_at__isnull=False), name="media_ending"
            )
        ]

    def __str__(self) -> str:
        return self.media_id

    def get_absolute_url(self) -> str:
        return reverse("accounts:program-media", args=[self.media_id])


class Template(models.Model):
    """A form of message that a program fills in: taken from the library, then the account's own."""

    official = models.ForeignKey(OfficialAccount, models.CASCADE, related_name="templates")
    # 43 characters, by which programs name it.
    template_id = models.CharField(max_length=43, unique=True, default=new_token)
    # Of the library: TM00015.
    short_id = models.CharField(max_length=20)
    title = models.CharField(max_length=60)
    # Lines such as "Total: {{keyword1.DATA}}".
    content = models.CharField(max_length=600)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("message template")
        verbose_name_plural = _("message templates")
        indexes = [models.Index(fields=["official", "id"], name="templates_of")]

    def __str__(self) -> str:
        return self.title


class TemplateMessage(models.Model):
    """A template that was filled in for one follower. Its primary key is its msgid."""

    class Status(models.TextChoices):
        SENT = "sent", _("Sent")
        REFUSED = "refused", _("Refused by the follower")

    public_id = models.CharField(max_length=40, unique=True, default=partial(new_id, "tmsg"))
    official = models.ForeignKey(OfficialAccount, models.CASCADE, related_name="template_messages")
    follow = models.ForeignKey(Follow, models.CASCADE, related_name="template_messages")
    # As it was when it was sent: the account may give the template up.
    template_id = models.CharField(max_length=43)
    title = models.CharField(max_length=60)
    content = models.CharField(max_length=600)
    # name → text
    data = models.JSONField(default=dict)
    url = models.CharField(max_length=2048, blank=True)
    # The program's own name for it: a repeat is sent once.
    client_id = models.CharField(max_length=64, blank=True)
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.SENT)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("template message")
        verbose_name_plural = _("template messages")
        constraints = [
            models.UniqueConstraint(
                fields=["official", "client_id"],
                condition=~Q(client_id=""),
                name="template_message_once",
            )
        ]

    def __str__(self) -> str:
        return self.title


class SignInToken(models.Model):
    """What the account's own site gets when somebody signs in there. Only the digest is kept."""

    class Kind(models.TextChoices):
        # Carried by the browser; used once, within minutes.
        CODE = "code"
        # Opens /sns/ for one person, and nothing under /cgi-bin/.
        ACCESS = "access"
        # Gets another access token.
        REFRESH = "refresh"

    class Scope(models.TextChoices):
        # The openid alone.
        BASE = "snsapi_base"
        # Name and picture too.
        USERINFO = "snsapi_userinfo"

    official = models.ForeignKey(OfficialAccount, models.CASCADE, related_name="sign_in_tokens")
    follow = models.ForeignKey(Follow, models.CASCADE, related_name="sign_in_tokens")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    scope = models.CharField(max_length=16, choices=Scope.choices)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    # Of codes.
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("sign-in token")
        verbose_name_plural = _("sign-in tokens")
        indexes = [models.Index(fields=["expires_at"], name="sign_in_tokens_ending")]
