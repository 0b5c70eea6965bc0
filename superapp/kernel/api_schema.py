"""What every operation of the API says about itself, added once: refusals, keys, paging."""

from collections.abc import Sequence
from functools import cache
from typing import Any, Literal

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers

from superapp.kernel.idempotency import KEY_MAX

PROBLEM = "application/problem+json"

PAGING = [
    OpenApiParameter(
        "limit",
        {"type": "integer", "minimum": 1, "maximum": 100, "default": 50},
        description="Rows per page.",
    ),
    OpenApiParameter(
        "cursor",
        {"type": "string", "maxLength": 60},
        description="`next_cursor` of the page before.",
    ),
]


class ProblemOut(serializers.Serializer[Any]):
    """RFC 9457 problem details. `code` is stable and never translated; `title` is for people."""

    type = serializers.CharField(max_length=200)
    title = serializers.CharField(max_length=1000)
    status = serializers.IntegerField()
    code = serializers.CharField(max_length=100)
    details = serializers.DictField(required=False)
    errors = serializers.DictField(required=False)  # type: ignore[assignment]


class Schema(AutoSchema):
    """AutoSchema with the refusals that any operation may answer with."""

    def get_override_parameters(self) -> list[Any]:
        given = list(super().get_override_parameters())
        if self.method == "POST" and getattr(self.view, "idempotency_offered", True):
            given.append(
                OpenApiParameter(
                    "Idempotency-Key",
                    {"type": "string", "minLength": 1, "maxLength": KEY_MAX},
                    OpenApiParameter.HEADER,
                    required=getattr(self.view, "idempotency_required", False),
                    description="Repeat the request with the same key and body: the first answer "
                    "is given again and nothing is done twice. Kept for a week.",
                )
            )
        return given

    def _get_response_bodies(
        self, direction: Literal["request", "response"] = "response"
    ) -> dict[str, Any]:
        answers = super()._get_response_bodies(direction)
        describe: Any = self._get_response_for_code
        problem = describe(ProblemOut, "4XX", [PROBLEM], direction)
        problem["description"] = "Refused: `code` says by which rule."
        unavailable = describe(ProblemOut, "503", [PROBLEM], direction)
        unavailable["description"] = "Try again in a moment."
        return {**answers, "4XX": problem, "503": unavailable}


@cache
def page_of(item: type[serializers.Serializer[Any]]) -> type[serializers.Serializer[Any]]:
    """The serializer of one page of `item`, for the schema."""
    name = f"{item.__name__.removesuffix('Out')}PageOut"
    fields: dict[str, Any] = {
        "items": item(many=True),
        "next_cursor": serializers.CharField(allow_null=True, max_length=60),
    }
    return type(name, (serializers.Serializer,), fields)


__all__: Sequence[str] = ["PAGING", "ProblemOut", "Schema", "page_of"]
