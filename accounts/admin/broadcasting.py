"""The screens of the business console about what it says to many, and how that was received."""

import csv
from types import MappingProxyType
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts import queries
from accounts.actions import publishing
from accounts.admin import charts, composing
from accounts.admin.publishing import Composed
from accounts.admin.site import BusinessAdmin, business
from accounts.models import Broadcast, Figure
from accounts.states import ArticleStatus, BroadcastStatus, StaffMay
from superapp.kernel.admin import button, column

_NAMES = {
    "total": _("Followers aimed at"),
    "filtered": _("Had enough already, or are not heard"),
    "sent": _("Sent to"),
    "opened": _("Opened in their thread"),
    "clicked": _("Followed a link in it"),
    "read": _("Reads of its articles"),
}


class BroadcastAdmin(Composed):
    named = "broadcast_id"
    list_display = ("headline", "status", "whom", "due_at", "sent_at", "sent_to")
    list_filter = ("status",)
    search_fields = ("headline",)
    ordering = ("-pk",)
    fieldsets = (
        (None, {"fields": ["headline", "text", "titles", "whom", "status", "refusal"]}),
        (_("When"), {"fields": ["due_at", "review_until", "sent_at", "recalled_at"]}),
        (_("By whom"), {"fields": ["made_by", "submitted_by", "approved_by"]}),
        (_("Report"), {"fields": ["report"]}),
    )
    actions_detail = (
        *("edit", "preview", "submit", "approve"),
        *("send_back", "cancel", "recall"),
    )
    offered = MappingProxyType(
        {
            BroadcastStatus.DRAFT: ("edit", "preview", "submit", "cancel"),
            BroadcastStatus.REVIEW: ("approve", "send_back", "preview", "cancel"),
            BroadcastStatus.SCHEDULED: ("cancel",),
            BroadcastStatus.SENT: ("recall",),
        }
    )
    actions_list = ("make",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Broadcast]:
        rows: QuerySet[Broadcast] = super().get_queryset(request)
        return rows.select_related(
            "official__account", "made_by", "submitted_by", "approved_by", "tag"
        )

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """With what is left of the day or the month."""
        if self.has_view_permission(request):
            used, most = queries.publishing.quota_of(business.official(request))
            quota = _("Of this period's broadcasts %(used)s of %(most)s were sent.")
            extra_context = {"subtitle": quota % {"used": used, "most": most}}
        answer: HttpResponse = super().changelist_view(request, extra_context)
        return answer

    @column(_("For"))
    def whom(self, broadcast: Broadcast) -> str:
        return broadcast.tag_name or str(broadcast.get_aim_display())

    @column(_("Sent to"))
    def sent_to(self, broadcast: Broadcast) -> str:
        return str(broadcast.sent_to) if broadcast.sent_at else "–"

    @column(_("Articles"))
    def titles(self, broadcast: Broadcast) -> str:
        found = queries.publishing.articles_in([broadcast])
        return ", ".join(found[pk].title for pk in broadcast.article_ids if pk in found) or "–"

    @column(_("Report"))
    def report(self, broadcast: Broadcast) -> str:
        if not broadcast.sent_at:
            return "–"
        found = queries.publishing.report_of(broadcast)
        return "; ".join(f"{_NAMES[name]}: {n}" for name, n in found.items())

    def _form(self, request: HttpRequest, **more: Any) -> composing.BroadcastForm:
        official = business.official(request)
        shown = (ArticleStatus.DRAFT, ArticleStatus.PUBLISHED)
        articles = queries.publishing.articles_of(official).filter(status__in=shown)
        return composing.BroadcastForm(
            request.POST or None,
            articles=list(articles[:50]),
            tags=list(queries.follower_tags_of(official)),
            **more,
        )

    @button(_("New broadcast"), permission="role")
    def make(self, request: HttpRequest) -> HttpResponse:
        form = self._form(request)
        return self.ask(
            request,
            verb=_("New broadcast"),
            form=form,
            act=lambda official, actor, said: publishing.compose_broadcast(
                official=official, actor=actor, message=form.message()
            ),
        )

    @button(_("Edit"), permission="role")
    def edit(self, request: HttpRequest, object_id: str) -> HttpResponse:
        row: Any = self._row(request, object_id)
        found = queries.publishing.articles_in([row])
        known = {
            "text": row.text,
            "articles": [found[pk].public_id for pk in row.article_ids if pk in found],
            "tag": row.tag.number if row.tag else "",
            "due_at": row.due_at,
        }
        form = self._form(request, initial=known)
        return self.with_form(
            request,
            object_id,
            verb=_("Edit"),
            form=form,
            act=lambda row, said: publishing.change_broadcast(
                **self.place(request, row), message=form.message()
            ),
        )

    @button(_("Send to phones"), permission="role")
    def preview(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self.to_phones(request, object_id, publishing.preview_broadcast)

    @button(_("Hand in"), permission="role")
    def submit(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self.once(
            request,
            object_id,
            _("Hand in"),
            publishing.submit_broadcast,
        )

    @button(_("Agree"), permission="role")
    def approve(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self.once(
            request,
            object_id,
            _("Agree"),
            publishing.approve_broadcast,
        )

    @button(_("Back to draft"), permission="role")
    def send_back(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self.with_reason(
            request,
            object_id,
            verb=_("Back to draft"),
            act=lambda row, reason: publishing.return_broadcast(
                **self.place(request, row), reason=reason
            ),
        )

    @button(_("Cancel it"), permission="role", is_danger=True)
    def cancel(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self.once(
            request,
            object_id,
            _("Cancel it"),
            publishing.cancel_broadcast,
        )

    @button(_("Take back"), permission="role", is_danger=True)
    def recall(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self.once(
            request,
            object_id,
            _("Take back"),
            publishing.recall_broadcast,
        )


class FigureAdmin(BusinessAdmin):
    """Its list is the page of figures."""

    what = StaffMay.CONTENT
    list_display = ("day", "what", "ref", "count")
    fields = ("day", "what", "ref", "count")
    actions_list = ("show", "export")

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        return HttpResponseRedirect(reverse("business:accounts_figure_show"))

    @button(_("Figures"), permission="role")
    def show(self, request: HttpRequest) -> HttpResponse:
        """The last thirty days: charts, and the same as a table."""
        official = business.official(request)
        days = queries.publishing.figures_by_day(official)
        context = {
            **business.each_context(request),
            "title": _("Figures"),
            "opts": self.opts,
            "charts": charts.charts_of(days),
            "days": days[::-1],
            "sources": charts.sources(queries.publishing.sources_of(official)),
            "broadcasts": list(
                queries.publishing.broadcasts_of(official).filter(sent_at__isnull=False)[:5]
            ),
        }
        request.current_app = business.name
        return render(request, "admin/business/figures.html", context)

    @button(_("Export as CSV"), permission="role")
    def export(self, request: HttpRequest) -> HttpResponse:
        answer = HttpResponse(content_type="text/csv; charset=utf-8")
        answer["Content-Disposition"] = 'attachment; filename="figures.csv"'
        rows = csv.writer(answer)
        names = queries.publishing.COUNTED
        rows.writerow(["day", "followers", *(name.value for name in names)])
        for day in queries.publishing.figures_by_day(business.official(request)):
            known = "" if day.followers is None else day.followers
            rows.writerow([day.day, known, *(day.of(name) for name in names)])
        return answer


business.register(Broadcast, BroadcastAdmin)
business.register(Figure, FigureAdmin)
