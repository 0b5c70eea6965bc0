"""What the gateway was asked and what it said: operations, webhooks, disputes, identity checks."""

from typing import Any, cast

from django import forms
from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.defaultfilters import filesizeformat, linebreaksbr
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminFileFieldWidget, UnfoldAdminTextareaWidget

from accounts.models import Person
from payments import actions, wording
from payments.models import Bill, Card, Dispute, GatewayEvent, KYCCase, Operation, Wallet
from payments.states import DisputeStatus
from superapp.kernel import media
from superapp.kernel.admin import ConsoleAdmin, button, column
from superapp.kernel.errors import NotFound
from superapp.kernel.money import Money


@admin.register(Operation)
class OperationAdmin(ConsoleAdmin):
    list_display = ("public_id", "kind", "purpose", "account", "sum_shown", "status", "created_at")
    list_filter = ("status", "kind", "purpose")
    list_select_related = ("account",)
    search_fields = ("public_id", "external_id", "account__name", "account__public_id")
    ordering = ("-pk",)
    fields = (
        *("public_id", "kind", "purpose", "ref", "account", "card", "sum_shown", "fee_shown"),
        *("status", "reason", "external_id", "into", "attempts", "misses"),
        *("created_at", "next_check_at", "settled_at"),
    )
    actions_detail = ("ask_again",)

    @column(_("Amount"))
    def sum_shown(self, operation: Operation) -> str:
        return wording.written(operation.money)

    @column(_("Fee"))
    def fee_shown(self, operation: Operation) -> str:
        return wording.written(operation.fee_money)

    def has_operate_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return request.user.has_perm("payments.operate_gateway")

    @button(_("Ask the gateway again"), permission="operate")
    def ask_again(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self.with_reason(
            request,
            object_id,
            verb=_("Ask the gateway again"),
            act=lambda row, reason: actions.ask_soon(
                operation=row, staff=_staff(request), reason=reason
            ),
        )


@admin.register(GatewayEvent)
class GatewayEventAdmin(ConsoleAdmin):
    list_display = ("event_id", "type", "object_id", "status", "received_at", "note")
    list_filter = ("status", "type")
    search_fields = ("event_id", "object_id")
    ordering = ("-pk",)
    fields = ("event_id", "type", "object_id", "status", "note", "received_at", "done_at", "raw")
    actions_detail = ("follow",)

    def has_operate_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return request.user.has_perm("payments.operate_gateway")

    @button(_("Follow it again"), permission="operate")
    def follow(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self.with_reason(
            request,
            object_id,
            verb=_("Follow it again"),
            act=lambda row, reason: actions.retry_event(event=row, staff=_staff(request)),
        )


class EvidenceForm(forms.Form):
    text = forms.CharField(
        label=_("What happened"),
        max_length=settings.EVIDENCE_TEXT_MAX,
        help_text=_("The bank reads it as it is, and only once: you cannot change it afterwards."),
        widget=UnfoldAdminTextareaWidget,
    )
    file = forms.FileField(
        label=_("Attached file"),
        required=False,
        help_text=_("A PDF, PNG or JPEG, as a receipt or a talk."),
        widget=UnfoldAdminFileFieldWidget,
    )


@admin.register(Dispute)
class DisputeAdmin(ConsoleAdmin):
    list_display = ("public_id", "sum_shown", "status", "reason", "opened_at", "due_at")
    list_filter = ("status",)
    list_select_related = ("operation", "answer_file")
    search_fields = ("public_id", "external_id", "operation__public_id")
    ordering = ("-pk",)
    fields = (
        *("public_id", "external_id", "operation", "sum_shown", "held_shown", "owed_shown"),
        *("reason", "status", "opened_at", "due_at", "closed_at"),
        *("answer_shown", "file_shown", "answered_by", "answered_at", "taken_at"),
    )
    actions_detail = ("respond", "show_file", "decide")

    @column(_("Amount"))
    def sum_shown(self, dispute: Dispute) -> str:
        return wording.written(dispute.money)

    @column(_("Held"))
    def held_shown(self, dispute: Dispute) -> str:
        return wording.written(Money(dispute.held, dispute.currency))

    @column(_("Owed"))
    def owed_shown(self, dispute: Dispute) -> str:
        return wording.written(Money(dispute.owed, dispute.currency))

    @column(_("Answer"))
    def answer_shown(self, dispute: Dispute) -> str:
        return linebreaksbr(dispute.answer, autoescape=True)

    @column(_("Attached file"))
    def file_shown(self, dispute: Dispute) -> str:
        stored = dispute.answer_file
        return f"{stored.content_type}, {filesizeformat(stored.size)}" if stored else ""

    def has_operate_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return request.user.has_perm("payments.operate_gateway")

    @button(_("Answer the bank"), permission="operate")
    def respond(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self.with_form(
            request,
            object_id,
            verb=_("Answer the bank"),
            form=EvidenceForm(request.POST or None, request.FILES or None),
            act=lambda row, said: actions.answer_dispute(
                dispute=row, staff=_staff(request), text=said["text"], content=said["file"]
            ),
        )

    def has_show_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        """Where there is a file."""
        if not self.has_operate_permission(request):
            return False
        row = self.get_object(request, object_id) if object_id else None
        return row is None or row.answer_file is not None

    @button(_("Show the attached file"), permission="show")
    def show_file(self, request: HttpRequest, object_id: str) -> HttpResponseBase:
        row = self._row(request, object_id)
        assert isinstance(row, Dispute)
        if row.answer_file is None:
            raise NotFound
        return media.serve(request, row.answer_file, download_name=row.public_id)

    def has_decide_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        """Real disputes are decided by banks; the sandbox's bank listens to staff."""
        is_ours = settings.SANDBOX and not settings.GATEWAY_KEY
        return is_ours and request.user.has_perm("payments.operate_gateway")

    @button(_("Let the sandbox's bank decide"), permission="decide")
    def decide(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self.with_choice(
            request,
            object_id,
            verb=_("Let the sandbox's bank decide"),
            label=_("Whose the money is"),
            choices=[
                (one.value, str(one.label)) for one in (DisputeStatus.WON, DisputeStatus.LOST)
            ],
            act=lambda row, said: actions.decide_in_sandbox(dispute=row, outcome=said),
        )


@admin.register(KYCCase)
class KYCCaseAdmin(ConsoleAdmin):
    list_display = ("public_id", "account", "level", "status", "asked_at", "decided_at")
    list_filter = ("status", "level")
    list_select_related = ("account",)
    search_fields = ("public_id", "account__name", "legal_name")
    ordering = ("-pk",)
    fields = (
        *("public_id", "account", "level", "legal_name", "document_last4", "checks"),
        *("status", "reason", "asked_at", "decided_at", "decided_by"),
    )
    actions_detail = ("approve", "reject")

    def has_decide_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return request.user.has_perm("payments.decide_kyccase")

    @button(_("Confirm"), permission="decide")
    def approve(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self.with_reason(
            request,
            object_id,
            verb=_("Confirm"),
            act=lambda case, reason: actions.approve_case(
                case=case, staff=_staff(request), reason=reason
            ),
        )

    @button(_("Refuse"), permission="decide", is_danger=True)
    def reject(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self.with_reason(
            request,
            object_id,
            verb=_("Refuse"),
            act=lambda case, reason: actions.reject_case(
                case=case, staff=_staff(request), reason=reason
            ),
        )


@admin.register(Wallet)
class WalletAdmin(ConsoleAdmin):
    """Levels and locks. Neither the password's hash nor the document's sum is shown."""

    list_display = ("account", "level", "tries", "locked_until", "created_at")
    list_filter = ("level",)
    list_select_related = ("account",)
    search_fields = ("account__name", "account__public_id", "legal_name")
    ordering = ("-pk",)
    fields = (
        *("account", "level", "legal_name", "customer_id", "tries", "locked_until"),
        *("password_changed_at", "created_at"),
    )


@admin.register(Card)
class CardAdmin(ConsoleAdmin):
    list_display = ("public_id", "account", "kind", "brand", "last4", "status", "created_at")
    list_filter = ("status", "kind")
    list_select_related = ("account",)
    search_fields = ("public_id", "account__name", "last4")
    ordering = ("-pk",)
    fields = (
        *("public_id", "account", "kind", "brand", "last4", "exp_month", "exp_year", "holder"),
        *("place", "status", "created_at"),
    )


@admin.register(Bill)
class BillAdmin(ConsoleAdmin):
    list_display = ("public_id", "account", "kind", "sum_shown", "status", "ref", "at")
    list_filter = ("status", "kind")
    list_select_related = ("account",)
    search_fields = ("public_id", "ref")
    ordering = ("-pk",)
    fields = (
        *("public_id", "account", "kind", "ref", "sum_shown", "status", "counterparty"),
        *("method", "note", "at"),
    )

    @column(_("Amount"))
    def sum_shown(self, bill: Bill) -> str:
        return wording.signed(bill.money)


def _staff(request: HttpRequest) -> Person:
    return cast(Person, request.user)
