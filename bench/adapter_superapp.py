"""The chat bench's door to the product: one WebSocket per user, frames as in docs/realtime.md.

Copied (or linked) into the bench as adapters/superapp.py. `bench/start_superapp.sh` leaves one
credential per user in $BENCH_RUN/superapp-users.jsonl.
"""

import json
import os
import pathlib

import orjson
from adapters import mid_of
from adapters.jsonws import Client as JSONClient
from picows import WSMsgType, ws_connect

USERS = (
    pathlib.Path(os.environ.get("BENCH_RUN", "/tmp/superapp-bench")) / "superapp-users.jsonl"  # noqa: S108
)
_people = []
_groups = {}


async def setup(ep, n_users, pairs, groups):
    """The start script made the people, their direct chats and the groups already."""
    _people[:] = [json.loads(line) for line in USERS.read_text().splitlines() if line[:1] == "{"]
    _groups.clear()
    for person in _people:
        _groups.update({int(number): room for number, room in person["groups"].items()})


class Client(JSONClient):
    def __init__(self, uid, sink):
        super().__init__(uid, sink)
        self.direct = _people[uid]["direct"]

    def on_ws_frame(self, tr, frame):
        if frame.msg_type == WSMsgType.PING:
            tr.send_pong(frame.get_payload_as_bytes())
            return
        if frame.msg_type not in (WSMsgType.TEXT, WSMsgType.BINARY):
            return
        said = orjson.loads(frame.get_payload_as_memoryview())
        for event in said if type(said) is list else (said,):
            kind = event["t"]
            if kind == "ack":
                self.sink.acked(int(event["id"][1:]))
            elif kind == "event" and event["kind"] == "chat.message_sent":
                number = mid_of(event["text"])
                if number >= 0:
                    self.sink.delivered(number, self.uid)

    def send(self, kind, dest, mid, body):
        room = self.direct if kind == "p" else _groups[dest]
        self.tr.send(
            WSMsgType.TEXT, orjson.dumps({"t": "send", "id": f"m{mid}", "c": room, "text": body})
        )


async def connect(ep, uid, sink, pairs, groups):
    url = f"ws://{ep['host']}:{ep['port']}/ws/"
    headers = {"Authorization": f"Bearer {_people[uid]['token']}"}
    _, client = await ws_connect(
        lambda: Client(uid, sink), url, extra_headers=headers, websocket_handshake_timeout=30
    )
    return client
