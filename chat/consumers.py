"""The door for sockets: a plain ASGI callable behind Channels' routing and session handling.

A consumer class would cost a task and two queues per event; this is one loop per connection.
"""

import asyncio
import time
from functools import partial
from typing import Any

from channels.db import database_sync_to_async
from django.conf import settings
from django.db import DatabaseError

from accounts import guards
from chat import actions, frames, queries
from chat.bodies import SENDABLE, Draft
from chat.connection import Connection, Errand, Send
from chat.errors import BadMessage
from chat.events import milliseconds
from chat.hub import SIGNED_OUT, Hub, hub
from superapp.kernel import time as product_time
from superapp.kernel.errors import Refusal
from superapp.kernel.sockets import LINE, Line

_ABUSED, _BAD_ORIGIN, _UNKNOWN = 4400, 4403, 4404


async def no_such_socket(scope: Any, receive: Any, send: Send) -> None:
    """Every other socket address."""
    await receive()
    await send({"type": "websocket.close", "code": _UNKNOWN})


async def socket(scope: Any, receive: Any, send: Send) -> None:
    """/ws/: one per tab, for whoever the session cookie or the bearer token names."""
    await receive()
    caller = await _caller(scope)
    if isinstance(caller, int):
        # Accepted first: a browser can read the code of a close, but not of a refused handshake.
        await send({"type": "websocket.accept"})
        await send({"type": "websocket.close", "code": caller})
        return
    line = scope.get("extensions", {}).get(LINE)
    connection = Connection(
        account_id=caller.account_id,
        public_id=caller.public_id,
        session_key=caller.session_key,
        send=send,
        line=line,
    )
    await send({"type": "websocket.accept"})
    # In a thread: the sandbox clock is a row.
    now = await database_sync_to_async(product_time.now)()
    connection.tell(frames.hello(me=caller.public_id, now_ms=milliseconds(now)))
    await _serve(connection, receive, line)


async def _caller(scope: Any) -> guards.SocketCaller | int:
    """Who is calling, or the code to close with."""
    headers = dict(scope["headers"])
    bearer = headers.get(b"authorization", b"").decode("latin-1")
    if not bearer and not guards.is_own_origin(scope):
        return _BAD_ORIGIN
    session_key = scope["cookies"].get(settings.SESSION_COOKIE_NAME, "")
    try:
        caller = await database_sync_to_async(guards.socket_caller)(bearer, session_key)
    except DatabaseError:
        return 1013
    return caller or SIGNED_OUT


async def _serve(connection: Connection, receive: Any, line: Line | None) -> None:
    house = hub()
    house.add(connection)
    pump = asyncio.ensure_future(connection.pump())
    hear = asyncio.ensure_future(_hear(house, connection, receive))
    if line is not None:
        line.hears = partial(_heard, house, connection)
    try:
        await asyncio.wait({pump, hear}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        if line is not None:
            line.hears = line.on_writable = None
        house.remove(connection)
        for task in (pump, hear):
            task.cancel()
        await asyncio.gather(pump, hear, return_exceptions=True)


async def _hear(house: Hub, connection: Connection, receive: Any) -> None:
    while True:
        message = await receive()
        if message["type"] == "websocket.disconnect":
            return
        _heard(house, connection, message.get("text") or message.get("bytes") or b"")


def _heard(house: Hub, connection: Connection, data: str | bytes) -> None:
    if connection.closing:
        return
    try:
        if len(data) > settings.FRAME_MAX:
            raise frames.BadFrame
        _obey(house, connection, frames.decode(data))
    except Refusal as refusal:
        connection.tell(frames.refused(client_id="", refusal=refusal))
        if isinstance(refusal, frames.BadFrame):
            connection.bad_frames += 1
            if connection.bad_frames >= settings.SOCKET_BAD_FRAMES_MAX:
                connection.close(_ABUSED)


def _obey(house: Hub, connection: Connection, frame: frames.Frame) -> None:
    match frame:
        case frames.Send():
            _send(house, connection, frame)
        case frames.Ping():
            connection.tell(frames.PONG)
        case frames.Read():
            _run(connection, f"read {frame.c}", lambda: _read(house, connection, frame))
        case frames.Typing():
            _type(house, connection, frame.c)
        case frames.Sync():
            if len(frame.c) > settings.SYNC_CONVERSATIONS_MAX:
                raise frames.BadFrame
            _run(connection, "sync", lambda: _sync(house, connection, frame))


def _run(connection: Connection, name: str, errand: Errand) -> None:
    if len(connection.errands) > settings.SYNC_CONVERSATIONS_MAX:
        raise frames.BadFrame
    connection.run(name, errand)


async def _read(house: Hub, connection: Connection, frame: frames.Read) -> None:
    await _answered(
        house.call(
            actions.mark_read,
            account_id=connection.account_id,
            conversation_id=frame.c,
            seq=frame.seq,
        )
    )


def _send(house: Hub, connection: Connection, frame: frames.Send) -> None:
    draft = Draft(
        author_id=connection.account_id,
        conversation_id=frame.c,
        client_id=frame.id,
        kind=frame.type,
        text=frame.text,
        body=frame.body,
        quote_seq=frame.quote,
        mentions=tuple(frame.mentions),
        attachment_id=frame.attachment,
    )
    try:
        if frame.type not in SENDABLE:
            raise BadMessage
        connection.spend()
    except Refusal as refusal:
        connection.tell(frames.refused(client_id=frame.id, refusal=refusal))
        return
    house.submit(connection, draft)


def _type(house: Hub, connection: Connection, conversation_id: str) -> None:
    moment = time.monotonic()
    if moment - connection.typed_at < settings.TYPING_EVERY:
        return
    connection.typed_at = moment

    async def show() -> None:
        await _answered(
            house.call(
                actions.show_typing,
                account_id=connection.account_id,
                conversation_id=conversation_id,
            )
        )

    _run(connection, "typing", show)


async def _sync(house: Hub, connection: Connection, frame: frames.Sync) -> None:
    try:
        found = await house.call(queries.changes_since, connection.account_id, frame.c)
    except DatabaseError:
        return  # the client asks again when it sees the hole again
    connection.tell(frames.encode({"t": "synced", **found}))


async def _answered(answer: Any) -> None:
    """Signs of life are dropped, not answered, while the database is away."""
    try:
        await answer
    except DatabaseError:
        return
