"""The short way for whole text frames, beside the long way for everything else: one order, one protocol."""

import asyncio
import contextlib
import struct

import pytest
import uvicorn
import websockets

from superapp.kernel import sockets
from superapp.kernel.sockets import LINE, text_frame

KEY = b"\x01\x02\x03\x04"


class App:
    """Notes what it hears on both ways, and says it again."""

    def __init__(self):
        self.heard: list[tuple[str, bytes]] = []
        self.line = None
        self.closed = asyncio.Event()

    async def __call__(self, scope, receive, send):
        await receive()
        self.line = scope["extensions"].get(LINE)
        await send({"type": "websocket.accept"})
        if self.line is not None:
            self.line.hears = lambda data: self._note("short", data)
        while (message := await receive())["type"] == "websocket.receive":
            self._note("long", message.get("text", "").encode() or message.get("bytes"))
        self.closed.set()

    def _note(self, way, data):
        self.heard.append((way, data))
        if self.line is not None:
            self.line.write(text_frame(data))

    async def has(self, count):
        async with asyncio.timeout(5):
            while len(self.heard) < count:
                await asyncio.sleep(0.01)
        return self.heard


def run(test, **options):
    """Serve an App with our protocol on a free port while `test(app, port)` runs."""

    async def both():
        app = App()
        config = uvicorn.Config(
            app,
            ws=sockets.SocketProtocol,
            port=0,
            lifespan="off",
            log_level="critical",
            **{"ws_per_message_deflate": False, "ws_max_size": 65536, **options},
        )
        server = uvicorn.Server(config)
        serving = asyncio.ensure_future(server.serve())
        while not server.started:
            await asyncio.sleep(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]
        try:
            await test(app, port)
        finally:
            server.should_exit = True
            await serving

    asyncio.run(both())


def frame(payload, *, opcode=1, fin=True, mask=KEY):
    """What a client sends."""
    size = len(payload)
    head = bytes([(0x80 if fin else 0) | opcode])
    bit = 0x80 if mask else 0
    if size < 126:
        head += bytes([bit | size])
    elif size < 65536:
        head += bytes([bit | 126]) + struct.pack("!H", size)
    else:
        head += bytes([bit | 127]) + struct.pack("!Q", size)
    masked = bytes(byte ^ mask[i % 4] for i, byte in enumerate(payload)) if mask else payload
    return head + (mask or b"") + masked


class Wire:
    """A client that sends bytes as it likes."""

    @classmethod
    @contextlib.asynccontextmanager
    async def to(cls, port):
        wire = cls()
        wire.reader, wire.writer = await asyncio.open_connection("127.0.0.1", port)
        wire.writer.write(
            b"GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
        )
        await wire.reader.readuntil(b"\r\n\r\n")
        try:
            yield wire
        finally:
            wire.writer.close()
            with contextlib.suppress(OSError):
                await wire.writer.wait_closed()

    async def send(self, *parts):
        for part in parts:
            self.writer.write(part)
            await self.writer.drain()
            await asyncio.sleep(0.02)

    async def close_code(self):
        """Reads what comes until a close frame."""
        while True:
            first, size = await self.reader.readexactly(2)
            if size == 126:
                size = int.from_bytes(await self.reader.readexactly(2))
            payload = await self.reader.readexactly(size)
            if first == 0x88:
                return int.from_bytes(payload[:2])


def test_an_ordinary_client_is_heard_and_answered():
    async def test(app, port):
        async with websockets.connect(f"ws://127.0.0.1:{port}/") as client:
            texts = ["a", "吃" * 50, "b" * 125, "c" * 126, "d" * 60000, ""]
            for text in texts:
                await client.send(text)
            assert [await client.recv() for _ in texts] == texts
            assert {way for way, _ in app.heard} == {"short"}
            await client.ping()
        await asyncio.wait_for(app.closed.wait(), 5)

    run(test)


def test_a_frame_longer_than_a_short_header_says_is_written():
    assert text_frame(b"x" * 125)[:2] == b"\x81\x7d"
    assert text_frame(b"x" * 126)[:4] == b"\x81\x7e\x00\x7e"
    assert text_frame(b"x" * 65536)[:10] == b"\x81\x7f" + (65536).to_bytes(8)


def test_frames_in_any_pieces_arrive_whole_and_in_order():
    said = [b"one", b"two" * 100, b"three", b"4" * 300, b"five"]
    stream = b"".join(frame(text) for text in said)

    async def test(app, port):
        for size in (1, 2, 3, 7, 100, 305, len(stream)):
            async with Wire.to(port) as wire:
                app.heard.clear()
                for at in range(0, len(stream), size):
                    wire.writer.write(stream[at : at + size])
                    await wire.writer.drain()
                    if size > 3:
                        await asyncio.sleep(0.005)
                assert [data for _, data in await app.has(len(said))] == said, size

    run(test)


def test_fragments_pings_and_binary_take_the_long_way_in_their_place():
    stream = [
        frame(b"first"),
        frame(b"be", fin=False),
        frame(b"ping", opcode=9),
        frame(b"fore", opcode=0),
        frame(b"after"),
        frame(b"\x00\x01", opcode=2),
        frame(b"last"),
    ]
    expected = [b"first", b"before", b"after", b"\x00\x01", b"last"]

    async def test(app, port):
        for pieces in (stream, [b"".join(stream)]):
            async with Wire.to(port) as wire:
                app.heard.clear()
                await wire.send(*pieces)
                assert [data for _, data in await app.has(5)] == expected

    run(test)


def test_after_a_torn_frame_the_short_way_is_free_again():
    async def test(app, port):
        async with Wire.to(port) as wire:
            torn = frame(b"torn")
            await wire.send(torn[:4], torn[4:], frame(b"whole"))
            assert await app.has(2) == [("long", b"torn"), ("short", b"whole")]

    run(test)


@pytest.mark.parametrize(
    ("bad", "code"),
    [
        (frame(b"unmasked", mask=b""), 1002),
        (frame(b"reserved", opcode=3), 1002),
        (frame(b"x" * 70000)[:100], 1009),
        (frame(b"a", fin=False) + frame(b"new message inside"), 1002),
        (frame(b"nothing to continue", opcode=0), 1002),
    ],
)
def test_broken_frames_close_the_socket(bad, code):
    async def test(app, port):
        async with Wire.to(port) as wire:
            await wire.send(frame(b"good"))
            await wire.send(bad)
            assert await asyncio.wait_for(wire.close_code(), 5) == code
            assert app.heard == [("short", b"good")]
            await asyncio.wait_for(app.closed.wait(), 5)

    run(test)


def test_nothing_is_heard_or_written_after_closing():
    async def test(app, port):
        async with Wire.to(port) as wire:
            await wire.send(
                frame(b"hello"), frame(struct.pack("!H", 1000), opcode=8) + frame(b"late")
            )
            await asyncio.wait_for(app.closed.wait(), 5)
            app.line.write(text_frame(b"too late"))
            rest = await asyncio.wait_for(wire.reader.read(), 5)
            assert rest == text_frame(b"hello") + b"\x88\x02\x03\xe8"
            assert app.heard == [("short", b"hello")]

    run(test)


def test_a_slow_reader_is_not_writable_until_it_reads():
    async def test(app, port):
        async with Wire.to(port) as wire:
            await wire.send(frame(b"hello"))
            free = asyncio.Event()
            app.line.on_writable = free.set
            big = text_frame(b"x" * 1_000_000)
            while app.line.is_writable:
                app.line.write(big)
                await asyncio.sleep(0)
            reading = asyncio.ensure_future(wire.reader.read(-1))
            await asyncio.wait_for(free.wait(), 5)
            assert app.line.is_writable
            reading.cancel()

    run(test)


def test_with_compression_there_is_no_short_way():
    async def test(app, port):
        async with websockets.connect(f"ws://127.0.0.1:{port}/") as client:
            await client.send("hello")
            assert await app.has(1) == [("long", b"hello")]
            assert app.line is None

    run(test, ws_per_message_deflate=True)
