"""Sends programs written for WeChat to another server, without a change to their code.

Most clients hard-code at least one of the platform's hosts, so "another base URL" is done once, below
the client: whatever `requests` is about to send to one of these hosts goes to the server named by
WX_BASE_URL. Paths, queries, bodies and signatures stay as they are.

    WX_BASE_URL=https://superapp.example.com PYTHONPATH=sdk:sdk/site python bot.py

`sdk/site` holds a `sitecustomize.py`, which Python imports at its start. A program of one's own may
call `wxredirect.install("https://superapp.example.com")` instead.
"""

import os
from urllib.parse import urlsplit

from requests import PreparedRequest, Response
from requests.adapters import HTTPAdapter

HOSTS = frozenset(
    {
        "api.weixin.qq.com",
        "api2.weixin.qq.com",
        "sh.api.weixin.qq.com",
        "sz.api.weixin.qq.com",
        "hk.api.weixin.qq.com",
        "file.api.weixin.qq.com",
        "mp.weixin.qq.com",
        "open.weixin.qq.com",
    }
)


def moved(url: str, base: str) -> str:
    """The address at `base` that stands for one of the platform's; any other stays."""
    if urlsplit(url).hostname not in HOSTS:
        return url
    # What follows the host is copied and not parsed: a signature may cover every byte of it.
    rest = url.split("://", 1)[1]
    start = min((place for place in (rest.find("/"), rest.find("?")) if place >= 0), default=-1)
    tail = rest[start:] if start >= 0 else "/"
    return base.rstrip("/") + (tail if tail.startswith("/") else f"/{tail}")


def install(base: str = "") -> None:
    """From now on everything that `requests` sends to the platform goes to `base`, or where
    WX_BASE_URL says. Asking again moves it."""
    target = base or os.environ["WX_BASE_URL"]
    send = getattr(HTTPAdapter.send, "unmoved", HTTPAdapter.send)

    def send_moved(self: HTTPAdapter, request: PreparedRequest, **more: object) -> Response:
        request.url = moved(request.url or "", target)
        if request.url.startswith("http://"):
            more["cert"] = None  # the certificates of merchants mean nothing without TLS
        return send(self, request, **more)

    send_moved.unmoved = send  # type: ignore[attr-defined]
    HTTPAdapter.send = send_moved  # type: ignore[method-assign]
