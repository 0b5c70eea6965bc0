"""Pots and standing payments: to look at, when somebody asks what became of theirs."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from payments import wording
from payments.models import Pot, Standing
from superapp.kernel.admin import ConsoleAdmin, column


@admin.register(Pot)
class PotAdmin(ConsoleAdmin):
    list_display = ("public_id", "account", "saved_shown", "status", "created_at")
    list_filter = ("status", "currency")
    list_select_related = ("account",)
    search_fields = ("public_id", "account__name", "account__public_id")
    ordering = ("-pk",)
    fields = ("public_id", "account", "saved_shown", "goal", "status", "created_at", "closed_at")

    @column(_("In the pot"))
    def saved_shown(self, pot: Pot) -> str:
        return wording.written(pot.saved)


@admin.register(Standing)
class StandingAdmin(ConsoleAdmin):
    list_display = ("public_id", "account", "sum_shown", "every", "status", "on", "due_at")
    list_filter = ("status", "every")
    list_select_related = ("account",)
    search_fields = ("public_id", "account__name", "account__public_id")
    ordering = ("-pk",)
    fields = (
        *("public_id", "account", "receiver", "pot", "sum_shown", "note", "every", "day"),
        *("starts_on", "ends_on", "count", "periods", "status", "on", "due_at", "created_at"),
        "ended_at",
    )

    @column(_("Amount"))
    def sum_shown(self, standing: Standing) -> str:
        return wording.written(standing.total)
