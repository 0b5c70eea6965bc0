"""Who is asking. The one HTTP-aware module that other apps may import from accounts."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, wraps
from importlib import import_module
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.auth.decorators import login_required
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.http.request import validate_host
from django.utils import timezone, translation
from django.utils.crypto import salted_hmac
from django.utils.functional import SimpleLazyObject

from accounts import actions, queries
from accounts.models import Account, OfficialAccount, Person
from superapp.kernel import wechat
from superapp.kernel.api import API


class MemberRequest(HttpRequest):
    account: Account
    user: Person


class ReaderRequest(HttpRequest):
    """Somebody who may be nobody in particular."""

    reader: Account | None


def members_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page for signed-in people: sets request.account, sends others to sign in."""

    @login_required
    @wraps(view)
    def guarded(request: MemberRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        request.account = queries.account_of(request.user)
        return view(request, *args, **kwargs)

    return guarded


def everybody(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page for signed-in people and passers-by alike: sets request.reader, None for the latter."""

    @wraps(view)
    def guarded(request: ReaderRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        is_known = isinstance(request.user, Person)
        request.reader = queries.account_of(request.user) if is_known else None
        return view(request, *args, **kwargs)

    return guarded


class PersonMiddleware:
    """Speaks the person's language and shows their time zone."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if isinstance(request.user, Person):
            # For pages that are not ours (allauth's): whoever draws the rail asks for it.
            request.account = SimpleLazyObject(  # type: ignore[attr-defined]
                lambda: queries.account_of(request.user)
            )
            _speak_like(request.user)
            actions.note_activity(
                person=request.user,
                session_key=request.session.session_key or "",
                ip=ip_of(request),
                user_agent=request.headers.get("User-Agent", ""),
            )
        try:
            return self.get_response(request)
        finally:
            timezone.deactivate()


def _speak_like(person: Person) -> None:
    timezone.activate(ZoneInfo(person.time_zone or settings.HOME_TIME_ZONE))
    if person.language:
        translation.activate(person.language)


def sandbox(request: HttpRequest) -> dict[str, bool]:
    """Context processor: pages that wait for a code say where the sandbox keeps it."""
    return {"SANDBOX": settings.SANDBOX}


def ip_of(request: HttpRequest) -> str:
    """The caller's address; X-Forwarded-For only as far as PROXIES of ours wrote it."""
    return str(get_adapter().get_client_ip(request))


def device_of(request: HttpRequest) -> str:
    """The caller's browser, system and place, in words."""
    name = queries.device_name(request.headers.get("User-Agent", ""))
    return f"{name} · {queries.place_of(ip_of(request))}"


DEVICE_COOKIE = "device"
_DEVICE_SALT = "accounts.device"
_DEVICE_PEOPLE_MAX = 10


def is_known_device(request: HttpRequest, person: Person) -> bool:
    """Whether this person signed in from this browser before, as its own cookie says."""
    return _mark_of(person) in _marks(request)


def remember_device(request: HttpRequest, person: Person, response: HttpResponse) -> None:
    """Next time this browser is no stranger. The cookie names nobody: it holds keyed sums."""
    mark = _mark_of(person)
    marks = [mark, *(m for m in _marks(request) if m != mark)][:_DEVICE_PEOPLE_MAX]
    response.set_cookie(
        DEVICE_COOKIE,
        signing.dumps(marks, salt=_DEVICE_SALT),
        max_age=settings.KNOWN_DEVICE_SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _marks(request: HttpRequest) -> list[str]:
    try:
        marks: list[str] = signing.loads(
            request.COOKIES.get(DEVICE_COOKIE, ""),
            salt=_DEVICE_SALT,
            max_age=settings.KNOWN_DEVICE_SECONDS,
        )
    except signing.BadSignature:
        return []
    return marks


def _mark_of(person: Person) -> str:
    return salted_hmac(_DEVICE_SALT, str(person.pk)).hexdigest()[:24]


def files_for_members(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """A file for signed-in people and bearers of tokens: sets request.account, 401 to others."""

    @wraps(view)
    def guarded(request: MemberRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        person: Any = request.user
        scheme, _space, secret = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            token = queries.token_for(secret.strip())
            person = token.person if token else None
        if person is None or not person.is_authenticated:
            return HttpResponse(status=401, headers={"WWW-Authenticate": "Bearer"})
        request.account = queries.account_of(person)
        return view(request, *args, **kwargs)

    return guarded


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
        return bool(origin == settings.PUBLIC_ORIGIN.lower())
    host = headers.get(b"host", b"").decode("latin-1").lower()
    scheme = "https" if scope.get("scheme") == "wss" else "http"
    name = host.rsplit(":", 1)[0] if ":" in host.rsplit("]", 1)[-1] else host
    return origin == f"{scheme}://{host}" and validate_host(name, settings.ALLOWED_HOSTS)


# -- programs of official accounts: whose token it is, and our refusals as their codes
PROGRAM_CODES: dict[str, tuple[int, str]] = {
    "accounts.program_not_found": (40013, "invalid appid"),
    "accounts.bad_program_secret": (40125, "invalid appsecret"),
    "accounts.program_token_unknown": (
        40001,
        "invalid credential, access_token is invalid or not latest",
    ),
    "accounts.program_token_expired": (42001, "access_token expired"),
    "accounts.tokens_too_often": (45009, "reach max api daily quota limit"),
    "accounts.follower_not_found": (40003, "invalid openid"),
    "accounts.follower_tag_not_found": (45159, "invalid tag id"),
    "accounts.tag_exists": (45157, "invalid tag name, duplicate"),
    "accounts.bad_tag_name": (45158, "tag name too long"),
    "accounts.system_tag": (45058, "can't modify system tag"),
    "accounts.too_many_tags": (45056, "too many tag now"),
    "accounts.bad_scene": (40053, "invalid action info"),
    "accounts.media_not_found": (40007, "invalid media_id"),
    "accounts.bad_media": (40004, "invalid media type"),
    "accounts.media_too_large": (45001, "media size out of limit"),
    "accounts.media_too_long": (45007, "playtime out of limit"),
    "accounts.media_full": (45009, "reach max api daily quota limit"),
    "accounts.not_following": (43004, "require subscribe"),
    "accounts.unknown_form": (40036, "invalid template_id_short"),
    "accounts.unknown_industry": (40102, "invalid industry id"),
    "accounts.template_not_found": (40037, "invalid template_id"),
    "accounts.too_many_templates": (45026, "template num exceeds limit"),
    "accounts.bad_template_data": (47003, "argument invalid!"),
    "accounts.sign_in_code_unknown": (40029, "invalid code"),
    "accounts.sign_in_code_used": (40163, "code been used"),
    "accounts.refresh_token_unknown": (40030, "invalid refresh_token"),
    "accounts.refresh_token_expired": (42002, "refresh_token expired"),
    "accounts.openid_of_another": (40003, "invalid openid"),
    "accounts.scope_too_small": (48001, "api unauthorized"),
    "accounts.templates_too_often": (45009, "reach max api daily quota limit"),
}
ProgramDoor = Callable[[HttpRequest, OfficialAccount], wechat.Answer]


def program(
    *methods: str,
    codes: Mapping[str, tuple[int, str]] | None = None,
    labelled: str = wechat.LABELLED_JSON,
) -> Callable[[ProgramDoor], wechat.View]:
    """A door for the holder of an access token; it gets the official account."""

    def decorate(view: ProgramDoor) -> wechat.View:
        @wechat.door(*methods, codes={**PROGRAM_CODES, **(codes or {})}, labelled=labelled)
        @wraps(view)
        def answer(request: HttpRequest) -> wechat.Answer:
            return view(request, _program_of(request))

        return answer

    return decorate


def _program_of(request: HttpRequest) -> OfficialAccount:
    token = request.GET.get("access_token", "")
    if not token:
        raise wechat.WeChatError(41001, "access_token missing")
    return queries.official_by_token(token)
