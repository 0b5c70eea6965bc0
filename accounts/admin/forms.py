"""What staff of a business type in its console."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminFileFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from accounts.actions import INVITED_ROLES, Papers
from accounts.models import OfficialAccount
from accounts.queries import LIBRARY
from accounts.states import CallbackMode, ReplyChoice, ReplyTrigger, StaffRole

# What is typed has its own direction, whatever the console's language.
AUTO = {"dir": "auto"}


def text_line(label: Any, most: int, **more: Any) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=most, widget=UnfoldAdminTextInputWidget(attrs=AUTO), **more
    )


class NameForm(forms.Form):
    name = text_line(_("Name"), settings.FOLLOWER_TAG_NAME_MAX)


class PlaceForm(forms.Form):
    place = text_line(_("Where the code hangs"), 64)


class RoleForm(forms.Form):
    role = forms.ChoiceField(
        label=_("Role"),
        choices=[(role, StaffRole(role).label) for role in INVITED_ROLES],
        widget=UnfoldAdminSelectWidget,
    )


class FollowerForm(forms.Form):
    remark = text_line(_("Remark"), settings.FOLLOWER_REMARK_MAX, required=False)
    tag_numbers = forms.TypedMultipleChoiceField(
        label=_("Tags"),
        coerce=int,
        required=False,
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
    )

    def __init__(self, *args: Any, tags: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["tag_numbers"]
        field.choices = [(tag.number, tag.name) for tag in tags]


class AutoReplyForm(forms.Form):
    title = text_line(_("Name"), 60, required=False)
    trigger = forms.ChoiceField(
        label=_("When"), choices=ReplyTrigger.choices, widget=UnfoldAdminSelectWidget
    )
    keywords = forms.CharField(
        label=_("Words"),
        required=False,
        max_length=400,
        help_text=_("One a line. A line in quotes must be the whole message."),
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 4, **AUTO}),
    )
    replies = forms.CharField(
        label=_("Answers"),
        max_length=4000,
        help_text=_("Up to five, with an empty line between them."),
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 8, **AUTO}),
    )
    choice = forms.ChoiceField(
        label=_("Say"), choices=ReplyChoice.choices, widget=UnfoldAdminSelectWidget
    )

    def said(self) -> dict[str, Any]:
        """What the action takes."""
        told = self.cleaned_data
        lines = [line.strip() for line in told["keywords"].splitlines() if line.strip()]
        parts = told["replies"].replace("\r\n", "\n").split("\n\n")
        return {
            "title": told["title"],
            "trigger": told["trigger"],
            "keywords": [_keyword(line) for line in lines],
            "replies": [{"text": part.strip()} for part in parts if part.strip()],
            "choice": told["choice"],
        }


def _keyword(line: str) -> dict[str, Any]:
    is_exact = len(line) > 2 and line[0] == line[-1] == '"'
    return {"text": line.strip('"') if is_exact else line, "is_exact": is_exact}


class PapersForm(forms.Form):
    legal_name = text_line(_("Company"), 100)
    licence_no = text_line(_("Licence number"), 60)
    contact_name = text_line(_("Contact"), 60)
    contact_phone = text_line(_("Phone"), 20)
    contact_email = forms.EmailField(label=_("E-mail"), widget=UnfoldAdminTextInputWidget)
    settlement_holder = text_line(_("Account holder"), 100)
    settlement_bank = text_line(_("Bank"), 100)
    settlement_number = text_line(_("Account number"), 40)

    def papers(self) -> Papers:
        return Papers(**self.cleaned_data)


class DescribeForm(forms.Form):
    category = forms.ChoiceField(
        label=_("Category"),
        choices=OfficialAccount.Category.choices,
        widget=UnfoldAdminSelectWidget,
    )
    intro = text_line(_("What you do"), settings.OFFICIAL_INTRO_MAX, required=False)
    region = text_line(_("City"), settings.REGION_MAX, required=False)
    time_zone = text_line(_("Time zone"), 40)


class RenameForm(forms.Form):
    name = text_line(_("Name"), settings.NAME_MAX)


class DomainsForm(forms.Form):
    domains = forms.CharField(
        label=_("Hosts of your site"),
        required=False,
        max_length=2000,
        help_text=_(
            "One a line, such as shop.example.com. People who sign in there are sent back to these"
            " hosts and to no other."
        ),
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3, "dir": "ltr", "spellcheck": "false"}),
    )

    def said(self) -> list[str]:
        """The hosts, as they were written."""
        return [line.strip() for line in self.cleaned_data["domains"].splitlines() if line.strip()]


class CallbackForm(forms.Form):
    url = text_line(
        _("Address"),
        settings.CALLBACK_URL_MAX,
        help_text=_("What followers write and do is posted there. It is asked before it is saved."),
    )
    token = text_line(
        _("Token"), 32, help_text=_("3 to 32 letters and digits, the same as in your program.")
    )
    mode = forms.ChoiceField(
        label=_("Mode"), choices=CallbackMode.choices, widget=UnfoldAdminSelectWidget
    )
    aes_key = text_line(
        _("EncodingAESKey"),
        43,
        required=False,
        help_text=_("43 letters and digits, for the encrypted modes."),
    )


class LibraryForm(forms.Form):
    short_id = forms.ChoiceField(
        label=_("Template"),
        choices=[(form.short_id, f"{form.short_id} · {form.title}") for form in LIBRARY.values()],
        widget=UnfoldAdminSelectWidget,
    )


class PictureForm(forms.Form):
    # What it is decides the action, which decodes it under its own limits.
    picture = forms.FileField(
        label=_("Picture"),
        help_text=_("JPEG, PNG or WebP, up to 10 MB."),
        widget=UnfoldAdminFileFieldWidget(attrs={"accept": "image/*"}),
    )


BUTTON_KINDS = [
    ("", _("Nothing")),
    ("text", _("Say a text")),
    ("view", _("Open an address")),
    ("click", _("Tell my program")),
]
_FIELD = {"text": "value", "view": "url", "click": "key"}


class MenuForm(forms.Form):
    """3 × (1 + 5) buttons: b0, b0_0 … each with a name, a kind and what it says or opens."""

    def __init__(self, *args: Any, menu: dict[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.columns = []
        buttons = menu.get("button", [])
        for i in range(settings.MENU_BUTTONS_MAX):
            top = buttons[i] if i < len(buttons) else {}
            below = top.get("sub_button", [])
            rows = [self._row(f"b{i}", _("Button"), top)]
            for j in range(settings.MENU_SUB_BUTTONS_MAX):
                given = below[j] if j < len(below) else {}
                rows.append(self._row(f"b{i}_{j}", _("Below it"), given))
            self.columns.append(rows)

    def _row(self, key: str, label: Any, given: dict[str, Any]) -> list[Any]:
        kind = given.get("type", "")
        said = given.get(_FIELD.get(kind, ""), "")
        self.fields[f"{key}_name"] = text_line(
            label, 60, required=False, initial=given.get("name", "")
        )
        self.fields[f"{key}_kind"] = forms.ChoiceField(
            label=_("Does"),
            choices=BUTTON_KINDS,
            required=False,
            initial=kind,
            widget=UnfoldAdminSelectWidget,
        )
        # A text may have several lines: in a field of one they would run together.
        self.fields[f"{key}_said"] = forms.CharField(
            label=_("Text or address"),
            max_length=settings.MENU_URL_MAX,
            required=False,
            initial=said,
            widget=UnfoldAdminTextareaWidget(attrs={"rows": max(1, said.count("\n") + 1), **AUTO}),
        )
        return [self[f"{key}_{part}"] for part in ("name", "kind", "said")]

    def buttons(self) -> list[dict[str, Any]]:
        """What was filled in, in the shape of the menu."""
        made = []
        for i in range(settings.MENU_BUTTONS_MAX):
            below = [self._button(f"b{i}_{j}") for j in range(settings.MENU_SUB_BUTTONS_MAX)]
            below = [button for button in below if button]
            top = self._button(f"b{i}")
            if below:
                made.append({"name": top.get("name", ""), "sub_button": below})
            elif top:
                made.append(top)
        return made

    def _button(self, key: str) -> dict[str, Any]:
        told = {part: self.cleaned_data[f"{key}_{part}"] for part in ("name", "kind", "said")}
        if not any(told.values()):
            return {}
        kind = told["kind"]
        told["said"] = told["said"].replace("\r\n", "\n")
        button = {"name": told["name"]}
        return button | ({"type": kind, _FIELD[kind]: told["said"]} if kind else {})
