"""What a program answers to a push, read into one form, and handed to whoever says it."""

import hmac
from collections.abc import Mapping
from typing import Any

from django.conf import settings

from accounts import ports, queries
from accounts.actions.pushes import End, Parcel, end_pushes
from accounts.states import CallbackMode
from superapp.kernel import wechat
from superapp.kernel.errors import Refusal
from superapp.kernel.wechat import Unreadable

Said = dict[str, Any]
_SILENT = {b"", b"success"}


def says_nothing(*, body: bytes) -> bool:
    """Whether an answer of 200 means "taken, nothing to say"."""
    return body.strip() in _SILENT


def answer_push(*, end: End) -> None:
    """Say what the program answered to the follower, once, and end the push. An answer that is not
    what the rules of the platform allow is not shown."""
    try:
        said = reply_in(parcel=end.parcel, body=end.body)
        if said is not None:
            _pass_on(end.parcel, said)
    except Unreadable as problem:
        end_pushes(ends=[_spoilt(end, f"unreadable: {problem}")])
    except Refusal as refusal:
        end_pushes(ends=[end], outcome=f"refused: {refusal.code}")
    else:
        end_pushes(ends=[end], outcome="ok" if said is None else "replied")


def reply_in(*, parcel: Parcel, body: bytes) -> Said | None:
    """The answer in the shape of message/custom/send; None for nothing. Raises Unreadable."""
    found = wechat.read_xml(body)
    if "Encrypt" in found:
        text = _opened(parcel, found)
        if says_nothing(body=text.encode()):
            return None
        found = wechat.read_xml(text.encode())
    elif parcel.callback.mode == CallbackMode.SAFE:
        raise Unreadable("plain text")
    if found.get("ToUserName") != parcel.openid:
        raise Unreadable("ToUserName")
    kind = str(found.get("MsgType", "")).strip().lower()
    read = _READERS.get(kind)
    if read is None:
        raise Unreadable("MsgType")
    said = read(found)
    return None if said is None else {"msgtype": kind, kind: said}


def _opened(parcel: Parcel, found: Mapping[str, Any]) -> str:
    callback = parcel.callback
    if callback.mode == CallbackMode.PLAIN:
        raise Unreadable("encrypted")
    parts = [str(found.get(name, "")) for name in ("TimeStamp", "Nonce", "Encrypt")]
    signed = wechat.signature(callback.token, *parts)
    if not hmac.compare_digest(signed, str(found.get("MsgSignature", ""))):
        raise Unreadable("MsgSignature")
    return wechat.Seal(callback.aes_key, parcel.appid).opened(parts[2])


def _pass_on(parcel: Parcel, said: Said) -> None:
    follow = queries.follow_by_push(parcel.push_id)
    if follow is not None:
        ports.program_replied(
            ports.ProgramReply(follow.official, follow, said, f"push-{parcel.push_id}")
        )


def _spoilt(end: End, trouble: str) -> End:
    return End(end.parcel, end.tries, end.milliseconds, trouble)


def _below(found: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    part = found.get(name)
    if not isinstance(part, Mapping):
        raise Unreadable(name)
    return part


def _text(found: Mapping[str, Any], name: str) -> str:
    part = found.get(name, "")
    if not isinstance(part, str):
        raise Unreadable(name)
    return part


def _texts(part: Mapping[str, Any], **names: str) -> Said:
    return {ours: _text(part, theirs) for ours, theirs in names.items()}


def _said_text(found: Mapping[str, Any]) -> Said | None:
    content = _text(found, "Content")
    return {"content": content} if content.strip() else None


def _medium(name: str) -> Any:
    return lambda found: _texts(_below(found, name), media_id="MediaId")


def _video(found: Mapping[str, Any]) -> Said:
    part = _below(found, "Video")
    return _texts(part, media_id="MediaId", title="Title", description="Description")


def _music(found: Mapping[str, Any]) -> Said:
    return _texts(
        _below(found, "Music"),
        title="Title",
        description="Description",
        musicurl="MusicUrl",
        hqmusicurl="HQMusicUrl",
        thumb_media_id="ThumbMediaId",
    )


def _news(found: Mapping[str, Any]) -> Said:
    items = _below(found, "Articles").get("item", [])
    items = items if isinstance(items, list) else [items]
    if not items or not all(isinstance(item, Mapping) for item in items):
        raise Unreadable("Articles")
    names = {"title": "Title", "description": "Description", "url": "Url", "picurl": "PicUrl"}
    return {"articles": [_texts(i, **names) for i in items[: settings.PROGRAM_ARTICLES_MAX]]}


def _handed_over(found: Mapping[str, Any]) -> Said:
    part = found.get("TransInfo")
    return {"kf_account": _text(part, "KfAccount") if isinstance(part, Mapping) else ""}


_READERS: dict[str, Any] = {
    "text": _said_text,
    "image": _medium("Image"),
    "voice": _medium("Voice"),
    "video": _video,
    "music": _music,
    "news": _news,
    "transfer_customer_service": _handed_over,
}
