"""The queue of doubts about bills."""

from typing import Any, cast

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from payments import actions, wording
from payments.models import BillDoubt
from superapp.kernel.admin import ConsoleAdmin, button, column


@admin.register(BillDoubt)
class BillDoubtAdmin(ConsoleAdmin):
    list_display = ("public_id", "bill", "sum_shown", "status", "asked_at")
    list_filter = ("status",)
    list_select_related = ("bill",)
    search_fields = ("public_id", "bill__public_id", "bill__ref", "bill__account__name")
    ordering = ("-pk",)
    fields = (
        *("public_id", "bill", "sum_shown", "text", "status", "asked_at"),
        *("answer", "answered_at", "answered_by"),
    )
    actions_detail = ("reply",)

    @column(_("Amount"))
    def sum_shown(self, doubt: BillDoubt) -> str:
        return wording.signed(doubt.bill.money)

    def has_answer_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return request.user.has_perm("payments.answer_billdoubt")

    @button(_("Answer"), permission="answer")
    def reply(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """What is typed as the reason is what the person reads on the bill."""
        return self.with_reason(
            request,
            object_id,
            verb=_("Answer: the person reads it on the bill"),
            act=lambda doubt, said: actions.answer_doubt(
                doubt=doubt, staff=cast(Person, request.user), answer=said
            ),
        )
