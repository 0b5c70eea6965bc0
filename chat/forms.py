"""The syntax of what is typed into chat pages. Limits that need a reason are the actions'."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from chat.actions import CATEGORIES


class MessageForm(forms.Form):
    text = forms.CharField(
        label=_("Message"),
        max_length=settings.MESSAGE_TEXT_MAX,
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 1, "dir": "auto"}),
    )
    client_id = forms.CharField(max_length=settings.CLIENT_ID_MAX, widget=forms.HiddenInput)
    quote = forms.IntegerField(required=False, widget=forms.HiddenInput)
    # An item of a program's menu that was tapped, and its card.
    menu = forms.CharField(max_length=40, required=False, widget=forms.HiddenInput)
    item = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)

    def tapped(self) -> dict[str, object]:
        names = ("menu", "item") if self.cleaned_data["menu"] else ()
        return {name: self.cleaned_data[name] for name in names}


class AnswerForm(MessageForm):
    """What staff say in the name of an official account."""

    picture = forms.FileField(label=_("Picture"), required=False)


class GroupForm(forms.Form):
    title = forms.CharField(
        label=_("Group name"), max_length=settings.GROUP_TITLE_MAX, required=False
    )


class TextForm(forms.Form):
    """One optional line of text, under the name that the page gives it."""

    text = forms.CharField(max_length=settings.GROUP_TITLE_MAX, required=False)

    def __init__(
        self, *args: object, label: object = "", max_length: int = 0, **kw: object
    ) -> None:
        super().__init__(*args, **kw)  # type: ignore[arg-type]
        self.fields["text"].label = label  # type: ignore[assignment]
        if max_length:
            self.fields["text"].max_length = max_length  # type: ignore[attr-defined]
            self.fields["text"].widget.attrs["maxlength"] = str(max_length)


class AnnouncementForm(forms.Form):
    text = forms.CharField(
        label=_("Announcement"),
        max_length=settings.ANNOUNCEMENT_MAX,
        required=False,
        widget=forms.Textarea(attrs={"rows": 8, "dir": "auto"}),
        help_text=_("Everybody is told. Leave it empty to take it down."),
    )


class PictureForm(forms.Form):
    picture = forms.FileField(
        label=_("Picture"), widget=forms.ClearableFileInput(attrs={"accept": "image/*"})
    )


class UploadForm(forms.Form):
    file = forms.FileField(label=_("File"))


class LocationForm(forms.Form):
    lat = forms.FloatField(label=_("Latitude"), min_value=-90, max_value=90)
    lng = forms.FloatField(label=_("Longitude"), min_value=-180, max_value=180)
    name = forms.CharField(label=_("Name of the place"), max_length=100, required=False)
    address = forms.CharField(label=_("Address"), max_length=200, required=False)


class ScheduleForm(forms.Form):
    text = forms.CharField(
        label=_("Message"),
        max_length=settings.MESSAGE_TEXT_MAX,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
    )
    due_at = forms.DateTimeField(
        label=_("When"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text=_("In your time zone, up to one year ahead."),
    )


class ReminderForm(forms.Form):
    due_at = ScheduleForm.base_fields["due_at"]


class FavouriteForm(forms.Form):
    note = forms.CharField(
        label=_("Note"),
        max_length=settings.FAVOURITE_NOTE_MAX,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )
    tags = forms.CharField(
        label=_("Tags"),
        max_length=300,
        required=False,
        help_text=_("Separated by commas."),
    )

    def clean_tags(self) -> list[str]:
        text = self.cleaned_data["tags"].replace("，", ",")
        return [tag.strip() for tag in text.split(",") if tag.strip()]


CATEGORY_LABELS = {
    "spam": _("Spam"),
    "scam": _("Scam or fraud"),
    "abuse": _("Insult or harassment"),
    "sexual": _("Sexual content"),
    "violence": _("Violence"),
    "other": _("Something else"),
}


class ReportForm(forms.Form):
    category = forms.ChoiceField(
        label=_("What is wrong?"),
        choices=[(key, CATEGORY_LABELS[key]) for key in CATEGORIES],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label=_("Anything to add?"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )


class SearchForm(forms.Form):
    q = forms.CharField(label=_("Search"), max_length=100, required=False)
    type = forms.ChoiceField(
        label=_("Type"),
        required=False,
        choices=[
            ("", _("Everything")),
            ("photo", _("Photos and videos")),
            ("file", _("Files")),
            ("link", _("Links")),
            ("voice", _("Voice")),
            ("card", _("Cards")),
        ],
    )
    since = forms.DateField(
        label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    until = forms.DateField(
        label=_("Until"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
