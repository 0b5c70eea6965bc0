"""Words of messages as HTML: escaped first, then links and mentions. Linear in the text's length."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chat import wording
from chat.queries import InboxRow, Row

register = template.Library()

_LINK = r"(?P<link>(?i:https?)://[^\s<>\"'“”‘’«»]{1,2000})"
_PUNCTUATION = ".,;:!?…。，、；：！？'\""
_CLOSING = {")": "(", "]": "[", "}": "{", "）": "（", "】": "【", "」": "「", "》": "《"}
# Joiners and modifiers that belong to an emoji: ZWJ, variation selector, keycap, skin tones.
_GLUE = {"\u200d", "\ufe0f", "\u20e3"}
_LARGE_MAX = 24
_PICTURE_BOX = (272, 320)


@register.simple_tag
def said(text: str, mentioned: Iterable[str] = ()) -> SafeString:
    """{% said message.text row.mentioned %}: links open elsewhere without telling who sent them."""
    return SafeString("".join(_parts(text, tuple(mentioned))))


def _parts(text: str, mentioned: tuple[str, ...]) -> Iterator[str]:
    place = 0
    for found in re.finditer(_pattern(mentioned), text):
        shown = _without_tail(found[0]) if found.lastgroup == "link" else found[0]
        end = found.start() + len(shown)
        if end <= place:
            continue
        yield format_html("{}", text[place : found.start()])
        yield _marked(shown, is_link=found.lastgroup == "link")
        place = end
    yield format_html("{}", text[place:])


def _pattern(mentioned: tuple[str, ...]) -> str:
    if not mentioned:
        return _LINK
    names = "|".join(re.escape(name) for name in sorted(mentioned, key=len, reverse=True) if name)
    return rf"{_LINK}|(?P<mention>@(?:{names}))" if names else _LINK


def _marked(shown: str, *, is_link: bool) -> str:
    if is_link:
        return format_html(
            '<a href="{}" target="_blank" rel="noopener nofollow">{}</a>', shown, shown
        )
    return format_html('<span class="mention">{}</span>', shown)


def _without_tail(address: str) -> str:
    """An address at the end of a sentence does not own its full stop or the bracket around it."""
    shown = address.rstrip(_PUNCTUATION)
    while shown[-1:] in _CLOSING and shown.count(_CLOSING[shown[-1]]) < shown.count(shown[-1]):
        shown = shown[:-1].rstrip(_PUNCTUATION)
        if len(address) - len(shown) > len(_CLOSING):
            break
    return shown


@register.simple_tag
def row_attributes(row: Row) -> SafeString:
    """{% row_attributes row %}: what the page's scripts read from a message's <li>.

    One tag, because forty rows a page spend most of their time in small ones.
    """
    # Numbers, our own ids and kinds: nothing here was typed by anybody.
    message, mine = row.message, " data-mine" if row.is_mine else ""
    if not message.seq and row.card is not None:
        told = message.body["ref"]
        return SafeString(
            f'id="{told}" data-broadcast="{told}" data-at="{int(message.sent_at.timestamp())}"'
            f' data-by="{row.author.public_id}" data-kind="{row.shape}"'
        )
    return SafeString(
        f'id="m{message.seq}" data-seq="{message.seq}" data-at="{int(message.sent_at.timestamp())}"'
        f' data-by="{row.author.public_id}" data-kind="{row.shape}"{mine}'
    )


@register.simple_tag
def row_classes(row: Row) -> str:
    """{% row_classes row %}: whose it is, its place in a group of messages, and large emoji."""
    is_emoji = row.shape == "text" and not row.quote and is_large(row.message.text)
    return (
        "msg"
        + (" msg--me" if row.is_mine else "")
        + (" msg--first" if row.starts_group else "")
        + (" msg--last" if row.ends_group else "")
        + (" msg--emoji" if is_emoji else "")
    )


@register.simple_tag
def chat_attributes(row: InboxRow) -> SafeString:
    """{% chat_attributes row %}: what the page's scripts read from the <li> of a chat."""
    seat = row.seat
    flags = {
        "pinned": row.is_pinned,
        "muted": seat.is_muted,
        "is-unread": row.is_unread,
        "archived": seat.is_archived,
    }
    said = "".join(f" data-{name}" for name, is_so in flags.items() if is_so)
    return SafeString(
        f'data-chat="{seat.conversation.public_id}" data-at="{row.at.timestamp():.6f}"'
        f' data-kind="{seat.conversation.kind}" data-unread="{row.unread}"{said}'
    )


@register.simple_tag
def actions_label(name: str) -> str:
    """{% actions_label row.title %}: what a reader says of the button beside a chat."""
    return _("Actions for %(name)s") % {"name": name}


@register.simple_tag
def unread_label(n: int) -> str:
    """{% unread_label row.unread %}: what a reader says of a badge."""
    return ngettext("%(n)s unread", "%(n)s unread", n) % {"n": n}


@register.filter
def is_large(text: str) -> bool:
    """Whether a message is a few emoji and nothing else, and so is shown large."""
    signs = "".join(text.split())
    return 0 < len(signs) <= _LARGE_MAX and all(map(_is_emoji, signs)) and len(_bases(signs)) <= 6


def _is_emoji(sign: str) -> bool:
    return sign in _GLUE or (unicodedata.category(sign) in {"So", "Sk"} and ord(sign) >= 0x2190)


def _bases(signs: str) -> list[str]:
    return [sign for sign in signs if unicodedata.category(sign) == "So"]


@register.filter
def fitted(body: dict[str, Any]) -> dict[str, int]:
    """The size at which a picture is shown: its box stands before its bytes arrive."""
    width, height = int(body.get("width") or 0), int(body.get("height") or 0)
    if not width or not height:
        return {"width": _PICTURE_BOX[0], "height": 204}
    scale = min(_PICTURE_BOX[0] / width, _PICTURE_BOX[1] / height, 1)
    return {"width": max(48, round(width * scale)), "height": max(48, round(height * scale))}


@register.filter
def clock(milliseconds: int) -> str:
    """A duration as m:ss, never 0:00."""
    seconds = max(1, round(int(milliseconds or 0) / 1000))
    return f"{seconds // 60}:{seconds % 60:02}"


@register.filter
def extension(name: str) -> str:
    """Up to four letters for the icon of a file: PDF."""
    _, dot, ending = name.rpartition(".")
    return ending[:4].upper() if dot and ending.isalnum() else ""


@register.simple_tag
def line(kind: str, text: str, body: dict[str, Any]) -> str:
    """{% line item.type item.text item.body %}: "[Photo]" and the like, as in the list of chats."""
    return wording.preview_of(kind, text, body)[:200]
