"""Messages that a program sends first, and the sign that it is typing."""

from django.http import HttpRequest

from accounts import queries as people
from accounts.guards import program
from accounts.models import Follow, OfficialAccount
from chat import actions, events
from superapp.kernel import wechat

_NOT_SERVED = {"wxcard", "miniprogrampage", "link", "mpnews", "mpnewsarticle"}
_CODES = {
    "accounts.window_closed": (45015, "response out of time limit or subscription is canceled"),
    "accounts.window_spent": (45047, "out of response count limit"),
    "accounts.not_published": (48001, "api unauthorized"),
    "chat.follower_left": (43004, "require subscribe"),
    "chat.rejected": (43019, "require remove blacklist"),
    "chat.unknown_saying": (40008, "invalid message type"),
    "chat.empty_message": (44004, "empty content"),
    "chat.message_too_long": (45002, "content size out of limit"),
    "chat.too_many_articles": (45008, "article size out of limit"),
    "chat.bad_message": (40035, "invalid parameter"),
}


@program("POST", codes=_CODES)
def send(request: HttpRequest, official: OfficialAccount) -> wechat.Answer:
    """One message to one follower."""
    given = wechat.body_of(request)
    follow = _receiver(official, wechat.text_in(given, "touser"))
    kind = wechat.text_in(given, "msgtype")
    if kind in _NOT_SERVED:
        raise wechat.WeChatError(48008, "no permission for this msgtype")
    articles = wechat.object_in(given, kind).get("articles") if kind == "news" else None
    if isinstance(articles, list) and len(articles) > 1:
        raise wechat.WeChatError(*_CODES["chat.too_many_articles"])
    actions.say_for_program(
        official=official,
        follow=follow,
        voice=actions.PROGRAM,
        said=given,
        client_id=events.new_client_id(),
    )
    return None


@program("POST", codes=_CODES)
def typing(request: HttpRequest, official: OfficialAccount) -> wechat.Answer:
    """Shown for some seconds; "CancelTyping" needs nothing, the sign goes by itself."""
    given = wechat.body_of(request)
    follow = _receiver(official, wechat.text_in(given, "touser"))
    command = wechat.text_in(given, "command")
    if command not in {"Typing", "CancelTyping"}:
        raise wechat.WeChatError(40035, "invalid parameter")
    if command == "Typing":
        actions.show_program_typing(official=official, openid=follow.openid)
    return None


def _receiver(official: OfficialAccount, openid: str) -> Follow:
    if not openid:
        raise wechat.WeChatError(41009, "missing openid")
    return people.follower_for(official, openid)
