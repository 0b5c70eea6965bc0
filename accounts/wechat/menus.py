"""The menu of an account, as its program sends and reads it."""

from typing import Any

from django.http import HttpRequest

from accounts import actions, queries
from accounts.errors import BadMenu
from accounts.models import OfficialAccount
from accounts.wechat.doors import program
from superapp.kernel import wechat

_BAD = {
    "count": (40016, "invalid button size"),
    "sub_count": (40023, "invalid sub button size"),
    "name": (40018, "invalid button name size"),
    "type": (40017, "invalid button type"),
    "key": (40019, "invalid button key size"),
    "url": (40020, "invalid button url size"),
}


@program("POST")
def create_menu(request: HttpRequest, official: OfficialAccount) -> wechat.Answer:
    given = wechat.body_of(request).get("button")
    if not isinstance(given, list) or not given:
        raise wechat.WeChatError(*_BAD["count"])
    try:
        actions.replace_menu(official=official, buttons=given)
    except BadMenu as refusal:
        raise wechat.WeChatError(*_BAD[refusal.details["what"]]) from None
    return None


@program("GET")
def get_menu(request: HttpRequest, official: OfficialAccount) -> wechat.Answer:
    menu = queries.menu_of(official)
    if not menu:
        raise wechat.WeChatError(46003, "menu no exist")
    return {"menu": {"button": [_shown(button) for button in menu["button"]]}}


@program("GET")
def delete_menu(request: HttpRequest, official: OfficialAccount) -> wechat.Answer:
    actions.replace_menu(official=official, buttons=[])
    return None


def _shown(button: dict[str, Any]) -> dict[str, Any]:
    """With an empty list under every leaf, which clients expect."""
    return {**button, "sub_button": [_shown(below) for below in button.get("sub_button", [])]}
