"""A tutorial-style Channels app as a peer: what the product would be without its hub."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import msgspec
import psycopg
from picows import WSCloseCode, WSFrame, WSListener, WSMsgType, WSTransport, ws_connect

from bench.peers.load import Sink, number_in
from ops.services import Services

ROOT = Path(__file__).resolve().parent.parent.parent
_decode, _encode = msgspec.json.decode, msgspec.json.encode


class Peer:
    name = "tutorial"
    count_sql = "SELECT count(*) FROM tutorial_message"
    database = "tutorial"

    def command(self, port: int) -> list[str]:
        return [
            *(sys.executable, "-m", "uvicorn", "bench.peers.tutorial.asgi:application"),
            *("--host", "127.0.0.1", "--port", str(port), "--log-level", "warning"),
            *("--lifespan", "off", "--no-access-log", "--backlog", "4096"),
        ]

    def environment(self, servers: Services, port: int, users: int) -> dict[str, str]:
        found = servers.environment()
        with psycopg.connect(found["DATABASE_URL"], autocommit=True) as connection:
            connection.execute("CREATE DATABASE tutorial")
        rooms: dict[str, list[int]] = {f"p{n}-{n + 1}": [n, n + 1] for n in range(0, users, 2)}
        rooms |= {f"g{g}": list(range(g * 50, g * 50 + 50)) for g in range(4)}
        subprocess.run(
            [sys.executable, "-m", "bench.peers.tutorial.seed"],
            cwd=ROOT,
            env=os.environ | found,
            input=json.dumps(rooms).encode(),
            check=True,
        )
        return found

    async def prepare(self, port: int, people: int, groups: dict[int, list[int]]) -> None:
        return None

    async def connect(self, port: int, user: int, sink: Sink) -> Any:
        _, socket = await ws_connect(
            lambda: Socket(sink, user),
            f"ws://127.0.0.1:{port}/ws?u={user}",
            websocket_handshake_timeout=30,
        )
        return socket


class Socket(WSListener):
    def __init__(self, sink: Sink, user: int) -> None:
        self._sink, self._user = sink, user

    def on_ws_connected(self, transport: WSTransport) -> None:
        self._transport = transport

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        if frame.msg_type == WSMsgType.PING:
            transport.send_pong(frame.get_payload_as_bytes())
        elif frame.msg_type == WSMsgType.TEXT:
            self._hear(_decode(frame.get_payload_as_bytes()))

    def _hear(self, event: dict[str, Any]) -> None:
        if event["t"] == "ack":
            self._sink.acked(event["id"])
        else:
            number = number_in(event["body"])
            if number >= 0:
                self._sink.delivered(number)

    def send(self, kind: str, to: int, number: int, body: str) -> None:
        low, high = sorted((self._user, to))
        room = f"g{to}" if kind == "g" else f"p{low}-{high}"
        self._transport.send(WSMsgType.TEXT, _encode({"id": number, "room": room, "body": body}))

    async def close(self) -> None:
        self._transport.send_close(WSCloseCode.OK)
        self._transport.disconnect()
