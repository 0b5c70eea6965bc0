"""Servers of their own and people at them, speaking the protocol of docs/realtime.md.

`Server` is one uvicorn process on the database of the tests; it can be killed and started again.
`Phone` is what a browser does: keeps what is not acknowledged, connects again, syncs, and notes
what it has seen.
"""

import asyncio
import contextlib
import itertools
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import websockets
from django.db import connection

ROOT = Path(__file__).resolve().parent.parent.parent


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def database_url() -> str:
    """The test database, for a process of its own."""
    known = connection.settings_dict
    return f"postgresql://{known['USER']}:{known['PASSWORD']}@/{known['NAME']}?host={known['HOST']}"


class Server:
    """One web process with pages and sockets."""

    def __init__(self, **environment: str) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.ws = f"ws://127.0.0.1:{self.port}/ws/"
        self._environment = {
            **os.environ,
            "DATABASE_URL": database_url(),
            "SUPERAPP_SEND_BURST": "100000",
            "SUPERAPP_SEND_PER_SECOND": "100000",
            "SUPERAPP_LOG_LEVEL": "ERROR",
            **environment,
        }
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self._process = subprocess.Popen(
            [
                *(sys.executable, "-m", "uvicorn", "superapp.asgi:application"),
                *("--host", "127.0.0.1", "--port", str(self.port), "--log-level", "error"),
                *("--lifespan", "off", "--ws", "superapp.kernel.sockets:SocketProtocol"),
                *("--ws-per-message-deflate", "false", "--ws-max-size", "65536"),
                *("--timeout-graceful-shutdown", "2"),
            ],
            cwd=ROOT,
            env=self._environment,
        )
        deadline = time.monotonic() + 30
        while True:
            with contextlib.suppress(OSError), urllib.request.urlopen(f"{self.url}/healthz"):
                return
            assert self._process.poll() is None, "the server did not start"
            assert time.monotonic() < deadline, "the server did not answer"
            time.sleep(0.05)

    def kill(self) -> None:
        """As if the machine had lost power."""
        assert self._process is not None
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()

    def stop(self) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            self._process.wait(10)


class Phone:
    """One person's connection, over and over, until `stop`."""

    _ids = itertools.count(1)

    def __init__(self, token: str, room: str, servers: list[Server]) -> None:
        self._token, self._room, self._servers = token, room, servers
        self.unsent: dict[str, str] = {}
        self.acked: dict[str, int] = {}
        self.seen: dict[int, str] = {}  # seq → client_id, as the page would show them
        self.doubles = 0
        self._change = 0
        self._timer: asyncio.TimerHandle | None = None
        self._socket: Any = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._running = True
        self._task = asyncio.ensure_future(self._run())

    def say(self, text: str) -> str:
        client_id = f"phone-{os.getpid()}-{next(self._ids)}"
        self.unsent[client_id] = text
        if self._socket is not None:
            self._start(self._send(client_id))
        return client_id

    def _start(self, step: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(step)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def stop(self) -> None:
        self._running = False
        if self._socket is not None:
            await self._socket.close()
        await asyncio.wait_for(self._task, 20)

    @property
    def last(self) -> int:
        """The newest seq up to which nothing is missing."""
        top = 0
        while top + 1 in self.seen:
            top += 1
        return top

    async def _run(self) -> None:
        for server in itertools.cycle(self._servers):
            if not self._running:
                return
            with contextlib.suppress(OSError, websockets.WebSocketException, TimeoutError):
                headers = {"Authorization": f"Bearer {self._token}"}
                async with websockets.connect(
                    server.ws, additional_headers=headers, open_timeout=5
                ) as opened:
                    self._socket = opened
                    await self._sync()
                    for client_id in list(self.unsent):
                        await self._send(client_id)
                    async for frame in opened:
                        await self._hear(json.loads(frame))
            self._socket = None
            await asyncio.sleep(0.1)

    async def _send(self, client_id: str) -> None:
        with contextlib.suppress(websockets.WebSocketException, AttributeError):
            await self._socket.send(
                json.dumps(
                    {
                        "t": "send",
                        "id": client_id,
                        "c": self._room,
                        "text": self.unsent.get(client_id, "again"),
                    }
                )
            )

    def _sync_soon(self) -> None:
        """A hole starts a timer, as in the page: what is missing may just be late."""
        if self._timer is None:
            loop = asyncio.get_running_loop()
            self._timer = loop.call_later(0.25, lambda: self._start(self._sync()))

    async def _sync(self) -> None:
        self._timer = None
        with contextlib.suppress(websockets.WebSocketException, AttributeError):
            await self._socket.send(
                json.dumps({"t": "sync", "c": {self._room: [self.last, self._change]}})
            )

    async def _hear(self, said: Any) -> None:
        for event in said if isinstance(said, list) else [said]:
            hear = getattr(self, f"_on_{event['t']}", None)
            if hear is not None:
                await hear(event)

    async def _on_ack(self, event: Any) -> None:
        self.unsent.pop(event["id"], None)
        self.acked[event["id"]] = event["seq"]
        self._show(event["seq"], event["id"])

    async def _on_refused(self, event: Any) -> None:
        assert event["code"] in {"chat.try_again", "too_many"}, event
        loop = asyncio.get_running_loop()
        loop.call_later(0.3, lambda: self._start(self._send(event["id"])))

    async def _on_event(self, event: Any) -> None:
        if event["kind"] == "chat.message_sent":
            self._show(event["seq"], event["client_id"])
            if event["seq"] > self.last + 1:
                self._sync_soon()

    async def _on_synced(self, event: Any) -> None:
        found = event["c"].get(self._room, {})
        for missed in found.get("messages", []):
            self._show(missed["seq"], missed["client_id"])
        if found.get("more"):
            await self._sync()

    async def _on_resync(self, event: Any) -> None:
        await self._sync()

    def _show(self, seq: int, client_id: str) -> None:
        if self.seen.setdefault(seq, client_id) != client_id:
            self.doubles += 1


async def until(condition, seconds: float, what: str) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"waited {seconds} s for {what}"
        await asyncio.sleep(0.05)
