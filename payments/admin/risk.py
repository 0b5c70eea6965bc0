"""The queue of risk cases, and wallets that staff froze."""

from typing import Any, cast

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from payments import actions, wording
from payments.models import RiskCase, WalletFreeze
from superapp.kernel.admin import ConsoleAdmin, button, column


@admin.register(RiskCase)
class RiskCaseAdmin(ConsoleAdmin):
    list_display = (
        "public_id",
        "account",
        "rule",
        "outcome",
        "sum_shown",
        "count",
        "status",
        "last_at",
    )
    list_filter = ("status", "rule", "outcome")
    list_select_related = ("account",)
    search_fields = ("public_id", "account__name", "account__public_id", "ref", "payee")
    ordering = ("-last_at",)
    fields = (
        *(
            "public_id",
            "account",
            "rule",
            "outcome",
            "purpose",
            "ref",
            "payee",
            "sum_shown",
            "count",
        ),
        *("status", "opened_at", "last_at", "decided_at", "decided_by", "reason"),
    )
    actions_detail = ("clear", "confirm", "freeze", "unfreeze")

    @column(_("Amount"))
    def sum_shown(self, case: RiskCase) -> str:
        return wording.written(case.money)

    def has_decide_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return request.user.has_perm("payments.decide_riskcase")

    @button(_("Nothing wrong"), permission="decide")
    def clear(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._decided(request, object_id, _("Nothing wrong"), actions.clear_case)

    @button(_("Confirm"), permission="decide", is_danger=True)
    def confirm(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._decided(request, object_id, _("Confirm"), actions.confirm_case)

    @button(_("Freeze the wallet"), permission="decide", is_danger=True)
    def freeze(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self.with_reason(
            request,
            object_id,
            verb=_("Freeze the wallet"),
            act=lambda case, reason: actions.freeze_wallet(
                account=case.account, staff=cast(Person, request.user), reason=reason
            ),
        )

    @button(_("Unfreeze the wallet"), permission="decide")
    def unfreeze(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self.with_reason(
            request,
            object_id,
            verb=_("Unfreeze the wallet"),
            act=lambda case, reason: actions.unfreeze_wallet(
                account=case.account, staff=cast(Person, request.user), reason=reason
            ),
        )

    def _decided(self, request: HttpRequest, object_id: str, verb: Any, act: Any) -> HttpResponse:
        staff = cast(Person, request.user)
        return self.with_reason(
            request,
            object_id,
            verb=verb,
            act=lambda case, reason: act(case=case, staff=staff, reason=reason),
        )


@admin.register(WalletFreeze)
class WalletFreezeAdmin(ConsoleAdmin):
    list_display = ("account", "is_frozen", "by", "at", "reason")
    list_filter = ("is_frozen",)
    list_select_related = ("account", "by")
    search_fields = ("account__name", "account__public_id")
    ordering = ("-pk",)
    fields = ("account", "is_frozen", "by", "reason", "at")
