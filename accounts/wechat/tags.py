"""Tags of followers. Ids of tags are numbers within one account."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from accounts import actions, queries
from accounts.models import OfficialAccount
from accounts.wechat.doors import paged, program
from superapp.kernel import wechat

# The same refusal of an action means another code where one follower gets a tag too many.
_EACH = {"accounts.too_many_tags": (45059, "has too many tag")}


@program("POST")
def create_tag(request: HttpRequest, official: OfficialAccount) -> wechat.Answer:
    name = wechat.text_in(_tag(request), "name")
    tag = actions.create_follower_tag(official=official, name=name)
    return {"tag": {"id": tag.number, "name": tag.name}}


@program("GET")
def list_tags(request: HttpRequest, official: OfficialAccount) -> wechat.Answer:
    tags: Iterable[Any] = queries.follower_tags_of(official)  # with .size
    return {"tags": [{"id": t.number, "name": t.name, "count": t.size} for t in tags]}


@program("POST")
def rename_tag(request: HttpRequest, official: OfficialAccount) -> wechat.Answer:
    given = _tag(request)
    actions.rename_follower_tag(
        official=official,
        number=wechat.number_in(given, "id"),
        name=wechat.text_in(given, "name"),
    )
    return None


@program("POST")
def delete_tag(request: HttpRequest, official: OfficialAccount) -> wechat.Answer:
    number = wechat.number_in(_tag(request), "id")
    actions.delete_follower_tag(official=official, number=number)
    return None


@program("POST", codes=_EACH)
def tag_members(request: HttpRequest, official: OfficialAccount) -> wechat.Answer:
    given = wechat.body_of(request)
    number = wechat.number_in(given, "tagid")
    queries.follower_tag_for(official, number)
    openids = _known(official, given)
    actions.tag_followers(official=official, number=number, openids=openids)
    return None


@program("POST")
def untag_members(request: HttpRequest, official: OfficialAccount) -> wechat.Answer:
    given = wechat.body_of(request)
    number = wechat.number_in(given, "tagid")
    queries.follower_tag_for(official, number)
    openids = _known(official, given)
    actions.untag_followers(official=official, number=number, openids=openids)
    return None


@program("POST")
def tags_of_member(request: HttpRequest, official: OfficialAccount) -> wechat.Answer:
    openid = wechat.text_in(wechat.body_of(request), "openid")
    follow = queries.follower_for(official, openid)
    return {"tagid_list": sorted(tag.number for tag in follow.tags.all())}


@program("POST")
def members(request: HttpRequest, official: OfficialAccount) -> wechat.Answer:
    given = wechat.body_of(request)
    number = wechat.number_in(given, "tagid")
    after = wechat.text_in(given, "next_openid")
    total, page = queries.openids_after(official, after, tag=number)
    return paged(total, page, with_total=False)


def _tag(request: HttpRequest) -> dict[str, Any]:
    return wechat.object_in(wechat.body_of(request), "tag")


def _known(official: OfficialAccount, given: dict[str, Any]) -> list[str]:
    """The openids asked for, all of them this account's own."""
    openids = wechat.texts_in(given, "openid_list", most=settings.WECHAT_OPENIDS_TAGGED)
    if len(queries.followers_by_openid(official, openids)) < len(set(openids)):
        raise wechat.WeChatError(40003, "invalid openid")
    return openids
