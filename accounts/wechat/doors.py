"""What every door of a program begins with: whose token this is, and our refusals as their codes."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from django.http import HttpRequest

from accounts import queries
from accounts.models import OfficialAccount
from superapp.kernel import wechat

CODES: dict[str, tuple[int, str]] = {
    "accounts.program_not_found": (40013, "invalid appid"),
    "accounts.bad_program_secret": (40125, "invalid appsecret"),
    "accounts.program_token_unknown": (
        40001,
        "invalid credential, access_token is invalid or not latest",
    ),
    "accounts.program_token_expired": (42001, "access_token expired"),
    "accounts.tokens_too_often": (45009, "reach max api daily quota limit"),
    "accounts.follower_not_found": (40003, "invalid openid"),
    "accounts.follower_tag_not_found": (45159, "invalid tag id"),
    "accounts.tag_exists": (45157, "invalid tag name, duplicate"),
    "accounts.bad_tag_name": (45158, "tag name too long"),
    "accounts.system_tag": (45058, "can't modify system tag"),
    "accounts.too_many_tags": (45056, "too many tag now"),
    "accounts.bad_scene": (40053, "invalid action info"),
    "accounts.media_not_found": (40007, "invalid media_id"),
    "accounts.bad_media": (40004, "invalid media type"),
    "accounts.media_too_large": (45001, "media size out of limit"),
    "accounts.media_too_long": (45007, "playtime out of limit"),
    "accounts.media_full": (45009, "reach max api daily quota limit"),
    "accounts.not_following": (43004, "require subscribe"),
    "accounts.unknown_form": (40036, "invalid template_id_short"),
    "accounts.unknown_industry": (40102, "invalid industry id"),
    "accounts.template_not_found": (40037, "invalid template_id"),
    "accounts.too_many_templates": (45026, "template num exceeds limit"),
    "accounts.bad_template_data": (47003, "argument invalid!"),
    "accounts.sign_in_code_unknown": (40029, "invalid code"),
    "accounts.sign_in_code_used": (40163, "code been used"),
    "accounts.refresh_token_unknown": (40030, "invalid refresh_token"),
    "accounts.refresh_token_expired": (42002, "refresh_token expired"),
    "accounts.openid_of_another": (40003, "invalid openid"),
    "accounts.scope_too_small": (48001, "api unauthorized"),
    "accounts.templates_too_often": (45009, "reach max api daily quota limit"),
}
Door = Callable[[HttpRequest, OfficialAccount], wechat.Answer]


def program(
    *methods: str,
    codes: Mapping[str, tuple[int, str]] | None = None,
    labelled: str = wechat.LABELLED_JSON,
) -> Callable[[Door], wechat.View]:
    """A door for the holder of an access token; it gets the official account."""

    def decorate(view: Door) -> wechat.View:
        @wechat.door(*methods, codes={**CODES, **(codes or {})}, labelled=labelled)
        @wraps(view)
        def answer(request: HttpRequest) -> wechat.Answer:
            return view(request, _caller(request))

        return answer

    return decorate


def _caller(request: HttpRequest) -> OfficialAccount:
    token = request.GET.get("access_token", "")
    if not token:
        raise wechat.WeChatError(41001, "access_token missing")
    return queries.official_by_token(token)


def paged(total: int, openids: list[str], *, with_total: bool) -> dict[str, Any]:
    """A page of openids. Clients read on until there is no `data`."""
    page: dict[str, Any] = {"total": total} if with_total else {}
    page["count"] = len(openids)
    if openids:
        page["data"] = {"openid": openids}
    page["next_openid"] = openids[-1] if openids else ""
    return page
