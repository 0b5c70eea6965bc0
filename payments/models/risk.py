"""What the risk rules found, for people to look at."""

from functools import partial

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Account, Person
from payments.states import RiskOutcome, RiskRule, RiskStatus
from superapp.kernel.ids import new_id
from superapp.kernel.money import Money


class RiskCase(models.Model):
    """A payment that a rule delayed or refused. While it is open, more of the same are counted."""

    public_id = models.CharField(max_length=40, unique=True, default=partial(new_id, "rk"))
    account = models.ForeignKey(Account, models.PROTECT, related_name="risk_cases")
    rule = models.CharField(max_length=12, choices=RiskRule.choices)
    outcome = models.CharField(max_length=10, choices=RiskOutcome.choices)
    # The latest of them: what it was for, its public id, to whom (public ids), how much.
    purpose = models.CharField(max_length=20)
    ref = models.CharField(max_length=40, blank=True)
    payee = models.CharField(max_length=40, blank=True)
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    count = models.PositiveIntegerField(default=1)
    status = models.CharField(max_length=10, choices=RiskStatus.choices, default=RiskStatus.OPEN)
    opened_at = models.DateTimeField()
    last_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = _("risk case")
        verbose_name_plural = _("risk cases")
        permissions = [("decide_riskcase", "Can decide risk cases and freeze wallets")]
        constraints = [
            models.UniqueConstraint(
                fields=["account", "rule"], condition=Q(status="open"), name="one_open_risk_case"
            )
        ]

    def __str__(self) -> str:
        return self.public_id

    @property
    def money(self) -> Money:
        return Money(self.amount, self.currency)


class WalletFreeze(models.Model):
    """Staff let nothing out of a wallet, or let it out again: each is a row, the last one counts."""

    account = models.ForeignKey(Account, models.PROTECT, related_name="wallet_freezes")
    is_frozen = models.BooleanField()
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    reason = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["account", "-id"], name="freezes_of")]

    def __str__(self) -> str:
        return f"{self.account_id} {self.is_frozen}"
