"""Where the caller is signed in, and the keys of their programs."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import actions, queries
from accounts.api import serializers as shapes
from accounts.errors import TokenNotEnough
from accounts.guards import MemberAPI
from accounts.models import Person, PersonalToken
from superapp.kernel.api import page_by_pk
from superapp.kernel.api_schema import PAGING, page_of


class PersonAPI(MemberAPI):
    """For what only the person may do: a token that leaked must not make more of itself."""

    @property
    def person(self) -> Person:
        if isinstance(self.request.auth, PersonalToken):
            raise TokenNotEnough
        return self.account.person


class Sessions(PersonAPI):
    @extend_schema(operation_id="sessions_list", responses=shapes.SessionsOut)
    def get(self, request: Request) -> Response:
        """Every device on which the caller is signed in; this one first."""
        here = request.session.session_key or "" if request.auth is None else ""
        found = queries.devices_of(self.account.person, current_key=here)
        return Response({"items": shapes.SessionOut(found, many=True).data})

    @extend_schema(operation_id="sessions_end_others", responses=shapes.EndedOut)
    def delete(self, request: Request) -> Response:
        """Sign out every device but this one; their sockets close at once."""
        keep = request.session.session_key or ""
        return Response({"ended": actions.end_other_sessions(person=self.person, keep=keep)})


class OneSession(PersonAPI):
    @extend_schema(operation_id="sessions_end", responses={204: None})
    def delete(self, request: Request, session_id: str) -> Response:
        actions.end_session(person=self.person, session_id=session_id)
        return Response(status=204)


class Tokens(PersonAPI):
    @extend_schema(
        operation_id="tokens_list", parameters=PAGING, responses=page_of(shapes.TokenOut)
    )
    def get(self, request: Request) -> Response:
        """The caller's tokens, without their secrets."""
        page, cursor = page_by_pk(request, queries.tokens_of(self.account.person))
        return Response({"items": shapes.TokenOut(page, many=True).data, "next_cursor": cursor})

    @extend_schema(
        operation_id="tokens_create", request=shapes.TokenIn, responses={201: shapes.NewTokenOut}
    )
    def post(self, request: Request) -> Response:
        """A new token. Its secret is in this answer and nowhere else; a token can't make one."""
        token, secret = actions.create_token(
            person=self.person, **shapes.given(shapes.TokenIn, request)
        )
        answer = shapes.NewTokenOut({"token": token, "secret": secret}).data
        return Response(answer, status=201)

    def _post_once(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        # No kept answer for an Idempotency-Key: it would hold the secret for a day.
        return self.post_uncached(request)

    post_uncached = post


class OneToken(PersonAPI):
    @extend_schema(operation_id="tokens_revoke", responses={204: None})
    def delete(self, request: Request, token_id: str) -> Response:
        """The token opens nothing from now on. A token may revoke itself."""
        own = request.auth if isinstance(request.auth, PersonalToken) else None
        is_self = own is not None and own.public_id == token_id
        person = self.account.person if is_self else self.person
        actions.revoke_token(person=person, token_id=token_id)
        return Response(status=204)
