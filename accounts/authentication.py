"""How the API knows its caller. Apart from guards: DRF's settings load it before its views."""

from typing import Any

from django.conf import settings
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework import authentication, exceptions
from rest_framework.request import Request

from accounts import actions, queries
from accounts.models import Person, PersonalToken


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
        actions.note_token_use(token=token)
        return token.person, token

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class SessionScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the schema names the browser's session."""

    target_class = "accounts.authentication.SessionAuthentication"
    name = "session"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "apiKey", "in": "cookie", "name": settings.SESSION_COOKIE_NAME}


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the schema names a personal access token."""

    target_class = "accounts.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer"}
