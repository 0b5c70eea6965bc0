"""The books: to look at, to check, and to adjust by two people. Nothing is edited."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _
from unfold.admin import TabularInline

from accounts.models import Person
from payments import actions, queries, wording
from payments.admin.reconciling import gateway_shown
from payments.forms.ledger import AdjustmentForm
from payments.models import Adjustment, AuditRun, Entry, Journal, LedgerAccount, Posting
from superapp.kernel.admin import ConsoleAdmin, button, column
from superapp.kernel.errors import Refusal
from superapp.kernel.money import Money


class PageInline(TabularInline):
    """Rows of another table, to look at."""

    can_delete = False
    hide_title = True
    per_page = 50

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.has_perm("payments.view_journal"))


class EntryInline(PageInline):
    model = Entry
    fk_name = "account"
    fields = readonly_fields = ("seq", "journal", "money", "after")
    ordering = ("-seq",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Entry]:
        return super().get_queryset(request).select_related("journal", "account")  # type: ignore[no-any-return]

    @column(_("Amount"))
    def money(self, entry: Entry) -> str:
        return _written(entry.amount, entry.account.currency)

    @column(_("Balance after"))
    def after(self, entry: Entry) -> str:
        return (
            "–"
            if entry.balance_after is None
            else _written(entry.balance_after, entry.account.currency)
        )


class PostingInline(PageInline):
    model = Posting
    fields = readonly_fields = ("debit", "credit", "money")
    ordering = ("pk",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Posting]:
        return super().get_queryset(request).select_related("debit", "credit")  # type: ignore[no-any-return]

    @column(_("Amount"))
    def money(self, posting: Posting) -> str:
        return _written(posting.amount, posting.currency)


@admin.register(LedgerAccount)
class LedgerAccountAdmin(ConsoleAdmin):
    list_display = ("code", "currency", "owner", "money", "seq", "status")
    list_filter = ("kind", "currency", "status")
    list_select_related = ("owner",)
    search_fields = ("code", "owner__name", "owner__public_id")
    ordering = ("-pk",)
    fields = (
        *("code", "kind", "currency", "owner", "money", "seq", "status"),
        *("floor_zero", "tracked"),
    )
    inlines = (EntryInline,)
    actions_detail = ("propose",)

    @column(_("Balance"))
    def money(self, account: LedgerAccount) -> str:
        return _written(account.balance, account.currency) if account.tracked else "–"

    def has_propose_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return request.user.has_perm("payments.propose_adjustment")

    @button(_("Propose an adjustment"), permission="propose")
    def propose(self, request: HttpRequest, object_id: str) -> HttpResponse:
        row: LedgerAccount = self._row(request, object_id)  # type: ignore[assignment]
        return self.with_form(
            request,
            object_id,
            verb=_("Propose an adjustment"),
            form=AdjustmentForm(request.POST or None, currency=row.currency),
            act=lambda account, said: actions.propose_adjustment(
                staff=_staff(request),
                account=account,
                house=said["house"],
                amount=said["amount"],
                reason=said["reason"],
            ),
        )


@admin.register(Journal)
class JournalAdmin(ConsoleAdmin):
    list_display = ("posted_at", "kind", "key", "ref", "actor")
    list_filter = ("kind",)
    list_select_related = ("actor",)
    search_fields = ("key", "ref")
    ordering = ("-pk",)
    fields = ("posted_at", "kind", "key", "ref", "actor", "reverses", "fingerprint")
    inlines = (PostingInline,)


@admin.register(Adjustment)
class AdjustmentAdmin(ConsoleAdmin):
    """Proposed by one person of the staff, decided by another."""

    list_display = (
        "account",
        "money",
        "house",
        "status",
        "proposed_by",
        "proposed_at",
        "decided_by",
    )
    list_filter = ("status", "house", "currency")
    list_select_related = ("account", "proposed_by__account", "decided_by__account")
    search_fields = ("account__name", "account__public_id", "reason")
    ordering = ("-pk",)
    fields = (
        *("account", "money", "house", "status", "reason", "proposed_by", "proposed_at"),
        *("decided_by", "decided_at", "decision", "journal"),
    )
    actions_detail = ("approve", "reject")

    @column(_("Amount"))
    def money(self, adjustment: Adjustment) -> str:
        return _written(adjustment.amount, adjustment.currency)

    def has_decide_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return request.user.has_perm("payments.decide_adjustment")

    @button(_("Approve and post"), permission="decide")
    def approve(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self.with_reason(
            request,
            object_id,
            verb=_("Approve and post"),
            act=lambda adjustment, reason: actions.approve_adjustment(
                staff=_staff(request), adjustment=adjustment, reason=reason
            ),
        )

    @button(_("Reject"), permission="decide", is_danger=True)
    def reject(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self.with_reason(
            request,
            object_id,
            verb=_("Reject"),
            act=lambda adjustment, reason: actions.reject_adjustment(
                staff=_staff(request), adjustment=adjustment, reason=reason
            ),
        )


@admin.register(AuditRun)
class AuditRunAdmin(ConsoleAdmin):
    """The integrity page: how the books stand, above the list of all checks."""

    list_display = ("ran_at", "green", "deep", "broken")
    list_filter = ("green", "deep")
    ordering = ("-pk",)
    fields = ("ran_at", "green", "deep", "rules", "last_journal")
    list_before_template = "admin/console/books.html"

    @column(_("Broken rules"))
    def broken(self, run: AuditRun) -> str:
        return ", ".join(rule["code"] for rule in run.findings if rule["faults"]) or "–"

    @column(_("Rules"))
    def rules(self, run: AuditRun) -> str:
        lines = (
            ("✗" if rule["faults"] else "✓", rule["code"], rule["title"], "; ".join(rule["faults"]))
            for rule in run.findings
        )
        return format_html_join("", '<p dir="auto">{} <b>{}</b> {} {}</p>', lines) or "–"

    def get_urls(self) -> list[URLPattern]:
        check = self.admin_site.admin_view(self.check_now)
        return [path("check/", check, name="payments_auditrun_check"), *super().get_urls()]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        standing, run = queries.standing()
        books = {
            "standing": standing,
            "run": run,
            "totals": [_shown(total) for total in run.totals] if run else [],
            "may_check": request.user.has_perm("payments.check_books"),
        }
        shown = {"books": books, "gateway": gateway_shown()}
        return super().changelist_view(request, {**(extra_context or {}), **shown})  # type: ignore[no-any-return]

    def check_now(self, request: HttpRequest) -> HttpResponse:
        """Check the books while somebody waits; then back to the page that says how they stand."""
        if request.method == "POST":
            try:
                actions.check_books_now(staff=_staff(request))
            except Refusal as refusal:
                messages.error(request, str(refusal))
        return HttpResponseRedirect(reverse("admin:payments_auditrun_changelist"))


def _shown(total: dict[str, Any]) -> dict[str, Any]:
    """A currency's totals as stored by a check, as people write amounts."""
    currency = total["currency"]
    return {
        "currency": currency,
        "accounts": total["accounts"],
        "held": _written(total["held"], currency),
        "house": _written(total["house"], currency),
        "difference": _written(total["held"] + total["house"], currency),
    }


def _written(minor: int, currency: str) -> str:
    return wording.written(Money(minor, currency))


def _staff(request: HttpRequest) -> Person:
    assert isinstance(request.user, Person)
    return request.user
