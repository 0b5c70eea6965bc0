"""Who is asking. The one HTTP-aware module that other apps may import from accounts."""

from collections.abc import Callable
from functools import cached_property, wraps
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from rest_framework import authentication, exceptions
from rest_framework.request import Request

from accounts import queries
from accounts.models import Account, Person, PersonalToken
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


class SessionAuthentication(authentication.SessionAuthentication):
    """The browser's session, with CSRF; says 401 (not 403) to nobody."""

    def authenticate_header(self, request: Request) -> str:
        return "Session"


class TokenAuthentication(authentication.BaseAuthentication):
    """`Authorization: Bearer <personal access token>`."""

    def authenticate(self, request: Request) -> tuple[Person, PersonalToken] | None:
        scheme, _space, secret = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        token = queries.token_for(secret.strip())
        if token is None:
            raise exceptions.AuthenticationFailed
        return token.person, token

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class MemberAPI(API):
    """An API view for a signed-in person or their token; `self.account` is the actor."""

    @cached_property
    def account(self) -> Account:
        return queries.account_of(self.request.user)
