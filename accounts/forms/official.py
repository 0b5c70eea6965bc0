"""What a business types about itself."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts.models import OfficialAccount
from accounts.states import OfficialKind


class ApplyForm(forms.Form):
    name = forms.CharField(
        label=_("Name"),
        max_length=settings.NAME_MAX,
        help_text=_("No other account may have this name, or one that looks like it."),
    )
    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=OfficialKind.choices,
        help_text=_(
            "A subscription account writes once a day and stands in a folder; a service account "
            "writes four times a month and stands among the chats."
        ),
    )
    category = forms.ChoiceField(label=_("Category"), choices=OfficialAccount.Category.choices)
    intro = forms.CharField(
        label=_("What you do"), max_length=settings.OFFICIAL_INTRO_MAX, required=False
    )
    region = forms.CharField(label=_("City"), max_length=settings.REGION_MAX, required=False)
