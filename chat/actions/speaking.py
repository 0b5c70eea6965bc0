"""What programs of official accounts say: their answers to pushes, and messages they send first.

`said` has the shape of the platform's message/custom/send: {"msgtype", <msgtype>: {…}}.
"""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction

from accounts import queries as people
from accounts.models import Follow, OfficialAccount, ProgramCard
from accounts.ports import ProgramReply
from chat import bodies, events
from chat.actions.opening import open_pair
from chat.actions.sending import post_notice
from chat.actions.serving import REPLY, Voice, speak_as, tell_staff_of
from chat.actions.uploading import attach_medium
from chat.errors import (
    BadMessage,
    EmptyMessage,
    FollowerLeft,
    MessageTooLong,
    TooManyArticles,
    UnknownSaying,
)
from chat.models import Message
from chat.states import ConversationKind, MessageKind
from superapp.kernel import push, search, time

Saying = Mapping[str, Any]
Draft = dict[str, Any]
HANDED_OVER = "transfer_customer_service"
_TITLE_MAX, _LINES_MAX, _ITEMS_MAX = 200, 600, 20


@transaction.atomic
def say_for_program(
    *, official: OfficialAccount, follow: Follow, voice: Voice, said: Saying, client_id: str
) -> Message:
    """Say it to the follower, once per client_id.

    Raises UnknownSaying, EmptyMessage, MessageTooLong, TooManyArticles, BadMessage, MediaNotFound,
    and what speak_as refuses.
    """
    kind = said.get("msgtype")
    make = _MAKERS.get(kind) if isinstance(kind, str) else None
    if make is None or not isinstance(kind, str):
        raise UnknownSaying
    part = said.get(kind)
    if not isinstance(part, Mapping):
        raise BadMessage
    if not follow.is_following or follow.official_id != official.pk:
        raise FollowerLeft
    return speak_as(
        official=official,
        follow=follow,
        voice=voice,
        client_id=client_id,
        **make(official, follow, part),
    )


@transaction.atomic
def hand_over(*, official: OfficialAccount, follow: Follow, to: str = "") -> None:
    """The program leaves this follower to a person: to the one named, or to whoever answers."""
    Follow.objects.filter(pk=follow.pk, official=official).update(
        handed_over_at=time.now(), handed_over_to=to[:64]
    )
    tell_staff_of(official=official, follow=follow)


@transaction.atomic
def show_program_typing(*, official: OfficialAccount, openid: str) -> None:
    """The follower sees for some seconds that an answer is on its way. Raises FollowerNotFound,
    FollowerLeft."""
    follow = people.follower_for(official, openid)
    if not follow.is_following:
        raise FollowerLeft
    thread = _thread_of(follow)
    account = official.account
    event = events.typing(thread.public_id, account.public_id, account.name)
    push.to_accounts([follow.person_id], event)


def on_program_replied(reply: ProgramReply) -> None:
    """A program's answer to what the follower did; costs nothing of its window."""
    if reply.said.get("msgtype") == HANDED_OVER:
        to = str(reply.said[HANDED_OVER].get("kf_account", ""))
        hand_over(official=reply.official, follow=reply.follow, to=to)
        return
    say_for_program(
        official=reply.official,
        follow=reply.follow,
        voice=REPLY,
        said=reply.said,
        client_id=reply.client_id,
    )


def on_program_silent(follow: Follow) -> None:
    """The program did not answer as it should: the follower reads so instead of waiting."""
    with transaction.atomic():
        post_notice(
            conversation=_thread_of(follow), author=follow.official.account, code="program_silent"
        )


def _thread_of(follow: Follow) -> Any:
    return open_pair(
        one=follow.person, other=follow.official.account, kind=ConversationKind.SERVICE
    )


def _text(official: OfficialAccount, follow: Follow, part: Saying) -> Draft:
    text = _said(part, "content")
    if not text.strip():
        raise EmptyMessage
    if len(text.encode()) > settings.PROGRAM_TEXT_MAX:
        raise MessageTooLong
    return {"text": text}


def _image(official: OfficialAccount, follow: Follow, part: Saying) -> Draft:
    return _attached(official, part, MessageKind.IMAGE)


def _voice(official: OfficialAccount, follow: Follow, part: Saying) -> Draft:
    return _attached(official, part, MessageKind.VOICE)


def _video(official: OfficialAccount, follow: Follow, part: Saying) -> Draft:
    """Its title and description stand below it, a line each."""
    lines = [search.clean_line(_said(part, name)) for name in ("title", "description")]
    draft = _attached(official, part, MessageKind.VIDEO)
    return {**draft, "text": "\n".join(lines).strip()[:_LINES_MAX]}


def _attached(official: OfficialAccount, part: Saying, kind: MessageKind) -> Draft:
    # Files of programs and messages are of kinds by the same names.
    medium = people.media_of(official, _said(part, "media_id"), kinds=[kind])
    attachment = attach_medium(owner=official.account, kind=kind, medium=medium)
    return {"kind": kind, "attachment_id": attachment.public_id}


def _music(official: OfficialAccount, follow: Follow, part: Saying) -> Draft:
    heard = {name: _address(part, name) for name in ("musicurl", "hqmusicurl")}
    if not any(heard.values()):
        raise BadMessage
    facts = {**_lines(part), **heard}
    return _card(official, follow, ProgramCard.Kind.MUSIC, facts["title"], facts)


def _news(official: OfficialAccount, follow: Follow, part: Saying) -> Draft:
    given = part.get("articles")
    if not isinstance(given, list) or not given or not all(isinstance(a, Mapping) for a in given):
        raise BadMessage
    limit = settings.PROGRAM_ARTICLES_MAX
    if len(given) > limit:
        raise TooManyArticles(limit=limit)
    articles = [
        {**_lines(one), "url": _address(one, "url"), "picurl": _address(one, "picurl")}
        for one in given
    ]
    return _card(
        official, follow, ProgramCard.Kind.NEWS, articles[0]["title"], {"articles": articles}
    )


def _menu(official: OfficialAccount, follow: Follow, part: Saying) -> Draft:
    given = part.get("list")
    if not isinstance(given, list) or not 1 <= len(given) <= _ITEMS_MAX:
        raise BadMessage
    items = [
        {"id": _said(one, "id")[:64], "content": search.clean_line(_said(one, "content"))[:100]}
        for one in given
        if isinstance(one, Mapping)
    ]
    if len(items) != len(given) or not all(one["content"] for one in items):
        raise BadMessage
    head = bodies.clean_text(_said(part, "head_content"))[:_LINES_MAX]
    facts = {
        "head_content": head,
        "list": items,
        "tail_content": bodies.clean_text(_said(part, "tail_content"))[:_LINES_MAX],
    }
    return _card(official, follow, ProgramCard.Kind.MENU, head, facts)


def _card(
    official: OfficialAccount, follow: Follow, kind: str, title: str, facts: Mapping[str, Any]
) -> Draft:
    card = ProgramCard.objects.create(
        official=official,
        follow=follow,
        kind=kind,
        title=search.clean_line(title)[:_TITLE_MAX],
        facts=dict(facts),
        created_at=time.now(),
    )
    return {"kind": MessageKind.CARD, "body": {"card": kind, "ref": card.public_id}}


def _lines(part: Saying) -> dict[str, str]:
    return {
        "title": search.clean_line(_said(part, "title"))[:_TITLE_MAX],
        "description": bodies.clean_text(_said(part, "description"))[:_LINES_MAX],
    }


def _said(part: Saying, name: str) -> str:
    """A text of what was sent; numbers are taken too."""
    found = part.get(name)
    if found is None:
        return ""
    if isinstance(found, bool) or not isinstance(found, str | int):
        raise BadMessage
    return str(found)


def _address(part: Saying, name: str) -> str:
    """An address of a page or a file; anything a browser would not follow as one is left out."""
    url = _said(part, name).strip()
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    is_page = parts.scheme in {"http", "https"} and bool(parts.hostname)
    return url if is_page and len(url) <= settings.CALLBACK_URL_MAX and url.isprintable() else ""


_MAKERS: dict[str, Callable[[OfficialAccount, Follow, Saying], Draft]] = {
    "text": _text,
    "image": _image,
    "voice": _voice,
    "video": _video,
    "music": _music,
    "news": _news,
    "msgmenu": _menu,
}
