"""The one client for addresses that strangers give us: link previews, callbacks, imports.

An address is resolved once and every answer must be public; the connection goes to that very
address while TLS checks the name, so a name that changes between look and use (DNS rebinding)
gains nothing. Redirects are followed by hand, through the same door.
"""

import asyncio
import http.client
import ipaddress
import re
import socket
import ssl
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from urllib.parse import SplitResult, urljoin, urlsplit
from weakref import WeakKeyDictionary

import h11
from django.conf import settings

from superapp.kernel.errors import Refusal

REDIRECTS_MAX = 3
URL_MAX = 2000
_CHUNK = 16 * 1024
_BAD_CHARACTERS = re.compile(r"[\x00-\x20\x7f\\]")
# Python calls these global although they carry, or lead to, an address inside.
_CARRIERS = [
    ipaddress.ip_network(network)
    for network in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32", "::/96")
]


class Unreachable(Refusal):
    """The address is not ours to fetch, or did not answer in time and size."""

    code = "fetch.unreachable"


@dataclass(frozen=True, slots=True)
class Page:
    """What came back: the final address, its type, and at most `limit` bytes of it."""

    url: str
    content_type: str
    body: bytes


def get(url: str, *, seconds: float, limit: int, accept: tuple[str, ...]) -> Page:
    """Fetch a public http(s) address within `seconds` in all and `limit` bytes.

    `accept` are prefixes of content types. No cookies, no credentials. Raises Unreachable.
    """
    deadline = time.monotonic() + seconds
    for _hop in range(REDIRECTS_MAX + 1):
        answer = _once(url, deadline, limit, accept)
        if isinstance(answer, Page):
            return answer
        url = urljoin(url, answer)
    raise Unreachable


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public internet, in whatever form it is written."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped is not None:
            return is_public(str(ip.ipv4_mapped))
        if any(ip in network for network in _CARRIERS):
            return False
    return ip.is_global and not ip.is_multicast


def _once(url: str, deadline: float, limit: int, accept: tuple[str, ...]) -> Page | str:
    parts = _checked(url)
    host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    connection = _connect(parts.scheme, host, port, deadline)
    try:
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request(
            "GET",
            path,
            headers={
                "User-Agent": "Superapp link preview",
                "Accept": ", ".join(accept),
                "Accept-Encoding": "identity",
            },
        )
        return _answer(url, connection.getresponse(), deadline, limit, accept)
    except (OSError, http.client.HTTPException, ValueError):
        raise Unreachable from None
    finally:
        connection.close()


def _checked(url: str) -> SplitResult:
    parts = _address(url)
    _require_port(parts.port)
    return parts


def _require_port(port: int | None) -> None:
    if port is not None and port not in settings.FETCH_PORTS:
        raise Unreachable


def _address(url: str) -> SplitResult:
    if len(url) > URL_MAX or _BAD_CHARACTERS.search(url):
        raise Unreachable
    try:
        parts = urlsplit(url)
        _port = parts.port  # reading it checks it
    except ValueError:
        raise Unreachable from None
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise Unreachable
    if parts.username is not None or parts.password is not None:
        raise Unreachable
    return parts


def _connect(scheme: str, host: str, port: int, deadline: float) -> http.client.HTTPConnection:
    address = _resolved(host, port)
    timeout = max(0.1, deadline - time.monotonic())
    try:
        stream = socket.create_connection((address, port), timeout)
    except OSError:
        raise Unreachable from None
    connection = http.client.HTTPConnection(host, port, timeout=timeout)
    if scheme == "https":
        try:
            stream = ssl.create_default_context().wrap_socket(stream, server_hostname=host)
        except OSError:
            stream.close()
            raise Unreachable from None
    connection.sock = stream
    return connection


def _resolved(host: str, port: int) -> str:
    """One address of the host; every one it has must be public."""
    addresses = _looked_up(host, port)
    _require_public(host, addresses)
    return addresses[0]


def _looked_up(host: str, port: int) -> list[str]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise Unreachable from None
    if not found:
        raise Unreachable
    return [str(info[4][0]) for info in found]


def _require_public(host: str, addresses: list[str]) -> None:
    if not all(map(is_public, addresses)) and host not in settings.FETCH_TRUSTED_HOSTS:
        raise Unreachable


def _answer(
    url: str,
    response: http.client.HTTPResponse,
    deadline: float,
    limit: int,
    accept: tuple[str, ...],
) -> Page | str:
    if response.status in {301, 302, 303, 307, 308}:
        location = response.getheader("Location")
        if not location:
            raise Unreachable
        return location
    content_type = response.getheader("Content-Type", "")
    if response.status != 200 or not content_type.startswith(accept):
        raise Unreachable
    return Page(url, content_type, b"".join(_pieces(response, deadline, limit)))


def _pieces(response: http.client.HTTPResponse, deadline: float, limit: int) -> Iterator[bytes]:
    """Stops at the limit: the beginning of a page is enough, a stream without end is not read."""
    while limit > 0:
        if time.monotonic() > deadline:
            raise Unreachable
        piece = response.read1(min(_CHUNK, limit))
        if not piece:
            return
        limit -= len(piece)
        yield piece


# -- without a thread each: many requests at once to servers that may never answer


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server said to `ask`: its status and the whole body."""

    status: int
    body: bytes


class TooSlow(Unreachable):
    """No whole answer in time."""

    code = "fetch.too_slow"


async def ask(
    method: str,
    url: str,
    body: bytes = b"",
    *,
    content_type: str = "",
    seconds: float,
    limit: int,
    may_be_loopback: bool = False,
) -> Answer:
    """One request to an address that a stranger gave, through the same checks; redirects are not
    followed. `may_be_loopback` lets it go to this machine, on any port: never in production.

    Raises TooSlow after `seconds` in all, Unreachable, also for an answer above `limit` bytes.
    """
    try:
        async with asyncio.timeout(seconds):
            return await _asked(
                method, url, body, content_type, limit, may_be_loopback=may_be_loopback
            )
    except TimeoutError:
        raise TooSlow from None
    except (OSError, h11.ProtocolError, ValueError):
        raise Unreachable from None


async def _asked(
    method: str, url: str, body: bytes, content_type: str, limit: int, *, may_be_loopback: bool
) -> Answer:
    parts = _address(url)
    host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    address = await _resolved_soon(host, port)
    if not (may_be_loopback and ipaddress.ip_address(address).is_loopback):
        _require_port(parts.port)
        _require_public(host, [address])
    is_tls = parts.scheme == "https"
    reader, writer = await asyncio.open_connection(
        address, port, ssl=_tls() if is_tls else None, server_hostname=host if is_tls else None
    )
    try:
        sent = h11.Connection(h11.CLIENT, max_incomplete_event_size=_HEAD_MAX)
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        headers = [
            ("Host", parts.netloc),
            ("User-Agent", "Mozilla/4.0"),
            ("Accept", "*/*"),
            ("Connection", "close"),
        ]
        if method != "GET":
            headers += [("Content-Type", content_type), ("Content-Length", str(len(body)))]
        said = sent.send(h11.Request(method=method, target=target, headers=headers)) or b""
        said += (sent.send(h11.Data(data=body)) or b"") if body else b""
        writer.write(said + (sent.send(h11.EndOfMessage()) or b""))
        await writer.drain()
        return await _heard(sent, reader, limit)
    finally:
        writer.transport.abort()


_HEAD_MAX = 32 * 1024


async def _heard(sent: h11.Connection, reader: asyncio.StreamReader, limit: int) -> Answer:
    status, body = 0, bytearray()
    while True:
        event = sent.next_event()
        if event is h11.NEED_DATA:
            sent.receive_data(await reader.read(_CHUNK))
        elif isinstance(event, h11.Response):
            status = event.status_code
        elif isinstance(event, h11.Data):
            body += event.data
            if len(body) > limit:
                raise Unreachable
        elif isinstance(event, h11.EndOfMessage):
            return Answer(status, bytes(body))
        elif not isinstance(event, h11.InformationalResponse):
            raise Unreachable


# Looking a name up takes a thread. A name whose server is silent holds one, however many requests
# wait for it, and is asked again only when the answer is some seconds old.
_RESOLVED_SECONDS = 5.0
_NAMES_MAX = 1000
_Names = dict[tuple[str, int], "tuple[float, asyncio.Future[str]]"]
_resolving: WeakKeyDictionary[asyncio.AbstractEventLoop, _Names] = WeakKeyDictionary()
_resolvers = ThreadPoolExecutor(64, thread_name_prefix="resolve")


async def _resolved_soon(host: str, port: int) -> str:
    loop = asyncio.get_running_loop()
    known = _resolving.setdefault(loop, {})
    at, found = known.get((host, port), (0.0, None))
    if found is None or (found.done() and time.monotonic() - at > _RESOLVED_SECONDS):
        if len(known) > _NAMES_MAX:
            known.clear()
        found = loop.run_in_executor(_resolvers, _first_of, host, port)
        found.add_done_callback(_note)
        known[host, port] = (time.monotonic(), found)
    return await asyncio.shield(found)


def _note(found: "asyncio.Future[str]") -> None:
    """Whoever waited may have given up: a failure that nobody reads is no news."""
    if not found.cancelled():
        found.exception()


def _first_of(host: str, port: int) -> str:
    """One address of the host. That all are public, or all loopback, is seen to here."""
    addresses = _looked_up(host, port)
    if not all(ipaddress.ip_address(a.partition("%")[0]).is_loopback for a in addresses):
        _require_public(host, addresses)
    return addresses[0]


@cache
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context()
