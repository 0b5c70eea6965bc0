"""Programs written for WeChat's official-account platform: their doors (raw body in, JSON out),
and the form of what we send them.

Such clients send JSON without a Content-Type, no CSRF token and no trailing slash, and read errors
from the body of a 200: `{"errcode": int, "errmsg": str}`. Rules of the platform are named by their
code; docs/wechat.md lists them.
"""

import base64
import hashlib
import hmac
import json
import re
import secrets
import struct
import time
from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from urllib.parse import urlencode
from xml.parsers import expat

import msgspec
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
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


# -- what goes the other way: our requests to the program, signed, sealed, in XML


class Unreadable(Exception):
    """The program's answer is not what the platform's rules say it may be."""


def signature(*parts: str) -> str:
    """How both sides show that they know the token: SHA-1 over the sorted parts, in hex."""
    said = "".join(sorted(parts)).encode()
    return hashlib.sha1(said, usedforsecurity=False).hexdigest()


def signed(token: str) -> dict[str, str]:
    """What proves that a request is ours: a timestamp, a nonce, and their signature."""
    stamp, nonce = str(int(time.time())), str(secrets.randbelow(10**10))
    return {"signature": signature(token, stamp, nonce), "timestamp": stamp, "nonce": nonce}


def address(url: str, more: Mapping[str, str]) -> str:
    """The address with more to its query; what it has of its own stays."""
    bare = url.partition("#")[0]
    return f"{bare}{'&' if '?' in bare else '?'}{urlencode(more)}"


_BLOCK = 32  # of the padding; AES itself has 16


class Seal:
    """Texts between the platform and one program, encrypted with its EncodingAESKey (43 characters).

    AES-256-CBC over: 16 random bytes, length (4 bytes, big-endian), text, appid.
    """

    def __init__(self, aes_key: str, appid: str) -> None:
        self._key, self._appid = base64.b64decode(f"{aes_key}="), appid.encode()

    def closed(self, text: str) -> str:
        said = text.encode()
        plain = secrets.token_bytes(16) + struct.pack(">I", len(said)) + said + self._appid
        fill = _BLOCK - len(plain) % _BLOCK
        encryptor = self._cipher().encryptor()
        sealed = encryptor.update(plain + bytes([fill]) * fill) + encryptor.finalize()
        return base64.b64encode(sealed).decode()

    def opened(self, sealed: str) -> str:
        """The text. Raises Unreadable, also when it was sealed for another appid."""
        try:
            raw = base64.b64decode(sealed, validate=True)
            decryptor = self._cipher().decryptor()
            plain = decryptor.update(raw) + decryptor.finalize()
            fill = plain[-1]
            if not 1 <= fill <= _BLOCK:
                raise Unreadable("padding")
            (length,) = struct.unpack(">I", plain[16:20])
            said, appid = plain[20 : 20 + length], plain[20 + length : -fill]
            if not hmac.compare_digest(appid, self._appid):
                raise Unreadable("appid")
            return said.decode()
        except (ValueError, IndexError, struct.error):
            raise Unreadable("seal") from None

    def _cipher(self) -> Cipher[modes.CBC]:
        return Cipher(algorithms.AES(self._key), modes.CBC(self._key[:16]))


_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
Fields = Sequence[tuple[str, Any]]


def xml_of(fields: Fields) -> str:
    """`<xml>…</xml>`: texts in CDATA, numbers bare, a list of fields as an element of its own."""
    return f"<xml>{_elements(fields)}</xml>"


def _elements(fields: Fields) -> str:
    return "".join(f"<{name}>{_content(value)}</{name}>" for name, value in fields)


def _content(value: Any) -> str:
    if isinstance(value, str):
        text = _NOT_XML.sub("", value).replace("]]>", "]]]]><![CDATA[>")
        return f"<![CDATA[{text}]]>"
    return _elements(value) if isinstance(value, list | tuple) else str(value)


_DEPTH_MAX, _ELEMENTS_MAX = 6, 500


class _Reader:
    """Elements as nested mappings; an element that repeats becomes a list."""

    def __init__(self) -> None:
        self._open: list[tuple[str, dict[str, Any], list[str]]] = [("", {}, [])]
        self._count = 0
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self._begin
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = lambda text: self._open[-1][2].append(text)
        # Without a document type there are no entities: neither bombs nor files from outside.
        self.parser.StartDoctypeDeclHandler = self._refuse

    def found(self) -> dict[str, Any]:
        return self._open[0][1]

    def _begin(self, name: str, attributes: object) -> None:
        self._count += 1
        if len(self._open) > _DEPTH_MAX or self._count > _ELEMENTS_MAX:
            raise Unreadable("shape")
        self._open.append((name, {}, []))

    def _end(self, name: str) -> None:
        _name, below, texts = self._open.pop()
        value: Any = below or "".join(texts)
        around = self._open[-1][1]
        if name in around:
            before = around[name]
            around[name] = [*(before if isinstance(before, list) else [before]), value]
        else:
            around[name] = value

    def _refuse(self, *declared: object) -> None:
        raise Unreadable("doctype")


def read_xml(raw: bytes) -> dict[str, Any]:
    """What stands in `<xml>…</xml>`: texts, mappings and lists by the name of their element.

    No document types, hence no entities; bounded in size, depth and number. Raises Unreadable.
    """
    if len(raw) > settings.WECHAT_REPLY_MAX:
        raise Unreadable("size")
    reader = _Reader()
    try:
        reader.parser.Parse(raw.removeprefix(b"\xef\xbb\xbf").strip(), True)  # noqa: FBT003 - "final"
    except (expat.ExpatError, ValueError, LookupError):
        raise Unreadable("xml") from None
    found = reader.found().get("xml")
    if not isinstance(found, dict):
        raise Unreadable("root")
    return found
