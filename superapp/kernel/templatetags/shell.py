"""What every template may use: icons, avatars, times, hues. None of these starts a query.

The tags are builtins (TEMPLATES in superapp/settings/core.py): no {% load %} is needed.
"""

import unicodedata
import zlib
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any, Protocol

from django import template
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext, pgettext_lazy
from django.utils.translation import gettext as _

from superapp.kernel import time
from superapp.kernel.pages import assets

register = template.Library()

HUES = 12


class Faced(Protocol):
    """Anything with a face: an Account, or a row that looks like one."""

    pk: Any
    name: str

    @property
    def avatar_url(self) -> str: ...


@register.simple_tag
@lru_cache(maxsize=2000)
def icon(name: str, classes: str = "", label: str = "") -> SafeString:
    """{% icon "chat" "ico--sm" %}: decorative, hidden from readers unless it has a label."""
    return format_html(
        '<svg class="ico {}" {}><use href="{}#{}"/></svg>',
        classes,
        format_html('role="img" aria-label="{}"', label)
        if label
        else SafeString('aria-hidden="true"'),
        static("icons.svg"),
        name,
    )


@register.simple_tag
def hue(key: object) -> str:
    """{% hue account.pk %}: the class (h-0 … h-330) that tints a tile or a letter avatar."""
    return f"h-{zlib.crc32(str(key).encode()) % HUES * 30}"


@register.simple_tag
def avatar(face: Faced, classes: str = "", label: str = "") -> SafeString:
    """{% avatar account "av--sm" %}: a photo, else letters on a tint, else a mosaic of `faces`.

    Decorative by default: the name stands beside it. Give a label where it stands alone.
    """
    members = tuple(getattr(face, "faces", None) or ())[:4]
    if face.avatar_url or not members:
        return _drawn((_seen(face),), classes, label, is_group=False)
    return _drawn(tuple(_seen(member) for member in members), classes, label, is_group=True)


def _seen(face: Faced) -> tuple[Any, str, str]:
    return face.pk, face.name, face.avatar_url


@lru_cache(maxsize=5000)
def _drawn(
    faces: tuple[tuple[Any, str, str], ...], classes: str, label: str, *, is_group: bool
) -> SafeString:
    """A page repeats few faces many times. Everything that goes into the drawing is in the key."""
    said = (
        format_html('role="img" aria-label="{}"', label)
        if label
        else SafeString('aria-hidden="true"')
    )
    if not is_group:
        ((pk, name, url),) = faces
        return format_html(
            '<span class="av {} {}" {}>{}</span>', classes, hue(pk), said, _portrait(name, url)
        )
    parts = format_html_join(
        "",
        '<span class="av__part {}">{}</span>',
        ((hue(pk), _portrait(name, url)) for pk, name, url in faces),
    )
    return format_html(
        '<span class="av av--group av--{} {}" {}>{}</span>', len(faces), classes, said, parts
    )


def _portrait(name: str, url: str) -> SafeString:
    if url:
        return format_html(
            '<img src="{}" alt="" width="96" height="96" loading="lazy" decoding="async">', url
        )
    return format_html("{}", letters(name))


def letters(name: str) -> str:
    """One or two characters that stand for a name: AB for Alice Baker, 陈 for 陈伟."""
    words = ["".join(c for c in word if c.isalnum()) for word in name.split()]
    firsts = [word[0] for word in words if word]
    if not firsts:
        return "?"
    wide = unicodedata.east_asian_width(firsts[0]) == "W" or unicodedata.bidirectional(
        firsts[0]
    ) in {"AL", "R"}
    return firsts[0] if wide else "".join(firsts[:1] + firsts[1:][-1:]).upper()


@register.simple_tag
def when(moment: datetime | None, style: str = "short", classes: str = "") -> SafeString:
    """{% when message.sent_at "short" "conv__time" %}: <time> in the viewer's zone.

    Styles: "short" (14:08, Yesterday, Tue, 8 Nov), "time" (14:08), "day" (Today, Tuesday, 8 November
    2026), "full" (8 November 2026, 14:08), "ago" (12 min). The machine-readable part is UTC, and core/time.js
    refreshes the words in an open page.
    """
    if moment is None:
        return SafeString("")
    local, now = timezone.localtime(moment), timezone.localtime(time.now())
    utc = moment.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat()
    words: str
    full: str
    if style == "ago":
        words, full = escape(_ago(local, now)), escape(_full(local, now.date()))
    else:
        minute = local.replace(second=0, microsecond=0, tzinfo=None)
        words, full = _at(style, minute, now.date(), get_language())
    return SafeString(
        f'<time class="{classes}" datetime="{utc}Z" data-when="{style}" title="{full}">{words}</time>'
    )


# Django's own formats mix 12 and 24 hours and long and short months; these match what core/time.js
# writes with Intl, so that a page does not change its words when it is refreshed.
_WEEKDAY = pgettext_lazy("date format: a day this week, short", "D")
_DAY_MONTH = pgettext_lazy("date format: day and month", "j M")
_DAY_MONTH_YEAR = pgettext_lazy("date format: day, month, year", "j M Y")
_LONG_DATE = pgettext_lazy("date format: day, month in full, year", "j F Y")


@lru_cache(maxsize=5000)
def _at(style: str, local: datetime, today: date, language: str | None) -> tuple[str, str]:
    """The words of a minute on a day that is `today`, and its full date, both escaped.

    A page repeats few minutes many times, and Django's formatting is the dearest part of a row. The
    language is in the key because the words depend on it.
    """
    return escape(_WORDS[style](local, today)), escape(_full(local, today))


def _clock(local: datetime, today: date) -> str:
    return f"{local.hour:02}:{local.minute:02}"


def _short(local: datetime, today: date) -> str:
    days = (today - local.date()).days
    if days == 0:
        return _clock(local, today)
    if days == 1:
        return _("Yesterday")
    if 1 < days < 7:
        return date_format(local, str(_WEEKDAY))
    return date_format(local, str(_DAY_MONTH if local.year == today.year else _DAY_MONTH_YEAR))


def _day(local: datetime, today: date) -> str:
    days = (today - local.date()).days
    if days in (0, 1):
        return _("Today") if days == 0 else _("Yesterday")
    return date_format(local, "l" if 1 < days < 7 else str(_LONG_DATE))


def _full(local: datetime, today: date) -> str:
    return f"{date_format(local, str(_LONG_DATE))}, {_clock(local, today)}"


@register.filter
def in_words(day: date) -> str:
    """{{ standing.on|in_words }}: 8 November 2026, as `when` writes it. A moment: its day in the
    viewer's zone."""
    local = timezone.localtime(day) if isinstance(day, datetime) else day
    return date_format(local, str(_LONG_DATE))


def _ago(local: datetime, now: datetime) -> str:
    minutes = int((now - local).total_seconds() // 60)
    if minutes < 1:
        return _("just now")
    if minutes < 60:
        return ngettext("%(n)s min", "%(n)s min", minutes) % {"n": minutes}
    if minutes < 24 * 60:
        return ngettext("%(n)s h", "%(n)s h", minutes // 60) % {"n": minutes // 60}
    return _short(local, now.date())


_WORDS = {"short": _short, "time": _clock, "day": _day, "full": _full}


@register.simple_tag
def as_of() -> str:
    """{% as_of %}: milliseconds UTC; what happens after it, the page must be told."""
    return str(int(time.now().timestamp() * 1000))


@register.simple_tag
def waveform(peaks: list[int], label: str = "") -> SafeString:
    """{% waveform voice.peaks %}: bars (0 to 100 each) as one SVG; core/voice.js marks the played ones."""
    bars = format_html_join(
        "",
        '<rect x="{}" y="{}" width="3" height="{}" rx="1.5"/>',
        ((i * 5, 50 - _tall(peak) / 2, _tall(peak)) for i, peak in enumerate(peaks)),
    )
    return format_html(
        '<svg class="voice__wave" viewBox="0 0 {} 100" preserveAspectRatio="none" {}>{}</svg>',
        max(len(peaks) * 5 - 2, 1),
        format_html('role="img" aria-label="{}"', label)
        if label
        else SafeString('aria-hidden="true"'),
        bars,
    )


def _tall(peak: int) -> int:
    return min(100, max(8, peak))


@register.simple_tag
def words_url() -> str:
    """{% words_url %}: the JavaScript catalogue of the active language, cacheable for ever."""
    language = get_language() or ""
    return f"{reverse('javascript-catalog')}?lang={language}&v={assets.words_version(language)}"
