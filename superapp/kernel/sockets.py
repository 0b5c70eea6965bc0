"""uvicorn's WebSocket protocol with a short way for what nearly all traffic is: whole text frames.

The long way costs a frame object, an event, a queue and a task switch in each direction; for a
group of fifty, fifty times. An app that finds a `Line` in `scope["extensions"][LINE]` may hear
and write text directly. Everything else (the handshake, pings, closing, fragments, binary
messages, broken frames) is uvicorn's and the websockets library's as before.
"""

from collections.abc import Callable
from typing import Any, Protocol, cast

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.protocol import OPEN
from websockets.speedups import apply_mask

LINE = "superapp.line"
# RFC 6455, section 5.2: one text frame, whole; a payload that a client masks.
_WHOLE_TEXT, _MASKED = 0x81, 0x80
_MEDIUM, _LARGE = 126, 127


class Line(Protocol):
    """A socket seen from the app. All of it belongs to the event loop's thread."""

    # Called with the payload of each whole text frame, bytes that may be no UTF-8.
    hears: Callable[[bytes], None] | None
    # Called when `is_writable` becomes true again.
    on_writable: Callable[[], None] | None

    @property
    def is_writable(self) -> bool: ...

    def write(self, frame: bytes) -> None:
        """Send a frame made by `text_frame`; nothing after the socket began to close."""


def text_frame(payload: bytes) -> bytes:
    """A text frame as it goes over the wire to a client. `payload` is UTF-8."""
    size = len(payload)
    if size < _MEDIUM:
        return bytes((_WHOLE_TEXT, size)) + payload
    if size < 1 << 16:
        return b"\x81\x7e" + size.to_bytes(2) + payload
    return b"\x81\x7f" + size.to_bytes(8) + payload


class SocketProtocol(WebSocketsSansIOProtocol):
    """`uvicorn --ws superapp.kernel.sockets:SocketProtocol`."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.hears: Callable[[bytes], None] | None = None
        self.on_writable: Callable[[], None] | None = None
        # Where in the stream of frames the long way is: a header that is not complete yet, and the
        # bytes of a payload that are still to come.
        self._head = b""
        self._owed = 0

    def handle_connect(self, event: Any) -> None:
        super().handle_connect(event)
        if not self.close_sent and not self.config.ws_per_message_deflate:
            # The task that serves the scope has been made but has not run.
            extensions = cast("dict[str, Any]", self.scope["extensions"])
            extensions[LINE] = self

    def data_received(self, data: bytes) -> None:
        if self.hears is not None:
            data = self._heard(data)
            if not data:
                return
            self._follow(data)
        super().data_received(data)

    def resume_writing(self) -> None:
        super().resume_writing()
        if self.on_writable is not None:
            self.on_writable()

    @property
    def is_writable(self) -> bool:
        return self.writable.is_set()

    def write(self, frame: bytes) -> None:
        if not (self.close_sent or self.disconnected or self.transport.is_closing()):
            self.transport.write(frame)

    def _heard(self, data: bytes) -> bytes:
        """Pass on the whole text frames at the beginning; returns the rest, for the long way."""
        at, end = 0, len(data)
        while at + 6 <= end and self._is_short_way_free():
            size = data[at + 1] ^ _MASKED
            if data[at] != _WHOLE_TEXT or size > _MEDIUM:
                break
            body = at + 6
            if size == _MEDIUM:
                size, body = int.from_bytes(data[at + 2 : at + 4]), at + 8
            if body + size > end or size > self.config.ws_max_size:
                break
            assert self.hears is not None
            self.hears(apply_mask(data[body : body + size], data[body - 4 : body]))
            at = body + size
        return data[at:] if at else data

    def _is_short_way_free(self) -> bool:
        """Whether the stream stands between two messages, and nothing heard the long way waits."""
        return (
            not (self._owed or self._head or self.frames or self.close_sent)
            and self.conn.state is OPEN
            and self.queue.empty()
        )

    def _follow(self, data: bytes) -> None:
        """Note where in the stream of frames the long way will be after this."""
        at, end = 0, len(data)
        while at < end:
            if self._owed:
                step = min(self._owed, end - at)
                at, self._owed = at + step, self._owed - step
                continue
            begun = len(self._head)
            head = self._head + data[at : at + 14 - begun]
            size = _header_size(head)
            if size > len(head):
                self._head = head
                return
            at, self._head, self._owed = at + size - begun, b"", _payload_size(head)


def _header_size(head: bytes) -> int:
    """Of a masked frame; at least 2, as long as its second byte is unknown."""
    if len(head) < 2:
        return 2
    extra = {_MEDIUM: 2, _LARGE: 8}.get(head[1] & 0x7F, 0)
    return 2 + extra + (4 if head[1] & _MASKED else 0)


def _payload_size(head: bytes) -> int:
    size = head[1] & 0x7F
    if size == _MEDIUM:
        return int.from_bytes(head[2:4])
    return int.from_bytes(head[2:10]) if size == _LARGE else size
