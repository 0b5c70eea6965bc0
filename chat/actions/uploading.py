"""Files on their way into a chat: bounded, typed by content, stripped, counted (MSG-11)."""

import io
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import BinaryIO

import filetype
from django.conf import settings
from django.db import transaction
from django.db.models import Sum

from accounts import actions as people
from accounts.models import Account, Media
from chat import bodies
from chat.errors import BadFile, FileTooLarge, Infected, QuotaExceeded
from chat.models import Attachment
from chat.states import MessageKind
from superapp.kernel import images, media, time
from superapp.kernel.models import StoredFile

_LIMITS = {
    MessageKind.IMAGE: "UPLOAD_IMAGE_MAX",
    MessageKind.VIDEO: "UPLOAD_VIDEO_MAX",
    MessageKind.VOICE: "UPLOAD_VOICE_MAX",
    MessageKind.FILE: "UPLOAD_FILE_MAX",
}
_VIDEO = {"video/mp4", "video/webm", "video/quicktime"}
# Recorders of browsers: Chromium and Firefox write WebM or Ogg, Safari MP4. By content an
# audio-only WebM or MP4 looks like a video.
_VOICE = {
    "audio/ogg": "audio/ogg",
    "audio/webm": "audio/webm",
    "video/webm": "audio/webm",
    "audio/mp4": "audio/mp4",
    "audio/m4a": "audio/mp4",
    "audio/x-m4a": "audio/mp4",
    "video/mp4": "audio/mp4",
    "audio/mpeg": "audio/mpeg",
    "audio/amr": "audio/amr",
    "audio/wav": "audio/wav",
    "audio/x-wav": "audio/wav",
}
_PEAKS = 40


def upload(
    *,
    owner: Account,
    kind: str,
    content: BinaryIO,
    size: int,
    name: str = "",
    duration_ms: int = 0,
    peaks: Sequence[int] = (),
) -> Attachment:
    """Take a file in; it belongs to `owner` alone until a message shows it.

    Pictures are encoded again (no EXIF, no GPS, sides at most IMAGE_SIDE_MAX), but for small ones
    that are pixels alone. Raises FileTooLarge,
    QuotaExceeded, BadFile (content that is not of the kind), Infected, or a refusal of
    kernel.images. Sizes in bytes.
    """
    limit = _LIMITS.get(MessageKind(kind)) if kind in MessageKind.values else None
    if limit is None:
        raise BadFile
    most: int = getattr(settings, limit)
    if size > most:
        raise FileTooLarge(limit=most // (1024 * 1024))
    if size == 0:
        raise BadFile
    if not media.is_clean(content):
        raise Infected
    with transaction.atomic():
        _require_room(owner, size)
        return _STORE[MessageKind(kind)](
            owner, content, bodies.clean_text(name), duration_ms, peaks
        )


@transaction.atomic
def attach_medium(*, owner: Account, kind: str, medium: Media) -> Attachment:
    """A file of an account's program, as something its account can say; made once for each file,
    however many people get it. Raises the refusals of kernel.images, BadFile."""
    known = Attachment.objects.filter(owner=owner, kind=kind, name=medium.media_id).first()
    if known is not None:
        return known
    data = media.read(medium.file)
    heard = medium.kind == Media.Kind.VOICE
    length = people.voice_ms(data=data, content_type=medium.file.content_type) if heard else 0
    made = _STORE[MessageKind(kind)](
        owner, io.BytesIO(data), medium.media_id, max(1, int(length)), ()
    )
    if made.name != medium.media_id:
        made.name = medium.media_id
        made.save(update_fields=["name"])
    return made


def forget_unsent_uploads() -> None:
    """Delete uploads that no message ever showed, once UPLOADS_UNSENT_SECONDS old."""
    before = time.now() - timedelta(seconds=settings.UPLOADS_UNSENT_SECONDS)
    stale = list(
        Attachment.objects.filter(is_sent=False, created_at__lt=before).select_related(
            "file", "thumb"
        )[:500]
    )
    for attachment in stale:
        files = [attachment.file, attachment.thumb]
        attachment.delete()
        for stored in files:
            if stored is not None:
                media.drop(stored)


def _require_room(owner: Account, size: int) -> None:
    Account.objects.select_for_update().get(pk=owner.pk)  # parallel uploads count one by one
    used = Attachment.objects.filter(owner=owner).aggregate(sum=Sum("file__size"))["sum"] or 0
    if used + size > settings.UPLOAD_QUOTA:
        raise QuotaExceeded


def _image(
    owner: Account, content: BinaryIO, name: str, duration_ms: int, peaks: Sequence[int]
) -> Attachment:
    data = content.read()
    decoded = images.read(data, side_max=settings.IMAGE_SIDE_MAX)
    picture, thumb = decoded.fit(settings.IMAGE_SIDE_MAX), decoded.still(settings.THUMB_SIDE_MAX)
    if len(data) <= settings.IMAGE_KEPT_MAX and images.is_bare(data):
        # Drawings and screenshots keep their edges, and programs get the very bytes.
        picture = replace(picture, data=data, content_type="image/png")
    return _attachment(
        owner,
        MessageKind.IMAGE,
        media.store(picture.data, picture.content_type),
        thumb=media.store(thumb.data, thumb.content_type),
        name=name,
        width=picture.width,
        height=picture.height,
    )


def _video(
    owner: Account, content: BinaryIO, name: str, duration_ms: int, peaks: Sequence[int]
) -> Attachment:
    found = _type_of(content)
    if found not in _VIDEO:
        raise BadFile
    shown = "video/mp4" if found == "video/quicktime" else found
    return _attachment(
        owner,
        MessageKind.VIDEO,
        media.store(content, shown),
        name=name,
        duration_ms=max(0, min(duration_ms, 24 * 3600 * 1000)),
    )


def _voice(
    owner: Account, content: BinaryIO, name: str, duration_ms: int, peaks: Sequence[int]
) -> Attachment:
    shown = _VOICE.get(_type_of(content))
    if shown is None or not 0 < duration_ms <= settings.VOICE_SECONDS_MAX * 1000 + 999:
        raise BadFile
    return _attachment(
        owner,
        MessageKind.VOICE,
        media.store(content, shown),
        name="",
        duration_ms=duration_ms,
        peaks=[max(0, min(100, int(peak))) for peak in peaks[:_PEAKS]],
    )


def _file(
    owner: Account, content: BinaryIO, name: str, duration_ms: int, peaks: Sequence[int]
) -> Attachment:
    label = name.replace("/", "_").replace("\\", "_")[-settings.FILE_NAME_MAX :]
    return _attachment(
        owner,
        MessageKind.FILE,
        media.store(content, _type_of(content) or "application/octet-stream"),
        name=label or "file",
    )


def _type_of(content: BinaryIO) -> str:
    """What the bytes are; never what their sender says."""
    head = content.read(8192)
    content.seek(0)
    return filetype.guess_mime(io.BytesIO(head)) or ""


def _attachment(
    owner: Account,
    kind: MessageKind,
    stored: StoredFile,
    *,
    name: str,
    thumb: StoredFile | None = None,
    width: int = 0,
    height: int = 0,
    duration_ms: int = 0,
    peaks: Sequence[int] = (),
) -> Attachment:
    return Attachment.objects.create(
        owner=owner,
        kind=kind,
        file=stored,
        thumb=thumb,
        name=name[: settings.FILE_NAME_MAX],
        width=width,
        height=height,
        duration_ms=duration_ms,
        peaks=list(peaks),
        created_at=time.now(),
    )


_STORE = {
    MessageKind.IMAGE: _image,
    MessageKind.VIDEO: _video,
    MessageKind.VOICE: _voice,
    MessageKind.FILE: _file,
}
