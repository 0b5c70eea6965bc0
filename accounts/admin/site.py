"""The business console: a site in which everything belongs to one account.

ISOLATION IS ONE RULE: `BusinessAdmin.get_queryset` keeps the rows of the account that the person
has chosen among those they work for. Lists, pages, history, pickers, autocomplete, search, exports,
buttons and guessed ids all start there.
"""

from collections.abc import Callable, Collection, Mapping
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.sites import UnfoldAdminSite

from accounts import ports, queries
from accounts.admin import charts
from accounts.admin.labels import name_columns
from accounts.models import Account, Figure, OfficialAccount, Person, Staff
from accounts.states import ROLE_MAY, StaffMay
from superapp.kernel.admin import ConsoleAdmin
from superapp.kernel.errors import NotFound, Refusal

_CHOSEN = "business_account"


class BusinessSite(UnfoldAdminSite):
    settings_name = "UNFOLD_BUSINESS"
    index_template = "admin/business/index.html"
    index_title = gettext_lazy("Business console")

    def has_permission(self, request: HttpRequest) -> bool:
        return self.role(request) is not None

    def role(self, request: HttpRequest) -> Staff | None:
        """The person's role in the account they look at: the chosen one, or their first. Read from
        rows at every request, so that whoever was removed is out with the next one."""
        if not hasattr(request, "_business_role"):
            request._business_role = self._role(request)  # type: ignore[attr-defined]
        return request._business_role  # type: ignore[attr-defined,no-any-return]

    def _role(self, request: HttpRequest) -> Staff | None:
        if not isinstance(request.user, Person) or not request.user.is_active:
            return None
        roles = queries.roles_of(queries.account_of(request.user))
        chosen = request.session.get(_CHOSEN, "")
        return roles.filter(official__account__public_id=chosen).first() or roles.first()

    def official(self, request: HttpRequest) -> OfficialAccount:
        """The account that the console is about. Raises NotFound for people without one."""
        role = self.role(request)
        if role is None:
            raise NotFound
        return role.official

    def may(self, request: HttpRequest, what: StaffMay) -> bool:
        role = self.role(request)
        return role is not None and what in ROLE_MAY[role.role]

    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The product's own sign-in, with its second factors and limits; then back here."""
        if self.has_permission(request):
            return HttpResponseRedirect(reverse("business:index"))
        if request.user.is_authenticated:
            raise PermissionDenied
        return redirect_to_login(reverse("business:index"))

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Home: today's numbers; ?account= looks at another account of the person's."""
        wanted = request.GET.get("account", "")
        if wanted:
            queries.staffed_official(_person(request), wanted)  # theirs, or 404
            request.session[_CHOSEN] = wanted
            return HttpResponseRedirect(reverse("business:index"))
        official = self.official(request)
        numbers = [
            number
            for _key, count in ports.business_numbers
            for number in count(official, _person(request))
        ]
        days: list[Any] = []
        if self.may(request, StaffMay.CONTENT):
            days = queries.publishing.figures_by_day(official, days=settings.FIGURES_CHART_DAYS)
        context = {
            "official": official,
            "numbers": [*numbers, *_counted(days)],
            "charts": charts.charts_of(days) if days else [],
            "may_profile": self.may(request, StaffMay.PROFILE),
            "roles": list(queries.roles_of(_person(request))),
            "waiting": queries.what_is_missing(official),
        }
        answer: HttpResponse = super().index(request, context | (extra_context or {}))
        return answer


def _counted(days: list[Any]) -> list[ports.Number]:
    """Today's figures for the home page, of those whose role includes them."""
    if not days:
        return []
    url = reverse("business:accounts_figure_show")
    return [
        ports.Number(gettext_lazy("Messages today"), days[-1].of(Figure.What.MESSAGE), url),
        ports.Number(gettext_lazy("Reads today"), days[-1].of(Figure.What.READ), url),
        ports.Number(gettext_lazy("Clicks today"), days[-1].of(Figure.What.CLICK), url),
    ]


business = BusinessSite(name="business")


def actor_of(request: HttpRequest) -> Account:
    return _person(request)


def _person(request: HttpRequest) -> Account:
    assert isinstance(request.user, Person)
    return queries.account_of(request.user)


def _may(what: StaffMay) -> Callable[[HttpRequest], bool]:
    return lambda request: business.may(request, what)


# For the sidebar (UNFOLD_BUSINESS), which names them: only what the role allows is offered.
may_answer = _may(StaffMay.ANSWER)
may_audit = _may(StaffMay.AUDIT)
may_content = _may(StaffMay.CONTENT)
may_develop = _may(StaffMay.DEVELOP)
may_followers = _may(StaffMay.FOLLOWERS)
may_profile = _may(StaffMay.PROFILE)
may_staff = _may(StaffMay.STAFF)


class BusinessAdmin(ConsoleAdmin):
    """Base of every screen of the business console. `path` leads from a row to its account."""

    path: ClassVar[str] = "official"
    what: ClassVar[StaffMay]
    # Of `actions_detail`, by the status of a row: an illegal step is not offered. None: all of them.
    offered: ClassVar[Mapping[Any, Collection[str]] | None] = None

    def __init__(self, model: type[Model], admin_site: AdminSite) -> None:
        super().__init__(model, admin_site)
        sections: Any = self.fieldsets or [(None, {"fields": self.fields or ()})]
        shown = [name for _title, part in sections for name in part["fields"]]
        name_columns(model, [*shown, *(str(name) for name in self.list_display)])

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """The one rule."""
        rows: QuerySet[Any] = super().get_queryset(request)
        return rows.filter(**{self.path: business.official(request).pk})

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return business.may(request, self.what)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return business.may(request, self.what)

    def has_role_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        """Of every button: what may be seen here may be done here; the action checks again."""
        return business.may(request, self.what)

    def status_of(self, row: Any) -> str:
        """What `offered` goes by."""
        return str(row.status)

    def get_actions_detail(self, request: HttpRequest, object_id: Any) -> Any:
        found = super().get_actions_detail(request, object_id)
        if self.offered is None:
            return found
        row = self.get_object(request, object_id)
        names = self.offered.get(self.status_of(row), ()) if row is not None else ()
        start = f"{self.opts.app_label}_{self.opts.model_name}_"
        return [one for one in found if one.action_name.removeprefix(start) in names]

    def ask(
        self,
        request: HttpRequest,
        *,
        verb: str | Promise,
        form: forms.Form,
        act: Callable[[OfficialAccount, Account, dict[str, Any]], object],
    ) -> HttpResponse:
        """Ask what the form asks, then act for the account with the answers."""
        if not business.may(request, self.what):
            raise NotFound
        back = reverse(f"business:{self.opts.app_label}_{self.opts.model_name}_changelist")
        official = business.official(request)
        if form.is_valid():
            try:
                act(official, actor_of(request), form.cleaned_data)
            except Refusal as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, _("Done."))
                return HttpResponseRedirect(back)
        context = {
            **business.each_context(request),
            "title": verb,
            "opts": self.opts,
            "row": official,
            "form": form,
            "verb": verb,
            "back": back,
        }
        request.current_app = business.name
        return render(request, "admin/console/reason.html", context)
