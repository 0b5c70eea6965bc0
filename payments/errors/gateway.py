"""Refusals of and about the payment gateway."""

from django.utils.translation import gettext_lazy as _

from superapp.kernel.errors import Conflict, Invalid, NotFound, Refusal, TooLarge


class OperationNotFound(NotFound):
    code = "payments.operation_not_found"


class BadSignature(Refusal):
    """A webhook that our gateway did not sign, or signed too long ago (or for later)."""

    code = "payments.bad_signature"
    message = _("The signature is not right.")


class EventTooLarge(TooLarge):
    code = "payments.event_too_large"


class BadEvent(Invalid):
    code = "payments.bad_event"


class EventNotOpen(Conflict):
    code = "payments.event_not_open"
    message = _("Only a failed event can be tried again.")


class OperationSettled(Conflict):
    code = "payments.operation_settled"
    message = _("This is settled already.")
