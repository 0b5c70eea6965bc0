"""Messages over the API: reading, saying, taking back, finding, uploads."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import queries as people
from accounts.guards import MemberAPI
from chat import actions, queries
from chat.api import serializers as shapes
from chat.queries import Filters
from superapp.kernel import media
from superapp.kernel.api import cursor_of, page_by_pk, page_size, position
from superapp.kernel.api_schema import PAGING, page_of

_AFTER = OpenApiParameter(
    "after",
    {"type": "integer", "minimum": 0, "maximum": 10**18 - 1},
    description="Instead of the newest: messages after this seq, in rising order.",
)


class Messages(MemberAPI):
    @extend_schema(
        operation_id="messages_list",
        parameters=[*PAGING, _AFTER],
        responses=page_of(shapes.MessageOut),
    )
    def get(self, request: Request, conversation_id: str) -> Response:
        """Newest first and back by cursor, or what came after `after`."""
        seat = queries.seat_of(self.account, conversation_id)
        rows = queries.visible_to(seat).select_related(
            "author__avatar", "recalled_by", "conversation"
        )
        size = page_size(request)
        if "after" in request.query_params:
            after = position(request.query_params["after"])
            found = list(rows.filter(seq__gt=after).order_by("seq")[: size + 1])
        else:
            before = cursor_of(request)
            if before is not None:
                rows = rows.filter(seq__lt=before)
            found = list(rows.order_by("-seq")[: size + 1])
        page, more = found[:size], len(found) > size
        return Response(
            {
                "items": [shapes.wire(message) for message in page],
                "next_cursor": str(page[-1].seq) if more else None,
            }
        )

    @extend_schema(
        operation_id="messages_send",
        request=shapes.MessageIn,
        responses={201: shapes.MessageOut},
    )
    def post(self, request: Request, conversation_id: str) -> Response:
        data = shapes.MessageIn(data=request.data)
        data.is_valid(raise_exception=True)
        given = data.validated_data
        message = actions.send_message(
            author=self.account,
            conversation_id=conversation_id,
            client_id=given["client_id"],
            kind=given["type"],
            text=given["text"],
            body=given["body"],
            quote_seq=given.get("quote"),
            mentions=given["mentions"],
            attachment_id=given["attachment"],
        )
        return Response(shapes.wire(message), status=201)


class OneMessage(MemberAPI):
    @extend_schema(operation_id="messages_get", responses=shapes.MessageOut)
    def get(self, request: Request, conversation_id: str, seq: int) -> Response:
        seat = queries.seat_of(self.account, conversation_id)
        return Response(shapes.wire(queries.message_for(seat, seq)))

    @extend_schema(operation_id="messages_recall", responses={200: shapes.RecallOut})
    def delete(self, request: Request, conversation_id: str, seq: int) -> Response:
        """Take it back on every device. Gives the text, for editing it again."""
        text = actions.recall_message(actor=self.account, conversation_id=conversation_id, seq=seq)
        return Response({"text": text})


class HideMessage(MemberAPI):
    @extend_schema(operation_id="messages_hide", request=None, responses={204: None})
    def post(self, request: Request, conversation_id: str, seq: int) -> Response:
        """Delete it for the caller alone."""
        actions.delete_for_me(viewer=self.account, conversation_id=conversation_id, seqs=[seq])
        return Response(status=204)


class Reactions(MemberAPI):
    @extend_schema(operation_id="reactions_add", request=shapes.ReactionIn, responses={204: None})
    def post(self, request: Request, conversation_id: str, seq: int) -> Response:
        actions.add_reaction(
            actor=self.account,
            conversation_id=conversation_id,
            seq=seq,
            emoji=self._emoji(request),
        )
        return Response(status=204)

    @extend_schema(
        operation_id="reactions_remove",
        parameters=[OpenApiParameter("emoji", {"type": "string", "maxLength": 16}, required=True)],
        responses={204: None},
    )
    def delete(self, request: Request, conversation_id: str, seq: int) -> Response:
        actions.remove_reaction(
            actor=self.account,
            conversation_id=conversation_id,
            seq=seq,
            emoji=request.query_params.get("emoji", "")[:16],
        )
        return Response(status=204)

    def _emoji(self, request: Request) -> str:
        data = shapes.ReactionIn(data=request.data)
        data.is_valid(raise_exception=True)
        return str(data.validated_data["emoji"])


class Forward(MemberAPI):
    @extend_schema(
        operation_id="messages_forward",
        request=shapes.ForwardIn,
        responses={201: shapes.MessageOut(many=True)},
    )
    def post(self, request: Request, conversation_id: str) -> Response:
        """Say messages of `source` again here: one by one, or merged into one card."""
        data = shapes.ForwardIn(data=request.data)
        data.is_valid(raise_exception=True)
        given = data.validated_data
        what = {
            "actor": self.account,
            "source_id": given["source"],
            "seqs": given["seqs"],
            "target_id": conversation_id,
            "client_id": given["client_id"],
        }
        if given["is_merged"]:
            said = [actions.forward_merged(**what)]
        else:
            said = actions.forward_one_by_one(**what)
        return Response([shapes.wire(message) for message in said], status=201)


class Media(MemberAPI):
    parser_classes = [MultiPartParser]

    @extend_schema(
        operation_id="media_upload",
        request={"multipart/form-data": shapes.UploadIn},
        responses={201: shapes.AttachmentOut},
    )
    def post(self, request: Request) -> Response:
        """Take a file in; a message with `attachment` shows it, an unsent one is forgotten after a day."""
        data = shapes.UploadIn(data=request.data)
        data.is_valid(raise_exception=True)
        given = data.validated_data
        file = given["file"]
        kept = actions.upload(
            owner=self.account,
            kind=given["kind"],
            content=file,
            size=file.size,
            name=given["name"] or file.name,
            duration_ms=given["duration_ms"],
            peaks=[int(p) for p in given["peaks"].split(",") if p.strip().isdigit()][:40],
        )
        return Response(shapes.AttachmentOut(kept).data, status=201)


class OneMedia(MemberAPI):
    @extend_schema(
        operation_id="media_get",
        responses={(status, "*/*"): OpenApiResponse(response=bytes) for status in (200, 206)},
    )
    def get(self, request: Request, attachment_id: str) -> Any:
        """The file itself; Range requests are answered."""
        found = queries.attachment_for(self.account, attachment_id)
        return media.serve(request._request, found.file, download_name=found.name or None)


class Search(MemberAPI):
    @extend_schema(
        operation_id="search_messages",
        parameters=[
            *PAGING,
            OpenApiParameter("q", {"type": "string", "maxLength": 100}),
            OpenApiParameter("conversation", {"type": "string", "maxLength": 40}),
            OpenApiParameter("sender", {"type": "string", "maxLength": 40}),
            OpenApiParameter("type", {"type": "string", "enum": [*queries.TYPES, "link"]}),
        ],
        responses=page_of(shapes.MessageOut),
    )
    def get(self, request: Request) -> Response:
        """Messages that match, newest first. Chinese needs no spaces; Latin words match by prefix."""
        asked = request.query_params
        conversation, sender = asked.get("conversation"), asked.get("sender")
        filters = Filters(
            conversation=queries.conversation_for(self.account, conversation)
            if conversation
            else None,
            sender=people.account_for(self.account, sender) if sender else None,
            kind=asked.get("type", ""),
        )
        rows = queries.messages_matching(self.account, asked.get("q", "")[:100], filters)
        found, cursor = page_by_pk(request, rows.select_related("recalled_by"))
        return Response({"items": [shapes.wire(m) for m in found], "next_cursor": cursor})
