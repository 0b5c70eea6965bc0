"""The caller's address book."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import actions, queries
from accounts.api import serializers as shapes
from accounts.guards import MemberAPI
from accounts.models import Contact
from superapp.kernel.api import page_by_pk, page_size
from superapp.kernel.api_schema import PAGING, page_of

_NOTED = ("remark", "note", "phones")
_MARKS = {
    ("is_starred", True): actions.star_contact,
    ("is_starred", False): actions.unstar_contact,
    ("is_chat_only", True): actions.limit_to_chat,
    ("is_chat_only", False): actions.lift_chat_limit,
}


class Contacts(MemberAPI):
    @extend_schema(
        operation_id="contacts_list",
        parameters=[
            *PAGING,
            OpenApiParameter(
                "q",
                {"type": "string", "maxLength": 60},
                description="Name, remark, pinyin, initials, ID or noted number; first page only.",
            ),
        ],
        responses=page_of(shapes.ContactOut),
    )
    def get(self, request: Request) -> Response:
        """Everybody in the caller's list, A to Z with Chinese read as pinyin."""
        size, words = page_size(request), request.query_params.get("q", "")
        if words:
            rows = list(queries.contacts_matching(self.account, words)[:size])
            return Response({"items": shapes.ContactOut(rows, many=True).data, "next_cursor": None})
        after = request.query_params.get("cursor", "")
        rows, cursor = queries.contacts_page(self.account, after, size)
        items = shapes.ContactOut(rows, many=True).data
        return Response({"items": items, "next_cursor": cursor or None})


class OneContact(MemberAPI):
    @extend_schema(operation_id="contacts_get", responses=shapes.ContactOut)
    def get(self, request: Request, account_id: str) -> Response:
        return self._answer(account_id)

    @extend_schema(
        operation_id="contacts_set", request=shapes.ContactIn, responses=shapes.ContactOut
    )
    def patch(self, request: Request, account_id: str) -> Response:
        """Remark, note, numbers, tags, star, chat only; what is left out stays."""
        given = shapes.given(shapes.ContactIn, request)
        self._describe(queries.contact_for(self.account, account_id), given)
        for name, value in given.items():
            mark = _MARKS.get((name, value)) if isinstance(value, bool) else None
            if mark is not None:
                mark(owner=self.account, contact_id=account_id)
        return self._answer(account_id)

    @extend_schema(operation_id="contacts_delete", responses={204: None})
    def delete(self, request: Request, account_id: str) -> Response:
        """Take somebody out of the caller's list; they keep theirs and are not told."""
        actions.delete_contact(owner=self.account, contact_id=account_id)
        return Response(status=204)

    def _describe(self, contact: Contact, given: dict[str, Any]) -> None:
        known: dict[str, Any] = {name: given.get(name, getattr(contact, name)) for name in _NOTED}
        who: dict[str, Any] = {"owner": self.account, "contact_id": contact.other.public_id}
        if "tags" in given:
            actions.describe_contact(**who, **known, tag_ids=given["tags"])
        elif given.keys() & set(_NOTED):
            actions.edit_contact(**who, **known)

    def _answer(self, account_id: str) -> Response:
        return Response(shapes.ContactOut(queries.contact_for(self.account, account_id)).data)


class Tags(MemberAPI):
    @extend_schema(
        operation_id="tags_list", parameters=PAGING, responses=page_of(shapes.TagWithSizeOut)
    )
    def get(self, request: Request) -> Response:
        """The caller's tags, newest first, each with the number of its contacts."""
        page, cursor = page_by_pk(request, queries.tags_of(self.account))
        items = shapes.TagWithSizeOut(page, many=True).data
        return Response({"items": items, "next_cursor": cursor})

    @extend_schema(operation_id="tags_create", request=shapes.TagIn, responses={201: shapes.TagOut})
    def post(self, request: Request) -> Response:
        tag = actions.create_tag(owner=self.account, **shapes.given(shapes.TagIn, request))
        return Response(shapes.TagOut(tag).data, status=201)


class OneTag(MemberAPI):
    @extend_schema(operation_id="tags_rename", request=shapes.TagIn, responses=shapes.TagOut)
    def patch(self, request: Request, tag_id: str) -> Response:
        given = shapes.given(shapes.TagIn, request)
        return Response(
            shapes.TagOut(actions.rename_tag(owner=self.account, tag_id=tag_id, **given)).data
        )

    @extend_schema(operation_id="tags_delete", responses={204: None})
    def delete(self, request: Request, tag_id: str) -> Response:
        """Only the tag goes; the contacts stay."""
        actions.delete_tag(owner=self.account, tag_id=tag_id)
        return Response(status=204)


class TagMembers(MemberAPI):
    @extend_schema(
        operation_id="tags_members_list",
        parameters=PAGING,
        responses=page_of(shapes.ContactOut),
    )
    def get(self, request: Request, tag_id: str) -> Response:
        """The contacts with this tag, newest first."""
        tag = queries.tag_for(self.account, tag_id)
        page, cursor = page_by_pk(request, queries.contacts_tagged(self.account, tag))
        items = shapes.ContactOut(page, many=True).data
        return Response({"items": items, "next_cursor": cursor})

    @extend_schema(
        operation_id="tags_members_set", request=shapes.TagMembersIn, responses={204: None}
    )
    def put(self, request: Request, tag_id: str) -> Response:
        """Exactly these contacts have the tag from now on."""
        accounts = shapes.given(shapes.TagMembersIn, request)["accounts"]
        actions.set_tag_members(owner=self.account, tag_id=tag_id, account_ids=accounts)
        return Response(status=204)


class Blocks(MemberAPI):
    @extend_schema(
        operation_id="blocks_list", parameters=PAGING, responses=page_of(shapes.BlockOut)
    )
    def get(self, request: Request) -> Response:
        """Whom the caller hears nothing from."""
        page, cursor = page_by_pk(request, queries.blocks_of(self.account))
        return Response({"items": shapes.BlockOut(page, many=True).data, "next_cursor": cursor})


class OneBlock(MemberAPI):
    @extend_schema(operation_id="blocks_add", request=None, responses={204: None})
    def put(self, request: Request, account_id: str) -> Response:
        actions.block_account(owner=self.account, account_id=account_id)
        return Response(status=204)

    @extend_schema(operation_id="blocks_remove", responses={204: None})
    def delete(self, request: Request, account_id: str) -> Response:
        actions.unblock_account(owner=self.account, account_id=account_id)
        return Response(status=204)
