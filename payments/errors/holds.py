"""Refusals about held money."""

from django.utils.translation import gettext_lazy as _

from superapp.kernel.errors import Conflict, Invalid, NotFound


class HoldNotFound(NotFound):
    code = "payments.hold_not_found"


class HoldOver(Conflict):
    """It was charged, released or expired; `state` says which."""

    code = "payments.hold_over"
    message = _("This money is not held any more.")


class OverCapture(Conflict):
    """More than what is held needs a payment of its own, to which the payer agrees."""

    code = "payments.over_capture"
    message = _("That is more than what is held.")


class HoldTooLong(Invalid):
    code = "payments.hold_too_long"
    message = _("Money can't be held for that long.")
