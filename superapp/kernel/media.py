"""Private files: stored under our own names, served only by views that decided who may see them."""

import asyncio
import hashlib
import re
from collections.abc import AsyncIterator, Generator
from typing import BinaryIO

from django.conf import settings
from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.core.handlers.asgi import ASGIRequest
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.cache import patch_cache_control
from django.utils.http import content_disposition_header, parse_etags, quote_etag
from django.utils.module_loading import import_string

from superapp.kernel import time
from superapp.kernel.errors import NotFound
from superapp.kernel.ids import new_id
from superapp.kernel.models import StoredFile

# Types a browser may show in place. Everything else is a download: HTML, SVG and PDF run scripts.
SHOWN = frozenset(
    {
        "image/jpeg",
        "image/png",
        "image/webp",
        "image/gif",
        "audio/mpeg",
        "audio/mp4",
        "audio/ogg",
        "audio/webm",
        "audio/wav",
        "video/mp4",
        "video/webm",
    }
)
# Even a file we were wrong about may run nothing, load nothing and submit nothing.
POLICY = "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'; sandbox"
_YEAR = 365 * 24 * 3600
_CHUNK = 256 * 1024
_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


class BadRange(Exception):
    """The caller asked for bytes that are not there."""


def store(content: bytes | BinaryIO | File, content_type: str) -> StoredFile:
    """Keep a file; `content_type` is what *we* found it to be, never what its sender said.

    The name is ours and never used twice, so the bytes may go away with their only row. Bytes
    whose row was rolled back are found by nobody; they cost disk, not privacy.
    """
    file = File(ContentFile(content)) if isinstance(content, bytes) else File(content)
    size, digest = _measure(file)
    public_id = new_id("file")
    path = default_storage.save(f"{digest[:2]}/{digest[2:4]}/{public_id}", file)
    try:
        return StoredFile.objects.create(
            public_id=public_id,
            path=path,
            content_type=content_type,
            size=size,
            sha256=digest,
            created_at=time.now(),
        )
    except BaseException:
        default_storage.delete(path)
        raise


def copy(stored: StoredFile) -> StoredFile:
    """The same bytes under a row of their own, which may go when the other stays."""
    with default_storage.open(stored.path) as file:
        return store(file, stored.content_type)


def is_clean(content: BinaryIO) -> bool:
    """Whether the installation's scanner (VIRUS_SCANNER) lets a file in; without one all are."""
    if not settings.VIRUS_SCANNER:
        return True
    content.seek(0)
    found = bool(import_string(settings.VIRUS_SCANNER)(content))
    content.seek(0)
    return found


def drop(stored: StoredFile) -> None:
    """Remove a file that no row shows any more; its bytes go when the transaction commits."""
    path = stored.path
    stored.delete()
    transaction.on_commit(lambda: default_storage.delete(path), robust=True)


def read(stored: StoredFile) -> bytes:
    """The whole content. For files we bounded when they came in."""
    with default_storage.open(stored.path) as file:
        return bytes(file.read())


def serve(
    request: HttpRequest,
    stored: StoredFile,
    *,
    download_name: str | None = None,
    is_immutable: bool = False,
) -> HttpResponseBase:
    """Answer with a file whose visibility the caller has just decided.

    By default the browser asks again before each use (and gets 304), so that a recalled picture
    is gone at the next look. `is_immutable` is for addresses that everybody signed in may see.
    `download_name` makes it a download under that name. Supports Range, HEAD and If-None-Match.
    """
    etag = quote_etag(stored.sha256)
    if etag in parse_etags(request.headers.get("If-None-Match", "")):
        response: HttpResponseBase = HttpResponse(status=304)
    elif settings.MEDIA_ACCEL:
        response = HttpResponse()
        response["X-Accel-Redirect"] = settings.MEDIA_ACCEL + stored.path
    else:
        response = _content(request, stored, etag)
    response["ETag"] = etag
    return _with_headers(response, stored, download_name, is_immutable=is_immutable)


def _content(request: HttpRequest, stored: StoredFile, etag: str) -> HttpResponseBase:
    if not default_storage.exists(stored.path):
        raise NotFound
    wanted = request.headers.get("Range", "")
    if request.headers.get("If-Range", etag) != etag:
        wanted = ""
    try:
        span = _span(wanted, stored.size)
    except BadRange:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{stored.size}"})
    start, end = span or (0, stored.size)
    response = _stream(request, stored.path, start, end)
    response["Content-Length"] = str(end - start)
    response["Accept-Ranges"] = "bytes"
    if span:
        response.status_code = 206
        response["Content-Range"] = f"bytes {start}-{end - 1}/{stored.size}"
    return response


def _span(wanted: str, size: int) -> tuple[int, int] | None:
    """(start, end) of a single range, None for all of it. Several ranges get the whole file."""
    found = _RANGE.fullmatch(wanted.replace(" ", ""))
    if not found or found.group(0) == "bytes=-":
        return None
    first, last = found.groups()
    if not first:  # the last n bytes
        start, end = max(0, size - int(last)), size
    else:
        start, end = int(first), min(size, int(last) + 1 if last else size)
        if last and int(last) < start:
            return None  # RFC 9110: an invalid range is ignored
    if start >= end:
        raise BadRange
    return start, end


def _stream(request: HttpRequest, path: str, start: int, end: int) -> HttpResponseBase:
    if request.method == "HEAD":
        return HttpResponse()
    # Under ASGI Django would read a plain iterator into memory before sending the first byte.
    if isinstance(request, ASGIRequest):
        return StreamingHttpResponse(_async_chunks(path, start, end))
    return StreamingHttpResponse(_chunks(path, start, end))


def _chunks(path: str, start: int, end: int) -> Generator[bytes, None, None]:
    with default_storage.open(path) as file:
        file.seek(start)
        while start < end:
            chunk = file.read(min(_CHUNK, end - start))
            if not chunk:
                return
            start += len(chunk)
            yield chunk


async def _async_chunks(path: str, start: int, end: int) -> AsyncIterator[bytes]:
    chunks = _chunks(path, start, end)
    try:
        while (chunk := await asyncio.to_thread(next, chunks, None)) is not None:
            yield chunk
    finally:
        chunks.close()


def _with_headers(
    response: HttpResponseBase, stored: StoredFile, download_name: str | None, *, is_immutable: bool
) -> HttpResponseBase:
    is_shown = stored.content_type in SHOWN and download_name is None
    response["Content-Type"] = stored.content_type
    # A name is a label from outside: a line break in it would end the header.
    name = "".join(c for c in download_name or stored.public_id if c.isprintable())
    response["Content-Disposition"] = content_disposition_header(not is_shown, name) or "attachment"
    response["Content-Security-Policy"] = POLICY
    response["X-Content-Type-Options"] = "nosniff"
    if is_immutable:
        patch_cache_control(response, private=True, max_age=_YEAR, immutable=True)
    else:
        patch_cache_control(response, private=True, no_cache=True)
    return response


def _measure(file: File) -> tuple[int, str]:
    digest, size = hashlib.sha256(), 0
    for chunk in file.chunks():
        digest.update(chunk)
        size += len(chunk)
    file.seek(0)
    return size, digest.hexdigest()
