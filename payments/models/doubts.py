"""What people doubt about their bills, and what staff answer."""

from functools import partial

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from payments.models.wallet import Bill
from payments.states import DoubtStatus
from superapp.kernel.ids import new_id

DOUBT_MAX = 500


class BillDoubt(models.Model):
    """Somebody says that a bill of theirs is not right. One at a time for each bill."""

    public_id = models.CharField(max_length=40, unique=True, default=partial(new_id, "dbt"))
    bill = models.ForeignKey(Bill, models.PROTECT, related_name="doubts")
    text = models.CharField(max_length=DOUBT_MAX)
    status = models.CharField(max_length=10, choices=DoubtStatus.choices, default=DoubtStatus.OPEN)
    answer = models.CharField(max_length=DOUBT_MAX, blank=True)
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("doubt about a bill")
        verbose_name_plural = _("doubts about bills")
        permissions = [("answer_billdoubt", "Can answer doubts about bills")]
        constraints = [
            models.UniqueConstraint(
                fields=["bill"], condition=Q(status="open"), name="one_open_doubt"
            )
        ]

    def __str__(self) -> str:
        return self.public_id
