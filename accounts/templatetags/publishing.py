"""Words of articles, pages and broadcasts as HTML: escaped first, then marks and tracked links."""

import re
from collections.abc import Iterator

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from accounts.actions import publishing
from accounts.models import OfficialAccount

register = template.Library()

# **bold**, *italic*, [words](address). Bounded, so that no text makes it slow.
_MARKS = re.compile(
    r"\*\*(?P<bold>[^*\n]{1,500})\*\*"
    r"|\*(?P<italic>[^*\n]{1,500})\*"
    r"|\[(?P<words>[^\[\]\n]{1,200})\]\((?P<url>[^()\s]{1,1000})\)"
)
_ADDRESS = re.compile(r"(?i:https?)://[^\s<>\"'“”‘’«»]{1,1000}")
_TAIL = ".,;:!?…。，、；：！？)"


@register.simple_tag
def paragraphs(text: str, official: OfficialAccount, ref: str) -> SafeString:
    """{% paragraphs block.text official article.public_id %}: paragraphs and lists of a block."""
    parts = [part.strip("\n") for part in re.split(r"\n\s*\n", text) if part.strip()]
    return SafeString("".join(_paragraph(part.split("\n"), official, ref) for part in parts))


def _paragraph(lines: list[str], official: OfficialAccount, ref: str) -> str:
    if all(line.startswith("- ") for line in lines):
        items = ((SafeString(_inline(line[2:], official, ref)),) for line in lines)
        return format_html('<ul dir="auto">{}</ul>', format_html_join("", "<li>{}</li>", items))
    shown = ((SafeString(_inline(line, official, ref)),) for line in lines)
    return format_html('<p dir="auto">{}</p>', format_html_join(SafeString("<br>"), "{}", shown))


def _inline(text: str, official: OfficialAccount, ref: str) -> str:
    return "".join(_pieces(text, official, ref))


def _pieces(text: str, official: OfficialAccount, ref: str) -> Iterator[str]:
    place = 0
    for found in _MARKS.finditer(text):
        yield format_html("{}", text[place : found.start()])
        place = found.end()
        if found["bold"]:
            yield format_html("<strong>{}</strong>", found["bold"])
        elif found["italic"]:
            yield format_html("<em>{}</em>", found["italic"])
        elif publishing.is_page(url=found["url"]):
            yield _link(found["words"], found["url"], official, ref)
        else:
            yield format_html("{}", found["words"])
    yield format_html("{}", text[place:])


def _link(words: str, url: str, official: OfficialAccount, ref: str) -> SafeString:
    return format_html('<a href="{}">{}</a>', tracked(url, official, ref), words)


@register.simple_tag
def tracked(url: str, official: OfficialAccount, ref: str) -> str:
    """{% tracked block.url official ref %}: an address that counts who comes by it."""
    return publishing.link_to(official=official, ref=ref, url=url)


@register.simple_tag
def told(text: str, official: OfficialAccount, ref: str) -> SafeString:
    """{% told broadcast.text official broadcast.public_id %}: words with tracked links."""
    parts, place = [], 0
    for found in _ADDRESS.finditer(text):
        url = found[0].rstrip(_TAIL)
        parts.append(format_html("{}", text[place : found.start()]))
        parts.append(_link(url, url, official, ref))
        place = found.start() + len(url)
    parts.append(format_html("{}", text[place:]))
    return SafeString("".join(parts))
