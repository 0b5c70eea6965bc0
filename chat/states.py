"""Statuses and kinds in chat, with the legal moves."""

from django.db import models
from django.utils.translation import gettext_lazy as _

# The official account that tells people about sign-ins they may not know of.
SECURITY_HANDLE = "security"


class ConversationKind(models.TextChoices):
    DIRECT = "direct", _("Direct")
    GROUP = "group", _("Group")
    SELF = "self", _("File transfer")
    SERVICE = "service", _("Service")  # a person and an official account


class MessageKind(models.TextChoices):
    TEXT = "text", _("Text")
    IMAGE = "image", _("Photo")
    VIDEO = "video", _("Video")
    VOICE = "voice", _("Voice message")
    FILE = "file", _("File")
    STICKER = "sticker", _("Sticker")
    LOCATION = "location", _("Location")
    CARD = "card", _("Card")
    MERGED = "merged", _("Chat history")
    SYSTEM = "system", _("Notice")


class Role(models.TextChoices):
    OWNER = "owner", _("Owner")
    ADMIN = "admin", _("Admin")
    MEMBER = "member", _("Member")


class MembershipStatus(models.TextChoices):
    ACTIVE = "active", _("Member")
    LEFT = "left", _("Left")
    REMOVED = "removed", _("Removed")


MEMBERSHIP_MOVES = {
    MembershipStatus.ACTIVE: {MembershipStatus.LEFT, MembershipStatus.REMOVED},
    MembershipStatus.LEFT: {MembershipStatus.ACTIVE},
    MembershipStatus.REMOVED: {MembershipStatus.ACTIVE},
}


class JoinStatus(models.TextChoices):
    """An invitation or a request to join, until somebody answers it."""

    INVITED = "invited", _("Waiting for the invited person")
    ASKED = "asked", _("Waiting for the owner or an admin")
    JOINED = "joined", _("Joined")
    DECLINED = "declined", _("Declined")
    EXPIRED = "expired", _("Expired")


JOIN_MOVES = {
    JoinStatus.INVITED: {
        JoinStatus.ASKED,
        JoinStatus.JOINED,
        JoinStatus.DECLINED,
        JoinStatus.EXPIRED,
    },
    # An approved invitation to a large group goes on to the invited person.
    JoinStatus.ASKED: {
        JoinStatus.INVITED,
        JoinStatus.JOINED,
        JoinStatus.DECLINED,
        JoinStatus.EXPIRED,
    },
    JoinStatus.JOINED: set(),
    JoinStatus.DECLINED: set(),
    JoinStatus.EXPIRED: set(),
}


class ScheduleStatus(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    SENT = "sent", _("Sent")
    REFUSED = "refused", _("Not sent")
    CANCELLED = "cancelled", _("Cancelled")


SCHEDULE_MOVES = {
    ScheduleStatus.WAITING: {
        ScheduleStatus.SENT,
        ScheduleStatus.REFUSED,
        ScheduleStatus.CANCELLED,
    },
    ScheduleStatus.SENT: set(),
    ScheduleStatus.REFUSED: set(),
    ScheduleStatus.CANCELLED: set(),
}
