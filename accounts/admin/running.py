"""The screens of the business console about the account itself: papers, staff, audit log."""

from collections.abc import Callable
from types import MappingProxyType
from typing import Any

from auditlog.models import LogEntry
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts import actions, queries
from accounts.admin import forms
from accounts.admin.licences import LicenceAdmin
from accounts.admin.site import BusinessAdmin, actor_of, business
from accounts.models import OfficialAccount, Staff, StaffInvitation
from accounts.states import InvitationStatus, OfficialStatus, StaffMay
from superapp.kernel.admin import button, column, shortened


class StaffAdmin(BusinessAdmin):
    what = StaffMay.STAFF
    list_display = ("who", "role", "nickname", "joined_at")
    list_select_related = ("person",)
    search_fields = ("person__name",)
    ordering = ("pk",)
    fields = ("who", "role", "nickname", "joined_at")
    actions_detail = ("change_role", "remove")
    # The owner stays.
    offered = MappingProxyType(dict.fromkeys(actions.INVITED_ROLES, ("change_role", "remove")))

    def status_of(self, staff: Staff) -> str:
        return staff.role

    @column(_("Name"))
    def who(self, staff: Staff) -> str:
        return staff.person.name

    @button(_("Change the role"), permission="role")
    def change_role(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self.with_form(
            request,
            object_id,
            verb=_("Change the role"),
            form=forms.RoleForm(request.POST or None),
            act=lambda row, said: actions.change_role(
                official=business.official(request),
                actor=actor_of(request),
                person_id=row.person.public_id,
                **said,
            ),
        )

    @button(_("Remove"), permission="role", is_danger=True)
    def remove(self, request: HttpRequest, object_id: str) -> HttpResponse:
        official = business.official(request)

        def act(row: Any, reason: str) -> None:
            actions.remove_staff(
                official=official, actor=actor_of(request), person_id=row.person.public_id
            )
            row.pk = None

        return self.with_reason(request, object_id, verb=_("Remove"), act=act)


class InvitationAdmin(BusinessAdmin):
    what = StaffMay.STAFF
    list_display = ("role", "status", "address", "inviter", "due_at")
    list_filter = ("status",)
    list_select_related = ("inviter",)
    ordering = ("-pk",)
    fields = ("role", "status", "address", "inviter", "accepted_by", "due_at")
    actions_detail = ("withdraw",)
    offered = MappingProxyType({InvitationStatus.WAITING: ("withdraw",)})
    actions_list = ("make",)

    @column(_("Address"))
    def address(self, invitation: StaffInvitation) -> str:
        if invitation.status != "waiting":
            return "–"
        return shortened(reverse("accounts:official-join", args=[invitation.token]))

    @button(_("Invite somebody"), permission="role")
    def make(self, request: HttpRequest) -> HttpResponse:
        return self.ask(
            request,
            verb=_("Invite somebody"),
            form=forms.RoleForm(request.POST or None),
            act=lambda official, actor, said: actions.invite_staff(
                official=official, actor=actor, **said
            ),
        )

    @button(_("Withdraw"), permission="role", is_danger=True)
    def withdraw(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self.with_reason(
            request,
            object_id,
            verb=_("Withdraw"),
            act=lambda row, reason: actions.withdraw_invitation(
                official=business.official(request),
                actor=actor_of(request),
                invitation_id=row.public_id,
            ),
        )


# What everybody sees of it may be changed at any time.
_SHOWN = ("describe", "rename", "picture")


class ProfileAdmin(BusinessAdmin, LicenceAdmin):
    licence_permission = "role"
    what = StaffMay.PROFILE
    path = "pk"
    list_display = ("name", "status", "status_reason", "verified_at")
    list_select_related = ("account",)
    fieldsets = (
        (None, {"fields": ["name", "status", "status_reason", "kind", "category", "intro"]}),
        (
            _("Company"),
            {"fields": ["legal_name", "licence_no", "licence_picture", "region", "time_zone"]},
        ),
        (_("Contact"), {"fields": ["contact_name", "contact_phone", "contact_email"]}),
        (
            _("Settlement"),
            {"fields": ["settlement_holder", "settlement_bank", "settlement_number"]},
        ),
        (_("For programs"), {"fields": ["appid", "original_id"]}),
    )
    actions_detail = ("papers", "licence", "describe", "rename", "picture", "submit")
    offered = MappingProxyType(
        {
            OfficialStatus.DRAFT: actions_detail,
            OfficialStatus.SUBMITTED: ("licence", *_SHOWN),
            OfficialStatus.REJECTED: actions_detail,
            OfficialStatus.APPROVED: ("papers", "licence", *_SHOWN),
            OfficialStatus.SUSPENDED: ("licence", *_SHOWN),
        }
    )

    @column(_("Name"))
    def name(self, official: OfficialAccount) -> str:
        return official.account.name

    @button(_("Papers"), permission="role")
    def papers(self, request: HttpRequest, object_id: str) -> HttpResponse:
        row: Any = self._row(request, object_id)
        known = {name: getattr(row, name) for name in forms.PapersForm.base_fields}
        form = forms.PapersForm(request.POST or None, initial=known)
        return self.with_form(
            request,
            object_id,
            verb=_("Papers"),
            form=form,
            act=lambda official, said: actions.fill_papers(
                official=official, actor=actor_of(request), papers=form.papers()
            ),
        )

    @button(_("Licence"), permission="role")
    def licence(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """A picture of it, which the review looks at."""
        return self._with_picture(request, object_id, _("Licence"), actions.attach_licence)

    @button(_("Picture"), permission="role")
    def picture(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """What everybody sees beside the name."""
        return self._with_picture(request, object_id, _("Picture"), actions.set_official_avatar)

    def _with_picture(
        self, request: HttpRequest, object_id: str, verb: Any, act: Callable[..., object]
    ) -> HttpResponse:
        return self.with_form(
            request,
            object_id,
            verb=verb,
            form=forms.PictureForm(request.POST or None, request.FILES or None),
            act=lambda official, said: act(
                official=official, actor=actor_of(request), picture=said["picture"].read()
            ),
        )

    @button(_("Describe"), permission="role")
    def describe(self, request: HttpRequest, object_id: str) -> HttpResponse:
        row: Any = self._row(request, object_id)
        known = {name: getattr(row, name) for name in forms.DescribeForm.base_fields}
        return self.with_form(
            request,
            object_id,
            verb=_("Describe"),
            form=forms.DescribeForm(request.POST or None, initial=known),
            act=lambda official, said: actions.describe_official(
                official=official, actor=actor_of(request), **said
            ),
        )

    @button(_("Rename"), permission="role")
    def rename(self, request: HttpRequest, object_id: str) -> HttpResponse:
        row: Any = self._row(request, object_id)
        form = forms.RenameForm(request.POST or None, initial={"name": row.account.name})
        return self.with_form(
            request,
            object_id,
            verb=_("Rename"),
            form=form,
            act=lambda official, said: actions.rename_official(
                official=official, actor=actor_of(request), **said
            ),
        )

    @button(_("Submit for review"), permission="role")
    def submit(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self.with_reason(
            request,
            object_id,
            verb=_("Submit for review"),
            act=lambda official, note: actions.submit_official(
                official=official, actor=actor_of(request)
            ),
        )


class AuditAdmin(BusinessAdmin):
    """What was done to the account, by its staff and by the platform's."""

    what = StaffMay.AUDIT
    path = "object_id"
    list_display = ("timestamp", "actor", "did", "reason")
    list_select_related = ("actor__account",)
    ordering = ("-timestamp",)
    fields = ("timestamp", "actor", "did", "reason")

    def get_queryset(self, request: HttpRequest) -> QuerySet[LogEntry]:
        return super().get_queryset(request).filter(content_type=queries.audited_kind())

    @column(_("What"))
    def did(self, entry: LogEntry) -> str:
        changes: dict[str, list[str]] = entry.changes or {}
        return "; ".join(f"{name}: {was} → {now}" for name, (was, now) in changes.items())

    @column(_("Reason"))
    def reason(self, entry: LogEntry) -> str:
        return str((entry.additional_data or {}).get("reason", ""))


business.register(OfficialAccount, ProfileAdmin)
business.register(Staff, StaffAdmin)
business.register(StaffInvitation, InvitationAdmin)
business.register(LogEntry, AuditAdmin)
