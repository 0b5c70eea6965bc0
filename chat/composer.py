"""The port for the "+" panel: what can be added to a chat, and where a tap leads."""

import json
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils.functional import Promise

from chat.models import Membership
from superapp.kernel.ports import Registry


@dataclass(frozen=True, slots=True)
class Entry:
    """One tile. `url` gives the page that opens for this seat, or None where it makes no sense.

    `action` names a behaviour of our own scripts (data-compose="…") used instead when they run.
    """

    label: str | Promise
    icon: str
    hue: int
    url: Callable[[Membership], str | None]
    action: str = ""


registry: Registry[Entry] = Registry("chat.composer")


def page_of(name: str) -> Callable[[Membership], str | None]:
    """The plain page behind one of chat's own tiles."""

    def url(seat: Membership) -> str | None:
        return reverse("chat:add", args=[seat.conversation.public_id, name])

    return url


def register(name: str, entry: Entry) -> None:
    registry.register(name, entry)


def entries_for(seat: Membership) -> list[tuple[str, Entry, str]]:
    """(name, entry, url) of every tile that makes sense in this seat, in registration order."""
    found = ((name, entry, entry.url(seat)) for name, entry in registry)
    return [(name, entry, url) for name, entry, url in found if url]


def upload_limits() -> str:
    """JSON for the page's scripts: bytes per kind, so that a file too large is refused at once."""
    return json.dumps(
        {
            "image": settings.UPLOAD_IMAGE_MAX,
            "video": settings.UPLOAD_VIDEO_MAX,
            "voice": settings.UPLOAD_VOICE_MAX,
            "file": settings.UPLOAD_FILE_MAX,
            "seconds": settings.VOICE_SECONDS_MAX,
        }
    )
