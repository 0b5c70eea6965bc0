"""Tags of chat's plain pages. None of them starts a query."""

import re
from collections.abc import Mapping

from django import template
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import pgettext

from accounts.models import Account

register = template.Library()
_AROUND = 60


@register.simple_tag
def display_name(account: Account, names: Mapping[str, str]) -> str:
    """{% display_name account names %}: the viewer's remark, else the name; "You" for themselves."""
    known = names.get(account.public_id)
    if known == "":
        return pgettext("a list of members", "You")
    return known or account.name


@register.simple_tag
def excerpt(text: str, words: str) -> SafeString:
    """{% excerpt line words %}: the part of a text around the first hit, which is marked."""
    needle = words.strip()
    found = re.search(re.escape(needle), text, re.IGNORECASE) if needle else None
    if found is None:
        return SafeString(conditional_escape(text[: 2 * _AROUND]))
    start = max(0, found.start() - _AROUND)
    lead = "…" if start else ""
    return format_html(
        "{}{}<mark>{}</mark>{}",
        lead,
        text[start : found.start()],
        found.group(),
        text[found.end() : found.end() + _AROUND],
    )
