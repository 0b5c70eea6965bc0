"""The screens of the business console for those who write programs: access, and signing in."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts import actions, queries
from accounts.admin import forms
from accounts.admin.site import BusinessAdmin, actor_of, business
from accounts.models import OfficialAccount, Program, Push, Template
from accounts.states import StaffMay
from accounts.views.frame import absolute
from superapp.kernel.admin import button, column
from superapp.kernel.errors import Refusal


class ProgramAdmin(BusinessAdmin):
    """An account has one program access: its list is the page on which everything stands."""

    what = StaffMay.DEVELOP
    list_display = ("official", "secret_made_at")
    list_select_related = ("official__account",)
    fields = ("official", "secret_made_at")
    actions_list = ("setup", "new_secret", "listen", "listen_no_more")

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        return HttpResponseRedirect(reverse("business:accounts_program_setup"))

    @button(_("Programs"), permission="role")
    def setup(self, request: HttpRequest) -> HttpResponse:
        """Names for programs, the secret, and the hosts of the account's own site."""
        official = business.official(request)
        domains = queries.oauth_domains_of(official)
        form = forms.DomainsForm(request.POST or None, initial={"domains": "\n".join(domains)})
        if form.is_valid():
            try:
                actions.set_oauth_domains(
                    official=official, actor=actor_of(request), domains=form.said()
                )
            except Refusal as refusal:
                form.add_error("domains", str(refusal))
            else:
                return HttpResponseRedirect(request.path)
        context = {
            "title": _("Programs"),
            "program": queries.program_of(official),
            "callback": queries.callback_of(official),
            "base": absolute(request, "/").rstrip("/"),
            "form": form,
        }
        return self._page(request, official, "admin/business/program.html", context)

    @button(_("New secret"), permission="role", is_danger=True)
    def new_secret(self, request: HttpRequest) -> HttpResponse:
        """Asks first; then shows the secret, this once and on this page alone."""
        official = business.official(request)
        secret = ""
        if request.method == "POST":
            secret = actions.reset_program_secret(official=official, actor=actor_of(request))
        context = {
            "title": _("New secret"),
            "secret": secret,
            "had_one": queries.program_of(official) is not None,
        }
        return self._page(request, official, "admin/business/secret.html", context)

    @button(_("Set up a server"), permission="role")
    def listen(self, request: HttpRequest) -> HttpResponse:
        """Where the account's program listens. Its address is asked before anything is saved."""
        found = queries.callback_of(business.official(request))
        known = {name: getattr(found, name, "") for name in forms.CallbackForm.base_fields}
        return self.ask(
            request,
            verb=_("Save"),
            form=forms.CallbackForm(request.POST or None, initial=known if found else None),
            act=lambda official, actor, said: actions.save_callback(
                official=official, actor=actor, **said
            ),
        )

    @button(_("Listen no more"), permission="role", is_danger=True)
    def listen_no_more(self, request: HttpRequest) -> HttpResponse:
        return self.ask(
            request,
            verb=_("Listen no more"),
            form=Form(request.POST if request.method == "POST" else None),
            act=lambda official, actor, said: actions.drop_callback(official=official, actor=actor),
        )

    def _page(
        self, request: HttpRequest, official: OfficialAccount, template: str, more: dict[str, Any]
    ) -> HttpResponse:
        request.current_app = business.name
        context = {**business.each_context(request), "opts": self.opts, "official": official}
        return render(request, template, context | more)


class TemplateAdmin(BusinessAdmin):
    """What the account took from the library of messages."""

    what = StaffMay.DEVELOP
    list_display = ("title", "template_id", "short_id", "created_at")
    ordering = ("pk",)
    fields = ("title", "template_id", "short_id", "content", "example", "created_at")
    actions_detail = ("drop",)
    actions_list = ("make",)

    @column(_("Example"))
    def example(self, template: Template) -> str:
        form = queries.LIBRARY.get(template.short_id)
        return form.example if form else "–"

    @button(_("Take from the library"), permission="role")
    def make(self, request: HttpRequest) -> HttpResponse:
        return self.ask(
            request,
            verb=_("Take from the library"),
            form=forms.LibraryForm(request.POST or None),
            act=lambda official, actor, said: actions.take_template(
                official=official, actor=actor, **said
            ),
        )

    @button(_("Give up"), permission="role", is_danger=True)
    def drop(self, request: HttpRequest, object_id: str) -> HttpResponse:
        official = business.official(request)

        def act(row: Any, reason: str) -> None:
            actions.give_template_up(
                official=official, actor=actor_of(request), template_id=row.template_id
            )
            row.pk = None

        return self.with_reason(request, object_id, verb=_("Give up"), act=act)


class PushAdmin(BusinessAdmin):
    """What the account's program was told lately, and how that ended. No words of people."""

    what = StaffMay.DEVELOP
    list_display = ("created_at", "kind", "openid", "status", "outcome", "tries", "milliseconds")
    list_filter = ("status",)
    list_select_related = ("follow",)
    ordering = ("-pk",)
    fields = (*list_display, "ended_at")

    @column("OpenID")
    def openid(self, push: Push) -> str:
        return push.follow.openid


business.register(Program, ProgramAdmin)
business.register(Push, PushAdmin)
business.register(Template, TemplateAdmin)
