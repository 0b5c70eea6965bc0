"""One socket, seen from inside: a bounded queue out, and a way to close it from anywhere."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

from django.conf import settings

from superapp.kernel import ops, push
from superapp.kernel.errors import TooMany
from superapp.kernel.sockets import Line, text_frame

TOO_SLOW = 4008
_SIGNED_OUT = 4401

Send = Callable[[dict[str, Any]], Awaitable[None]]
Errand = Callable[[], Awaitable[None]]


class Connection:
    """Frames wait in a bounded queue and leave together, as one JSON array.

    A reader so slow that the queue is full is closed with 4008 and catches up by sync: memory
    does not grow with somebody's bad line.
    """

    __slots__ = (
        "_budget",
        "_bytes",
        "_errand",
        "_frames",
        "_is_due",
        "_line",
        "_spent_at",
        "_wake",
        "account_id",
        "bad_frames",
        "closing",
        "errands",
        "pending",
        "public_id",
        "send",
        "session_key",
        "typed_at",
    )

    def __init__(
        self,
        *,
        account_id: int,
        public_id: str,
        session_key: str,
        send: Send,
        line: Line | None = None,
    ) -> None:
        self.account_id = account_id
        self.public_id = public_id
        self.session_key = session_key
        self.send = send
        self.closing = 0
        self.bad_frames = 0
        self.typed_at = 0.0
        # client_ids on their way to the writer: their own event is answered by the ack.
        self.pending: set[str] = set()
        # Reads and syncs that wait their turn: the latest of each kind, so that a hasty client
        # cannot pile them up, and what it says is never stuck behind what it asks.
        self.errands: dict[str, Errand] = {}
        self._errand: asyncio.Task[None] | None = None
        self._budget = float(settings.SEND_BURST)
        self._spent_at = time.monotonic()
        self._frames: list[bytes] = []
        self._bytes = 0
        self._wake = asyncio.Event()
        # The short way out, where the server offers it; else the pump sends.
        self._line = line
        self._is_due = False
        if line is not None:
            line.on_writable = self._fall_due

    def tell(self, frame: bytes) -> None:
        self._frames.append(frame)
        self._bytes += len(frame)
        if (
            len(self._frames) > settings.SEND_QUEUE_FRAMES
            or self._bytes > settings.SEND_QUEUE_BYTES
        ):
            self.close(TOO_SLOW)
        self._fall_due()

    def _fall_due(self) -> None:
        """What is queued leaves at the end of this turn of the loop, with what else came in it."""
        if self._is_due:
            return
        self._is_due = True
        if not _due:
            asyncio.get_running_loop().call_soon(_send_due)
        _due.append(self)

    def spend(self) -> None:
        """Take one message from this socket's budget; raises TooMany when it is empty."""
        moment = time.monotonic()
        refill = (moment - self._spent_at) * settings.SEND_PER_SECOND
        self._budget = min(float(settings.SEND_BURST), self._budget + refill)
        self._spent_at = moment
        if self._budget < 1:
            raise TooMany(retry_after=max(1, round(1 / settings.SEND_PER_SECOND)))
        self._budget -= 1

    def run(self, name: str, errand: Errand) -> None:
        """Do something that takes time, after what this connection asked before; a waiting errand
        of the same name is replaced."""
        self.errands[name] = errand
        if self._errand is None or self._errand.done():
            self._errand = asyncio.ensure_future(self._run_errands())

    async def _run_errands(self) -> None:
        while self.errands and not self.closing:
            errand = self.errands.pop(next(iter(self.errands)))
            await errand()

    def close(self, code: int) -> None:
        if not self.closing:
            self.closing = code
            ops.SOCKETS_DROPPED.labels(code).inc()
            self._frames.clear()
            self._bytes = 0
            self._wake.set()

    def obey(self, item: push.Item) -> None:
        """A control item: sessions that were ended elsewhere close their sockets now."""
        if item.control == "drop" and (not item.sessions or self.session_key in item.sessions):
            self.close(_SIGNED_OUT)

    async def pump(self) -> None:
        """Send what is queued, unless it takes the short way, until the connection is told to
        close."""
        while not self.closing:
            await self._wake.wait()
            self._wake.clear()
            if self._frames and not self.closing:
                text = _joined(self._take())
                await self.send({"type": "websocket.send", "text": text.decode()})
        await self.send({"type": "websocket.close", "code": self.closing})

    def _take(self) -> list[bytes]:
        batch, self._frames, self._bytes = self._frames, [], 0
        return batch


# Connections with something to send at the end of this turn of the loop.
_due: list[Connection] = []


def _send_due() -> None:
    """One frame per connection. The members of a group mostly get the same: it is made once."""
    due = _due.copy()
    _due.clear()
    last: list[bytes] = []
    frame = b""
    for connection in due:
        connection._is_due = False
        line = connection._line
        if line is None:
            connection._wake.set()
        elif connection._frames and line.is_writable:
            batch = connection._take()
            if batch != last:
                last, frame = batch, text_frame(_joined(batch))
            line.write(frame)


def _joined(frames: list[bytes]) -> bytes:
    return frames[0] if len(frames) == 1 else b"[" + b",".join(frames) + b"]"
