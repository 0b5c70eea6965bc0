"""Followers as a program knows them: by openid, with what the account noted about them.

Names and pictures are left out, as the platform does since December 2021, but for those who agreed
when they signed in on the account's own site.
"""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from accounts import actions, queries
from accounts.models import Follow, OfficialAccount
from accounts.wechat.doors import paged, program
from accounts.wechat.signing_in import picture_of
from superapp.kernel import wechat

_SCENES = {
    Follow.Source.SEARCH: "ADD_SCENE_SEARCH",
    Follow.Source.QR: "ADD_SCENE_QR_CODE",
    Follow.Source.CARD: "ADD_SCENE_PROFILE_CARD",
    Follow.Source.PROFILE: "ADD_SCENE_PROFILE_LINK",
    Follow.Source.ARTICLE: "ADD_SCENE_PROFILE_ITEM",
    Follow.Source.PAYMENT: "ADD_SCENE_PAID",
}
_LANGUAGES = {"zh_CN", "zh_TW", "en"}


@program("GET")
def followers(request: HttpRequest, official: OfficialAccount) -> wechat.Answer:
    total, page = queries.openids_after(official, request.GET.get("next_openid", ""))
    return paged(total, page, with_total=True)


@program("GET")
def info(request: HttpRequest, official: OfficialAccount) -> wechat.Answer:
    follow = queries.follower_for(official, request.GET.get("openid", ""))
    return _shown(request, follow, request.GET.get("lang", ""))


@program("POST")
def infos(request: HttpRequest, official: OfficialAccount) -> wechat.Answer:
    asked = wechat.body_of(request).get("user_list")
    if not isinstance(asked, list) or not asked or not all(isinstance(a, dict) for a in asked):
        raise wechat.BAD_ARGUMENT
    if len(asked) > settings.WECHAT_USERS_ASKED:
        raise wechat.WeChatError(40032, "invalid openid list size")
    openids = [wechat.text_in(one, "openid") for one in asked]
    known = queries.followers_by_openid(official, openids)
    if len(known) < len(set(openids)):
        raise wechat.WeChatError(40003, "invalid openid")
    shown = (
        _shown(request, known[wechat.text_in(a, "openid")], wechat.text_in(a, "lang"))
        for a in asked
    )
    return {"user_info_list": list(shown)}


@program("POST")
def remark(request: HttpRequest, official: OfficialAccount) -> wechat.Answer:
    given = wechat.body_of(request)
    said = wechat.text_in(given, "remark")
    if len(said) > settings.FOLLOWER_REMARK_MAX:
        raise wechat.BAD_ARGUMENT
    actions.remark_follower(official=official, openid=wechat.text_in(given, "openid"), remark=said)
    return None


def _shown(request: HttpRequest, follow: Follow, language: str) -> dict[str, Any]:
    if not follow.is_following or follow.followed_at is None:
        return {"subscribe": 0, "openid": follow.openid, "unionid": follow.unionid}
    return {
        "subscribe": 1,
        "openid": follow.openid,
        "nickname": follow.person.name if follow.introduced_at else "",
        "sex": 0,
        "language": language if language in _LANGUAGES else "zh_CN",
        "city": "",
        "province": "",
        "country": "",
        "headimgurl": picture_of(request, follow) if follow.introduced_at else "",
        "subscribe_time": int(follow.followed_at.timestamp()),
        "unionid": follow.unionid,
        "remark": follow.remark,
        "groupid": 0,
        "tagid_list": sorted(tag.number for tag in follow.tags.all()),
        "subscribe_scene": _SCENES.get(Follow.Source(follow.source), "ADD_SCENE_OTHERS"),
        "qr_scene": follow.scene_id or 0,
        "qr_scene_str": follow.scene_str,
    }
