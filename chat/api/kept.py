"""Favourites, scheduled messages and reports over the API."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.guards import MemberAPI
from chat import actions, queries
from chat.api import serializers as shapes
from superapp.kernel.api import page_by_pk
from superapp.kernel.api_schema import PAGING, page_of


class Favourites(MemberAPI):
    @extend_schema(
        operation_id="favourites_list",
        parameters=PAGING,
        responses=page_of(shapes.FavouriteOut),
    )
    def get(self, request: Request) -> Response:
        found, cursor = page_by_pk(request, queries.favourites_of(self.account))
        items = shapes.FavouriteOut(found, many=True).data
        return Response({"items": items, "next_cursor": cursor})

    @extend_schema(
        operation_id="favourites_keep",
        request=shapes.FavouriteIn,
        responses={201: shapes.FavouriteOut},
    )
    def post(self, request: Request) -> Response:
        """Keep a copy of a message."""
        data = shapes.FavouriteIn(data=request.data)
        data.is_valid(raise_exception=True)
        kept = actions.keep_message(
            owner=self.account,
            conversation_id=data.validated_data["conversation"],
            seq=data.validated_data["seq"],
        )
        return Response(shapes.FavouriteOut(kept).data, status=201)


class OneFavourite(MemberAPI):
    @extend_schema(
        operation_id="favourites_describe",
        request=shapes.FavouriteNoteIn,
        responses=shapes.FavouriteOut,
    )
    def put(self, request: Request, favourite_id: str) -> Response:
        data = shapes.FavouriteNoteIn(data=request.data)
        data.is_valid(raise_exception=True)
        kept = actions.describe_favourite(
            owner=self.account, favourite_id=favourite_id, **data.validated_data
        )
        return Response(shapes.FavouriteOut(kept).data)

    @extend_schema(operation_id="favourites_drop", responses={204: None})
    def delete(self, request: Request, favourite_id: str) -> Response:
        actions.drop_favourite(owner=self.account, favourite_id=favourite_id)
        return Response(status=204)


class Scheduled(MemberAPI):
    @extend_schema(
        operation_id="scheduled_list",
        parameters=PAGING,
        responses=page_of(shapes.ScheduledOut),
    )
    def get(self, request: Request) -> Response:
        """Messages that wait for their time."""
        found, cursor = page_by_pk(request, queries.scheduled_of(self.account))
        items = shapes.ScheduledOut(found, many=True).data
        return Response({"items": items, "next_cursor": cursor})

    @extend_schema(
        operation_id="scheduled_make",
        request=shapes.ScheduledIn,
        responses={201: shapes.ScheduledOut},
    )
    def post(self, request: Request) -> Response:
        data = shapes.ScheduledIn(data=request.data)
        data.is_valid(raise_exception=True)
        row = actions.schedule_message(
            author=self.account,
            conversation_id=data.validated_data["conversation"],
            text=data.validated_data["text"],
            due_at=data.validated_data["due_at"],
        )
        return Response(shapes.ScheduledOut(row).data, status=201)


class OneScheduled(MemberAPI):
    @extend_schema(
        operation_id="scheduled_change",
        request=shapes.ScheduledChangeIn,
        responses=shapes.ScheduledOut,
    )
    def put(self, request: Request, scheduled_id: str) -> Response:
        data = shapes.ScheduledChangeIn(data=request.data)
        data.is_valid(raise_exception=True)
        row = actions.change_scheduled(
            author=self.account, scheduled_id=scheduled_id, **data.validated_data
        )
        return Response(shapes.ScheduledOut(row).data)

    @extend_schema(operation_id="scheduled_cancel", responses={204: None})
    def delete(self, request: Request, scheduled_id: str) -> Response:
        actions.cancel_scheduled(author=self.account, scheduled_id=scheduled_id)
        return Response(status=204)


class Reports(MemberAPI):
    @extend_schema(
        operation_id="reports_make",
        request=shapes.ReportIn,
        responses={201: shapes.ReportOut},
    )
    def post(self, request: Request) -> Response:
        """Tell staff that a message, or the other side of a chat, breaks the rules."""
        data = shapes.ReportIn(data=request.data)
        data.is_valid(raise_exception=True)
        given = data.validated_data
        about = {
            "reporter": self.account,
            "conversation_id": given["conversation"],
            "category": given["category"],
            "note": given["note"],
        }
        if given.get("seq"):
            row = actions.report_message(**about, seq=given["seq"])
        else:
            row = actions.report_conversation(**about)
        return Response(shapes.ReportOut(row).data, status=201)
