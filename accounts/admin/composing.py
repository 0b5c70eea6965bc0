"""Forms of the console in which a business writes: articles, pages, broadcasts."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminFileFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminSplitDateTimeWidget,
    UnfoldAdminTextareaWidget,
    UnfoldBooleanSwitchWidget,
)

from accounts.actions.publishing import KINDS, Manuscript, Message
from accounts.admin.forms import AUTO, text_line
from accounts.models import Article, FollowerTag, Picture

Blocks = list[dict[str, str]]
BLOCK_NAMES = {
    "heading": _("Heading"),
    "text": _("Text"),
    "quote": _("Quote"),
    "picture": _("Picture"),
    "button": _("Button"),
    "line": _("Line"),
}


def _switch(label: Any, **more: Any) -> forms.BooleanField:
    return forms.BooleanField(label=label, required=False, widget=UnfoldBooleanSwitchWidget, **more)


class TitleForm(forms.Form):
    title = text_line(_("Title"), settings.ARTICLE_TITLE_MAX)


class PictureForm(forms.Form):
    picture = forms.FileField(label=_("Picture"), widget=UnfoldAdminFileFieldWidget)
    name = text_line(_("Name"), 60, required=False)


class PreviewForm(forms.Form):
    handles = text_line(
        _("People"),
        400,
        required=False,
        help_text=_("Their IDs, with commas between them. Empty: yourself. They must follow you."),
    )

    def said(self) -> list[str]:
        return [part for part in self.cleaned_data["handles"].split(",") if part.strip()]


class ReplyForm(forms.Form):
    text = forms.CharField(
        label=_("Answer"),
        required=False,
        max_length=settings.COMMENT_MAX,
        help_text=_("Shown under the comment. Empty takes the answer away."),
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 4, **AUTO}),
    )


class ArticleForm(forms.Form):
    title = text_line(_("Title"), settings.ARTICLE_TITLE_MAX)
    summary = text_line(_("Summary"), settings.ARTICLE_SUMMARY_MAX, required=False)
    author = text_line(_("Author"), settings.ARTICLE_AUTHOR_MAX, required=False)
    cover = forms.ChoiceField(
        label=_("Cover"), required=False, widget=UnfoldAdminSelectWidget, choices=[]
    )
    source_url = text_line(
        _("Address of the original"), settings.MENU_URL_MAX, required=False, empty_value=""
    )
    is_original = _switch(_("It appears here first"))
    takes_comments = _switch(_("Readers may comment"), initial=True)

    def __init__(self, *args: Any, pictures: Sequence[Picture], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["cover"]
        field.choices = picture_choices(pictures)

    def manuscript(self, blocks: Blocks) -> Manuscript:
        return Manuscript(blocks=blocks, **self.cleaned_data)


class PageForm(forms.Form):
    title = text_line(_("Title"), settings.ARTICLE_TITLE_MAX)
    slug = text_line(
        _("Address"), 40, help_text=_("Small letters, digits and hyphens; the end of its address.")
    )
    is_tab = _switch(_("Show it as a tab of your account's page"))


class BroadcastForm(forms.Form):
    text = forms.CharField(
        label=_("Text"),
        required=False,
        max_length=settings.BROADCAST_TEXT_MAX,
        help_text=_("A text, or else articles."),
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 5, **AUTO}),
    )
    articles = forms.MultipleChoiceField(
        label=_("Articles"),
        required=False,
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
        choices=[],
    )
    tag = forms.TypedChoiceField(
        label=_("For"),
        required=False,
        coerce=int,
        empty_value=None,
        widget=UnfoldAdminSelectWidget,
        choices=[],
    )
    due_at = forms.SplitDateTimeField(
        label=_("When"),
        required=False,
        help_text=_("In your time zone. Empty: as soon as somebody else agrees."),
        widget=UnfoldAdminSplitDateTimeWidget,
    )

    def __init__(
        self, *args: Any, articles: Sequence[Article], tags: Sequence[FollowerTag], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields["articles"]
        chosen.choices = [(article.public_id, article.title) for article in articles]
        tag: Any = self.fields["tag"]
        tag.choices = [("", _("All followers")), *((t.number, t.name) for t in tags)]

    def message(self) -> Message:
        return Message(**self.cleaned_data)


def picture_choices(pictures: Sequence[Picture]) -> list[tuple[str, Any]]:
    named = [(picture.public_id, picture.name or picture.public_id) for picture in pictures]
    return [("", _("No picture")), *named]


class BlocksForm(forms.Form):
    """Blocks as they are typed: b0_kind, b0_text … in the order of the body."""

    def __init__(self, *, blocks: Blocks, pictures: Sequence[Picture]) -> None:
        super().__init__()
        self.rows = [
            self._row(i, block, picture_choices(pictures)) for i, block in enumerate(blocks)
        ]

    def _row(self, place: int, block: Mapping[str, str], pictures: Any) -> dict[str, Any]:
        kind = block["kind"]
        fields: dict[str, forms.Field] = {}
        if kind in {"text", "quote"}:
            fields["text"] = forms.CharField(
                label=_("Words"), widget=UnfoldAdminTextareaWidget(attrs={"rows": 6, **AUTO})
            )
        elif kind != "line":
            label = _("What it shows") if kind == "picture" else _("Words")
            fields["text"] = text_line(label, settings.BLOCK_LINE_MAX)
        if kind == "button":
            fields["url"] = text_line(_("Address"), settings.MENU_URL_MAX)
        if kind == "picture":
            fields["picture"] = forms.ChoiceField(
                label=_("Picture"), choices=pictures, widget=UnfoldAdminSelectWidget
            )
        for name, field in fields.items():
            field.required, field.initial = False, block.get(name, "")
            self.fields[f"b{place}_{name}"] = field
        return {
            "place": place,
            "kind": kind,
            "label": BLOCK_NAMES[kind],
            "bound": [self[f"b{place}_{name}"] for name in fields],
        }


def typed_blocks(data: Mapping[str, str]) -> Blocks:
    """The blocks of a posted form, as they were typed."""
    found: Blocks = []
    for place in range(settings.ARTICLE_BLOCKS_MAX):
        kind = data.get(f"b{place}_kind", "")
        if kind not in KINDS:
            break
        block = {name: data.get(f"b{place}_{name}", "") for name in ("text", "url", "picture")}
        found.append({"kind": kind, **block})
    return found


def without_empty(blocks: Blocks) -> Blocks:
    """Blocks in which something was typed or chosen."""
    return [b for b in blocks if b["kind"] == "line" or b["text"].strip() or b["picture"]]


def rearranged(blocks: Blocks, step: str) -> Blocks:
    """After a press of a small button: "add:text", "up:3", "down:3", "drop:3"."""
    what, _colon, which = step.partition(":")
    made = list(blocks)
    if what == "add" and which in KINDS and len(made) < settings.ARTICLE_BLOCKS_MAX:
        return [*made, {"kind": which, "text": "", "url": "", "picture": ""}]
    place = int(which) if which.isascii() and which.isdigit() and len(which) < 4 else -1
    if not 0 <= place < len(made):
        return made
    block = made.pop(place)
    if what == "up":
        made.insert(max(0, place - 1), block)
    elif what == "down":
        made.insert(place + 1, block)
    return made
