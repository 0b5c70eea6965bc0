"""Templates: what the library offers, and messages made of them."""

from typing import Any

from django.http import HttpRequest

from accounts import actions, queries
from accounts.models import OfficialAccount
from accounts.wechat.doors import program
from superapp.kernel import wechat

_BAD_DATA = wechat.WeChatError(47003, "argument invalid!")


@program("POST")
def set_industry(request: HttpRequest, official: OfficialAccount) -> wechat.Answer:
    given = wechat.body_of(request)
    actions.set_industries(
        official=official,
        main=wechat.number_in(given, "industry_id1"),
        second=wechat.number_in(given, "industry_id2"),
    )
    return None


@program("GET")
def get_industry(request: HttpRequest, official: OfficialAccount) -> wechat.Answer:
    main, second = queries.industries_of(official)
    return {
        "primary_industry": queries.industry(main),
        "secondary_industry": queries.industry(second),
    }


@program("POST")
def add_template(request: HttpRequest, official: OfficialAccount) -> wechat.Answer:
    short_id = wechat.text_in(wechat.body_of(request), "template_id_short")
    template = actions.add_template(official=official, short_id=short_id)
    return {"errcode": 0, "errmsg": "ok", "template_id": template.template_id}


@program("GET")
def list_templates(request: HttpRequest, official: OfficialAccount) -> wechat.Answer:
    return {"template_list": [_shown(template) for template in queries.templates_of(official)]}


@program("POST")
def delete_template(request: HttpRequest, official: OfficialAccount) -> wechat.Answer:
    template_id = wechat.text_in(wechat.body_of(request), "template_id")
    actions.delete_template(official=official, template_id=template_id)
    return None


@program("POST")
def send(request: HttpRequest, official: OfficialAccount) -> wechat.Answer:
    """`color`, `topcolor` and `miniprogram` are taken and left: cards have one look here."""
    given = wechat.body_of(request)
    openid = wechat.text_in(given, "touser")
    if not openid:
        raise wechat.WeChatError(41009, "openid missing")
    message = actions.send_template(
        official=official,
        openid=openid,
        template_id=wechat.text_in(given, "template_id"),
        data=_data(given.get("data")),
        url=wechat.text_in(given, "url"),
        client_id=wechat.text_in(given, "client_msg_id"),
    )
    return {"errcode": 0, "errmsg": "ok", "msgid": message.pk}


def _data(given: object) -> dict[str, str]:
    """name → text of `{name: {"value": text or number, "color": …}}`."""
    if not isinstance(given, dict):
        raise _BAD_DATA
    found = {}
    for name, field in given.items():
        value = field.get("value", "") if isinstance(field, dict) else None
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise _BAD_DATA
        found[name] = str(value)
    return found


def _shown(template: Any) -> dict[str, str]:
    form = queries.LIBRARY.get(template.short_id)
    trades = form.trades if form else (queries.OTHER_INDUSTRY, queries.OTHER_INDUSTRY)
    return {
        "template_id": template.template_id,
        "title": template.title,
        "primary_industry": queries.industry(trades[0])["first_class"],
        "deputy_industry": queries.industry(trades[0])["second_class"],
        "content": template.content,
        "example": form.example if form else "",
    }
