"""Statuses of what we ask the payment gateway to do, and of what it tells us."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class OperationKind(models.TextChoices):
    BIND = "bind", _("Binding a card or account")
    CHARGE = "charge", _("Charge")
    PAYOUT = "payout", _("Payout")
    REFUND = "refund", _("Refund to the card")


class OperationStatus(models.TextChoices):
    CREATED = "created", _("Not asked yet")
    SENT = "sent", _("Asked")
    NEEDS_ACTION = "needs_action", _("Waiting for the person")
    UNKNOWN = "unknown", _("Being checked")
    # The bank keeps the amount for us: it waits to be captured or let go.
    AUTHORISED = "authorised", _("Kept by the bank")
    SUCCEEDED = "succeeded", _("Done")
    FAILED = "failed", _("Failed")
    # Paid out, and sent back by the bank days later.
    REVERSED = "reversed", _("Sent back")


_O = OperationStatus
OPERATION_MOVES = {
    _O.CREATED: {_O.SENT, _O.FAILED},
    _O.SENT: {_O.SUCCEEDED, _O.FAILED, _O.NEEDS_ACTION, _O.UNKNOWN, _O.AUTHORISED},
    _O.NEEDS_ACTION: {_O.SUCCEEDED, _O.FAILED, _O.UNKNOWN, _O.AUTHORISED},
    _O.UNKNOWN: {_O.SUCCEEDED, _O.FAILED, _O.NEEDS_ACTION, _O.AUTHORISED},
    # Sent once more: to be captured, or to be let go. Failed: the bank let it go by itself.
    _O.AUTHORISED: {_O.SENT, _O.FAILED, _O.SUCCEEDED},
    _O.SUCCEEDED: {_O.REVERSED},
    _O.FAILED: set(),
    _O.REVERSED: set(),
}
OPEN = (_O.CREATED, _O.SENT, _O.NEEDS_ACTION, _O.UNKNOWN)


class EventStatus(models.TextChoices):
    NEW = "new", _("New")
    DONE = "done", _("Done")
    IGNORED = "ignored", _("Not for us")
    FAILED = "failed", _("Failed")


EVENT_MOVES = {
    EventStatus.NEW: {EventStatus.DONE, EventStatus.IGNORED, EventStatus.FAILED},
    EventStatus.FAILED: {EventStatus.NEW},
    EventStatus.DONE: set(),
    EventStatus.IGNORED: set(),
}


class DisputeStatus(models.TextChoices):
    OPEN = "open", _("Open")
    WON = "won", _("Won")
    LOST = "lost", _("Lost")


DISPUTE_MOVES = {
    DisputeStatus.OPEN: {DisputeStatus.WON, DisputeStatus.LOST},
    DisputeStatus.WON: set(),
    DisputeStatus.LOST: set(),
}
