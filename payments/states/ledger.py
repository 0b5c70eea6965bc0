"""Statuses of the accounts of the ledger, and of manual adjustments."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class LedgerAccountStatus(models.TextChoices):
    OPEN = "open", _("Open")
    FROZEN_OUT = "frozen_out", _("Nothing goes out")
    FROZEN = "frozen", _("Frozen")
    CLOSED = "closed", _("Closed")


_A = LedgerAccountStatus
LEDGER_ACCOUNT_MOVES = {
    _A.OPEN: {_A.FROZEN_OUT, _A.FROZEN, _A.CLOSED},
    _A.FROZEN_OUT: {_A.OPEN, _A.FROZEN, _A.CLOSED},
    _A.FROZEN: {_A.OPEN, _A.FROZEN_OUT},
    _A.CLOSED: set(),
}


class AdjustmentStatus(models.TextChoices):
    PROPOSED = "proposed", _("Waiting for a second person")
    APPROVED = "approved", _("Approved and posted")
    REJECTED = "rejected", _("Rejected")


ADJUSTMENT_MOVES = {
    AdjustmentStatus.PROPOSED: {AdjustmentStatus.APPROVED, AdjustmentStatus.REJECTED},
    AdjustmentStatus.APPROVED: set(),
    AdjustmentStatus.REJECTED: set(),
}
