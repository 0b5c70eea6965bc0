"""Conversations over the API: listing, opening, settings, members."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import queries as people
from accounts.guards import MemberAPI
from chat import actions, queries
from chat.api import serializers as shapes
from chat.models import Conversation
from superapp.kernel.api import page_by_pk
from superapp.kernel.api_schema import PAGING, page_of
from superapp.kernel.errors import Invalid

_FOLDERS = ("main", "greetings", "subscriptions", "archive")


def _row(view: MemberAPI, conversation_id: str) -> dict[str, Any]:
    return shapes.ConversationOut(queries.inbox_row(view.account, conversation_id)).data


class Conversations(MemberAPI):
    @extend_schema(
        operation_id="conversations_list",
        parameters=[
            PAGING[1],
            OpenApiParameter("folder", {"type": "string", "enum": list(_FOLDERS)}),
        ],
        responses=page_of(shapes.ConversationOut),
    )
    def get(self, request: Request) -> Response:
        """The caller's chats, pinned first, then by latest activity."""
        folder = request.query_params.get("folder", "main")
        if folder not in _FOLDERS:
            raise Invalid
        rows, cursor = queries.inbox_page(
            self.account, folder=folder, cursor=request.query_params.get("cursor", "")
        )
        items = shapes.ConversationOut(rows, many=True).data
        return Response({"items": items, "next_cursor": cursor or None})

    @extend_schema(
        operation_id="conversations_open",
        request=shapes.ConversationIn,
        responses={201: shapes.ConversationOut},
    )
    def post(self, request: Request) -> Response:
        """Open the direct chat with one account, a new group of several, or the chat with oneself."""
        data = shapes.ConversationIn(data=request.data)
        data.is_valid(raise_exception=True)
        opened = self._open(**data.validated_data)
        return Response(_row(self, opened.public_id), status=201)

    def _open(self, *, accounts: list[str], title: str, kind: str) -> Conversation:
        others = [people.account_for(self.account, one) for one in dict.fromkeys(accounts)]
        if kind == "self" or (kind == "auto" and not others):
            return actions.open_self(viewer=self.account)
        if kind == "direct" or (kind == "auto" and len(others) == 1 and not title):
            if len(others) != 1:
                raise Invalid
            return actions.open_direct(viewer=self.account, other=others[0])
        return actions.create_group(owner=self.account, members=others, title=title)


class OneConversation(MemberAPI):
    @extend_schema(operation_id="conversations_get", responses=shapes.ConversationOut)
    def get(self, request: Request, conversation_id: str) -> Response:
        return Response(_row(self, conversation_id))

    @extend_schema(
        operation_id="conversations_set",
        request=shapes.SeatIn,
        responses=shapes.ConversationOut,
    )
    def patch(self, request: Request, conversation_id: str) -> Response:
        """Pin, mute, archive, mark as unread, keep a draft: the caller's own settings."""
        data = shapes.SeatIn(data=request.data)
        data.is_valid(raise_exception=True)
        for name, value in data.validated_data.items():
            self._set(conversation_id, name, value)
        return Response(_row(self, conversation_id))

    @extend_schema(operation_id="conversations_delete", responses={204: None})
    def delete(self, request: Request, conversation_id: str) -> Response:
        """Clear and hide it for the caller alone."""
        actions.delete_chat(viewer=self.account, conversation_id=conversation_id)
        return Response(status=204)

    def _set(self, conversation_id: str, name: str, value: Any) -> None:
        own: dict[str, Any] = {"viewer": self.account, "conversation_id": conversation_id}
        if name == "draft":
            actions.save_draft(**own, text=value)
            return
        switches = {
            ("is_pinned", True): actions.pin_chat,
            ("is_pinned", False): actions.unpin_chat,
            ("is_muted", True): actions.mute_chat,
            ("is_muted", False): actions.unmute_chat,
            ("is_archived", True): actions.archive_chat,
            ("is_archived", False): actions.unarchive_chat,
            ("is_marked_unread", True): actions.mark_unread,
        }
        switch = switches.get((name, value))
        if switch is not None:
            switch(**own)


class Read(MemberAPI):
    @extend_schema(operation_id="conversations_read", request=shapes.ReadIn, responses={204: None})
    def post(self, request: Request, conversation_id: str) -> Response:
        """Everything up to `seq` was seen."""
        data = shapes.ReadIn(data=request.data)
        data.is_valid(raise_exception=True)
        queries.seat_of(self.account, conversation_id)
        actions.mark_read(
            account_id=self.account.pk, conversation_id=conversation_id, **data.validated_data
        )
        return Response(status=204)


class Members(MemberAPI):
    @extend_schema(
        operation_id="members_list", parameters=PAGING, responses=page_of(shapes.MemberOut)
    )
    def get(self, request: Request, conversation_id: str) -> Response:
        seat = queries.seat_of(self.account, conversation_id)
        found, cursor = page_by_pk(request, queries.members_of(seat))
        return Response({"items": shapes.MemberOut(found, many=True).data, "next_cursor": cursor})

    @extend_schema(
        operation_id="members_add",
        request=shapes.MembersIn,
        responses={200: shapes.JoinOut(many=True)},
    )
    def post(self, request: Request, conversation_id: str) -> Response:
        """Add friends; those who have to accept first are returned as invitations."""
        data = shapes.MembersIn(data=request.data)
        data.is_valid(raise_exception=True)
        queries.seat_of(self.account, conversation_id)
        waiting = actions.add_people(
            actor=self.account,
            conversation_id=conversation_id,
            people=[
                people.account_for(self.account, one) for one in data.validated_data["accounts"]
            ],
            reason=data.validated_data["reason"],
        )
        return Response(shapes.JoinOut(waiting, many=True).data)


class OneMember(MemberAPI):
    @extend_schema(operation_id="members_set_role", request=shapes.RoleIn, responses={204: None})
    def patch(self, request: Request, conversation_id: str, account_id: str) -> Response:
        """The owner appoints and dismisses admins, or hands the group over."""
        data = shapes.RoleIn(data=request.data)
        data.is_valid(raise_exception=True)
        act = {
            "owner": actions.transfer_group,
            "admin": actions.appoint_admin,
            "member": actions.dismiss_admin,
        }[data.validated_data["role"]]
        seat = queries.seat_of(self.account, conversation_id)
        act(
            actor=self.account,
            conversation_id=conversation_id,
            member=queries.member_in(seat, account_id),
        )
        return Response(status=204)

    @extend_schema(operation_id="members_remove", responses={204: None})
    def delete(self, request: Request, conversation_id: str, account_id: str) -> Response:
        """Remove a member, or leave when it is the caller."""
        seat = queries.seat_of(self.account, conversation_id)
        if account_id == self.account.public_id:
            actions.leave_group(member=self.account, conversation_id=conversation_id)
        else:
            actions.remove_member(
                actor=self.account,
                conversation_id=conversation_id,
                member=queries.member_in(seat, account_id),
            )
        return Response(status=204)


class Group(MemberAPI):
    @extend_schema(
        operation_id="groups_set", request=shapes.GroupIn, responses=shapes.ConversationOut
    )
    def patch(self, request: Request, conversation_id: str) -> Response:
        """Title, approval of new members, announcement."""
        data = shapes.GroupIn(data=request.data)
        data.is_valid(raise_exception=True)
        place: dict[str, Any] = {"actor": self.account, "conversation_id": conversation_id}
        given = data.validated_data
        if "title" in given:
            actions.rename_group(**place, title=given["title"])
        if "announcement" in given:
            actions.announce(**place, text=given["announcement"])
        if "needs_approval" in given:
            switch = actions.ask_approval if given["needs_approval"] else actions.waive_approval
            switch(**place)
        return Response(_row(self, conversation_id))

    @extend_schema(operation_id="groups_disband", responses={204: None})
    def delete(self, request: Request, conversation_id: str) -> Response:
        actions.disband_group(actor=self.account, conversation_id=conversation_id)
        return Response(status=204)


class Invitations(MemberAPI):
    @extend_schema(
        operation_id="invitations_list", parameters=PAGING, responses=page_of(shapes.JoinOut)
    )
    def get(self, request: Request) -> Response:
        """Groups that wait for the caller's answer."""
        found, cursor = page_by_pk(
            request, queries.invitations_of(self.account).select_related("account__avatar")
        )
        return Response({"items": shapes.JoinOut(found, many=True).data, "next_cursor": cursor})


class OneInvitation(MemberAPI):
    @extend_schema(
        operation_id="invitations_answer", request=shapes.AnswerIn, responses={204: None}
    )
    def post(self, request: Request, join_id: str) -> Response:
        data = shapes.AnswerIn(data=request.data)
        data.is_valid(raise_exception=True)
        is_yes = data.validated_data["answer"] == "accept"
        act: Any = actions.accept_invitation if is_yes else actions.decline_invitation
        act(account=self.account, join_id=join_id)
        return Response(status=204)


class JoinRequests(MemberAPI):
    @extend_schema(
        operation_id="join_requests_list", parameters=PAGING, responses=page_of(shapes.JoinOut)
    )
    def get(self, request: Request, conversation_id: str) -> Response:
        """Who asks to come in; for the owner and admins."""
        seat = queries.seat_of(self.account, conversation_id)
        found, cursor = page_by_pk(request, queries.join_requests_for(seat))
        return Response({"items": shapes.JoinOut(found, many=True).data, "next_cursor": cursor})


class OneJoinRequest(MemberAPI):
    @extend_schema(
        operation_id="join_requests_answer", request=shapes.AnswerIn, responses={204: None}
    )
    def post(self, request: Request, join_id: str) -> Response:
        data = shapes.AnswerIn(data=request.data)
        data.is_valid(raise_exception=True)
        is_yes = data.validated_data["answer"] == "accept"
        act = actions.approve_join if is_yes else actions.decline_join
        act(actor=self.account, join_id=join_id)
        return Response(status=204)
