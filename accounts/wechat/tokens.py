"""Access tokens, tickets, and where our own requests come from."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from accounts import actions, guards
from accounts.errors import BadProgramSecret
from accounts.models import OfficialAccount, ProgramToken
from accounts.wechat.doors import CODES, program
from superapp.kernel import limits, wechat

_GRANT = "client_credential"
_TICKETS = {ProgramToken.Kind.JSAPI, ProgramToken.Kind.CARD}


@wechat.door("GET", codes=CODES)
def token(request: HttpRequest) -> wechat.Answer:
    official = program_of(request, request.GET.dict())
    return _given(actions.issue_program_token(official=official))


@wechat.door("POST", codes=CODES)
def stable_token(request: HttpRequest) -> wechat.Answer:
    given = wechat.body_of(request)
    official = program_of(request, given)
    if str(given.get("force_refresh")).lower() == "true":
        return _given(actions.replace_stable_token(official=official))
    return _given(actions.issue_stable_token(official=official))


@program("GET")
def callback_addresses(request: HttpRequest, official: OfficialAccount) -> wechat.Answer:
    return {"ip_list": list(settings.WECHAT_CALLBACK_ADDRESSES)}


@program("GET")
def ticket(request: HttpRequest, official: OfficialAccount) -> wechat.Answer:
    kind = request.GET.get("type", ProgramToken.Kind.JSAPI)
    if kind not in _TICKETS:
        raise wechat.WeChatError(40097, "invalid args")
    issued = actions.program_ticket(official=official, kind=kind)
    return {"errcode": 0, "errmsg": "ok", "ticket": issued.token, "expires_in": issued.seconds}


@wechat.door("GET", "POST")
def unknown(request: HttpRequest, rest: str) -> wechat.Answer:
    raise wechat.WeChatError(40066, "invalid url")


def program_of(
    request: HttpRequest, given: Mapping[str, Any], *, grant: str = _GRANT
) -> OfficialAccount:
    """Whose appid and secret these are. Raises WeChatError, ProgramNotFound, BadProgramSecret."""
    if wechat.text_in(given, "grant_type") != grant:
        raise wechat.WeChatError(40002, "invalid grant_type")
    appid, secret = wechat.text_in(given, "appid"), wechat.text_in(given, "secret")
    if not appid:
        raise wechat.WeChatError(41002, "appid missing")
    if not secret:
        raise wechat.WeChatError(41004, "appsecret missing")
    try:
        return actions.authenticate_program(appid=appid, secret=secret)
    except BadProgramSecret:
        limits.count(
            f"program-secret:{guards.ip_of(request)}",
            limit=settings.PROGRAM_TRIES_PER_HOUR,
            window=timedelta(hours=1),
        )
        raise


def _given(issued: actions.Issued) -> dict[str, Any]:
    return {"access_token": issued.token, "expires_in": issued.seconds}
