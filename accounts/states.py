"""Statuses of people's dealings, with their legal moves."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class FriendRequestStatus(models.TextChoices):
    PENDING = "pending", _("Waiting")
    ACCEPTED = "accepted", _("Accepted")
    IGNORED = "ignored", _("Ignored")
    EXPIRED = "expired", _("Expired")


FRIEND_REQUEST_MOVES = {
    FriendRequestStatus.PENDING: {
        FriendRequestStatus.ACCEPTED,
        FriendRequestStatus.IGNORED,
        FriendRequestStatus.EXPIRED,
    },
    FriendRequestStatus.ACCEPTED: set(),
    FriendRequestStatus.IGNORED: set(),
    FriendRequestStatus.EXPIRED: set(),
}


class QRLoginStatus(models.TextChoices):
    WAITING = "waiting", _("Waiting for a scan")
    SCANNED = "scanned", _("Scanned, waiting for the tap")
    CONFIRMED = "confirmed", _("Confirmed")
    USED = "used", _("Signed in")
    CANCELLED = "cancelled", _("Cancelled")
    EXPIRED = "expired", _("Expired")


_S = QRLoginStatus
QR_LOGIN_MOVES = {
    _S.WAITING: {_S.SCANNED, _S.CANCELLED, _S.EXPIRED},
    _S.SCANNED: {_S.CONFIRMED, _S.CANCELLED, _S.EXPIRED},
    _S.CONFIRMED: {_S.USED, _S.CANCELLED, _S.EXPIRED},
    _S.USED: set(),
    _S.CANCELLED: set(),
    _S.EXPIRED: set(),
}


class OfficialKind(models.TextChoices):
    SUBSCRIPTION = "subscription", _("Subscription account")
    SERVICE = "service", _("Service account")


class OfficialStatus(models.TextChoices):
    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Waiting for review")
    APPROVED = "approved", _("Published")
    REJECTED = "rejected", _("Rejected")
    SUSPENDED = "suspended", _("Suspended")


_O = OfficialStatus
OFFICIAL_MOVES = {
    _O.DRAFT: {_O.SUBMITTED},
    # Withdrawn by the applicant, or decided.
    _O.SUBMITTED: {_O.DRAFT, _O.APPROVED, _O.REJECTED},
    _O.REJECTED: {_O.SUBMITTED},
    _O.APPROVED: {_O.SUSPENDED},
    _O.SUSPENDED: {_O.APPROVED},
}


class StaffRole(models.TextChoices):
    OWNER = "owner", _("Owner")
    ADMIN = "admin", _("Admin")
    OPERATOR = "operator", _("Operator")
    AGENT = "agent", _("Agent")
    FINANCE = "finance", _("Finance")
    DEVELOPER = "developer", _("Developer")


class StaffMay(models.TextChoices):
    """What somebody may do for an official account; roles are sets of these."""

    PROFILE = "profile", _("Profile and papers")
    STAFF = "staff", _("Staff")
    CONTENT = "content", _("Menu, replies and articles")
    FOLLOWERS = "followers", _("Followers")
    ANSWER = "answer", _("Answer messages")
    MONEY = "money", _("Money")
    DEVELOP = "develop", _("Programs")
    AUDIT = "audit", _("Audit log")


_M = StaffMay
ROLE_MAY: dict[str, frozenset[str]] = {
    StaffRole.OWNER: frozenset(_M),
    StaffRole.ADMIN: frozenset(_M) - {_M.MONEY},
    StaffRole.OPERATOR: frozenset({_M.CONTENT, _M.FOLLOWERS, _M.ANSWER}),
    StaffRole.AGENT: frozenset({_M.ANSWER}),
    StaffRole.FINANCE: frozenset({_M.MONEY}),
    StaffRole.DEVELOPER: frozenset({_M.DEVELOP}),
}


class InvitationStatus(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    ACCEPTED = "accepted", _("Accepted")
    WITHDRAWN = "withdrawn", _("Withdrawn")


INVITATION_MOVES = {
    InvitationStatus.WAITING: {InvitationStatus.ACCEPTED, InvitationStatus.WITHDRAWN},
    InvitationStatus.ACCEPTED: set(),
    InvitationStatus.WITHDRAWN: set(),
}


class ReplyTrigger(models.TextChoices):
    FOLLOW = "follow", _("A new follower")
    ANY = "any", _("Any message")
    KEYWORD = "keyword", _("Words in a message")


class ReplyChoice(models.TextChoices):
    ALL = "all", _("All of them")
    RANDOM = "random", _("One at random")


class ArticleStatus(models.TextChoices):
    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")
    WITHDRAWN = "withdrawn", _("Withdrawn")


ARTICLE_MOVES = {
    ArticleStatus.DRAFT: {ArticleStatus.PUBLISHED},
    ArticleStatus.PUBLISHED: {ArticleStatus.WITHDRAWN},
    # Its address says for good that it is gone; a copy of it may be published as another.
    ArticleStatus.WITHDRAWN: set(),
}


class CommentStatus(models.TextChoices):
    HELD = "held", _("Waiting")
    SELECTED = "selected", _("Shown")
    HIDDEN = "hidden", _("Not shown")


COMMENT_MOVES = {
    CommentStatus.HELD: {CommentStatus.SELECTED, CommentStatus.HIDDEN},
    CommentStatus.SELECTED: {CommentStatus.HIDDEN},
    CommentStatus.HIDDEN: {CommentStatus.SELECTED},
}


class PageStatus(models.TextChoices):
    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")
    WITHDRAWN = "withdrawn", _("Withdrawn")


PAGE_MOVES = {
    PageStatus.DRAFT: {PageStatus.PUBLISHED},
    # Published again: visitors see what was changed meanwhile.
    PageStatus.PUBLISHED: {PageStatus.PUBLISHED, PageStatus.WITHDRAWN},
    PageStatus.WITHDRAWN: {PageStatus.PUBLISHED},
}


class BroadcastStatus(models.TextChoices):
    DRAFT = "draft", _("Draft")
    REVIEW = "review", _("Waiting for a second person")
    SCHEDULED = "scheduled", _("Scheduled")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Not sent")
    CANCELLED = "cancelled", _("Cancelled")
    RECALLED = "recalled", _("Taken back")


_B = BroadcastStatus
BROADCAST_MOVES = {
    _B.DRAFT: {_B.REVIEW, _B.SCHEDULED, _B.CANCELLED},
    # Approved; or sent back, taken back, or nobody looked in time.
    _B.REVIEW: {_B.SCHEDULED, _B.DRAFT, _B.CANCELLED},
    _B.SCHEDULED: {_B.SENT, _B.FAILED, _B.CANCELLED},
    _B.SENT: {_B.RECALLED},
    _B.FAILED: set(),
    _B.CANCELLED: set(),
    _B.RECALLED: set(),
}


class BroadcastAim(models.TextChoices):
    ALL = "all", _("All followers")
    TAG = "tag", _("Followers with a tag")


class BroadcastReach(models.TextChoices):
    """Whom a sent broadcast reached, of those who followed at that moment."""

    ALL = "all", _("All")
    ONLY = "only", _("Only those listed")
    BUT = "but", _("All but those listed")


class CallbackMode(models.TextChoices):
    """How pushes to a program and its answers are written."""

    PLAIN = "plain", _("Plain")
    COMPATIBLE = "compat", _("Plain and encrypted")
    SAFE = "safe", _("Encrypted")


class PushStatus(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    SENDING = "sending", _("Under way")
    DONE = "done", _("Taken")
    FAILED = "failed", _("Failed")
    # Its account's pushes queued for so long that it was not sent.
    LATE = "late", _("Too late")


PUSH_OPEN = (PushStatus.WAITING, PushStatus.SENDING)
