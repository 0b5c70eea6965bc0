"""What people say about themselves, and what they prefer."""

from collections.abc import Iterable
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts.models import Person


def switch(label: Any, help_text: Any = "") -> forms.BooleanField:
    """A yes-or-no setting, drawn as a switch."""
    return forms.BooleanField(
        label=label,
        help_text=help_text,
        required=False,
        widget=forms.CheckboxInput(attrs={"class": "switch"}),
    )


class ProfileForm(forms.Form):
    name = forms.CharField(
        label=_("Name"), max_length=40, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    gender = forms.ChoiceField(label=_("Gender"), choices=Person.Gender.choices, required=False)
    region = forms.CharField(label=_("Region"), max_length=60, required=False)
    signature = forms.CharField(
        label=_("What's Up"),
        max_length=30,
        required=False,
        help_text=_("A line under your name, 30 characters at most."),
    )


class HandleForm(forms.Form):
    handle = forms.CharField(
        label=_("Superapp ID"),
        max_length=20,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                "autocapitalize": "none",
                "spellcheck": "false",
                "dir": "ltr",
            }
        ),
        help_text=_(
            "6 to 20 letters, digits, - or _, beginning with a letter. It can change once a year."
        ),
    )


class PictureForm(forms.Form):
    picture = forms.FileField(
        label=_("Picture"),
        help_text=_("JPEG, PNG, WebP, GIF or HEIC. Where it was taken is removed."),
        widget=forms.FileInput(attrs={"accept": "image/*"}),
    )

    def content(self) -> bytes:
        """What was uploaded, at most one byte over the limit: the action says if it is too much."""
        return bytes(self.cleaned_data["picture"].read(settings.AVATAR_UPLOAD_MAX + 1))


class AudienceForm(forms.Form):
    gender_audience = forms.ChoiceField(label=_("Gender"), choices=Person.Audience.choices)
    region_audience = forms.ChoiceField(label=_("Region"), choices=Person.Audience.choices)
    signature_audience = forms.ChoiceField(label=_("What's Up"), choices=Person.Audience.choices)


class WaysToFindForm(forms.Form):
    is_found_by_handle = switch(_("My ID"))
    is_found_by_phone = switch(_("My phone number"))
    is_found_by_qr = switch(_("My QR code"))
    is_found_by_group = switch(_("Groups we share"))
    is_found_by_card = switch(_("Contact cards sent by others"))
    is_card_shareable = switch(_("Friends may send my card to others"))
    approves_friends = switch(
        _("Ask me before somebody becomes my friend"),
        _("Off: whoever asks is a friend at once."),
    )


class ChatPreferencesForm(forms.Form):
    shares_read_marks = switch(
        _("Show when I have read messages"), _("Only to people who show it to you too.")
    )
    mentions_break_mute = switch(
        _("Mentions reach me in muted chats"), _("When somebody writes @you.")
    )
    enter_sends = switch(_("Enter sends the message"), _("Off: Shift and Enter sends it."))


class LanguageForm(forms.Form):
    language = forms.ChoiceField(label=_("Language"), required=False)
    time_zone = forms.ChoiceField(label=_("Time zone"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        follow = ("", _("Same as this browser"))
        self.fields["language"].choices = [follow, *settings.LANGUAGES]  # type: ignore[attr-defined]
        zones = [("", settings.HOME_TIME_ZONE), *_zones()]
        self.fields["time_zone"].choices = zones  # type: ignore[attr-defined]


def _zones() -> Iterable[tuple[str, str]]:
    # Only places: the rest of the list are names of old computers and abbreviations.
    return (
        (zone, zone.replace("_", " "))
        for zone in sorted(available_timezones())
        if "/" in zone and not zone.startswith(("Etc/", "SystemV/"))
    )


class ThemeForm(forms.Form):
    theme = forms.ChoiceField(
        label=_("Appearance"),
        choices=[("", _("Same as the system")), ("light", _("Light")), ("dark", _("Dark"))],
        required=False,
        widget=forms.RadioSelect,
        help_text=_("For this browser."),
    )


class TokenForm(forms.Form):
    name = forms.CharField(
        label=_("Name"),
        max_length=60,
        help_text=_("What it is for, so that you know later which one to revoke."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
