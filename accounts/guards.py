"""Who is asking. The one HTTP-aware module that other apps may import from accounts."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, wraps
from importlib import import_module
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.http.request import validate_host
from django.utils import timezone, translation

from accounts import queries
from accounts.models import Account, Person
from superapp.kernel.api import API


class MemberRequest(HttpRequest):
    account: Account
    user: Person


def members_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page for signed-in people: sets request.account, sends others to sign in."""

    @login_required
    @wraps(view)
    def guarded(request: MemberRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        request.account = queries.account_of(request.user)
        return view(request, *args, **kwargs)

    return guarded


class PersonMiddleware:
    """Speaks the person's language and shows their time zone."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            _speak_like(request.user)
        try:
            return self.get_response(request)
        finally:
            timezone.deactivate()


def _speak_like(person: Any) -> None:
    timezone.activate(ZoneInfo(person.time_zone or settings.HOME_TIME_ZONE))
    if person.language:
        translation.activate(person.language)


class MemberAPI(API):
    """An API view for a signed-in person or their token; `self.account` is the actor."""

    @cached_property
    def account(self) -> Account:
        return queries.account_of(self.request.user)


@dataclass(frozen=True, slots=True)
class SocketCaller:
    """Who opened a socket. `session_key` is empty for a token."""

    account_id: int
    public_id: str
    session_key: str


def socket_caller(bearer: str, session_key: str) -> SocketCaller | None:
    """The active person behind a bearer token or a session cookie; None for nobody."""
    person: Any = None
    if bearer:
        token = queries.token_for(bearer.removeprefix("Bearer ").strip())
        person, session_key = (token.person if token else None), ""
    elif session_key:
        engine = import_module(settings.SESSION_ENGINE)
        person = get_user(SimpleNamespace(session=engine.SessionStore(session_key)))  # type: ignore[arg-type]
    if person is None or not person.is_authenticated or not person.is_active:
        return None
    account = queries.account_of(person)
    return SocketCaller(account.pk, account.public_id, session_key)


def is_own_origin(scope: Mapping[str, Any]) -> bool:
    """The page that opens the socket must be ours: same scheme, host and port, never "*".

    A browser always sends Origin with a handshake; without one the cookie is not trusted.
    """
    headers = dict(scope["headers"])
    origin = headers.get(b"origin", b"").decode("latin-1").lower()
    if settings.PUBLIC_ORIGIN:
        return origin == settings.PUBLIC_ORIGIN.lower()
    host = headers.get(b"host", b"").decode("latin-1").lower()
    scheme = "https" if scope.get("scheme") == "wss" else "http"
    name = host.rsplit(":", 1)[0] if ":" in host.rsplit("]", 1)[-1] else host
    return origin == f"{scheme}://{host}" and validate_host(name, settings.ALLOWED_HOSTS)
