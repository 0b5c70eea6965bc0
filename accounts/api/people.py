"""Finding people, asking them, and answering."""

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import actions, queries
from accounts.actions import Wish
from accounts.api import serializers as shapes
from accounts.guards import MemberAPI
from superapp.kernel.api import page_by_pk
from superapp.kernel.api_schema import PAGING, page_of
from superapp.kernel.errors import Invalid


class Lookup(MemberAPI):
    @extend_schema(operation_id="people_lookup", request=shapes.LookupIn, responses=shapes.FoundOut)
    def post(self, request: Request) -> Response:
        """Find somebody by ID or phone number. Every look-up counts, found or not."""
        words = shapes.given(shapes.LookupIn, request)["q"]
        found = actions.find_person(viewer=self.account, words=words)
        return Response(shapes.FoundOut(found).data)


class OnePerson(MemberAPI):
    @extend_schema(operation_id="people_get", responses=shapes.ProfileOut)
    def get(self, request: Request, account_id: str) -> Response:
        """Somebody's page; `way` is empty when the caller knows them or needs a look-up first."""
        return Response(shapes.ProfileOut(queries.profile_for(self.account, account_id)).data)


class FriendRequests(MemberAPI):
    @extend_schema(
        operation_id="friend_requests_list",
        parameters=[
            *PAGING,
            OpenApiParameter("direction", {"type": "string", "enum": ["received", "sent"]}),
        ],
        responses=page_of(shapes.FriendRequestOut),
    )
    def get(self, request: Request) -> Response:
        """Who asked the caller, or whom the caller asked; newest first."""
        listed = {"received": queries.requests_received, "sent": queries.requests_sent}
        rows = listed.get(request.query_params.get("direction", "received"))
        if rows is None:
            raise Invalid
        page, cursor = page_by_pk(request, rows(self.account))
        items = shapes.FriendRequestOut(page, many=True).data
        return Response({"items": items, "next_cursor": cursor})

    @extend_schema(
        operation_id="friend_requests_ask",
        request=shapes.FriendRequestIn,
        responses={201: shapes.AskedOut},
    )
    def post(self, request: Request) -> Response:
        """Ask somebody, by the `way` a look-up or a code gave."""
        given = shapes.given(shapes.FriendRequestIn, request)
        receiver, way = given.pop("account"), given.pop("way")
        asked = actions.ask_friend(
            sender=self.account, receiver_id=receiver, way=way, wish=Wish(**given)
        )
        waits = asked.request.public_id if asked.request else None
        return Response({"is_friend": asked.is_friend, "request": waits}, status=201)


class Accept(MemberAPI):
    @extend_schema(
        operation_id="friend_requests_accept", request=shapes.AcceptIn, responses=shapes.ContactOut
    )
    def post(self, request: Request, request_id: str) -> Response:
        """Become friends, and say in the same step who they are to the caller."""
        given = shapes.given(shapes.AcceptIn, request)
        tags = given.pop("tags", [])
        row = actions.accept_friend_request(
            receiver=self.account, request_id=request_id, tag_ids=tags, **given
        )
        contact = queries.contact_for(self.account, row.sender.public_id)
        return Response(shapes.ContactOut(contact).data)


class Ignore(MemberAPI):
    @extend_schema(operation_id="friend_requests_ignore", request=None, responses={204: None})
    def post(self, request: Request, request_id: str) -> Response:
        """Say nothing to it; the sender is not told."""
        actions.ignore_friend_request(receiver=self.account, request_id=request_id)
        return Response(status=204)


class Seen(MemberAPI):
    @extend_schema(operation_id="friend_requests_seen", request=None, responses={204: None})
    def post(self, request: Request) -> Response:
        """The caller has looked at them: the badge goes."""
        actions.see_friend_requests(receiver=self.account)
        return Response(status=204)
