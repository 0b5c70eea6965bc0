"""The one client for addresses that strangers give us: link previews, callbacks, imports.

An address is resolved once and every answer must be public; the connection goes to that very
address while TLS checks the name, so a name that changes between look and use (DNS rebinding)
gains nothing. Redirects are followed by hand, through the same door.
"""

import http.client
import ipaddress
import re
import socket
import ssl
import time
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import SplitResult, urljoin, urlsplit

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
    if len(url) > URL_MAX or _BAD_CHARACTERS.search(url):
        raise Unreachable
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise Unreachable from None
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise Unreachable
    if parts.username is not None or parts.password is not None:
        raise Unreachable
    if port is not None and port not in settings.FETCH_PORTS:
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
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise Unreachable from None
    addresses = [str(info[4][0]) for info in found]
    is_allowed = all(map(is_public, addresses)) or host in settings.FETCH_TRUSTED_HOSTS
    if not addresses or not is_allowed:
        raise Unreachable
    return addresses[0]


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
