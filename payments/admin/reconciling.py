"""Comparisons with the gateway: the list of them, and how the last one stands."""

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Person
from payments import actions, queries, wording
from payments.gateways import Silent
from payments.models import ReconciliationRun
from superapp.kernel.admin import ConsoleAdmin, column
from superapp.kernel.errors import Refusal
from superapp.kernel.money import Money

_BUCKETS = {
    "ours": gettext_lazy("only in the books"),
    "theirs": gettext_lazy("only at the gateway"),
    "differs": gettext_lazy("the amount differs"),
}


@admin.register(ReconciliationRun)
class ReconciliationRunAdmin(ConsoleAdmin):
    list_display = (
        *("ran_at", "green", "since", "matched", "ours_only", "theirs_only", "differing"),
    )
    list_filter = ("green",)
    ordering = ("-pk",)
    fields = (*list_display, "sums", "differences")
    list_before_template = "admin/console/gateway.html"

    @column(gettext_lazy("What each side says"))
    def sums(self, run: ReconciliationRun) -> str:
        lines = ((one["currency"], one["ours"], one["theirs"]) for one in _totals(run))
        return format_html_join("", '<p dir="auto">{}: {} / {}</p>', lines) or "–"

    @column(gettext_lazy("Differences"))
    def differences(self, run: ReconciliationRun) -> str:
        lines = (
            (one["id"], one["bucket"], one["ours"], one["theirs"], "✗" if one["is_red"] else "…")
            for one in _items(run)
        )
        return format_html_join("", '<p dir="auto"><b>{}</b> {} {} / {} {}</p>', lines) or "–"

    def get_urls(self) -> list[URLPattern]:
        compare = self.admin_site.admin_view(self.compare_now)
        name = "payments_reconciliationrun_compare"
        return [path("compare/", compare, name=name), *super().get_urls()]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        may = request.user.has_perm("payments.check_books")
        shown = {"gateway": {**gateway_shown(), "may_compare": may}}
        return super().changelist_view(request, {**(extra_context or {}), **shown})  # type: ignore[no-any-return]

    def compare_now(self, request: HttpRequest) -> HttpResponse:
        """Compare while somebody waits; then back to the page that says how it stands."""
        if request.method == "POST":
            assert isinstance(request.user, Person)
            try:
                actions.reconcile_now(staff=request.user)
            except Refusal as refusal:
                messages.error(request, str(refusal))
            except Silent:
                messages.error(request, _("The gateway did not answer. Try again in a moment."))
        return HttpResponseRedirect(reverse("admin:payments_reconciliationrun_changelist"))


def gateway_shown() -> dict[str, Any]:
    """How the books and the gateway stand, as the console shows it."""
    standing, run = queries.gateway_standing()
    return {
        "standing": standing,
        "run": run,
        "totals": _totals(run) if run else [],
        "items": _items(run) if run else [],
    }


def _totals(run: ReconciliationRun) -> list[dict[str, str]]:
    return [
        {
            "currency": one["currency"],
            "ours": _written(one["ours"], one["currency"]),
            "theirs": _written(one["theirs"], one["currency"]),
        }
        for one in run.totals
    ]


def _items(run: ReconciliationRun) -> list[dict[str, Any]]:
    return [
        {
            "id": one["external_id"],
            "bucket": _BUCKETS[one["bucket"]],
            "ours": _written(one["ours"], one["currency"]),
            "theirs": _written(one["theirs"], one["currency"]),
            "is_red": one["is_red"],
        }
        for one in run.items
    ]


def _written(minor: int, currency: str) -> str:
    return wording.written(Money(minor, currency))
