"""Official accounts of businesses: who runs them, who follows them, what they offer."""

from functools import partial
from typing import Any

from django.contrib.postgres.fields import ArrayField, DateTimeRangeField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.people import Account
from accounts.states import (
    InvitationStatus,
    OfficialKind,
    OfficialStatus,
    ReplyChoice,
    ReplyTrigger,
    StaffRole,
)
from superapp.kernel.ids import new_appid, new_id, new_original_id, new_token
from superapp.kernel.models import StoredFile


class OfficialAccount(models.Model):
    """A business that people follow. Its name, picture and handle are on the account."""

    class Category(models.TextChoices):
        FOOD = "food", _("Food and drink")
        HEALTH = "health", _("Health")
        SHOPPING = "shopping", _("Shopping")
        TRAVEL = "travel", _("Travel and transport")
        EDUCATION = "education", _("Education")
        MEDIA = "media", _("News and media")
        FINANCE = "finance", _("Finance")
        LOCAL = "local", _("Local services")
        GOVERNMENT = "government", _("Public services")
        OTHER = "other", _("Other")

    account = models.OneToOneField(Account, models.PROTECT, related_name="official")
    # The person who applied and answers for it. Accounts of one owner share the unionid of a person.
    owner = models.ForeignKey(Account, models.PROTECT, related_name="owned_accounts")
    kind = models.CharField(max_length=12, choices=OfficialKind.choices)
    category = models.CharField(max_length=12, choices=Category.choices)
    status = models.CharField(
        max_length=10, choices=OfficialStatus.choices, default=OfficialStatus.DRAFT
    )
    # Why it was rejected or suspended, in the words of whoever decided.
    status_reason = models.CharField(max_length=200, blank=True)
    intro = models.CharField(max_length=120, blank=True)
    region = models.CharField(max_length=60, blank=True)
    # IANA name: quotas and days of figures are counted in it.
    time_zone = models.CharField(max_length=40)
    # The name with characters that look alike made one: kernel.search.skeleton.
    name_skeleton = models.CharField(max_length=120)
    renamed_at = models.DateTimeField(null=True, blank=True)

    # Names of the account for programs (contract of the compatible API).
    appid = models.CharField(max_length=18, unique=True, default=new_appid)
    original_id = models.CharField(max_length=15, unique=True, default=new_original_id)
    # A program answers: auto-replies of the console are silent.
    is_server_mode = models.BooleanField(default=False)

    # The papers that the review looks at; the first two are shown to everybody.
    legal_name = models.CharField(max_length=100, blank=True)
    verified_at = models.DateTimeField(null=True, blank=True)
    verified_until = models.DateTimeField(null=True, blank=True)
    licence_no = models.CharField(max_length=60, blank=True)
    licence = models.ForeignKey(
        StoredFile, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    contact_name = models.CharField(max_length=60, blank=True)
    contact_phone = models.CharField(max_length=20, blank=True)
    contact_email = models.EmailField(blank=True)
    settlement_holder = models.CharField(max_length=100, blank=True)
    settlement_bank = models.CharField(max_length=100, blank=True)
    settlement_number = models.CharField(max_length=40, blank=True)

    created_at = models.DateTimeField(default=timezone.now)
    submitted_at = models.DateTimeField(null=True, blank=True)
    approved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("official account")
        verbose_name_plural = _("official accounts")
        permissions = [("review_official", _("Can review official accounts"))]
        constraints = [
            # A draft reserves no name.
            models.UniqueConstraint(
                fields=["name_skeleton"],
                condition=Q(status__in=["submitted", "approved", "suspended"]),
                name="official_names_look_different",
            )
        ]
        indexes = [
            models.Index(
                fields=["category", "id"], condition=Q(status="approved"), name="official_directory"
            )
        ]

    def __str__(self) -> str:
        return self.account.name

    @property
    def name(self) -> str:
        return self.account.name

    @property
    def is_verified(self) -> bool:
        return self.verified_at is not None and self.status == OfficialStatus.APPROVED


class PastName(models.Model):
    """What an official account was called until `ended_at`: everybody may read it."""

    official = models.ForeignKey(OfficialAccount, models.CASCADE, related_name="past_names")
    name = models.CharField(max_length=40)
    ended_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class Staff(models.Model):
    """Somebody who works for an official account; gone when the row is gone."""

    official = models.ForeignKey(OfficialAccount, models.CASCADE, related_name="staff")
    person = models.ForeignKey(Account, models.CASCADE, related_name="staff_roles")
    role = models.CharField(max_length=10, choices=StaffRole.choices)
    # What customers read beside an answer; empty: the account's name alone.
    nickname = models.CharField(max_length=20, blank=True)
    joined_at = models.DateTimeField()

    class Meta:
        verbose_name = _("staff member")
        verbose_name_plural = _("staff")
        constraints = [
            models.UniqueConstraint(fields=["official", "person"], name="one_role_each"),
            models.UniqueConstraint(
                fields=["official"], condition=Q(role="owner"), name="one_owner_each"
            ),
        ]

    def __str__(self) -> str:
        return self.person.name


class StaffInvitation(models.Model):
    """A code to scan, good for one person once."""

    public_id = models.CharField(max_length=40, unique=True, default=partial(new_id, "sinv"))
    token = models.CharField(max_length=60, unique=True, default=new_token)
    official = models.ForeignKey(OfficialAccount, models.CASCADE, related_name="invitations")
    role = models.CharField(max_length=10, choices=StaffRole.choices)
    status = models.CharField(
        max_length=10, choices=InvitationStatus.choices, default=InvitationStatus.WAITING
    )
    inviter = models.ForeignKey(Account, models.CASCADE, related_name="+")
    accepted_by = models.ForeignKey(
        Account, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")


class FollowerTag(models.Model):
    """A group of followers. `number` is its id for programs: system tags below 100."""

    official = models.ForeignKey(OfficialAccount, models.CASCADE, related_name="follower_tags")
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=30)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("tag")
        verbose_name_plural = _("tags")
        constraints = [
            models.UniqueConstraint(fields=["official", "number"], name="one_follower_tag_number"),
            models.UniqueConstraint(fields=["official", "name"], name="one_follower_tag_name"),
        ]

    def __str__(self) -> str:
        return self.name


class Follow(models.Model):
    """A person as one official account knows them: by openid. Stays when they unfollow.

    A row may be made before anybody follows (signing in on the account's site gives an openid).
    """

    class Source(models.TextChoices):
        SEARCH = "search", _("Search")
        QR = "qr", _("QR code")
        CARD = "card", _("Contact card")
        PROFILE = "profile", _("Profile page")
        ARTICLE = "article", _("Article")
        PAYMENT = "payment", _("Payment")
        OTHER = "other", _("Other")

    official = models.ForeignKey(OfficialAccount, models.CASCADE, related_name="follows")
    person = models.ForeignKey(Account, models.CASCADE, related_name="follows")
    # 28 characters, different for every account: two businesses cannot tell that they know one person.
    openid = models.CharField(max_length=28, unique=True)
    # The same for the accounts of one owner.
    unionid = models.CharField(max_length=28, db_index=True)
    is_following = models.BooleanField(default=False)
    followed_at = models.DateTimeField(null=True, blank=True)
    unfollowed_at = models.DateTimeField(null=True, blank=True)
    # Every span of time in which they followed; the last one has no end while they do. What the
    # account says to all reaches whoever followed at that moment.
    periods: Any = ArrayField(DateTimeRangeField(), default=list, blank=True)
    source = models.CharField(max_length=10, choices=Source.choices, default=Source.OTHER)
    # Of the code by which they came: see QRScene.
    scene_id = models.BigIntegerField(null=True, blank=True)
    scene_str = models.CharField(max_length=64, blank=True)
    # When they agreed that the account's site knows their name and picture; over when they leave.
    introduced_at = models.DateTimeField(null=True, blank=True)
    remark = models.CharField(max_length=30, blank=True)
    tags: "models.ManyToManyField[FollowerTag, Any]" = models.ManyToManyField(
        FollowerTag, related_name="followers", blank=True
    )
    is_blacklisted = models.BooleanField(default=False)
    # When they last wrote, pressed the menu, scanned or followed.
    last_interaction_at = models.DateTimeField(null=True, blank=True)
    # Until when, and how often still, the account may write first (OA-13).
    window_ends_at = models.DateTimeField(null=True, blank=True)
    window_left = models.PositiveSmallIntegerField(default=0)
    # When a program handed them over to a person, and to whom; empty: to anybody who answers.
    handed_over_at = models.DateTimeField(null=True, blank=True)
    handed_over_to = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("follower")
        verbose_name_plural = _("followers")
        constraints = [models.UniqueConstraint(fields=["official", "person"], name="known_once")]
        indexes = [
            models.Index(
                fields=["official", "id"], condition=Q(is_following=True), name="followers_of"
            ),
            models.Index(
                fields=["person", "id"], condition=Q(is_following=True), name="accounts_followed"
            ),
            models.Index(
                fields=["official"], condition=Q(is_blacklisted=True), name="followers_not_heard"
            ),
        ]

    def __str__(self) -> str:
        return self.remark or self.person.name


class Menu(models.Model):
    """The buttons under a thread: at most 3 × 5, in the shape that programs send and read.

    `{"button": [{"name", "type", "key" | "url" | "value" …, "sub_button": […]}]}`
    """

    official = models.OneToOneField(OfficialAccount, models.CASCADE, related_name="menu")
    draft = models.JSONField(default=dict)
    published = models.JSONField(default=dict)
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(
        Account, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("menu")
        verbose_name_plural = _("menus")


class AutoReply(models.Model):
    """What is said by itself: to new followers, to any message, or to words."""

    public_id = models.CharField(max_length=40, unique=True, default=partial(new_id, "auto"))
    official = models.ForeignKey(OfficialAccount, models.CASCADE, related_name="auto_replies")
    trigger = models.CharField(max_length=10, choices=ReplyTrigger.choices)
    title = models.CharField(max_length=60, blank=True)
    # Each a text, and whether it must be the whole message (is_exact).
    keywords = models.JSONField(default=list, blank=True)
    # Each {"kind": "text", "text": what is said}.
    replies = models.JSONField(default=list)
    choice = models.CharField(max_length=10, choices=ReplyChoice.choices, default=ReplyChoice.ALL)
    is_on = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("auto-reply")
        verbose_name_plural = _("auto-replies")
        constraints = [
            models.UniqueConstraint(
                fields=["official", "trigger"],
                condition=~Q(trigger="keyword"),
                name="one_reply_to_follow_and_any",
            )
        ]
        indexes = [models.Index(fields=["official", "id"], name="auto_replies_of")]

    def __str__(self) -> str:
        return self.title or self.get_trigger_display()


class QRScene(models.Model):
    """A code that leads to the account and says where it hung (OA-17)."""

    official = models.ForeignKey(OfficialAccount, models.CASCADE, related_name="scenes")
    # In the picture's address and in events; letters, digits, - and _ only.
    ticket = models.CharField(max_length=60, unique=True, default=new_token)
    # One of the two.
    scene_id = models.BigIntegerField(null=True, blank=True)
    scene_str = models.CharField(max_length=64, blank=True)
    # None for permanent codes.
    expires_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("QR code")
        verbose_name_plural = _("QR codes")
        constraints = [
            models.UniqueConstraint(
                fields=["official", "scene_id", "scene_str"],
                condition=Q(expires_at=None),
                nulls_distinct=False,
                name="one_permanent_scene",
            )
        ]

    def __str__(self) -> str:
        return self.scene_str or str(self.scene_id)

    @property
    def scene(self) -> str:
        return self.scene_str or str(self.scene_id)
