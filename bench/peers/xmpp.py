"""An XMPP client over plain TCP: SASL PLAIN, XEP-0198 acknowledgements, group chat."""

import asyncio
import base64
import collections
from typing import Any
from xml.parsers import expat

from bench.peers.load import Sink, number_in

DOMAIN, ROOMS = "localhost", "conference.localhost"
_STREAM = (
    f"<?xml version='1.0'?><stream:stream to='{DOMAIN}' xmlns='jabber:client' "
    "xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>"
)


class Connection(asyncio.Protocol):
    """One user. Answers are awaited by the name of their element."""

    def __init__(self, user: int, sink: Sink | None) -> None:
        self._user, self._sink = user, sink
        self._heard = self._said = 0
        self._unacked: collections.deque[tuple[int, int]] = collections.deque()
        self._waiting: collections.deque[tuple[tuple[str, ...], asyncio.Future[str]]] = (
            collections.deque()
        )

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport: Any = transport  # uvloop's is not a subclass of asyncio.Transport

    def data_received(self, data: bytes) -> None:
        self._parser.Parse(data)

    async def open(self) -> None:
        parser = self._parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = self._started
        parser.EndElementHandler = self._ended
        parser.CharacterDataHandler = self._text_came
        self._depth, self._is_body, self._text = 0, False, ""
        await self.ask(_STREAM, "stream:features")

    async def ask(self, text: str, *names: str) -> str:
        answer: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._waiting.append((names, answer))
        self.write(text)
        return await asyncio.wait_for(answer, 30)

    def write(self, text: str) -> None:
        self._transport.write(text.encode())

    def _started(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth == 2:
            self._top, self._attributes, self._text = name, attributes, ""
        elif self._depth == 3:
            self._is_body = name == "body"

    def _text_came(self, text: str) -> None:
        if self._is_body:
            self._text += text

    def _ended(self, name: str) -> None:
        self._depth -= 1
        if self._depth == 2:
            self._is_body = False
        elif self._depth == 1:
            self._stanza()

    def _stanza(self) -> None:
        if self._top == "message":
            self._heard += 1
            self._message()
        elif self._top == "a":
            while self._unacked and self._unacked[0][0] <= int(self._attributes["h"]):
                number = self._unacked.popleft()[1]
                if self._sink:
                    self._sink.acked(number)
        elif self._top == "r":
            self.write(f"<a xmlns='urn:xmpp:sm:3' h='{self._heard}'/>")
            return
        elif self._top in {"presence", "iq"}:
            self._heard += 1
        if self._waiting and self._top in self._waiting[0][0]:
            self._waiting.popleft()[1].set_result(self._attributes.get("type", self._top))

    def _message(self) -> None:
        number = number_in(self._text)
        is_own = self._attributes.get("type") == "groupchat" and self._attributes.get(
            "from", ""
        ).endswith(f"/u{self._user}")
        if number >= 0 and not is_own and self._sink:
            self._sink.delivered(number)

    def send(self, kind: str, to: int, number: int, body: str) -> None:
        self._said += 1
        self._unacked.append((self._said, number))
        target = f"u{to}@{DOMAIN}" if kind == "p" else f"g{to}@{ROOMS}"
        how = "chat" if kind == "p" else "groupchat"
        self.write(
            f"<message to='{target}' type='{how}' id='{number}'><body>{body}</body></message>"
            "<r xmlns='urn:xmpp:sm:3'/>"
        )

    async def sign_in(self) -> None:
        secret = base64.b64encode(f"\0u{self._user}\0p".encode()).decode()
        answer = await self.ask(
            f"<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>{secret}</auth>",
            *("success", "failure"),
        )
        assert answer == "success", answer
        await self.open()
        for inside in (
            "<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>x</resource></bind>",
            "<session xmlns='urn:ietf:params:xml:ns:xmpp-session'/>",
        ):
            answer = await self.ask(f"<iq type='set' id='x'>{inside}</iq>", "iq")
            assert answer == "result", answer
        await self.ask("<enable xmlns='urn:xmpp:sm:3'/>", "enabled", "failed")
        self._heard, self._said = 0, 1
        self.write("<presence/>")

    async def join(self, group: int) -> None:
        self._said += 1
        self.write(
            f"<presence to='g{group}@{ROOMS}/u{self._user}'><x "
            "xmlns='http://jabber.org/protocol/muc'><history maxstanzas='0'/></x></presence>"
        )
        await asyncio.sleep(0.02)

    async def register(self) -> None:
        answer = await self.ask(
            f"<iq type='set' id='r' to='{DOMAIN}'><query xmlns='jabber:iq:register'>"
            f"<username>u{self._user}</username><password>p</password></query></iq>",
            "iq",
        )
        assert answer == "result", answer

    async def close(self) -> None:
        self.write("</stream:stream>")
        self._transport.close()


async def opened(port: int, user: int, sink: Sink | None) -> Connection:
    _, connection = await asyncio.get_running_loop().create_connection(
        lambda: Connection(user, sink), "127.0.0.1", port
    )
    await connection.open()
    return connection
