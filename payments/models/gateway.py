"""What we asked the payment gateway, what it told us, and the sandbox's own gateway."""

from functools import partial
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import Account, Person
from payments.models.ledger import AMOUNT_MAX
from payments.states import DisputeStatus, EventStatus, OperationKind, OperationStatus
from superapp.kernel.ids import new_id
from superapp.kernel.models import StoredFile
from superapp.kernel.money import Money


class Operation(models.Model):
    """One thing asked of the gateway. `public_id` is its idempotency key there."""

    public_id = models.CharField(max_length=40, unique=True, default=partial(new_id, "op"))
    kind = models.CharField(max_length=10, choices=OperationKind.choices)
    # What it is for: "topup", "withdrawal", "card", or a purpose registered in payments.purposes.
    purpose = models.CharField(max_length=20)
    # The public id of the thing it pays for; empty where the operation is the thing.
    ref = models.CharField(max_length=40, blank=True)
    account = models.ForeignKey(Account, models.PROTECT, related_name="operations")
    card = models.ForeignKey("payments.Card", models.PROTECT, null=True, blank=True)
    # Of a charge: what the person pays. Of a payout: what arrives. Minor units; 0 for a binding.
    amount = models.BigIntegerField(default=0)
    fee = models.BigIntegerField(default=0)
    currency = models.CharField(max_length=3)
    # The code of the ledger account the money of a charge goes to (empty: the person's balance), or
    # in which the money of a refund waits.
    into = models.CharField(max_length=120, blank=True)
    status = models.CharField(
        max_length=12, choices=OperationStatus.choices, default=OperationStatus.CREATED
    )
    external_id = models.CharField(max_length=120, unique=True, null=True, blank=True)
    # Where the person has to go: the hosted page, or their bank's.
    action_url = models.CharField(max_length=500, blank=True)
    # Why it failed: the gateway's code.
    reason = models.CharField(max_length=60, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    # How often a look at the gateway, with nothing but our own id, found nothing.
    misses = models.PositiveSmallIntegerField(default=0)
    next_check_at = models.DateTimeField(null=True, blank=True)
    # Made with the form: a second press of the button, or a reload, finds the first.
    client_key = models.CharField(max_length=40, blank=True)
    # The person named no card: one that says no is followed by the next in their order.
    is_own_order = models.BooleanField(default=False)
    # Of a charge: the bank keeps the amount until it is captured or let go. `capture` is what is to be
    # captured of it, and 0 when it is to be let go.
    is_manual = models.BooleanField(default=False)
    capture = models.BigIntegerField(null=True, blank=True)
    # Of a refund: what it gives back, or a part of it.
    charge = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="refunds"
    )
    # What the limits counted, to give it back: {"rule": …, "amount": …, "window": …}.
    counted = models.JSONField(default=list, blank=True)
    created_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "gateway_op"
        permissions = [("operate_gateway", "Can ask the gateway again and decide sandbox disputes")]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gte=0, amount__lte=AMOUNT_MAX, fee__gte=0, fee__lte=AMOUNT_MAX),
                name="operation_amount",
            ),
            models.CheckConstraint(
                condition=Q(kind="bind") | Q(amount__gt=0), name="operation_moves_something"
            ),
            models.CheckConstraint(
                condition=Q(capture__isnull=True)
                | Q(is_manual=True, capture__gte=0, capture__lte=models.F("amount")),
                name="captured_at_most_what_is_kept",
            ),
            models.UniqueConstraint(
                fields=["account", "client_key"],
                condition=~Q(client_key=""),
                name="one_operation_per_press",
            ),
            models.UniqueConstraint(
                fields=["account", "card"],
                condition=Q(
                    kind="payout", status__in=["created", "sent", "needs_action", "unknown"]
                ),
                name="one_open_payout_per_card",
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_check_at"],
                condition=Q(status__in=["created", "sent", "needs_action", "unknown"]),
                name="operations_open",
            ),
            models.Index(fields=["account", "purpose", "-id"], name="operations_of"),
        ]

    def __str__(self) -> str:
        return self.public_id

    @property
    def title(self) -> str:
        """What it is for the person."""
        titles = {
            "topup": _("Top-up"),
            "withdrawal": _("Withdrawal"),
            "card": _("Card or account"),
            "refund": _("Refund"),
        }
        return titles.get(self.purpose) or _("Payment")

    @property
    def money(self) -> Money:
        return Money(self.amount, self.currency)

    @property
    def charged(self) -> Money:
        """Of a charge: what is taken from the card in the end."""
        return self.money if self.capture is None else Money(self.capture, self.currency)

    @property
    def fee_money(self) -> Money:
        return Money(self.fee, self.currency)

    @property
    def total(self) -> Money:
        return self.money + self.fee_money


class GatewayEvent(models.Model):
    """A webhook whose signature was right. Kept as it came; what it says is asked again."""

    event_id = models.CharField(max_length=120, unique=True)
    type = models.CharField(max_length=80)
    object_id = models.CharField(max_length=120, blank=True)
    raw = models.TextField()
    status = models.CharField(max_length=10, choices=EventStatus.choices, default=EventStatus.NEW)
    note = models.CharField(max_length=200, blank=True)
    received_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "gateway_event"
        indexes = [
            models.Index(fields=["object_id"], name="events_of_object"),
            models.Index(
                fields=["received_at"],
                condition=Q(status__in=["new", "failed"]),
                name="events_open",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.event_id}"


class Dispute(models.Model):
    """Somebody asked their bank for a charge back. `held` and `owed` say who bears it meanwhile."""

    public_id = models.CharField(max_length=40, unique=True, default=partial(new_id, "dsp"))
    external_id = models.CharField(max_length=120, unique=True)
    operation = models.ForeignKey(Operation, models.PROTECT, related_name="disputes")
    amount = models.BigIntegerField()
    # Taken aside from the balance, and what the balance did not have.
    held = models.BigIntegerField(default=0)
    owed = models.BigIntegerField(default=0)
    currency = models.CharField(max_length=3)
    reason = models.CharField(max_length=60, blank=True)
    status = models.CharField(
        max_length=10, choices=DisputeStatus.choices, default=DisputeStatus.OPEN
    )
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    # What staff told the bank, once, and when the gateway took it.
    answer = models.TextField(blank=True)
    answer_file = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, blank=True, related_name="+"
    )
    answered_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    taken_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "gateway_dispute"
        constraints = [
            models.CheckConstraint(
                condition=Q(held__gte=0, owed__gte=0, amount=models.F("held") + models.F("owed")),
                name="dispute_is_borne",
            )
        ]

    def __str__(self) -> str:
        return self.public_id

    @property
    def money(self) -> Money:
        return Money(self.amount, self.currency)


class SandboxObject(models.Model):
    """An object of the sandbox's gateway, as its API shows it."""

    key = models.CharField(max_length=120, primary_key=True)
    kind = models.CharField(max_length=40)
    # Our operation's id, as `metadata[op]` said it: searches find the object by it.
    op = models.CharField(max_length=40, blank=True, db_index=True)
    data: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField(default=dict)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "sandbox_object"
        indexes = [models.Index(fields=["kind", "created_at"], name="sandbox_objects_of_kind")]

    def __str__(self) -> str:
        return self.key


class SandboxCall(models.Model):
    """An answer the sandbox's gateway gave under an idempotency key, to give it again."""

    key = models.CharField(max_length=255, primary_key=True)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    body = models.TextField(blank=True)

    class Meta:
        db_table = "sandbox_call"

    def __str__(self) -> str:
        return self.key
