"""Official accounts in the platform console: the review, and who may no longer speak."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from accounts import actions
from accounts.admin.licences import LicenceAdmin
from accounts.models import Follow, OfficialAccount, Person, Staff
from superapp.kernel.admin import ConsoleAdmin, button, column


@admin.register(OfficialAccount)
class OfficialAdmin(LicenceAdmin):
    licence_permission = "review"
    list_display = ("name", "status", "kind", "category", "owner", "submitted_at", "verified_at")
    list_filter = ("status", "kind", "category")
    list_select_related = ("account", "owner")
    search_fields = ("account__name", "account__public_id", "appid", "legal_name", "licence_no")
    ordering = ("-submitted_at", "-pk")
    fieldsets = (
        (None, {"fields": ["name", "status", "status_reason", "kind", "category", "intro"]}),
        (
            _("Company"),
            {"fields": ["legal_name", "licence_no", "licence_picture", "region", "time_zone"]},
        ),
        (_("Contact"), {"fields": ["owner", "contact_name", "contact_phone", "contact_email"]}),
        (
            _("Settlement"),
            {"fields": ["settlement_holder", "settlement_bank", "settlement_number"]},
        ),
        (
            _("Time"),
            {"fields": ["created_at", "submitted_at", "approved_at", "verified_at", "appid"]},
        ),
    )
    actions_detail = ("approve", "reject", "suspend")

    @column(_("Name"))
    def name(self, official: OfficialAccount) -> str:
        return official.account.name

    def has_review_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return request.user.has_perm("accounts.review_official")

    @button(_("Approve"), permission="review")
    def approve(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self.with_reason(
            request,
            object_id,
            verb=_("Approve"),
            act=lambda official, reason: actions.approve_official(
                official=official, staff=_staff(request)
            ),
        )

    @button(_("Reject"), permission="review", is_danger=True)
    def reject(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self.with_reason(
            request,
            object_id,
            verb=_("Reject"),
            act=lambda official, reason: actions.reject_official(
                official=official, staff=_staff(request), reason=reason
            ),
        )

    @button(_("Suspend"), permission="review", is_danger=True)
    def suspend(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self.with_reason(
            request,
            object_id,
            verb=_("Suspend"),
            act=lambda official, reason: actions.suspend_official(
                official=official, staff=_staff(request), reason=reason
            ),
        )


@admin.register(Staff)
class StaffAdmin(ConsoleAdmin):
    list_display = ("official", "person", "role", "joined_at")
    list_filter = ("role",)
    list_select_related = ("official__account", "person")
    search_fields = ("official__account__name", "person__name")
    ordering = ("-pk",)
    fields = ("official", "person", "role", "nickname", "joined_at")


@admin.register(Follow)
class FollowAdmin(ConsoleAdmin):
    list_display = ("official", "person", "is_following", "source", "followed_at")
    list_filter = ("is_following", "source")
    list_select_related = ("official__account", "person")
    search_fields = ("official__account__name", "person__name")
    ordering = ("-pk",)
    fields = ("official", "person", "is_following", "source", "followed_at", "unfollowed_at")


def _staff(request: HttpRequest) -> Person:
    assert isinstance(request.user, Person)
    return request.user
