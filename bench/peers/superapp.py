"""The product as a peer: bench/start_superapp.sh, one socket per person."""

import json
from pathlib import Path
from typing import Any

import msgspec
from picows import WSCloseCode, WSFrame, WSListener, WSMsgType, WSTransport, ws_connect

from bench.peers.load import Sink, number_in
from ops.services import Services

ROOT = Path(__file__).resolve().parent.parent.parent
_decode, _encode = msgspec.json.decode, msgspec.json.encode


class Peer:
    name = "superapp"
    count_sql = "SELECT count(*) FROM chat_message"

    def command(self, port: int) -> list[str]:
        return ["sh", "bench/start_superapp.sh"]

    def environment(self, servers: Services, port: int, users: int) -> dict[str, str]:
        self._run = servers.home
        return {
            **servers.environment(),
            "PORT": str(port),
            "BENCH_USERS": str(users),
            "BENCH_RUN": str(servers.home),
        }

    async def prepare(self, port: int, people: int, groups: dict[int, list[int]]) -> None:
        """The start script made the people, their chats and their groups already."""
        lines = (self._run / "superapp-users.jsonl").read_text().splitlines()
        self._people = [json.loads(line) for line in lines if line.startswith("{")]
        self._groups = {
            int(number): room for one in self._people for number, room in one["groups"].items()
        }

    async def connect(self, port: int, user: int, sink: Sink) -> Any:
        headers = {"Authorization": f"Bearer {self._people[user]['token']}"}
        _, socket = await ws_connect(
            lambda: Socket(sink, self._people[user]["direct"], self._groups),
            f"ws://127.0.0.1:{port}/ws/",
            extra_headers=headers,
            websocket_handshake_timeout=30,
        )
        return socket


class Socket(WSListener):
    def __init__(self, sink: Sink, direct: str, groups: dict[int, str]) -> None:
        self._sink, self._direct, self._groups = sink, direct, groups

    def on_ws_connected(self, transport: WSTransport) -> None:
        self._transport = transport

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        if frame.msg_type == WSMsgType.PING:
            transport.send_pong(frame.get_payload_as_bytes())
        elif frame.msg_type == WSMsgType.TEXT:
            said = _decode(frame.get_payload_as_bytes())
            for event in said if isinstance(said, list) else (said,):
                self._hear(event)

    def _hear(self, event: dict[str, Any]) -> None:
        if event["t"] == "ack":
            self._sink.acked(int(event["id"][1:]))
        elif event["t"] == "event" and event["kind"] == "chat.message_sent":
            number = number_in(event["text"])
            if number >= 0:
                self._sink.delivered(number)

    def send(self, kind: str, to: int, number: int, body: str) -> None:
        room = self._direct if kind == "p" else self._groups[to]
        self._transport.send(
            WSMsgType.TEXT, _encode({"t": "send", "id": f"m{number}", "c": room, "text": body})
        )

    async def close(self) -> None:
        self._transport.send_close(WSCloseCode.OK)
        self._transport.disconnect()
