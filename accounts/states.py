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
