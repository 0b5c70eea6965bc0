"""Money kept for a service that is still to be given: a ride, a deposit."""

from functools import partial

from django.db import models
from django.db.models import F, Q

from accounts.models import Account
from payments.models.gateway import Operation
from payments.models.ledger import AMOUNT_MAX
from payments.models.people import Funded
from payments.states import HoldStatus
from superapp.kernel.ids import new_id
from superapp.kernel.money import Money


class Hold(Funded):
    """What a payer agreed to pay at most. `purpose` and `ref` name the thing it is for."""

    public_id = models.CharField(max_length=40, unique=True, default=partial(new_id, "hd"))
    # A name registered in payments.purposes.held.
    purpose = models.CharField(max_length=20)
    ref = models.CharField(max_length=40)
    payer = models.ForeignKey(Account, models.PROTECT, related_name="holds")
    payee = models.ForeignKey(Account, models.PROTECT, related_name="holds_for")
    amount = models.BigIntegerField()
    captured = models.BigIntegerField(default=0)
    currency = models.CharField(max_length=3)
    # What the payer reads: "Ride to the airport".
    note = models.CharField(max_length=60, blank=True)
    # The charge that a card's bank keeps; empty when the balance holds it.
    operation = models.OneToOneField(Operation, models.PROTECT, null=True, blank=True)
    status = models.CharField(max_length=10, choices=HoldStatus.choices, default=HoldStatus.ASKED)
    created_at = models.DateTimeField()
    # It is released then, if nothing was taken of it.
    due_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        permissions = [("void_hold", "Can release held money")]
        constraints = [
            models.UniqueConstraint(fields=["purpose", "ref"], name="one_hold_per_thing"),
            models.CheckConstraint(
                condition=Q(amount__gte=1, amount__lte=AMOUNT_MAX), name="hold_amount"
            ),
            models.CheckConstraint(
                condition=Q(captured__gte=0, captured__lte=F("amount")),
                name="hold_captures_what_is_held",
            ),
            models.CheckConstraint(
                condition=Q(captured=0) | Q(status__in=["capturing", "captured", "failed"]),
                name="hold_captured_is_said",
            ),
            models.CheckConstraint(condition=~Q(payer=F("payee")), name="hold_for_another"),
        ]
        indexes = [models.Index(fields=["payer", "-id"], name="holds_of")]

    def __str__(self) -> str:
        return self.public_id

    @property
    def total(self) -> Money:
        return Money(self.amount, self.currency)

    @property
    def taken(self) -> Money:
        return Money(self.captured, self.currency)

    @property
    def is_by_card(self) -> bool:
        return self.operation_id is not None
