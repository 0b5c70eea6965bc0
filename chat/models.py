"""Conversations, who sits in them, and what was said.

Nothing is written per member when a message is sent: unread counts, previews and visibility are
computed from `seq` numbers when somebody looks.
"""

from functools import partial
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import Account
from chat.states import (
    ConversationKind,
    JoinStatus,
    MembershipStatus,
    MessageKind,
    Role,
    ScheduleStatus,
)
from superapp.kernel.ids import new_id
from superapp.kernel.models import StoredFile


class Conversation(models.Model):
    public_id = models.CharField(max_length=40, unique=True, default=partial(new_id, "conv"))
    kind = models.CharField(max_length=10, choices=ConversationKind.choices)
    # "lower:higher" account ids of a direct or service conversation: two people have one.
    pair_key = models.CharField(max_length=50, unique=True, null=True, blank=True)
    title = models.CharField(max_length=60, blank=True)
    avatar = models.ForeignKey(StoredFile, models.SET_NULL, null=True, blank=True, related_name="+")
    # seq of the newest message: gap-free per conversation.
    last_seq = models.BigIntegerField(default=0)
    # Counts changes to older messages (recall, reaction, preview): a client syncs since a number.
    last_change = models.BigIntegerField(default=0)
    last_message_at = models.DateTimeField(default=timezone.now)
    # Grows when anybody joins or goes: a cached list of recipients is used only at its revision.
    members_rev = models.BigIntegerField(default=0)
    members_count = models.PositiveIntegerField(default=0)
    # Begun by people who were not friends: they may write without being in each other's lists.
    is_greeting = models.BooleanField(default=False)
    # Who greeted, until the other answers or they become friends: may write once, and the other
    # finds the conversation among the greetings.
    greeter = models.ForeignKey(Account, models.SET_NULL, null=True, blank=True, related_name="+")
    needs_approval = models.BooleanField(default=False)
    announcement = models.CharField(max_length=2000, blank=True)
    announced_at = models.DateTimeField(null=True, blank=True)
    announced_by = models.ForeignKey(
        Account, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    qr_token = models.CharField(max_length=60, unique=True, null=True, blank=True)
    qr_expires_at = models.DateTimeField(null=True, blank=True)
    disbanded_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.title or self.public_id

    def get_absolute_url(self) -> str:
        return f"/chats/{self.public_id}/"


class Membership(models.Model):
    """One person's seat in a conversation, with everything that is theirs alone."""

    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="memberships")
    account = models.ForeignKey(Account, models.CASCADE, related_name="memberships")
    # The other one in a direct or service conversation, so a list needs no second look-up.
    peer = models.ForeignKey(Account, models.CASCADE, null=True, blank=True, related_name="+")
    role = models.CharField(max_length=10, choices=Role.choices, default=Role.MEMBER)
    status = models.CharField(
        max_length=10, choices=MembershipStatus.choices, default=MembershipStatus.ACTIVE
    )
    joined_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)
    # What the group was called when the seat ended: its later names are not theirs to read.
    ended_title = models.CharField(max_length=200, blank=True)
    # Sees messages with first_seq < seq, and seq <= last_seq_visible once the seat has ended.
    first_seq = models.BigIntegerField(default=0)
    last_visible_seq = models.BigIntegerField(null=True, blank=True)
    # "Clear my history": hides what came before, for this person only.
    cleared_seq = models.BigIntegerField(default=0)
    read_seq = models.BigIntegerField(default=0)
    is_marked_unread = models.BooleanField(default=False)
    is_muted = models.BooleanField(default=False)
    pinned_at = models.DateTimeField(null=True, blank=True)
    # Out of the list until something new is said (hidden) or until taken back (archived).
    hidden_at_seq = models.BigIntegerField(null=True, blank=True)
    is_archived = models.BooleanField(default=False)
    # The other side is a subscription account: its messages stand in a folder of their own.
    is_subscription = models.BooleanField(default=False)
    # Broadcasts have no seq: up to when they were read, cleared, and out of the list.
    broadcasts_read_at = models.DateTimeField(null=True, blank=True)
    broadcasts_cleared_at = models.DateTimeField(null=True, blank=True)
    broadcasts_hidden_at = models.DateTimeField(null=True, blank=True)
    alias = models.CharField(max_length=40, blank=True)
    remark = models.CharField(max_length=60, blank=True)
    is_saved = models.BooleanField(default=False)
    draft = models.CharField(max_length=5000, blank=True)
    draft_at = models.DateTimeField(null=True, blank=True)
    # The announcement this member has acknowledged.
    announcement_seen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["conversation", "account"], name="one_seat_each")
        ]
        indexes = [models.Index(fields=["account", "conversation"], name="seats_of")]


class Message(models.Model):
    # The constraints below begin with these columns: an index of their own would only cost writes.
    conversation = models.ForeignKey(
        Conversation, models.CASCADE, related_name="messages", db_index=False
    )
    seq = models.BigIntegerField()
    author = models.ForeignKey(Account, models.PROTECT, related_name="messages", db_index=False)
    client_id = models.CharField(max_length=64)
    kind = models.CharField(max_length=10, choices=MessageKind.choices)
    text = models.TextField(blank=True)
    # What the kind needs; its shape is the matching struct in chat.bodies.
    body = models.JSONField(default=dict)
    # Quoted message: its seq here, and a copy of its beginning that goes when it is recalled.
    quote_seq = models.BigIntegerField(null=True, blank=True)
    sent_at = models.DateTimeField()
    change = models.BigIntegerField(default=0)
    recalled_at = models.DateTimeField(null=True, blank=True)
    recalled_by = models.ForeignKey(
        Account, models.SET_NULL, null=True, blank=True, related_name="+", db_index=False
    )
    # Made by kernel.search; emptied by recall.
    search = SearchVectorField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["author", "client_id"], name="said_once"),
            models.UniqueConstraint(fields=["conversation", "seq"], name="one_message_per_seq"),
        ]
        indexes = [
            GinIndex(fields=["search"], name="messages_search"),
            models.Index(
                fields=["conversation", "change"],
                condition=Q(change__gt=0),
                name="messages_changed",
            ),
            # Photos, files and links of a chat; plain text stays out of it.
            models.Index(
                fields=["conversation", "kind", "-seq"],
                condition=~Q(kind__in=["text", "system"]),
                name="messages_by_kind",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.conversation_id}/{self.seq}"


class SpokenBy(models.Model):
    """Who of the staff wrote what an official account said."""

    message = models.OneToOneField(Message, models.CASCADE, related_name="spoken_by")
    staff = models.ForeignKey(Account, models.SET_NULL, null=True, related_name="+")


class Mention(models.Model):
    """Somebody is named in a message; `@all` gives one row with no account."""

    message = models.ForeignKey(Message, models.CASCADE, related_name="mentions")
    conversation = models.ForeignKey(Conversation, models.CASCADE)
    seq = models.BigIntegerField()
    account = models.ForeignKey(Account, models.CASCADE, null=True)

    class Meta:
        indexes = [models.Index(fields=["conversation", "account", "seq"], name="mentions_of")]


class HiddenMessage(models.Model):
    """Deleted for me: one account no longer sees one message."""

    account = models.ForeignKey(Account, models.CASCADE)
    message = models.ForeignKey(Message, models.CASCADE, related_name="hidden_for")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "message"], name="hidden_once")]


class Reaction(models.Model):
    message = models.ForeignKey(Message, models.CASCADE, related_name="reactions")
    account = models.ForeignKey(Account, models.CASCADE)
    emoji = models.CharField(max_length=16)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["message", "account", "emoji"], name="one_reaction")
        ]


class Attachment(models.Model):
    """An uploaded file: private to its owner until sent, then visible with its messages."""

    public_id = models.CharField(max_length=40, unique=True, default=partial(new_id, "att"))
    owner = models.ForeignKey(Account, models.CASCADE, related_name="attachments")
    kind = models.CharField(max_length=10, choices=MessageKind.choices)
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    thumb = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")
    name = models.CharField(max_length=200)
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    duration_ms = models.PositiveIntegerField(default=0)
    peaks = ArrayField(models.PositiveSmallIntegerField(), default=list)  # 40 loudness steps, 0–100
    created_at = models.DateTimeField()
    is_sent = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(fields=["created_at"], condition=Q(is_sent=False), name="unsent_uploads")
        ]


class AttachmentUse(models.Model):
    """A message shows an attachment; forwarding adds a row, recall removes it."""

    attachment = models.ForeignKey(Attachment, models.CASCADE, related_name="uses")
    message = models.ForeignKey(Message, models.CASCADE, related_name="attachment_uses")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["attachment", "message"], name="one_use_per_message")
        ]


class VoicePlayed(models.Model):
    """This account has listened to this voice message."""

    account = models.ForeignKey(Account, models.CASCADE)
    message = models.ForeignKey(Message, models.CASCADE, related_name="played_by")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "message"], name="played_once")]


class JoinRequest(models.Model):
    """Somebody is invited to a group, or asks to come in by its QR code."""

    public_id = models.CharField(max_length=40, unique=True, default=partial(new_id, "join"))
    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="join_requests")
    account = models.ForeignKey(Account, models.CASCADE, related_name="join_requests")
    inviter = models.ForeignKey(Account, models.SET_NULL, null=True, related_name="+")
    reason = models.CharField(max_length=100, blank=True)
    status = models.CharField(max_length=10, choices=JoinStatus.choices)
    answered_by = models.ForeignKey(Account, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["conversation", "account"],
                condition=Q(status__in=["invited", "asked"]),
                name="one_open_join_request",
            )
        ]


class AnnouncementVersion(models.Model):
    """What an announcement said before; the current text is on the conversation."""

    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="announcements")
    text = models.CharField(max_length=2000, blank=True)
    author = models.ForeignKey(Account, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()


class Favourite(models.Model):
    """A message kept by somebody: their own copy, with tags and a note."""

    public_id = models.CharField(max_length=40, unique=True, default=partial(new_id, "fav"))
    owner = models.ForeignKey(Account, models.CASCADE, related_name="favourites")
    # Where it came from; the copy below survives it.
    message = models.ForeignKey(Message, models.SET_NULL, null=True, related_name="favourites")
    author = models.ForeignKey(Account, models.SET_NULL, null=True, related_name="+")
    kind = models.CharField(max_length=10, choices=MessageKind.choices)
    text = models.TextField(blank=True)
    body = models.JSONField(default=dict)
    attachment = models.ForeignKey(Attachment, models.PROTECT, null=True, related_name="+")
    note = models.CharField(max_length=500, blank=True)
    tags = ArrayField(models.CharField(max_length=20), default=list)
    search = SearchVectorField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "message"], name="one_favourite_per_message")
        ]
        indexes = [GinIndex(fields=["search"], name="favourites_search")]


class ScheduledMessage(models.Model):
    public_id = models.CharField(max_length=40, unique=True, default=partial(new_id, "sched"))
    author = models.ForeignKey(Account, models.CASCADE, related_name="scheduled")
    conversation = models.ForeignKey(Conversation, models.CASCADE)
    text = models.TextField()
    is_silent = models.BooleanField(default=False)
    status = models.CharField(
        max_length=10, choices=ScheduleStatus.choices, default=ScheduleStatus.WAITING
    )
    refusal = models.CharField(max_length=60, blank=True)
    due_at = models.DateTimeField()
    created_at = models.DateTimeField()


class Reminder(models.Model):
    """ "Remind me about this message": arrives in the chat with oneself."""

    owner = models.ForeignKey(Account, models.CASCADE, related_name="reminders")
    message = models.ForeignKey(Message, models.CASCADE)
    due_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()


class Sticker(models.Model):
    """A picture in a pack (`pack` set) or kept by somebody from a chat (`owner` set)."""

    public_id = models.CharField(max_length=40, unique=True, default=partial(new_id, "stk"))
    pack = models.CharField(max_length=40, blank=True)
    owner = models.ForeignKey(
        Account, models.CASCADE, null=True, blank=True, related_name="stickers"
    )
    label = models.CharField(max_length=60)
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    is_animated = models.BooleanField(default=False)
    position = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()


class LinkPreview(models.Model):
    """What a public page said about itself. Shared by every message with the same address."""

    url = models.CharField(max_length=2000)
    digest = models.CharField(max_length=64, unique=True)
    title = models.CharField(max_length=200, blank=True)
    summary = models.CharField(max_length=400, blank=True)
    site = models.CharField(max_length=100, blank=True)
    image = models.ForeignKey(StoredFile, models.SET_NULL, null=True, related_name="+")
    fetched_at = models.DateTimeField(null=True)
    is_ok = models.BooleanField(default=False)


class Report(models.Model):
    """Somebody says a message or a person breaks the rules; staff look at it."""

    public_id = models.CharField(max_length=40, unique=True, default=partial(new_id, "rep"))
    reporter = models.ForeignKey(Account, models.CASCADE, related_name="reports")
    target = models.ForeignKey(Account, models.CASCADE, related_name="reported")
    conversation = models.ForeignKey(Conversation, models.SET_NULL, null=True)
    message = models.ForeignKey(Message, models.SET_NULL, null=True)
    category = models.CharField(max_length=20)
    note = models.CharField(max_length=500, blank=True)
    evidence: Any = models.JSONField(default=list)
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=200, blank=True)


class ChatExport(models.Model):
    """A zip of one conversation, made by a worker for one member."""

    public_id = models.CharField(max_length=40, unique=True, default=partial(new_id, "exp"))
    owner = models.ForeignKey(Account, models.CASCADE, related_name="chat_exports")
    conversation = models.ForeignKey(Conversation, models.CASCADE)
    file = models.ForeignKey(StoredFile, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()
    ready_at = models.DateTimeField(null=True)
