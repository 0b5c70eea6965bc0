"""The console's form of a campaign."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from payments.models import Campaign
from payments.states import Calendar, Cover

_DAYS = _("2027-01-15: year, month, day of this calendar. A lunar leap month is 2033-11+-01.")
_LINES = ("greetings", "words")


class CampaignForm(forms.Form):
    """Greetings and words stand one on a line."""

    name = forms.CharField(
        label=_("Name"),
        max_length=settings.CAMPAIGN_NAME_MAX,
        widget=UnfoldAdminTextInputWidget(attrs={"dir": "auto"}),
    )
    calendar = forms.ChoiceField(
        label=_("Calendar"), choices=Calendar.choices, widget=UnfoldAdminSelectWidget
    )
    begins = forms.CharField(
        label=_("First day"),
        max_length=12,
        help_text=_DAYS,
        widget=UnfoldAdminTextInputWidget(attrs={"dir": "ltr"}),
    )
    ends = forms.CharField(
        label=_("Last day"),
        max_length=12,
        widget=UnfoldAdminTextInputWidget(attrs={"dir": "ltr"}),
    )
    covers = forms.MultipleChoiceField(
        label=_("Covers"),
        choices=Cover.choices,
        required=False,
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
    )
    greetings = forms.CharField(
        label=_("Greetings"),
        required=False,
        max_length=1000,
        help_text=_("One on a line; the first is offered first."),
        widget=UnfoldAdminTextareaWidget(attrs={"dir": "auto", "rows": 4}),
    )
    words = forms.CharField(
        label=_("Words that let confetti rain"),
        required=False,
        max_length=1000,
        help_text=_("One on a line."),
        widget=UnfoldAdminTextareaWidget(attrs={"dir": "auto", "rows": 4}),
    )

    def clean(self) -> dict[str, Any]:
        said = dict(super().clean() or self.cleaned_data)
        for name in _LINES:
            said[name] = said.get(name, "").splitlines()
        return said


def facts_of(campaign: Campaign) -> dict[str, Any]:
    """What the form begins with when a campaign is changed."""
    names = ("name", "calendar", "begins", "ends", "covers")
    found = {name: getattr(campaign, name) for name in names}
    return found | {name: "\n".join(getattr(campaign, name)) for name in _LINES}
