"""Samples for /ui/: people, rows and a form with every kind of field, right and wrong.

Its words are for those who build pages, and are not translated.
"""

import re
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.templatetags.static import static

from superapp.kernel import time
from superapp.kernel.pages.nav import NavItem

_ICONS = settings.BASE_DIR / "static" / "icons.svg"
_PEAKS = [22, 38, 60, 84, 55, 40, 72, 96, 64, 36, 28, 50, 88, 70, 44, 30, 58, 78, 92, 60, 42, 34]


@dataclass(frozen=True)
class Face:
    pk: str
    name: str
    avatar_url: str = ""
    faces: list["Face"] = field(default_factory=list)


def photo(name: str, words: str) -> Face:
    return Face(name, words, static(f"img/av/{name}.svg"))


class SampleForm(forms.Form):
    """One of each control."""

    name = forms.CharField(label="Name", help_text="What your friends see.")
    handle = forms.SlugField(label="Superapp ID")
    about = forms.CharField(label="About you", widget=forms.Textarea, required=False)
    region = forms.ChoiceField(
        label="Region", choices=[("cn", "中国"), ("eg", "مصر"), ("uk", "UK")]
    )
    born_on = forms.DateField(
        label="Date", widget=forms.DateInput(attrs={"type": "date"}), required=False
    )
    picture = forms.FileField(label="Picture", required=False)
    code = forms.CharField(
        label="One-time code",
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "maxlength": 6}
        ),
    )
    seen_by = forms.ChoiceField(
        label="Who may see this",
        choices=[("all", "Everybody"), ("friends", "Friends"), ("none", "Only me")],
        widget=forms.RadioSelect,
    )
    quiet = forms.BooleanField(
        label="Mute at night",
        required=False,
        widget=forms.CheckboxInput(attrs={"class": "switch"}),
    )


def samples() -> dict[str, Any]:
    now = time.now()
    people = [
        photo("mira", "Mira Okafor"),
        photo("wei", "Wei Chen 陈伟"),
        Face("4", "Alice Baker"),
        Face("9", "陈伟"),
        Face("14", "ليلى حداد"),
        Face("22", "zoë"),
    ]
    wrong = SampleForm({"handle": "not ok!", "region": "xx", "name": ""})
    wrong.add_error(None, "Somebody else has this Superapp ID.")
    return {
        "people": people,
        "group_of_4": Face("g4", "Supper Club", faces=people[:4]),
        "group_of_3": Face("g3", "Trio", faces=people[2:5]),
        "group_of_2": Face("g2", "Pair", faces=people[1:3]),
        "hues": range(0, 360, 30),
        "arts": [
            "chats",
            "contacts",
            "inbox",
            "done",
            "offline",
            "search",
            "photos",
            "compass",
            "lock",
        ],
        "icons": re.findall(r'symbol id="([\w-]+)"', _ICONS.read_text()),
        "peaks": _PEAKS,
        "form": SampleForm(initial={"name": "Alice", "seen_by": "friends", "quiet": True}),
        "wrong": wrong,
        "seven": NavItem(7),
        "many": NavItem(120),
        "dot": NavItem(dot=True),
        "moments": [
            now - timedelta(**ago)
            for ago in (
                {"seconds": 5},
                {"hours": 3},
                {"days": 1},
                {"days": 4},
                {"days": 40},
                {"days": 500},
            )
        ],
    }
