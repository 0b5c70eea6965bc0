"""Statuses of money that is kept for a service which is still to be given."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class HoldStatus(models.TextChoices):
    # A card is asked for it.
    ASKED = "asked", _("Being asked for")
    HELD = "held", _("Held")
    # The card is charged for what was taken of it.
    CAPTURING = "capturing", _("Being charged")
    CAPTURED = "captured", _("Charged")
    VOIDED = "voided", _("Released")
    EXPIRED = "expired", _("Expired and released")
    FAILED = "failed", _("Not held")


_H = HoldStatus
HOLD_MOVES = {
    _H.ASKED: {_H.HELD, _H.FAILED},
    # Failed: the bank let it go before anybody took anything.
    _H.HELD: {_H.CAPTURED, _H.CAPTURING, _H.VOIDED, _H.EXPIRED, _H.FAILED},
    _H.CAPTURING: {_H.CAPTURED, _H.FAILED},
    _H.CAPTURED: set(),
    _H.VOIDED: set(),
    _H.EXPIRED: set(),
    _H.FAILED: set(),
}
HELD_NOW = (_H.ASKED, _H.HELD, _H.CAPTURING)
