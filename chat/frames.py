"""The frames of /ws/: what a client may say, decoded strictly. docs/realtime.md explains them."""

from typing import Any

import msgspec

from superapp.kernel.errors import Refusal

VERSION = 1


class BadFrame(Refusal):
    """Not JSON, an unknown type, or a field of the wrong shape."""

    code = "frame.bad"


class Send(msgspec.Struct, tag_field="t", tag="send", forbid_unknown_fields=True):
    """Say something. Answered by `ack` or `refused` with the same id."""

    id: str
    c: str
    text: str = ""
    type: str = "text"
    body: dict[str, Any] = {}
    quote: int | None = None
    mentions: list[str] = []
    attachment: str = ""


class Read(msgspec.Struct, tag_field="t", tag="read", forbid_unknown_fields=True):
    """Everything up to `seq` was seen."""

    c: str
    seq: int


class Typing(msgspec.Struct, tag_field="t", tag="typing", forbid_unknown_fields=True):
    c: str


class Sync(msgspec.Struct, tag_field="t", tag="sync", forbid_unknown_fields=True):
    """What happened in these conversations since [seq, change]? Answered by `synced`."""

    c: dict[str, tuple[int, int]]


class Ping(msgspec.Struct, tag_field="t", tag="ping", forbid_unknown_fields=True):
    pass


Frame = Send | Read | Typing | Sync | Ping
_decoder = msgspec.json.Decoder(Frame)
encode = msgspec.json.encode


def decode(data: str | bytes) -> Frame:
    """Raises BadFrame."""
    try:
        frame: Frame = _decoder.decode(data)
    except (msgspec.DecodeError, RecursionError, UnicodeEncodeError):
        raise BadFrame from None
    return frame


def hello(*, me: str, now_ms: int) -> bytes:
    return encode({"t": "hello", "v": VERSION, "me": me, "now": now_ms})


def ack(*, client_id: str, conversation_id: str, seq: int, at_ms: int) -> bytes:
    return encode({"t": "ack", "id": client_id, "c": conversation_id, "seq": seq, "at": at_ms})


def refused(*, client_id: str, refusal: Refusal) -> bytes:
    return encode({"t": "refused", "id": client_id, "code": refusal.code, "message": str(refusal)})


PONG = encode({"t": "pong"})
RESYNC = encode({"t": "resync"})
