"""Files: what a program sends with, and what followers sent to the account."""

from typing import Any

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import HttpRequest
from django.http.multipartparser import MultiPartParserError

from accounts import actions, queries
from accounts.models import Media, OfficialAccount
from accounts.views.frame import absolute
from accounts.wechat.doors import program
from superapp.kernel import media, wechat

_ENDINGS = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/gif": "gif",
    "audio/amr": "amr",
    "audio/mpeg": "mp3",
    "video/mp4": "mp4",
}
_NO_FILE = wechat.WeChatError(41005, "media data missing")
_BAD_TYPE = wechat.WeChatError(40004, "invalid media type")


@program("POST")
def upload(request: HttpRequest, official: OfficialAccount) -> wechat.Answer:
    """Some clients write the type into the address, some into the form."""
    file = _file(request)
    kind = request.GET.get("type") or request.POST.get("type", "")
    if kind not in Media.Kind.values:
        raise _BAD_TYPE
    if file is None:
        raise _NO_FILE
    made = actions.upload_media(official=official, kind=kind, content=file, size=file.size)
    name = "thumb_media_id" if kind == Media.Kind.THUMB else "media_id"
    return {"type": kind, name: made.media_id, "created_at": int(made.created_at.timestamp())}


@program("POST")
def upload_picture(request: HttpRequest, official: OfficialAccount) -> wechat.Answer:
    file = _file(request)
    if file is None:
        raise _NO_FILE
    made = actions.upload_article_picture(official=official, content=file, size=file.size)
    return {"url": absolute(request, made.get_absolute_url())}


@program("GET", labelled=wechat.BARE_JSON)
def fetch(request: HttpRequest, official: OfficialAccount) -> wechat.Answer:
    """The bytes; of a video its address."""
    media_id = request.GET.get("media_id", "")
    if not media_id:
        raise wechat.WeChatError(41006, "missing media_id")
    found = queries.media_of(official, media_id)
    if found.kind == Media.Kind.VIDEO:
        return {"video_url": absolute(request, found.get_absolute_url())}
    ending = _ENDINGS.get(found.file.content_type, "bin")
    return media.serve(request, found.file, download_name=f"{media_id}.{ending}")


def _file(request: HttpRequest) -> Any:
    """The file of the field `media`, whatever it is called there; None without one."""
    try:
        return request.FILES.get("media")
    except (MultiPartParserError, SuspiciousOperation, RequestDataTooBig):
        return None
