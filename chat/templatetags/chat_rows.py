"""Rows of a thread and of the list, drawn once a process for as long as they say the same.

Forty rows are most of what a page costs to draw, and most of them were drawn a moment ago: for the same
reader's last page, or for another member of the group. A row is kept under everything that goes into
it, so what is kept is never wrong, only unused.
"""

from collections.abc import Iterable
from functools import cache
from typing import Any

from django import template
from django.conf import settings
from django.template import Template, engines
from django.template.context import Context
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from chat.queries import InboxRow, Row
from superapp.kernel import time

register = template.Library()
_kept: dict[tuple[Any, ...], str] = {}


@register.simple_tag(takes_context=True)
def message_rows(context: Context, rows: Iterable[Row]) -> SafeString:
    """{% message_rows rows %}: each by chat/parts/_row.html, which reads conversation and peer_read."""
    conversation, peer_read = context["conversation"], context.get("peer_read")
    place = (*_reader(), conversation.public_id)
    keyed = [
        (row, (*place, *key) if (key := _message_key(row, peer_read)) else None) for row in rows
    ]
    return _drawn(context, "chat/parts/_row.html", keyed)


@register.simple_tag(takes_context=True)
def inbox_rows(context: Context, rows: Iterable[InboxRow]) -> SafeString:
    """{% inbox_rows inbox %}: each by chat/parts/_inbox_row.html, which reads current."""
    reader, current = _reader(), str(context.get("current") or "")
    keyed = [(row, (*reader, *_inbox_key(row, current))) for row in rows]
    return _drawn(context, "chat/parts/_inbox_row.html", keyed)


def _drawn(
    context: Context, name: str, rows: Iterable[tuple[Any, tuple[Any, ...] | None]]
) -> SafeString:
    parts, drawing = [], None
    for row, key in rows:
        html = _kept.get(key) if key is not None else None
        if html is None:
            drawing = drawing or _template(name)
            with context.push(row=row):
                html = drawing.render(context)
            if key is not None:
                if len(_kept) >= settings.ROWS_KEPT:
                    _kept.clear()
                _kept[key] = html
        parts.append(html)
    return SafeString("".join(parts))


@cache
def _template(name: str) -> Template:
    # The engine's own template: the one around it would not share this page's context.
    return engines["django"].get_template(name).template  # type: ignore[attr-defined,no-any-return]


def _reader() -> tuple[Any, ...]:
    """What of the reader shows in any row: their words, their clock, and which day it is."""
    today = timezone.localdate(time.now())
    return get_language(), timezone.get_current_timezone_name(), today


def _message_key(row: Row, peer_read: int | None) -> tuple[Any, ...] | None:
    """None for what belongs to one reader or changes without the message: forms, cards, quotes."""
    if row.reactions or row.quote or row.starts_unread or row.shape in {"card", "broadcast"}:
        return None
    message = row.message
    return (
        *(message.pk, message.change, row.shape),
        *(row.author.public_id, row.author.name, row.author.avatar_url, row.name, row.notice),
        *(row.is_mine, row.is_played, row.mentioned),
        *(row.starts_day, row.starts_group, row.ends_group),
        row.is_mine and peer_read is not None and message.seq <= peer_read,
    )


def _inbox_key(row: InboxRow, current: str) -> tuple[Any, ...]:
    seat, face = row.seat, row.face
    members = getattr(face, "faces", None) or ()
    return (
        *(seat.conversation.public_id, seat.conversation.public_id == current, row.title),
        *(face.pk, face.name, face.avatar_url),
        tuple((one.pk, one.name, one.avatar_url) for one in members),
        *(row.at, row.preview, row.unread, row.is_mentioned, seat.draft),
        *(seat.is_muted, row.is_pinned, seat.is_archived, seat.is_marked_unread),
    )
