"""Held money: read-only, with the one event staff may bring about."""

from typing import Any, cast

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from payments import actions, wording
from payments.models import Hold
from superapp.kernel.admin import ConsoleAdmin, button, column


@admin.register(Hold)
class HoldAdmin(ConsoleAdmin):
    list_display = ("public_id", "purpose", "payer", "payee", "sum_shown", "status", "due_at")
    list_filter = ("status", "purpose")
    list_select_related = ("payer", "payee")
    search_fields = ("public_id", "ref", "payer__name", "payer__public_id")
    ordering = ("-pk",)
    fields = (
        *("public_id", "purpose", "ref", "payer", "payee", "sum_shown", "taken_shown"),
        *("source", "method", "operation", "note", "status", "created_at", "due_at", "ended_at"),
    )
    actions_detail = ("void",)

    @column(_("Amount"))
    def sum_shown(self, hold: Hold) -> str:
        return wording.written(hold.total)

    @column(_("Charged"))
    def taken_shown(self, hold: Hold) -> str:
        return wording.written(hold.taken)

    def has_void_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return request.user.has_perm("payments.void_hold")

    @button(_("Release"), permission="void", is_danger=True)
    def void(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self.with_reason(
            request,
            object_id,
            verb=_("Release"),
            act=lambda hold, reason: actions.void_hold(
                hold=hold, staff=cast(Person, request.user), reason=reason
            ),
        )
