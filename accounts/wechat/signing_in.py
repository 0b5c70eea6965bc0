"""/sns/: what the account's own site asks about somebody who signed in there."""

from typing import Any

from django.http import HttpRequest

from accounts import actions, queries
from accounts.models import SignInToken
from accounts.views.frame import absolute
from accounts.wechat.doors import CODES
from accounts.wechat.tokens import program_of
from superapp.kernel import wechat


@wechat.door("GET", "POST", codes=CODES)
def access_token(request: HttpRequest) -> wechat.Answer:
    official = program_of(request, request.GET.dict(), grant="authorization_code")
    code = request.GET.get("code", "")
    if not code:
        raise wechat.WeChatError(41008, "missing code")
    return _given(actions.redeem_code(official=official, code=code))


@wechat.door("GET", "POST", codes=CODES)
def refresh_token(request: HttpRequest) -> wechat.Answer:
    given = request.GET
    if given.get("grant_type", "") != "refresh_token":
        raise wechat.WeChatError(40002, "invalid grant_type")
    if not given.get("appid"):
        raise wechat.WeChatError(41002, "appid missing")
    if not given.get("refresh_token"):
        raise wechat.WeChatError(41003, "refresh_token missing")
    signed_in = actions.refresh_site_sign_in(
        appid=given["appid"], refresh_token=given["refresh_token"]
    )
    return _given(signed_in)


@wechat.door("GET", "POST", codes=CODES)
def userinfo(request: HttpRequest) -> wechat.Answer:
    """Name and picture. Sex and places are empty, as the platform's are since October 2021."""
    follow = queries.profile_sign_in(*_bearer(request)).follow
    return {
        "openid": follow.openid,
        "nickname": follow.person.name,
        "sex": 0,
        "language": "",
        "city": "",
        "province": "",
        "country": "",
        "headimgurl": picture_of(request, follow),
        "privilege": [],
        "unionid": follow.unionid,
    }


@wechat.door("GET", "POST", codes=CODES)
def check(request: HttpRequest) -> wechat.Answer:
    queries.site_sign_in(*_bearer(request))
    return None


def picture_of(request: HttpRequest, follow: Any) -> str:
    """The address of somebody's picture for sites to which they introduced themselves; "" without.

    It works until the person takes another picture.
    """
    address = queries.shared_picture(follow.person)
    return absolute(request, address) if address else ""


def _bearer(request: HttpRequest) -> tuple[str, str]:
    token, openid = request.GET.get("access_token", ""), request.GET.get("openid", "")
    if not token:
        raise wechat.WeChatError(41001, "access_token missing")
    if not openid:
        raise wechat.WeChatError(41009, "missing openid")
    return token, openid


def _given(signed_in: actions.SiteSignIn) -> dict[str, Any]:
    known = signed_in.scope == SignInToken.Scope.USERINFO
    return {
        "access_token": signed_in.access_token,
        "expires_in": signed_in.seconds,
        "refresh_token": signed_in.refresh_token,
        "openid": signed_in.follow.openid,
        "scope": signed_in.scope,
        **({"unionid": signed_in.follow.unionid} if known else {}),
    }
