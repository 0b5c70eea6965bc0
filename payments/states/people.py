"""Statuses of what moves between people: transfers, requests, split bills, red packets."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class TransferStatus(models.TextChoices):
    PAYING = "paying", _("Being paid")
    PENDING = "pending", _("Waiting to be accepted")
    # Accepted; its sender chose that it arrives later.
    DELAYED = "delayed", _("Accepted, on its way")
    ACCEPTED = "accepted", _("Accepted")
    RETURNED = "returned", _("Returned")
    EXPIRED = "expired", _("Expired and returned")
    FAILED = "failed", _("Not paid")


_T = TransferStatus
TRANSFER_MOVES = {
    # A payment to a code has no waiting: it is accepted when it is paid. A card may have paid too
    # late to be shown: then it is returned at once.
    _T.PAYING: {_T.PENDING, _T.ACCEPTED, _T.RETURNED, _T.FAILED},
    _T.PENDING: {_T.ACCEPTED, _T.DELAYED, _T.RETURNED, _T.EXPIRED},
    _T.DELAYED: {_T.ACCEPTED, _T.RETURNED},
    _T.ACCEPTED: set(),
    _T.RETURNED: set(),
    _T.EXPIRED: set(),
    _T.FAILED: set(),
}


class RequestStatus(models.TextChoices):
    OPEN = "open", _("Waiting to be paid")
    PAYING = "paying", _("Being paid")
    PAID = "paid", _("Paid")
    DECLINED = "declined", _("Declined")
    CANCELLED = "cancelled", _("Cancelled")
    EXPIRED = "expired", _("Expired")


_R = RequestStatus
REQUEST_MOVES = {
    _R.OPEN: {_R.PAYING, _R.PAID, _R.DECLINED, _R.CANCELLED, _R.EXPIRED},
    # Cancelled when the card paid and the asker may not have it: it went back.
    _R.PAYING: {_R.PAID, _R.OPEN, _R.CANCELLED},
    _R.PAID: set(),
    _R.DECLINED: set(),
    _R.CANCELLED: set(),
    _R.EXPIRED: set(),
}


class SplitStatus(models.TextChoices):
    OPEN = "open", _("Collecting")
    SETTLED = "settled", _("Everybody paid")
    CLOSED = "closed", _("Closed")
    EXPIRED = "expired", _("Expired")


_S = SplitStatus
SPLIT_MOVES = {
    _S.OPEN: {_S.SETTLED, _S.CLOSED, _S.EXPIRED},
    # The last payment was on its way when it closed.
    _S.CLOSED: {_S.SETTLED},
    _S.EXPIRED: {_S.SETTLED},
    _S.SETTLED: set(),
}


class ShareStatus(models.TextChoices):
    OPEN = "open", _("Not paid yet")
    PAYING = "paying", _("Being paid")
    PAID = "paid", _("Paid")
    CLOSED = "closed", _("Closed")


SHARE_MOVES = {
    ShareStatus.OPEN: {ShareStatus.PAYING, ShareStatus.PAID, ShareStatus.CLOSED},
    ShareStatus.PAYING: {ShareStatus.PAID, ShareStatus.OPEN, ShareStatus.CLOSED},
    ShareStatus.PAID: set(),
    ShareStatus.CLOSED: set(),
}


class PacketKind(models.TextChoices):
    SINGLE = "single", _("For one person")
    IDENTICAL = "identical", _("The same for everybody")
    LUCKY = "lucky", _("By luck")
    EXCLUSIVE = "exclusive", _("For one member")


class PacketStatus(models.TextChoices):
    PAYING = "paying", _("Being paid")
    OPEN = "open", _("Waiting to be opened")
    EXHAUSTED = "exhausted", _("All opened")
    REFUNDED = "refunded", _("Expired")
    FAILED = "failed", _("Not paid")


_P = PacketStatus
PACKET_MOVES = {
    _P.PAYING: {_P.OPEN, _P.REFUNDED, _P.FAILED},
    _P.OPEN: {_P.EXHAUSTED, _P.REFUNDED},
    _P.EXHAUSTED: set(),
    _P.REFUNDED: set(),
    _P.FAILED: set(),
}
