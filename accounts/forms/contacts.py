"""What people write down about each other."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts.forms.people import switch
from accounts.models import Contact, Tag


def _tag_field() -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=_("Tags"), required=False, widget=forms.CheckboxSelectMultiple
    )


def _offer(field: Any, tags: Iterable[Tag]) -> None:
    field.choices = [(tag.public_id, tag.name) for tag in tags]


def _remark_field() -> forms.CharField:
    return forms.CharField(
        label=_("Remark"),
        max_length=40,
        required=False,
        help_text=_("What you call them. Only you see it."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class FindForm(forms.Form):
    q = forms.CharField(
        label=_("ID or phone number"),
        max_length=60,
        widget=forms.TextInput(
            attrs={"type": "search", "autocomplete": "off", "autocapitalize": "none"}
        ),
    )


class AskForm(forms.Form):
    way = forms.CharField(max_length=500, required=False, widget=forms.HiddenInput)
    note = forms.CharField(
        label=_("Say who you are"),
        max_length=50,
        required=False,
        help_text=_("They see it with your request."),
    )
    remark = _remark_field()
    is_chat_only = switch(_("Chat only"), _("Neither of you sees the other's Moments and status."))


class AcceptForm(forms.Form):
    remark = _remark_field()
    tag_ids = _tag_field()
    is_chat_only = switch(_("Chat only"), _("Neither of you sees the other's Moments and status."))

    def __init__(self, *args: Any, tags: Iterable[Tag], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self.fields["tag_ids"], tags)


class ContactForm(forms.Form):
    remark = _remark_field()
    phones = forms.CharField(
        label=_("Phone numbers"),
        required=False,
        max_length=200,
        help_text=_("One on each line, five at most."),
        widget=forms.Textarea(attrs={"rows": 2, "dir": "ltr", "inputmode": "tel"}),
    )
    note = forms.CharField(
        label=_("Description"),
        max_length=400,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    tag_ids = _tag_field()

    def __init__(self, *args: Any, tags: Iterable[Tag], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self.fields["tag_ids"], tags)

    def clean_phones(self) -> list[str]:
        lines = [line for line in self.cleaned_data["phones"].splitlines() if line.strip()]
        if len(lines) > settings.CONTACT_PHONES_MAX:
            raise forms.ValidationError(_("Five numbers at most."))
        if any(len(line.strip()) > 20 for line in lines):
            raise forms.ValidationError(_("A number has 20 digits at most."))
        return lines


class TagForm(forms.Form):
    name = forms.CharField(
        label=_("Name of the tag"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class TagMembersForm(forms.Form):
    account_ids = forms.MultipleChoiceField(
        label=_("Who has it"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, contacts: Iterable[Contact], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(c.other.public_id, c.remark or c.other.name) for c in contacts]
        self.fields["account_ids"].choices = choices  # type: ignore[attr-defined]
