"""Pots, in which somebody puts money aside, and payments that repeat by themselves."""

from functools import partial

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from payments.models.ledger import AMOUNT_MAX
from payments.models.people import Transfer
from payments.states import Every, PotStatus, RunStatus, StandingStatus
from superapp.kernel.ids import new_id
from superapp.kernel.money import Money


class Pot(models.Model):
    """Money put aside. It lies in a ledger account of its own, "user:<pk>:pot:<public id>"."""

    public_id = models.CharField(max_length=40, unique=True, default=partial(new_id, "pot"))
    account = models.ForeignKey(Account, models.PROTECT, related_name="pots")
    client_id = models.CharField(max_length=64)
    name = models.CharField(max_length=30)
    currency = models.CharField(max_length=3)
    # What is in it now; and what its owner wants to reach, 0 for no goal.
    amount = models.BigIntegerField(default=0)
    goal = models.BigIntegerField(default=0)
    status = models.CharField(max_length=10, choices=PotStatus.choices, default=PotStatus.OPEN)
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("savings pot")
        verbose_name_plural = _("savings pots")
        constraints = [
            models.UniqueConstraint(fields=["account", "client_id"], name="pot_once"),
            models.CheckConstraint(
                condition=Q(amount__gte=0, goal__gte=0, goal__lte=AMOUNT_MAX), name="pot_amount"
            ),
            models.CheckConstraint(
                condition=~Q(status="closed") | Q(amount=0, closed_at__isnull=False),
                name="pot_closed_is_empty",
            ),
        ]
        indexes = [models.Index(fields=["account", "id"], name="pots_of")]

    def __str__(self) -> str:
        return self.public_id

    @property
    def saved(self) -> Money:
        return Money(self.amount, self.currency)

    @property
    def target(self) -> Money:
        return Money(self.goal, self.currency)

    @property
    def percent(self) -> int:
        """How much of the goal is there, 0 to 100; rounded down, so that 100 means reached."""
        return min(100, self.amount * 100 // self.goal) if self.goal else 0


class PotMove(models.Model):
    """Money that went into a pot (plus) or out of it (minus)."""

    public_id = models.CharField(max_length=40, unique=True, default=partial(new_id, "pm"))
    pot = models.ForeignKey(Pot, models.PROTECT, related_name="moves")
    client_id = models.CharField(max_length=64)
    amount = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["pot", "client_id"], name="pot_move_once"),
            models.CheckConstraint(
                condition=~Q(amount=0) & Q(amount__gte=-AMOUNT_MAX, amount__lte=AMOUNT_MAX),
                name="pot_move_amount",
            ),
        ]
        indexes = [models.Index(fields=["pot", "-id"], name="pot_moves_of")]

    def __str__(self) -> str:
        return self.public_id

    @property
    def money(self) -> Money:
        return Money(self.amount, self.pot.currency)


class Standing(models.Model):
    """A payment of the same amount every month or week: to a friend, or into one's own pot.

    `on` is the period that is next, `due_at` when it is tried: at STANDING_HOUR in the owner's
    time zone, or a day after it could not be paid.
    """

    public_id = models.CharField(max_length=40, unique=True, default=partial(new_id, "st"))
    account = models.ForeignKey(Account, models.PROTECT, related_name="standings")
    client_id = models.CharField(max_length=64)
    receiver = models.ForeignKey(
        Account, models.PROTECT, null=True, blank=True, related_name="standings_to"
    )
    pot = models.ForeignKey(Pot, models.PROTECT, null=True, blank=True, related_name="standings")
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    note = models.CharField(max_length=60, blank=True)
    every = models.CharField(max_length=5, choices=Every.choices)
    # Of the month, 1 to 31 (the last one where there are fewer); of the week, 1 is Monday.
    day = models.PositiveSmallIntegerField()
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    # How often at most, and how often it came to a payment or was missed.
    count = models.PositiveSmallIntegerField(null=True, blank=True)
    periods = models.PositiveSmallIntegerField(default=0)
    status = models.CharField(
        max_length=10, choices=StandingStatus.choices, default=StandingStatus.ACTIVE
    )
    on = models.DateField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("standing payment")
        verbose_name_plural = _("standing payments")
        constraints = [
            models.UniqueConstraint(fields=["account", "client_id"], name="standing_once"),
            models.CheckConstraint(
                condition=Q(amount__gte=1, amount__lte=AMOUNT_MAX), name="standing_amount"
            ),
            models.CheckConstraint(
                condition=Q(receiver__isnull=False, pot__isnull=True)
                | Q(receiver__isnull=True, pot__isnull=False),
                name="standing_to_one",
            ),
            models.CheckConstraint(
                condition=Q(receiver__isnull=True) | ~Q(receiver=F("account")),
                name="standing_to_somebody_else",
            ),
            models.CheckConstraint(
                condition=Q(every="month", day__gte=1, day__lte=31)
                | Q(every="week", day__gte=1, day__lte=7),
                name="standing_day",
            ),
            models.CheckConstraint(
                condition=~Q(status="active") | Q(on__isnull=False, due_at__isnull=False),
                name="standing_active_is_due",
            ),
        ]
        indexes = [
            models.Index(fields=["account", "-id"], name="standings_of"),
            models.Index(fields=["due_at"], condition=Q(status="active"), name="standings_due"),
        ]

    def __str__(self) -> str:
        return self.public_id

    @property
    def total(self) -> Money:
        return Money(self.amount, self.currency)


class StandingRun(models.Model):
    """What became of one period: it exists once, whoever tries."""

    public_id = models.CharField(max_length=40, unique=True, default=partial(new_id, "sr"))
    standing = models.ForeignKey(Standing, models.PROTECT, related_name="runs")
    on = models.DateField()
    status = models.CharField(max_length=10, choices=RunStatus.choices, default=RunStatus.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    # Code of the refusal that was in the way last.
    reason = models.CharField(max_length=60, blank=True)
    transfer = models.ForeignKey(
        Transfer, models.PROTECT, null=True, blank=True, related_name="runs"
    )
    move = models.ForeignKey(PotMove, models.PROTECT, null=True, blank=True, related_name="runs")
    tried_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["standing", "on"], name="one_run_per_period"),
            models.CheckConstraint(
                condition=~Q(status="done") | Q(transfer__isnull=False) | Q(move__isnull=False),
                name="run_done_paid",
            ),
        ]

    def __str__(self) -> str:
        return self.public_id
