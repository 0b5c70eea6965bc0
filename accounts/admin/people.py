"""People in the platform console (/admin/). Rows are read-only; buttons call actions."""

from typing import Any

from allauth.account.decorators import secure_admin_login
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from auditlog.models import LogEntry
from django.contrib import admin
from django.contrib.auth.models import Group
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from accounts import actions, queries
from accounts.actions.roles import ROLES
from accounts.models import Account, Block, FriendRequest, Person, PersonalToken
from superapp.kernel.admin import ConsoleAdmin, button, column

# The console has no sign-in of its own: second factors and limits hold here too.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

# What libraries registered for editing field by field, secrets included.
for library_model in (EmailAddress, Authenticator, UserSession, Group, LogEntry):
    if admin.site.is_registered(library_model):
        admin.site.unregister(library_model)


@admin.register(Person)
class PersonAdmin(ConsoleAdmin):
    list_display = ("person_name", "email", "phone", "is_active", "is_staff", "last_login")
    list_filter = ("is_active", "is_staff")
    list_select_related = ("account",)
    search_fields = ("account__name", "account__handle", "account__public_id", "email", "phone")
    ordering = ("-pk",)
    fieldsets = (
        (None, {"fields": ["person_name", "handle", "public_id", "email", "phone"]}),
        (_("Standing"), {"fields": ["is_active", "suspended_at", "suspension_reason"]}),
        (_("Console"), {"fields": ["is_staff", "is_superuser", "role"]}),
        (_("Time"), {"fields": ["date_joined", "last_login", "verified_at"]}),
    )
    actions_detail = ("suspend", "reinstate", "sign_out", "make_staff", "take_role")

    @column(_("Name"))
    def person_name(self, person: Person) -> str:
        return person.account.name

    @column(_("ID"))
    def handle(self, person: Person) -> str:
        return person.account.handle or "–"

    @column(_("Account"))
    def public_id(self, person: Person) -> str:
        return person.account.public_id

    @column(_("Role"))
    def role(self, person: Person) -> str:
        return ", ".join(group.name for group in person.groups.all()) or "–"

    def has_suspend_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return request.user.has_perm("accounts.suspend_person")

    def has_end_access_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return request.user.has_perm("accounts.end_access")

    def has_roles_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return bool(request.user.is_superuser)

    @button(_("Suspend"), permission="suspend", is_danger=True)
    def suspend(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self.with_reason(
            request,
            object_id,
            verb=_("Suspend"),
            act=lambda person, reason: actions.suspend_person(
                person=person, staff=_staff(request), reason=reason
            ),
        )

    @button(_("Reinstate"), permission="suspend")
    def reinstate(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self.with_reason(
            request,
            object_id,
            verb=_("Reinstate"),
            act=lambda person, reason: actions.reinstate_person(
                person=person, staff=_staff(request), reason=reason
            ),
        )

    @button(_("Sign out everywhere"), permission="end_access")
    def sign_out(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self.with_reason(
            request,
            object_id,
            verb=_("Sign out everywhere"),
            act=lambda person, reason: actions.sign_out_everywhere(
                person=person, staff=_staff(request), reason=reason
            ),
        )

    @button(_("Make staff: support, safety, finance or auditor"), permission="roles")
    def make_staff(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self.with_choice(
            request,
            object_id,
            verb=_("Make staff"),
            label=_("Role"),
            choices=[(role, role) for role in ROLES],
            act=lambda person, role: actions.grant_role(
                person=person, role=role, staff=_staff(request)
            ),
        )

    @button(_("Take the role away"), permission="roles")
    def take_role(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self.with_reason(
            request,
            object_id,
            verb=_("Take the role away"),
            act=lambda person, reason: actions.take_role(person=person, staff=_staff(request)),
        )


@admin.register(Account)
class AccountAdmin(ConsoleAdmin):
    list_display = ("name", "kind", "handle", "public_id", "created_at", "closed_at")
    list_filter = ("kind",)
    search_fields = ("name", "handle", "public_id")
    ordering = ("-pk",)
    fields = ("name", "kind", "handle", "handle_changed_at", "public_id", "created_at", "closed_at")


@admin.register(UserSession)
class SessionAdmin(ConsoleAdmin):
    """Never the key: whoever knows it is in."""

    list_display = ("user", "device", "place", "created_at", "last_seen_at")
    list_select_related = ("user__account",)
    search_fields = ("user__account__name", "user__email")
    ordering = ("-pk",)
    fields = ("user", "device", "place", "created_at", "last_seen_at")

    @column(_("Device"))
    def device(self, session: UserSession) -> str:
        return queries.device_name(session.user_agent)

    @column(_("Place"))
    def place(self, session: UserSession) -> str:
        return queries.place_of(session.ip)


@admin.register(PersonalToken)
class TokenAdmin(ConsoleAdmin):
    """Never the digest."""

    list_display = ("name", "person", "hint", "created_at", "last_used_at")
    list_select_related = ("person__account",)
    search_fields = ("name", "person__account__name", "person__email")
    ordering = ("-pk",)
    fields = ("name", "person", "hint", "created_at", "last_used_at")
    actions_detail = ("revoke",)

    def has_end_access_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return request.user.has_perm("accounts.end_access")

    @button(_("Revoke"), permission="end_access", is_danger=True)
    def revoke(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self.with_reason(
            request,
            object_id,
            verb=_("Revoke"),
            act=lambda token, reason: actions.revoke_token_of(
                token=token, staff=_staff(request), reason=reason
            ),
        )


@admin.register(FriendRequest)
class FriendRequestAdmin(ConsoleAdmin):
    list_display = ("sender", "receiver", "status", "source", "created_at", "due_at")
    list_filter = ("status", "source")
    list_select_related = ("sender", "receiver")
    search_fields = ("sender__name", "receiver__name", "public_id")
    ordering = ("-pk",)
    fields = ("public_id", "sender", "receiver", "status", "source", "note", "created_at", "due_at")


@admin.register(Block)
class BlockAdmin(ConsoleAdmin):
    list_display = ("owner", "other", "created_at")
    list_select_related = ("owner", "other")
    search_fields = ("owner__name", "other__name")
    ordering = ("-pk",)
    fields = ("owner", "other", "created_at")


@admin.register(LogEntry)
class AuditAdmin(ConsoleAdmin):
    """What staff did, to whom, and why."""

    list_display = ("timestamp", "actor", "object_repr", "what", "reason")
    list_select_related = ("actor__account",)
    search_fields = ("object_repr",)
    ordering = ("-timestamp",)
    fields = ("timestamp", "actor", "object_repr", "what", "reason", "remote_addr")

    @column(_("What"))
    def what(self, entry: LogEntry) -> str:
        changes: dict[str, list[str]] = entry.changes or {}
        return "; ".join(f"{name}: {was} → {now}" for name, (was, now) in changes.items())

    @column(_("Reason"))
    def reason(self, entry: LogEntry) -> str:
        return str((entry.additional_data or {}).get("reason", ""))


def _staff(request: HttpRequest) -> Person:
    assert isinstance(request.user, Person)
    return request.user
