"""What comparing the books with the gateway's own list of movements found."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ReconciliationRun(models.Model):
    """One comparison, item by item. The page turns red when the last one is too old."""

    ran_at = models.DateTimeField(db_index=True)
    # What the gateway moved since then was compared.
    since = models.DateTimeField()
    green = models.BooleanField()
    matched = models.PositiveIntegerField(default=0)
    ours_only = models.PositiveIntegerField(default=0)
    theirs_only = models.PositiveIntegerField(default=0)
    differing = models.PositiveIntegerField(default=0)
    # The first of what does not match: [{"bucket": …, "external_id": …, "currency": …, "ours": …,
    # "theirs": …, "red": …}, …], and per currency what each side says. Minor units, plus came in.
    items = models.JSONField(default=list)
    totals = models.JSONField(default=list)

    class Meta:
        db_table = "gateway_reconciliation"
        verbose_name = _("comparison with the gateway")
        verbose_name_plural = _("comparisons with the gateway")

    def __str__(self) -> str:
        return f"{self.ran_at:%Y-%m-%d %H:%M}"
