"""Refusals about money between people."""

from django.utils.translation import gettext_lazy as _

from superapp.kernel.errors import Conflict, Invalid, NotAllowed, NotFound


class TransferNotFound(NotFound):
    code = "payments.transfer_not_found"
    message = _("We couldn't find that transfer.")


class RequestNotFound(NotFound):
    code = "payments.request_not_found"
    message = _("We couldn't find that request.")


class SplitNotFound(NotFound):
    code = "payments.split_not_found"
    message = _("We couldn't find that split bill.")


class PacketNotFound(NotFound):
    code = "payments.packet_not_found"
    message = _("We couldn't find that red packet.")


class CodeNotFound(NotFound):
    code = "payments.code_not_found"
    message = _("This code doesn't work any more.")


class TransferOver(Conflict):
    """`state` says where it ended."""

    code = "payments.transfer_over"
    message = _("This transfer is over.")

    def __str__(self) -> str:
        return str(self.message)


class RequestOver(Conflict):
    code = "payments.request_over"
    message = _("This request is over.")

    def __str__(self) -> str:
        return str(self.message)


class SplitOver(Conflict):
    code = "payments.split_over"
    message = _("This split bill is over.")


class AlreadyPaid(Conflict):
    code = "payments.already_paid"
    message = _("This was paid already.")


class BeingPaid(Conflict):
    code = "payments.being_paid"
    message = _("It is being paid. We are checking.")


class RemindedAlready(Conflict):
    code = "payments.reminded_already"
    message = _("You reminded them already. Try again tomorrow.")


class CannotPayThem(NotAllowed):
    """They are no person, have gone, or it is oneself."""

    code = "payments.cannot_pay_them"
    message = _("Money can't be sent here.")


class CannotReceive(Conflict):
    """Says nothing about the other one's limits."""

    code = "payments.cannot_receive"
    message = _("They can't receive this now.")


class BadDelay(Invalid):
    code = "payments.bad_delay"
    message = _("Choose when it should arrive.")


class BadParts(Invalid):
    code = "payments.bad_parts"
    message = _("The parts must add up to the whole amount, and everybody needs at least a little.")


class NobodyToSplit(Invalid):
    code = "payments.nobody_to_split"
    message = _("Choose members of this chat who share the bill.")


class BadPacket(Invalid):
    code = "payments.bad_packet"
    message = _("Choose how many shares, and who it is for.")


class ShareOutOfRange(Invalid):
    code = "payments.share_out_of_range"
    message = _("Each share must be between %(min)s and %(max)s.")


class TooManyShares(Invalid):
    code = "payments.too_many_shares"
    message = _("At most %(max)s shares here.")


class PacketNotYours(NotAllowed):
    code = "payments.packet_not_yours"
    message = _("This red packet is for somebody else.")


class PacketEmpty(Conflict):
    code = "payments.packet_empty"
    message = _("Too slow: all shares are gone.")


class PacketExpired(Conflict):
    code = "payments.packet_expired"
    message = _("This red packet has expired.")


class NotOpened(Conflict):
    code = "payments.packet_not_opened"
    message = _("Open the red packet first.")


class PayCodeInvalid(NotAllowed):
    """Wrong, too old or used: the one who scanned learns nothing else."""

    code = "payments.pay_code_invalid"
    message = _("This payment code can't be used. Ask for a new one.")
