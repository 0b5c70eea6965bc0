"""Campaigns in the console: planned, changed, switched on and off."""

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from payments import actions
from payments.forms.festival import CampaignForm, facts_of
from payments.models import Campaign
from payments.states import CampaignStatus, Cover
from superapp.kernel.admin import ConsoleAdmin, button, column
from superapp.kernel.errors import Refusal


@admin.register(Campaign)
class CampaignAdmin(ConsoleAdmin):
    list_display = ("name", "status", "begins_on", "ends_on", "calendar", "covers_shown")
    list_filter = ("status", "calendar")
    search_fields = ("name", "public_id")
    ordering = ("-begins_on", "-pk")
    fields = (
        *("name", "status", "calendar", "begins", "ends", "begins_on", "ends_on"),
        *("covers_shown", "greetings", "words", "made_by", "made_at"),
    )
    actions_detail = ("switch_on", "switch_off", "change_it")

    @column(_("Covers"))
    def covers_shown(self, campaign: Campaign) -> str:
        return ", ".join(str(Cover(code).label) for code in campaign.covers) or "–"

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_manage_permission(request)

    def has_manage_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return bool(request.user.has_perm("payments.manage_campaigns"))

    def has_start_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return self._may_switch(request, object_id, CampaignStatus.OFF)

    def has_stop_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return self._may_switch(request, object_id, CampaignStatus.ON)

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """A form of ours instead of the model's: the action reckons with calendars."""
        if not self.has_add_permission(request):
            return super().add_view(request, form_url, extra_context)  # type: ignore[no-any-return]
        form = CampaignForm(request.POST or None)
        if form.is_valid():
            try:
                made = actions.plan_campaign(staff=_staff(request), **form.cleaned_data)
            except Refusal as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, gettext("Planned. Switch it on when it may be seen."))
                return HttpResponseRedirect(self._address(made))
        verb = gettext("Plan a campaign")
        context = {
            **self.admin_site.each_context(request),
            "title": verb,
            "opts": self.opts,
            "row": verb,
            "form": form,
            "verb": verb,
            "back": self._address(Campaign()),
        }
        return render(request, "admin/console/reason.html", context)

    @button(_("Switch on"), permission="start")
    def switch_on(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._switch(request, object_id, _("Switch on"), actions.switch_campaign_on)

    @button(_("Switch off"), permission="stop", is_danger=True)
    def switch_off(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._switch(request, object_id, _("Switch off"), actions.switch_campaign_off)

    @button(_("Change"), permission="manage")
    def change_it(self, request: HttpRequest, object_id: str) -> HttpResponse:
        row: Any = self._row(request, object_id)
        return self.with_form(
            request,
            object_id,
            verb=_("Change"),
            form=CampaignForm(request.POST or None, initial=facts_of(row)),
            act=lambda campaign, said: actions.change_campaign(
                staff=_staff(request), campaign=campaign, **said
            ),
        )

    def _switch(self, request: HttpRequest, object_id: str, verb: Any, act: Any) -> HttpResponse:
        row: Any = self._row(request, object_id)
        if request.method != "POST":
            context = {
                **self.admin_site.each_context(request),
                "title": verb,
                "opts": self.opts,
                "row": f"{row}: {row.begins_on} – {row.ends_on}",
                "verb": verb,
                "back": self._address(row),
            }
            return render(request, "admin/console/reason.html", context)
        try:
            act(staff=_staff(request), campaign=row)
        except Refusal as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, gettext("Done."))
        return HttpResponseRedirect(self._address(row))

    def _may_switch(self, request: HttpRequest, object_id: Any, now: CampaignStatus) -> bool:
        if not self.has_manage_permission(request):
            return False
        row: Any = self.get_object(request, object_id) if object_id else None
        # No such row: the button itself says that nothing is there.
        return row is None or row.status == now


def _staff(request: HttpRequest) -> Person:
    assert isinstance(request.user, Person)
    return request.user
