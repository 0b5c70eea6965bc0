"""Files that programs send with, and files of followers as programs fetch them."""

from datetime import datetime, timedelta
from typing import BinaryIO

import filetype
from django.conf import settings
from django.db import transaction
from django.db.models import Sum

from accounts.errors import BadMedia, MediaFull, MediaTooLarge, MediaTooLong
from accounts.models import Media, OfficialAccount
from superapp.kernel import images, media, time
from superapp.kernel.errors import Refusal
from superapp.kernel.models import StoredFile

Kind = Media.Kind
_TYPES = {
    Kind.IMAGE: {"image/jpeg", "image/png", "image/gif"},
    Kind.VOICE: {"audio/amr", "audio/mpeg"},
    Kind.VIDEO: {"video/mp4"},
    Kind.THUMB: {"image/jpeg", "image/png"},
}
_PICTURES = {Kind.IMAGE, Kind.THUMB}
_SWEPT = 500
# Bytes of a frame by its mode (RFC 4867), the byte that says the mode included; 20 ms each.
_AMR_FRAMES = (13, 14, 16, 18, 20, 21, 27, 32, 6)
_AMR_HEAD, _AMR_MS = b"#!AMR\n", 20
# Layer III: kbit/s by index, and Hz by index, for MPEG 1 and for MPEG 2 and 2.5.
_MP3_RATES = {
    3: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    2: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_MP3_HERTZ = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}


def upload_media(*, official: OfficialAccount, kind: str, content: BinaryIO, size: int) -> Media:
    """Keep a file for PROGRAM_MEDIA_SECONDS, byte for byte; what it is says its content, never its name.

    For doors that have checked the program's token. Sizes in bytes. Raises MediaTooLarge,
    MediaTooLong, MediaFull and BadMedia.
    """
    most: int = getattr(settings, f"PROGRAM_MEDIA_{Kind(kind).upper()}_MAX")
    data, found = _checked(Kind(kind), content, size, most)
    return _keep(official, Kind(kind), data, found, _ending(time.now()))


def upload_article_picture(*, official: OfficialAccount, content: BinaryIO, size: int) -> Media:
    """A picture for the inside of articles: everybody who has its address may see it, for good.

    Raises as upload_media.
    """
    data, found = _checked(Kind.THUMB, content, size, settings.PROGRAM_MEDIA_ARTICLE_IMAGE_MAX)
    return _keep(official, Kind.IMAGE, data, found, None)


@transaction.atomic
def keep_sent_media(
    *, official: OfficialAccount, kind: str, stored: StoredFile, origin: str
) -> Media:
    """What a follower sent, as its program fetches it for PROGRAM_MEDIA_SECONDS.

    A copy: the follower may take the message back meanwhile, and its file goes then. `origin` names
    the message; asking again gives the first.
    """
    found = Media.objects.select_related("file").filter(official=official, origin=origin).first()
    if found is not None:
        return found
    OfficialAccount.objects.select_for_update().get(pk=official.pk)  # two tries keep one copy
    found = Media.objects.select_related("file").filter(official=official, origin=origin).first()
    if found is not None:
        return found
    moment = time.now()
    return Media.objects.create(
        official=official,
        kind=kind,
        file=media.copy(stored),
        origin=origin,
        created_at=moment,
        expires_at=_ending(moment),
    )


def forget_media() -> None:
    """Delete files whose time is over."""
    for medium in Media.objects.filter(expires_at__lt=time.now()).select_related("file")[:_SWEPT]:
        with transaction.atomic():
            medium.delete()
            media.drop(medium.file)


def _ending(moment: datetime) -> datetime:
    return moment + timedelta(seconds=settings.PROGRAM_MEDIA_SECONDS)


def _checked(kind: Media.Kind, content: BinaryIO, size: int, most: int) -> tuple[bytes, str]:
    """The bytes and what they are, if they may stand for a file of this kind."""
    if size > most:
        raise MediaTooLarge
    data = content.read(most + 1)
    found = filetype.guess_mime(data) or ""
    if found not in _TYPES[kind] or not media.is_clean(content):
        raise BadMedia
    _check(kind, data, found)
    return data, found


def _keep(
    official: OfficialAccount, kind: Media.Kind, data: bytes, found: str, until: datetime | None
) -> Media:
    with transaction.atomic():
        # Uploads at the same time are counted one by one.
        OfficialAccount.objects.select_for_update().get(pk=official.pk)
        kept = Media.objects.filter(official=official).aggregate(sum=Sum("file__size"))["sum"] or 0
        if kept + len(data) > settings.PROGRAM_MEDIA_QUOTA:
            raise MediaFull
        return Media.objects.create(
            official=official,
            kind=kind,
            file=media.store(data, found),
            created_at=time.now(),
            expires_at=until,
        )


def _check(kind: Media.Kind, data: bytes, found: str) -> None:
    if kind in _PICTURES:
        try:
            images.read(data)
        except Refusal:  # cut short, or too many pixels
            raise BadMedia from None
    if kind == Kind.VOICE:
        seconds = voice_ms(data=data, content_type=found) / 1000
        limit = settings.PROGRAM_MEDIA_VOICE_SECONDS_MAX
        if seconds >= limit + 1:
            raise MediaTooLong(limit=limit)


def voice_ms(*, data: bytes, content_type: str) -> float:
    """How long a voice of a program plays, in milliseconds: AMR, or MP3."""
    return _amr_ms(data) if content_type == "audio/amr" else _mp3_ms(data)


def _amr_ms(data: bytes) -> int:
    """How long an AMR file plays: its frames, each as long as its mode says."""
    at, frames = len(_AMR_HEAD), 0
    while at < len(data):
        mode = data[at] >> 3 & 0x0F
        at += _AMR_FRAMES[mode] if mode < len(_AMR_FRAMES) else 1
        frames += 1
    return frames * _AMR_MS


def _mp3_ms(data: bytes) -> float:
    """How long an MP3 file plays: its frames one after the other, whatever stands between them."""
    at, total = data.find(b"\xff"), 0.0
    while 0 <= at <= len(data) - 4:
        length, milliseconds = _mp3_frame(data[at : at + 4]) or (1, 0)
        at, total = data.find(b"\xff", at + length), total + milliseconds
    return total


def _mp3_frame(head: bytes) -> tuple[int, float] | None:
    """(bytes, milliseconds) of the frame that begins so, or None where none does."""
    version, layer, rate, hertz = head[1] >> 3 & 3, head[1] >> 1 & 3, head[2] >> 4, head[2] >> 2 & 3
    if head[0] != 0xFF or head[1] >> 5 != 7 or version == 1 or layer != 1 or hertz == 3:
        return None
    if not 1 <= rate < len(_MP3_RATES[3]):
        return None
    bits = _MP3_RATES[3 if version == 3 else 2][rate] * 1000
    pace, samples = _MP3_HERTZ[version][hertz], 1152 if version == 3 else 576
    return samples // 8 * bits // pace + (head[2] >> 1 & 1), samples * 1000 / pace
