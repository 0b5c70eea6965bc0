"""What every API door shares: strict JSON, problem details, paging, limits, idempotency."""

import json
from collections.abc import Mapping
from typing import Any, ClassVar, TypeVar

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Model, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions, serializers
from rest_framework.parsers import JSONParser
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView, exception_handler

from superapp.kernel import idempotency, limits
from superapp.kernel.errors import BadCursor, Invalid, Refusal, TooLarge, TooMany

M = TypeVar("M", bound=Model)
PROBLEM = "application/problem+json"
_DEPTH_MAX = 20


class BadJSON(Refusal):
    code = "bad_json"


class StrictJSONParser(JSONParser):
    """JSON with bounds: size, nesting, no NaN, no repeated key, no lone surrogate, no NUL."""

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        raw = stream.read(settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)
        if len(raw) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            raise TooLarge
        return strict_json(raw)


def strict_json(raw: bytes) -> Any:
    """Decode JSON from outside; raises BadJSON for anything a careful reader would not accept."""
    try:
        text = raw.decode("utf-8")
        value = json.loads(text, object_pairs_hook=_no_repeats, parse_constant=_no_constants)
        _check(value, 0)
    except (ValueError, RecursionError):
        raise BadJSON from None
    return value


def _no_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("repeated key")
    return found


def _no_constants(name: str) -> Any:
    raise ValueError(name)


def _check(value: Any, depth: int) -> None:
    if depth > _DEPTH_MAX:
        raise ValueError("too deep")
    if isinstance(value, str):
        value.encode("utf-8")  # a lone surrogate raises
        if "\0" in value:
            raise ValueError("NUL")
    elif isinstance(value, dict):
        for key, item in value.items():
            _check(key, depth)
            _check(item, depth + 1)
    elif isinstance(value, list):
        for item in value:
            _check(item, depth + 1)


def problem(exc: Exception, context: Mapping[str, Any]) -> Response | None:
    """Every error an integrator sees: RFC 9457 problem details with a stable `code`."""
    if isinstance(exc, Refusal):
        answer = _problem(exc.status, exc.code, str(exc), exc.details)
        if isinstance(exc, TooMany):
            answer["Retry-After"] = str(exc.retry_after)
        return answer
    if isinstance(exc, serializers.ValidationError):
        return _problem(400, "invalid", str(Invalid.message), exc.detail, fields=True)
    response = exception_handler(exc, dict(context))
    if response is None:  # a bug: let it be a 500 with a traceback
        return None
    answer = _problem(response.status_code, _code_of(exc), _title_of(exc), {})
    for name in ("WWW-Authenticate", "Retry-After", "Allow"):
        if name in response.headers:
            answer[name] = response.headers[name]
    return answer


def _code_of(exc: Exception) -> str:
    if isinstance(exc, Http404):
        return "not_found"
    if isinstance(exc, PermissionDenied):
        return "not_allowed"
    return str(getattr(exc, "default_code", "error"))


def _title_of(exc: Exception) -> str:
    if isinstance(exc, exceptions.APIException):
        return str(exc.detail)
    return _("We couldn't find that.") if isinstance(exc, Http404) else _("You may not do that.")


def _problem(status: int, code: str, title: str, details: Any, *, fields: bool = False) -> Response:
    body: dict[str, Any] = {"type": "about:blank", "title": title, "status": status, "code": code}
    if details:
        body["errors" if fields else "details"] = details
    return Response(body, status=status, content_type=PROBLEM)


class API(APIView):
    """Base of every API view: budget headers, and Idempotency-Key on every POST that brings one."""

    parser_classes = [StrictJSONParser]
    # Where a repeat would cost somebody money the key is not optional.
    idempotency_required: ClassVar[bool] = False
    # Off where a try must stay counted although the answer is a refusal: inside the one transaction
    # of a key it would be forgotten. A key is then ignored.
    idempotency_offered: ClassVar[bool] = True
    budget: ClassVar[str] = "api"

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        owner = request.user.pk or request.META.get("REMOTE_ADDR", "")
        self.allowance = limits.spend(
            self.budget, owner, burst=settings.API_BURST, per_second=settings.API_PER_SECOND
        )
        if self.allowance.is_spent:
            raise TooMany(retry_after=self.allowance.reset)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kw: Any) -> Any:
        answer = super().finalize_response(request, response, *args, **kw)
        left = getattr(self, "allowance", None)
        if left is not None:
            answer["RateLimit-Limit"] = str(left.limit)
            answer["RateLimit-Remaining"] = str(max(0, left.remaining))
            answer["RateLimit-Reset"] = str(left.reset)
        answer.setdefault("Cache-Control", "private, no-store")
        return answer

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        handler: Any = getattr(self, "post", None)
        is_new = handler is not None and not hasattr(self, "_once")
        if is_new and request.method == "POST" and self.idempotency_offered:
            self._once = handler
            self.post = self._post_once
        return super().dispatch(request, *args, **kwargs)

    def _post_once(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        key = request.headers.get("Idempotency-Key", "")
        if not key:
            if self.idempotency_required:
                raise idempotency.BadKey
            return self._once(request, *args, **kwargs)  # type: ignore[no-any-return]
        stands_for = (
            f"POST {request.path}\n".encode()
            + json.dumps(request.data, sort_keys=True, default=str).encode()
        )

        def answer() -> idempotency.Answer:
            given = self._once_or_refused(request, *args, **kwargs)
            return given.status_code, JSONRenderer().render(given.data)

        status, body = idempotency.once(
            owner=str(request.user.pk), key=key, request=stands_for, answer=answer
        )
        kind = None if status < 400 else PROBLEM
        return Response(json.loads(body) if body else None, status=status, content_type=kind)

    def _once_or_refused(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Where money moves, a refusal is an answer too: an old retry must not succeed later by
        surprise. What the action wrote before it refused is undone."""
        try:
            with transaction.atomic():
                return self._once(request, *args, **kwargs)  # type: ignore[no-any-return]
        except Refusal as refusal:
            answer = problem(refusal, {})
            if not self.idempotency_required or isinstance(refusal, TooMany) or answer is None:
                raise
            return answer


def page_size(request: Request) -> int:
    """How many rows the caller wants: ?limit=, within API_PAGE_MAX."""
    raw = request.query_params.get("limit", str(settings.API_PAGE))
    if not raw.isascii() or not raw.isdigit() or not 1 <= int(raw[:6]) <= settings.API_PAGE_MAX:
        raise Invalid
    return int(raw)


def cursor_of(request: Request) -> int | None:
    """The keyset position in ?cursor=, or None on the first page."""
    raw = request.query_params.get("cursor", "")
    return position(raw) if raw else None


def position(raw: str) -> int:
    """A place in a list, as text from outside. Raises BadCursor."""
    if not raw.isascii() or not raw.isdigit() or len(raw) > 18:
        raise BadCursor
    return int(raw)


def page_by_pk(request: Request, rows: QuerySet[M]) -> tuple[list[M], str | None]:
    """One page, newest first, and the cursor of the next (None on the last)."""
    size, before = page_size(request), cursor_of(request)
    wanted = rows.order_by("-pk")
    if before is not None:
        wanted = wanted.filter(pk__lt=before)
    found = list(wanted[: size + 1])
    more = len(found) > size
    return found[:size], str(found[size - 1].pk) if more else None
