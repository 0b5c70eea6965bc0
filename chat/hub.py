"""The hub: the sockets of this process, and one writer that stores what they say in batches.

One per process. It hears other processes over one channel-layer subscription, and tells them one
publication per batch. It decides nothing: recipients come with each event, computed from rows in
the transaction that made it.
"""

import asyncio
import logging
import secrets
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue
from typing import Any, TypeVar

from channels.layers import get_channel_layer
from django.conf import settings
from django.db import DatabaseError, InterfaceError, close_old_connections
from redis.exceptions import RedisError

from accounts import queries as people
from chat import actions, frames
from chat.bodies import Draft
from chat.connection import Connection
from chat.errors import TryAgain
from chat.events import milliseconds
from superapp.kernel import ops, push
from superapp.kernel.apps import settle
from superapp.kernel.errors import Refusal

log = logging.getLogger(__name__)
T = TypeVar("T")

# What a bus that is away raises.
BUS_ERRORS = (OSError, RedisError)
# Close codes of ours; docs/realtime.md lists them.
SIGNED_OUT, REPLACED = 4401, 4408
_BEAT_SECONDS = 2.0
_BUS_LATE_SECONDS = 6.0
_FRESH_SECONDS = 5.0


class Hub:
    def __init__(self) -> None:
        self.name = secrets.token_hex(8)
        self.connections: dict[int, list[Connection]] = {}
        self._loop = asyncio.get_running_loop()
        self._waiting: deque[tuple[Connection, Draft]] = deque()
        self._is_storing = False
        self._batches: SimpleQueue[list[tuple[Connection, Draft]]] = SimpleQueue()
        self._outgoing: deque[push.Item] = deque()
        self._wake_publisher = asyncio.Event()
        self._beat_heard_at = time.monotonic()
        self._bus_is_late = False
        # What the house says of the batch that the writer has in hand; its thread's alone.
        self._said: list[push.Item] = []
        # One thread writes, so that batches of this process follow each other; two answer the rest.
        self._writer = threading.Thread(target=self._write, name="hub-writer", daemon=True)
        self._writer.start()
        self._readers = ThreadPoolExecutor(2, "hub-reader")
        self._tasks = [
            self._loop.create_task(job())
            for job in (self._publish, self._listen, self._beat, self._check_sessions)
        ]
        push.set_speaker(self)

    # Connections

    def add(self, connection: Connection) -> None:
        """Admit a connection; the oldest of too many makes room."""
        mine = self.connections.setdefault(connection.account_id, [])
        mine.append(connection)
        ops.SOCKETS.inc()
        settle()
        if len(mine) > settings.SOCKETS_PER_ACCOUNT:
            mine[0].close(REPLACED)

    def remove(self, connection: Connection) -> None:
        mine = self.connections.get(connection.account_id, [])
        if connection in mine:
            mine.remove(connection)
            ops.SOCKETS.dec()
        if not mine:
            self.connections.pop(connection.account_id, None)

    # What sockets say

    def submit(self, connection: Connection, draft: Draft) -> None:
        """Queue a message for the writer; its answer goes to this connection."""
        connection.pending.add(draft.client_id)
        self._waiting.append((connection, draft))
        if not self._is_storing:
            # A turn later, with what else is being heard in this one.
            self._is_storing = True
            self._loop.call_soon(self._hand_over)

    async def call(self, function: Callable[..., T], *arguments: Any, **named: Any) -> T:
        """Run something that asks the database, off the loop."""
        return await self._loop.run_in_executor(
            self._readers, _with_fresh_connection, function, arguments, named
        )

    def _hand_over(self) -> None:
        """Give the writer whatever queued up while the last commit ran. No timer: waiting only adds
        latency."""
        size = min(len(self._waiting), settings.BATCH_MAX)
        self._is_storing = size > 0
        if size:
            self._batches.put([self._waiting.popleft() for _ in range(size)])

    def _write(self) -> None:
        """The writer's thread."""
        while True:
            batch = self._batches.get()
            self._said = []
            outcomes = _store([draft for _, draft in batch])
            try:
                self._loop.call_soon_threadsafe(self._stored, batch, outcomes, self._said)
            except RuntimeError:
                return  # the loop was closed: the process ends, and clients ask again

    def _stored(
        self,
        batch: list[tuple[Connection, Draft]],
        outcomes: list[actions.Outcome],
        said: list[push.Item],
    ) -> None:
        """Answers and events of a batch leave in one turn, before other processes are told."""
        self._hand_over()
        # first: a sender's own event is skipped while its answer is pending
        self._spoken(said)
        for (connection, draft), outcome in zip(batch, outcomes, strict=True):
            connection.pending.discard(draft.client_id)
            connection.tell(_answer(draft, outcome))

    # What the house says

    def speak(self, items: Sequence[push.Item]) -> None:
        """Called by kernel.push in any thread, after commit."""
        if threading.current_thread() is self._writer:
            self._said.extend(items)
            return
        self._loop.call_soon_threadsafe(self._spoken, items)

    def _spoken(self, items: Sequence[push.Item]) -> None:
        if not items:
            return
        self._deliver(items)
        self._outgoing.extend(items)
        # A turn later: the frames for our own sockets leave at the end of this one.
        self._loop.call_soon(self._wake_publisher.set)

    def _deliver(self, items: Sequence[push.Item]) -> None:
        connections = self.connections
        for item in items:
            for account_id in item.account_ids:
                for connection in connections.get(account_id, ()):
                    if item.control:
                        connection.obey(item)
                    elif not (item.skip and item.skip in connection.pending):
                        connection.tell(item.frame)

    async def _publish(self) -> None:
        """One publication for everything said while the last one was under way."""
        while True:
            await self._wake_publisher.wait()
            self._wake_publisher.clear()
            items = list(self._outgoing)
            self._outgoing.clear()
            try:
                await push.publish(items, origin=self.name)
            except BUS_ERRORS as error:
                # Rows are the truth: everybody re-reads when the bus is back.
                log.warning("bus away: %s", type(error).__name__)

    async def _listen(self) -> None:
        layer = get_channel_layer()
        assert layer is not None, "CHANNEL_LAYERS is not set"
        while True:
            try:
                channel = await layer.new_channel()
                await layer.group_add(push.GROUP, channel)
                while True:
                    self._heard(await layer.receive(channel))
            except BUS_ERRORS as error:
                log.warning("bus away: %s", type(error).__name__)
                await asyncio.sleep(1)

    def _heard(self, message: dict[str, Any]) -> None:
        if message["type"] == "push.beat":
            if message["origin"] == self.name:
                self._beat_came_back()
        elif message["origin"] != self.name:
            self._deliver(push.unpack(message))

    def _beat_came_back(self) -> None:
        self._beat_heard_at = time.monotonic()
        if self._bus_is_late:
            self._bus_is_late = False
            log.warning("bus is back: telling every browser to read again")
            for connection in self._everybody():
                connection.tell(frames.RESYNC)

    async def _beat(self) -> None:
        """Send ourselves a sign of life through the bus, to notice when it lost things."""
        layer = get_channel_layer()
        assert layer is not None
        while True:
            try:
                await layer.group_send(push.GROUP, {"type": "push.beat", "origin": self.name})
            except BUS_ERRORS:
                self._bus_is_late = True
            if time.monotonic() - self._beat_heard_at > _BUS_LATE_SECONDS:
                self._bus_is_late = True
            await asyncio.sleep(_BEAT_SECONDS)

    # Sessions that ended while nobody could tell us

    async def _check_sessions(self) -> None:
        while True:
            await asyncio.sleep(settings.SOCKET_SESSION_CHECK_SECONDS)
            everybody = self._everybody()
            keys = {c.session_key for c in everybody if c.session_key}
            if not keys:
                continue
            try:
                alive = await self.call(people.live_session_keys, keys)
            except DatabaseError:
                continue
            for connection in everybody:
                if connection.session_key and connection.session_key not in alive:
                    connection.close(SIGNED_OUT)

    def _everybody(self) -> list[Connection]:
        return [connection for mine in self.connections.values() for connection in mine]


class _Freshness(threading.local):
    """When this thread last dropped a database connection that was too old or broken."""

    checked_at = float("-inf")


_freshness = _Freshness()


def _drop_stale_connection() -> None:
    """A look every few seconds, not a round trip per batch."""
    if time.monotonic() - _freshness.checked_at > _FRESH_SECONDS:
        close_old_connections()
        _freshness.checked_at = time.monotonic()


def _with_fresh_connection(
    function: Callable[..., T], arguments: tuple[Any, ...], named: dict[str, Any]
) -> T:
    _drop_stale_connection()
    return function(*arguments, **named)


def _store(drafts: list[Draft]) -> list[actions.Outcome]:
    _drop_stale_connection()
    try:
        return actions.send_messages(drafts=drafts)
    except (DatabaseError, InterfaceError) as error:
        log.warning("batch not stored: %s", type(error).__name__)
        close_old_connections()
    except Exception:
        log.exception("batch not stored")
    return [TryAgain()] * len(drafts)


def _answer(draft: Draft, outcome: actions.Outcome) -> bytes:
    if isinstance(outcome, Refusal):
        return frames.refused(client_id=draft.client_id, refusal=outcome)
    return frames.ack(
        client_id=outcome.client_id,
        conversation_id=outcome.conversation_id,
        seq=outcome.seq,
        at_ms=milliseconds(outcome.sent_at),
    )


_hub: Hub | None = None


def hub() -> Hub:
    """The hub of this process, started by its first socket."""
    global _hub
    if _hub is None or _hub._loop.is_closed():
        _hub = Hub()
    return _hub
