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


class DisputeOver(Conflict):
    """`state` says how it was decided."""

    code = "payments.dispute_over"
    message = _("This dispute is decided.")


class DisputeAnswered(Conflict):
    code = "payments.dispute_answered"
    message = _("The bank has been answered; it takes one answer.")


class EvidenceLate(Conflict):
    code = "payments.evidence_late"
    message = _("The bank takes no answer any more.")


class BadEvidence(Invalid):
    code = "payments.bad_evidence"
    message = _("Write what happened, and attach a PDF, PNG or JPEG if anything.")


class EvidenceTooLarge(TooLarge):
    """`limit` is in MB."""

    code = "payments.evidence_too_large"
    message = _("The file may have %(limit)s MB at most.")
