"""How the API knows its caller. Apart from guards: DRF's settings load it before its views."""

from rest_framework import authentication, exceptions
from rest_framework.request import Request

from accounts import queries
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
        return token.person, token

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"
