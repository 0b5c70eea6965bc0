"""Sockets, and in small installations pages too: everything one uvicorn process serves."""

import os
from typing import Any

from channels.routing import ProtocolTypeRouter, URLRouter
from channels.sessions import CookieMiddleware
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "superapp.settings")
http = get_asgi_application()

from django.urls import path, re_path  # noqa: E402  Django must be set up first

from chat.consumers import no_such_socket, socket  # noqa: E402

# Typed for views; Channels routes any ASGI callable with them.
addresses: list[Any] = [
    path("ws/", socket),  # type: ignore[arg-type]
    re_path("", no_such_socket),  # type: ignore[arg-type]
]
application = ProtocolTypeRouter(
    {
        "http": http,
        # Cookies only: Channels' session middleware would wrap every frame that is sent.
        "websocket": CookieMiddleware(URLRouter(addresses)),
    }
)
