"""Statuses of what stands in a wallet: cards, identity checks, bills."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class CardKind(models.TextChoices):
    CARD = "card", _("Bank card")
    BANK = "bank", _("Bank account")


class CardStatus(models.TextChoices):
    ACTIVE = "active", _("Ready")
    REMOVED = "removed", _("Removed")


CARD_MOVES = {CardStatus.ACTIVE: {CardStatus.REMOVED}, CardStatus.REMOVED: {CardStatus.ACTIVE}}


class KYCStatus(models.TextChoices):
    PENDING = "pending", _("Being checked")
    APPROVED = "approved", _("Confirmed")
    REJECTED = "rejected", _("Not confirmed")


KYC_MOVES = {
    KYCStatus.PENDING: {KYCStatus.APPROVED, KYCStatus.REJECTED},
    KYCStatus.APPROVED: set(),
    KYCStatus.REJECTED: set(),
}


class BillKind(models.TextChoices):
    TOPUP = "topup", _("Top-up")
    WITHDRAWAL = "withdrawal", _("Withdrawal")
    TRANSFER = "transfer", _("Transfer")
    RED_PACKET = "red_packet", _("Red packet")
    REQUEST = "request", _("Money request")
    SPLIT = "split", _("Split bill")
    PAYMENT = "payment", _("Payment")
    REFUND = "refund", _("Refund")
    DISPUTE = "dispute", _("Dispute")
    ADJUSTMENT = "adjustment", _("Correction")
    POT = "pot", _("Savings pot")


class BillStatus(models.TextChoices):
    WAITING = "waiting", _("On its way")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")
    RETURNED = "returned", _("Returned")
    REFUNDED = "refunded", _("Refunded")
