"""Doors for programs written for WeChat's official-account platform: raw body in, JSON out.

Such clients send JSON without a Content-Type, no CSRF token and no trailing slash, and read errors
from the body of a 200: `{"errcode": int, "errmsg": str}`. Rules of the platform are named by their
code; docs/wechat.md lists them.
"""

import json
import secrets
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, Concatenate, ParamSpec

import msgspec
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.csrf import csrf_exempt

from superapp.kernel.errors import Refusal, TooMany

P = ParamSpec("P")
Answer = Mapping[str, Any] | HttpResponseBase | None
View = Callable[..., HttpResponseBase]


# Under this type all clients parse what they read as JSON. A few answers that stand for bytes are
# compared with the bare one instead.
LABELLED_JSON = "application/json; encoding=utf-8"
BARE_JSON = "application/json"


class WeChatError(Exception):
    """An answer with a code of the platform."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code, self.message = code, message


BAD_ARGUMENT = WeChatError(40097, "invalid args")
# What every door can say about a refusal; a door names those that mean something special to it.
_COMMON: dict[str, tuple[int, str]] = {
    "limits.too_many": (45011, "api minute-quota reach limit  must slower  retry next minute"),
}


def door(
    *methods: str,
    codes: Mapping[str, tuple[int, str]] | None = None,
    labelled: str = LABELLED_JSON,
) -> Callable[[Callable[Concatenate[HttpRequest, P], Answer]], View]:
    """A view whose answer is a mapping (sent as JSON), a response, or None for "ok".

    `methods` are those that it takes. `codes` says which (errcode, errmsg) stands for which of our
    refusals; any other is 40097. `labelled` is the type of its JSON.
    """
    known = {**_COMMON, **(codes or {})}

    def decorate(view: Callable[Concatenate[HttpRequest, P], Answer]) -> View:
        @csrf_exempt
        @wraps(view)
        def answer(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            try:
                _check_method(request, methods)
                found = view(request, *args, **kwargs)
            except WeChatError as error:
                return failed(error.code, error.message, labelled)
            except TooMany:
                return failed(*_COMMON["limits.too_many"], labelled)
            except Refusal as refusal:
                said_as = known.get(refusal.code, (40097, f"invalid args: {refusal.code}"))
                return failed(*said_as, labelled)
            if isinstance(found, HttpResponseBase):
                return found
            return said({"errcode": 0, "errmsg": "ok"} if found is None else found, labelled)

        return answer

    return decorate


def said(answer: Mapping[str, Any], labelled: str = LABELLED_JSON) -> HttpResponse:
    """JSON as these clients read it: UTF-8 unescaped, under a type that all of them parse."""
    body = json.dumps(answer, ensure_ascii=False, separators=(",", ":"))
    response = HttpResponse(body, content_type=labelled)
    response["Cache-Control"] = "no-store"
    return response


def failed(code: int, message: str, labelled: str = LABELLED_JSON) -> HttpResponse:
    """An error of the platform: HTTP 200, with an id by which it is found in the log."""
    parts = (secrets.token_hex(4) for _ in range(3))
    return said({"errcode": code, "errmsg": f"{message} rid: {'-'.join(parts)}"}, labelled)


def body_of(request: HttpRequest) -> dict[str, Any]:
    """The JSON object of a request, whatever it is labelled. Raises WeChatError 44002 or 47001."""
    raw = request.body
    if not raw.strip():
        raise WeChatError(44002, "empty post data")
    if len(raw) > settings.WECHAT_BODY_MAX:
        raise WeChatError(40097, "body size out of limit")
    try:
        found = msgspec.json.decode(raw)
    except (msgspec.DecodeError, RecursionError):
        raise WeChatError(47001, "data format error") from None
    if not isinstance(found, dict):
        raise WeChatError(47001, "data format error")
    return found


def text_in(given: Mapping[str, Any], name: str) -> str:
    """A string field; numbers are taken too, as some clients send them. Missing: empty."""
    found = given.get(name)
    if found is None:
        return ""
    if isinstance(found, bool) or not isinstance(found, str | int):
        raise BAD_ARGUMENT
    return str(found)


def number_in(given: Mapping[str, Any], name: str) -> int:
    """A whole number, also written as a string. Raises WeChatError 40097."""
    found = text_in(given, name)
    if not found.lstrip("-").isascii() or not found.lstrip("-").isdigit() or len(found) > 18:
        raise BAD_ARGUMENT
    return int(found)


def texts_in(given: Mapping[str, Any], name: str, *, most: int, code: int = 40032) -> list[str]:
    """A list of strings, one to `most` of them. Raises WeChatError."""
    found = given.get(name)
    if not isinstance(found, list) or not found or not all(isinstance(v, str) for v in found):
        raise BAD_ARGUMENT
    if len(found) > most:
        raise WeChatError(code, "invalid openid list size")
    return found


def object_in(given: Mapping[str, Any], name: str) -> dict[str, Any]:
    """A nested object. Raises WeChatError 40097."""
    found = given.get(name)
    if not isinstance(found, dict):
        raise BAD_ARGUMENT
    return found


def _check_method(request: HttpRequest, methods: tuple[str, ...]) -> None:
    if request.method not in methods:
        if "GET" in methods:
            raise WeChatError(43001, "require GET method")
        raise WeChatError(43002, "require POST method")
