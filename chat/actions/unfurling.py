"""Link previews: fetched by a worker, shared by every message with the same address (MSG-12)."""

import hashlib
import re
from collections.abc import Mapping
from datetime import timedelta
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin

from django.conf import settings
from django.db import transaction

from chat import bodies
from chat.actions.changing import touch
from chat.models import LinkPreview, Message
from superapp.kernel import fetch, images, media, outbox, time
from superapp.kernel.errors import Refusal
from superapp.kernel.models import StoredFile

JOB = "chat.unfurl"
_URL = re.compile(r"https?://[^\s<>\"'）】」，。]{3,2000}")
_IMAGE_BYTES = 5 * 1024 * 1024


def url_in(*, text: str) -> str:
    """The first address in a text, without the punctuation that ends its sentence; "" if none."""
    found = _URL.search(text)
    return found.group().rstrip(".,;:!?)") if found else ""


def _digest_of(url: str) -> str:
    return hashlib.sha256(url.encode()).hexdigest()


def ask_preview(*, message_id: int, url: str) -> None:
    """Queue the preview of a message's address; part of storing the message."""
    outbox.soon(JOB, {"message": message_id, "url": url})


def unfurl(*, message_id: int, url: str) -> None:
    """Fetch what the page says about itself and show it under the message, if it still stands.

    A page that cannot be fetched simply has no preview.
    """
    message = Message.objects.filter(pk=message_id, recalled_at=None).first()
    if message is None:
        return
    preview = _preview_of(url)
    if not preview.is_ok:
        return
    with transaction.atomic():
        message = Message.objects.select_for_update().get(pk=message_id)
        if message.recalled_at is None:
            message.body = {**message.body, "link": _as_body(preview)}
            message.save(update_fields=["body"])
            touch(conversation_id=message.conversation_id, message_ids=[message.pk])


def _preview_of(url: str) -> LinkPreview:
    digest = _digest_of(url)
    fresh = time.now() - timedelta(seconds=settings.UNFURL_FRESH_SECONDS)
    known = LinkPreview.objects.filter(digest=digest, fetched_at__gt=fresh).first()
    if known is not None:
        return known
    facts = _fetched(url)
    image = _image_of(facts.pop("image", "")) if facts else None
    preview, _new = LinkPreview.objects.update_or_create(
        digest=digest,
        defaults={
            "url": url,
            "title": facts.get("title", "")[:200],
            "summary": facts.get("summary", "")[:400],
            "site": facts.get("site", "")[:100],
            "image": image,
            "fetched_at": time.now(),
            "is_ok": bool(facts.get("title")),
        },
    )
    return preview


def _fetched(url: str) -> dict[str, str]:
    try:
        page = fetch.get(
            url,
            seconds=settings.UNFURL_SECONDS,
            limit=settings.UNFURL_BYTES,
            accept=("text/html", "application/xhtml"),
        )
    except Refusal:
        return {}
    head = _Head()
    head.feed(_decoded(page))
    found = {**head.plain, **head.shared}
    facts = {key: bodies.clean_text(" ".join(value.split())) for key, value in found.items()}
    if facts.get("image"):
        facts["image"] = urljoin(page.url, facts["image"])
    return facts


def _decoded(page: fetch.Page) -> str:
    found = re.search(r"charset=([\w-]{2,20})", page.content_type)
    try:
        return page.body.decode(found.group(1) if found else "utf-8", "replace")
    except (LookupError, UnicodeError):  # no such encoding, or one that is not for pages
        return page.body.decode("utf-8", "replace")


def _image_of(url: str) -> StoredFile | None:
    """The page's picture, fetched through the same door and encoded again."""
    if not url:
        return None
    try:
        page = fetch.get(
            url, seconds=settings.UNFURL_SECONDS, limit=_IMAGE_BYTES, accept=("image/",)
        )
        picture = images.read(page.body, side_max=settings.THUMB_SIDE_MAX).still(
            settings.THUMB_SIDE_MAX
        )
    except Refusal:
        return None
    return media.store(picture.data, picture.content_type)


def _as_body(preview: LinkPreview) -> dict[str, str]:
    return {
        "url": preview.url,
        "title": preview.title,
        "summary": preview.summary,
        "site": preview.site,
        "image": preview.image.public_id if preview.image else "",
    }


class _Head(HTMLParser):
    """Title, description, site and picture from a page's head. Nothing of it is shown as HTML."""

    _META = {
        "og:title": "title",
        "og:description": "summary",
        "og:site_name": "site",
        "og:image": "image",
        "description": "summary",
    }

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        # What the page says for sharing wins over what it says to everybody.
        self.shared: dict[str, str] = {}
        self.plain: dict[str, str] = {}
        self._in_title = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._in_title = tag == "title"
        if tag == "meta":
            found = {name: value or "" for name, value in attrs}
            name = (found.get("property") or found.get("name") or "").lower()
            facts = self.shared if name.startswith("og:") else self.plain
            if name in self._META and found.get("content"):
                facts.setdefault(self._META[name], found["content"])

    def handle_endtag(self, tag: str) -> None:
        self._in_title = False

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.plain.setdefault("title", data)


def _on_job(payload: Mapping[str, Any]) -> None:
    unfurl(message_id=payload["message"], url=payload["url"])


outbox.kinds.register(JOB, outbox.Kind(_on_job, queue=outbox.DELIVERIES, retries=(30,)))
