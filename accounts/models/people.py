"""Who: accounts, the people behind them, and what people are to each other."""

from functools import partial
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.states import FriendRequestStatus, QRLoginStatus
from superapp.kernel.ids import new_id, new_token
from superapp.kernel.models import StoredFile


class Account(models.Model):
    """Anything that can be addressed: a person or an official account."""

    class Kind(models.TextChoices):
        PERSON = "person", _("Person")
        OFFICIAL = "official", _("Official account")

    public_id = models.CharField(max_length=40, unique=True, default=partial(new_id, "acc"))
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.PERSON)
    # Lower case; what people type to find somebody. Display names are free and not unique.
    handle = models.CharField(max_length=20, unique=True, null=True, blank=True)
    handle_changed_at = models.DateTimeField(null=True, blank=True)
    name = models.CharField(max_length=40)
    # Derived from the name by the actions that set it: kernel.search.sort_key and name_keys.
    sort_key = models.CharField(max_length=120, blank=True, db_collation="C")
    name_keys = models.CharField(max_length=400, blank=True)
    avatar = models.ForeignKey(StoredFile, models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    # Set when the account is gone for good: it shows as a deleted user and cannot be addressed.
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            # The directory forgives typing errors: what is alike is found by groups of three letters.
            GinIndex(
                OpClass(F("name_keys"), "gin_trgm_ops"),
                condition=Q(kind="official"),
                name="official_names_alike",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        place = "a" if self.kind == self.Kind.OFFICIAL else "people"
        return f"/{place}/{self.public_id}/"

    @property
    def avatar_url(self) -> str:
        """Where signed-in people see the picture; load rows with select_related("avatar")."""
        return f"/avatars/{self.avatar.public_id}/" if self.avatar else ""


class PersonManager(BaseUserManager["Person"]):
    """Django's commands (createsuperuser) need one; the product creates people by its actions."""

    def create_superuser(self, email: str, password: str, **extra: Any) -> "Person":
        account = Account.objects.create(name=email.partition("@")[0][:40])
        person = self.model(account=account, email=email, is_staff=True, is_superuser=True, **extra)
        person.set_password(password)
        person.save()
        # allauth's models need the app registry that is still loading when this file is read.
        from allauth.account.models import EmailAddress  # noqa: PLC0415

        EmailAddress.objects.create(user=person, email=email, verified=True, primary=True)
        return person


class Person(AbstractBaseUser, PermissionsMixin):
    """A human with a login. Everything others address is on the account."""

    class Gender(models.TextChoices):
        UNSET = "", _("Not said")
        FEMALE = "female", _("Female")
        MALE = "male", _("Male")
        OTHER = "other", _("Other")

    class Audience(models.TextChoices):
        EVERYONE = "everyone", _("Everyone")
        FRIENDS = "friends", _("Friends")
        NOBODY = "nobody", _("Only me")

    account = models.OneToOneField(Account, models.PROTECT, related_name="person")
    email = models.EmailField(unique=True, null=True, blank=True)
    phone = models.CharField(max_length=16, unique=True, null=True, blank=True)  # E.164
    phone_verified_at = models.DateTimeField(null=True, blank=True)
    # False while staff keep the person out; they also cannot be asked or found.
    is_active = models.BooleanField(default=True)
    suspended_at = models.DateTimeField(null=True, blank=True)
    suspension_reason = models.CharField(max_length=200, blank=True)
    is_staff = models.BooleanField(default=False)
    date_joined = models.DateTimeField(default=timezone.now)
    # When an identity check (a bound bank card) succeeded; large groups ask for it.
    verified_at = models.DateTimeField(null=True, blank=True)

    language = models.CharField(max_length=10, blank=True)
    time_zone = models.CharField(max_length=40, blank=True)

    gender = models.CharField(max_length=10, choices=Gender.choices, blank=True)
    region = models.CharField(max_length=60, blank=True)
    signature = models.CharField(max_length=30, blank=True)
    cover = models.ForeignKey(StoredFile, models.SET_NULL, null=True, blank=True, related_name="+")
    gender_audience = models.CharField(
        max_length=10, choices=Audience.choices, default=Audience.EVERYONE
    )
    region_audience = models.CharField(
        max_length=10, choices=Audience.choices, default=Audience.EVERYONE
    )
    signature_audience = models.CharField(
        max_length=10, choices=Audience.choices, default=Audience.EVERYONE
    )

    # Ways to find me (ACC-08), and what happens then.
    is_found_by_phone = models.BooleanField(default=True)
    is_found_by_handle = models.BooleanField(default=True)
    is_found_by_qr = models.BooleanField(default=True)
    is_found_by_group = models.BooleanField(default=True)
    is_found_by_card = models.BooleanField(default=True)
    is_card_shareable = models.BooleanField(default=True)
    approves_friends = models.BooleanField(default=True)
    # The secret in the personal QR code; replacing it makes every old picture of it useless.
    qr_token = models.CharField(max_length=60, unique=True, default=new_token)

    # Chat preferences.
    shares_read_marks = models.BooleanField(default=False)
    mentions_break_mute = models.BooleanField(default=True)
    enter_sends = models.BooleanField(default=True)

    objects = PersonManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        permissions = [
            ("suspend_person", _("Can suspend and reinstate people")),
            ("end_access", _("Can end sessions and tokens")),
        ]

    def __str__(self) -> str:
        return self.account.name

    @property
    def cover_url(self) -> str:
        """Like Account.avatar_url, for the wide picture; load rows with select_related("cover")."""
        return f"/avatars/{self.cover.public_id}/" if self.cover else ""

    def save(self, *args: Any, **kwargs: Any) -> None:
        # allauth writes "" for "no address"; two of those would collide on the unique column.
        self.email = self.email or None
        super().save(*args, **kwargs)


class Contact(models.Model):
    """A directed edge: `other` is in `owner`'s list. Friends are two edges."""

    class Source(models.TextChoices):
        HANDLE = "handle", _("ID")
        PHONE = "phone", _("Phone number")
        QR = "qr", _("QR code")
        GROUP = "group", _("Group")
        CARD = "card", _("Contact card")
        NEARBY = "nearby", _("People nearby")

    owner = models.ForeignKey(Account, models.CASCADE, related_name="contacts")
    other = models.ForeignKey(Account, models.CASCADE, related_name="contact_of")
    remark = models.CharField(max_length=40, blank=True)
    note = models.CharField(max_length=400, blank=True)
    phones = models.JSONField(default=list)
    is_starred = models.BooleanField(default=False)
    # Neither sees the other's Moments or status (ACC-11).
    is_chat_only = models.BooleanField(default=False)
    source = models.CharField(max_length=10, choices=Source.choices, blank=True)
    # From the remark if there is one, else from the other's name; kept by the actions.
    sort_key = models.CharField(max_length=120, blank=True, db_collation="C")
    search_keys = models.CharField(max_length=900, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "other"], name="one_edge_each_way"),
            models.CheckConstraint(condition=~Q(owner=F("other")), name="nobody_befriends_self"),
        ]
        indexes = [models.Index(fields=["owner", "sort_key", "id"], name="contacts_a_to_z")]


class Tag(models.Model):
    """A private group of contacts; read when something is shown, so edits change the past."""

    public_id = models.CharField(max_length=40, unique=True, default=partial(new_id, "tag"))
    owner = models.ForeignKey(Account, models.CASCADE, related_name="tags")
    name = models.CharField(max_length=20)
    contacts: "models.ManyToManyField[Contact, Any]" = models.ManyToManyField(
        Contact, related_name="tags"
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "name"], name="one_tag_per_name")]

    def __str__(self) -> str:
        return self.name


class Block(models.Model):
    """`owner` hears nothing more from `other`. Survives deletion and re-adding."""

    owner = models.ForeignKey(Account, models.CASCADE, related_name="blocks")
    other = models.ForeignKey(Account, models.CASCADE, related_name="blocked_by")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "other"], name="one_block_each")]

    def __str__(self) -> str:
        return f"{self.owner_id} > {self.other_id}"


class FriendRequest(models.Model):
    """Waits for the receiver. One that is ignored still looks like waiting to its sender."""

    public_id = models.CharField(max_length=40, unique=True, default=partial(new_id, "freq"))
    sender = models.ForeignKey(Account, models.CASCADE, related_name="requests_sent")
    receiver = models.ForeignKey(Account, models.CASCADE, related_name="requests_received")
    note = models.CharField(max_length=50, blank=True)
    source = models.CharField(max_length=10, choices=Contact.Source.choices, blank=True)
    status = models.CharField(
        max_length=10, choices=FriendRequestStatus.choices, default=FriendRequestStatus.PENDING
    )
    # What the sender wants the new contact to be, applied when it is accepted.
    remark = models.CharField(max_length=40, blank=True)
    is_chat_only = models.BooleanField(default=False)
    is_seen = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["sender", "receiver"],
                condition=Q(status="pending"),
                name="one_pending_request_per_pair",
            )
        ]
        indexes = [
            models.Index(fields=["receiver", "-id"], name="requests_to"),
            models.Index(fields=["due_at"], condition=Q(status="pending"), name="requests_due"),
        ]


class PersonalToken(models.Model):
    """A named key for the API. Only its hash is kept; the secret is shown once."""

    public_id = models.CharField(max_length=40, unique=True, default=partial(new_id, "tok"))
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=60)
    digest = models.CharField(max_length=64, unique=True)  # SHA-256 of the secret, in hex
    hint = models.CharField(max_length=8)  # its last characters, to recognise it
    created_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name


class QRLogin(models.Model):
    """A sign-in that a phone confirms for another device (ACC-03)."""

    token = models.CharField(max_length=60, unique=True, default=new_token)
    # Known only to the waiting browser: seeing the code on its screen is not enough to sign in.
    claim_digest = models.CharField(max_length=64)
    status = models.CharField(
        max_length=10, choices=QRLoginStatus.choices, default=QRLoginStatus.WAITING
    )
    device = models.CharField(max_length=120, blank=True)
    place = models.CharField(max_length=60, blank=True)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()


class SandboxLetter(models.Model):
    """An e-mail or SMS that the sandbox shows on a page instead of sending it."""

    to = models.CharField(max_length=254, db_index=True)
    subject = models.CharField(max_length=200, blank=True)
    body = models.TextField()
    sent_at = models.DateTimeField()


class SandboxAttachment(models.Model):
    """A file that came with such a letter. Whoever knows its id may read it."""

    public_id = models.CharField(max_length=40, unique=True, default=partial(new_id, "att"))
    letter = models.ForeignKey(SandboxLetter, models.CASCADE, related_name="attachments")
    name = models.CharField(max_length=100)
    content_type = models.CharField(max_length=60)
    data = models.BinaryField()
