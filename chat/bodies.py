"""What a message may say: the syntax of each kind, checked before anything is stored.

Text is cleaned of control characters and of bidi overrides, which could make a line read as
something else; everything visible stays as it was typed.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.conf import settings

from chat.errors import BadMessage, EmptyMessage, MessageTooLong
from chat.states import MessageKind

# C0 and C1 controls but newline and tab; bidi embeddings, overrides and isolates; lone surrogates.
_FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_CLIENT_ID = re.compile(r"[A-Za-z0-9_\-]{1,64}")
_LINK = re.compile(r"https?://|www\.", re.IGNORECASE)

# What a person or an integrator may send; the other kinds are made by actions.
SENDABLE = frozenset(MessageKind) - {MessageKind.SYSTEM, MessageKind.MERGED}
# Kinds that carry an upload.
ATTACHED = frozenset({MessageKind.IMAGE, MessageKind.VIDEO, MessageKind.VOICE, MessageKind.FILE})


@dataclass(frozen=True, slots=True)
class Draft:
    """A message on its way in, from any door. Ids are public ids.

    `client_id` is unique per author: repeating it returns the first message.
    """

    author_id: int
    conversation_id: str
    client_id: str
    kind: str = MessageKind.TEXT
    text: str = ""
    body: Mapping[str, Any] = field(default_factory=dict)
    quote_seq: int | None = None
    mentions: tuple[str, ...] = ()
    attachment_id: str = ""


_SCALE_MAX = 28
# Keys of a body that are for us alone.
_PRIVATE = frozenset({"attachment_pk", "mention_pks"})


def public(body: Mapping[str, Any]) -> dict[str, Any]:
    """A body as the outside sees it, also of the messages inside a "Chat history" card."""
    shown = {key: value for key, value in body.items() if key not in _PRIVATE}
    if "items" in shown:
        shown["items"] = [{**item, "body": public(item["body"])} for item in shown["items"]]
    return shown


def attachment_pks(body: Mapping[str, Any]) -> set[int]:
    """The files a message shows, also those inside a "Chat history" card."""
    inside = (attachment_pks(item["body"]) for item in body.get("items", ()))
    own = {body["attachment_pk"]} if "attachment_pk" in body else set()
    return own.union(*inside)


def clean_text(text: str) -> str:
    """Without characters that hide or reorder others; ends trimmed."""
    return _FORBIDDEN.sub("", text).strip()


def has_link(text: str) -> bool:
    return bool(_LINK.search(text))


def checked(draft: Draft) -> Draft:
    """The draft, cleaned. Raises BadMessage, EmptyMessage or MessageTooLong."""
    if not _CLIENT_ID.fullmatch(draft.client_id) or len(draft.mentions) > settings.MENTIONS_MAX:
        raise BadMessage
    if len(draft.text) > settings.MESSAGE_TEXT_MAX:
        raise MessageTooLong
    text = clean_text(draft.text)
    check = _CHECKS.get(draft.kind)
    if check is None:
        raise BadMessage
    body = check(draft, text)
    if text == draft.text and body == draft.body:
        return draft
    return replace(draft, text=text, body=body)


def _text(draft: Draft, text: str) -> dict[str, Any]:
    """Nothing, or which item of a program's menu was tapped: {menu: its card, item: its id}."""
    if not text:
        raise EmptyMessage
    tapped = {name: draft.body.get(name) for name in ("menu", "item")}
    return tapped if all(isinstance(v, str) and v for v in tapped.values()) else {}


def _attached(draft: Draft, text: str) -> dict[str, Any]:
    if not draft.attachment_id and "attachment" not in draft.body:
        raise BadMessage
    return dict(draft.body)


def _location(draft: Draft, text: str) -> dict[str, Any]:
    """{lat, lng} in degrees (WGS 84), with an optional name, address, and scale of the map."""
    latitude, longitude = draft.body.get("lat"), draft.body.get("lng")
    if not (_is_number(latitude, 90) and _is_number(longitude, 180)):
        raise BadMessage
    scale = draft.body.get("scale")
    return {
        **({"scale": scale} if type(scale) is int and 1 <= scale <= _SCALE_MAX else {}),
        "lat": round(float(latitude), 6),  # type: ignore[arg-type]
        "lng": round(float(longitude), 6),  # type: ignore[arg-type]
        "name": clean_text(str(draft.body.get("name", "")))[:100],
        "address": clean_text(str(draft.body.get("address", "")))[:200],
    }


def _is_number(value: object, bound: float) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= bound


def _named(*keys: str) -> Callable[[Draft, str], dict[str, Any]]:
    def check(draft: Draft, text: str) -> dict[str, Any]:
        found = {key: draft.body.get(key) for key in keys}
        if not all(isinstance(value, str) and len(value) <= 80 for value in found.values()):
            raise BadMessage
        return found

    return check


def _as_made(draft: Draft, text: str) -> dict[str, Any]:
    return dict(draft.body)


_CHECKS: dict[str, Callable[[Draft, str], dict[str, Any]]] = {
    MessageKind.TEXT: _text,
    MessageKind.IMAGE: _attached,
    MessageKind.VIDEO: _attached,
    MessageKind.VOICE: _attached,
    MessageKind.FILE: _attached,
    MessageKind.STICKER: _named("sticker"),
    MessageKind.LOCATION: _location,
    MessageKind.CARD: _named("card", "ref"),
    MessageKind.MERGED: _as_made,
    MessageKind.SYSTEM: _as_made,
}
