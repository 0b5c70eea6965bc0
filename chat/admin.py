"""Chats in the platform console (/admin/). What people say is read only where somebody reported it."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _
from unfold.admin import TabularInline

from accounts.models import Person
from chat import actions, wording
from chat.models import ChatExport, Conversation, LinkPreview, Membership, Report
from superapp.kernel.admin import ConsoleAdmin, button, column


class SeatInline(TabularInline):
    """Who sits in it. Nothing that a member keeps for themselves."""

    model = Membership
    fk_name = "conversation"
    fields = readonly_fields = ("account", "role", "status", "joined_at", "ended_at")
    ordering = ("joined_at", "pk")
    per_page = 50
    hide_title = True
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Conversation)
class ConversationAdmin(ConsoleAdmin):
    """Names and numbers; neither messages nor announcements, nor the code that lets people in."""

    list_display = ("public_id", "kind", "title", "members_count", "last_seq", "last_message_at")
    list_filter = ("kind",)
    search_fields = ("public_id", "title")
    ordering = ("-pk",)
    fields = (
        *("public_id", "kind", "title", "members_count", "last_seq", "needs_approval"),
        *("is_greeting", "created_at", "last_message_at", "disbanded_at"),
    )
    inlines = (SeatInline,)


class OpenFilter(admin.SimpleListFilter):
    """The queue: what nobody has closed."""

    title = _("Standing")
    parameter_name = "open"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("1", _("Open")), ("0", _("Closed"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() in {"0", "1"}:
            return queryset.filter(closed_at__isnull=self.value() == "1")
        return queryset


@admin.register(Report)
class ReportAdmin(ConsoleAdmin):
    """What was reported, with what was said around it, as the reporter saw it."""

    list_display = ("public_id", "category", "target", "reporter", "created_at", "outcome")
    list_filter = (OpenFilter, "category")
    list_select_related = ("target", "reporter")
    search_fields = ("public_id", "target__name", "target__public_id", "reporter__name")
    ordering = ("-closed_at", "-pk")  # PostgreSQL puts those without a time first: the open ones
    fieldsets = (
        (None, {"fields": ["public_id", "category", "note", "reporter", "target", "created_at"]}),
        (_("Evidence"), {"fields": ["conversation", "said"]}),
        (_("Outcome"), {"fields": ["outcome", "closed_at"]}),
    )
    actions_detail = ("close",)

    @column(_("What was said"))
    def said(self, report: Report) -> str:
        marked = report.message.seq if report.message else 0
        lines = (
            ("→" if wire["seq"] == marked else "", wire["name"], _line(wire))
            for wire in report.evidence
        )
        return format_html_join("", '<p dir="auto">{} <b>{}</b>: {}</p>', lines) or "–"

    def has_close_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return request.user.has_perm("chat.change_report")

    @button(_("Close with outcome"), permission="close")
    def close(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self.with_reason(
            request,
            object_id,
            verb=_("Close with outcome"),
            act=lambda report, said: actions.close_report(
                staff=_staff(request).account, report=report, outcome=said
            ),
        )


@admin.register(ChatExport)
class ExportAdmin(ConsoleAdmin):
    """Who took a copy of which chat; the copy itself is theirs."""

    list_display = ("public_id", "owner", "conversation", "created_at", "ready_at")
    list_select_related = ("owner", "conversation")
    search_fields = ("public_id", "owner__name", "conversation__public_id")
    ordering = ("-pk",)
    fields = ("public_id", "owner", "conversation", "created_at", "ready_at")


@admin.register(LinkPreview)
class PreviewAdmin(ConsoleAdmin):
    list_display = ("url", "title", "site", "is_ok", "fetched_at")
    list_filter = ("is_ok",)
    search_fields = ("url", "title", "site")
    ordering = ("-pk",)
    fields = ("url", "title", "summary", "site", "is_ok", "fetched_at")


def _line(wire: dict[str, Any]) -> str:
    """What a reported message said, in one line."""
    if wire["type"] == "recalled":
        return str(_("[Recalled]"))
    return wording.preview_of(wire["type"], wire["text"], wire["body"])


def _staff(request: HttpRequest) -> Person:
    assert isinstance(request.user, Person)
    return request.user
