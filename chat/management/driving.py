"""What `manage.py wxdriver` can do: one function per operation, each what a person or staff does."""

import base64
import io
import secrets
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from django.test import Client

from accounts import actions as people
from accounts import queries as known
from accounts.models import (
    Account,
    Follow,
    Menu,
    OfficialAccount,
    ProgramCard,
    ProgramToken,
    TemplateMessage,
)
from chat import actions, events, queries
from chat.models import Attachment, Message
from chat.states import MessageKind
from superapp.kernel import time
from superapp.kernel.errors import NotFound
from superapp.kernel.ids import digest_of

Answer = dict[str, Any]
_FILES = {
    "image": MessageKind.IMAGE,
    "voice": MessageKind.VOICE,
    "video": MessageKind.VIDEO,
    "shortvideo": MessageKind.VIDEO,
}
_SECOND = 1000


def account() -> OfficialAccount:
    """The account under test: the newest that has a program."""
    found = OfficialAccount.objects.filter(program__isnull=False).order_by("-pk")
    official = found.select_related("account", "owner").first()
    if official is None:
        raise NotFound
    return official


def _follow(openid: str) -> Follow:
    rows = Follow.objects.select_related("official__account", "person")
    found = rows.filter(openid=openid).first()
    if found is None:
        raise NotFound
    return found


def enrolled(name: str) -> Account:
    """Somebody new."""
    address = f"{name.lower().replace(' ', '.')}@example.com"
    person = people.enrol_person(name=name, password=secrets.token_urlsafe(16), email=address)
    return person.account


def published(mark: str) -> OfficialAccount:
    """A published account of somebody new."""
    owner = enrolled(f"Owner {mark}")
    reviewer = people.enrol_staff(
        name=f"Reviewer {mark}",
        email=f"reviewer.{mark}@example.com",
        password=secrets.token_urlsafe(16),
    )
    official = people.apply_official(
        owner=owner, name=f"Conformance {mark}", kind="service", category="other"
    )
    papers = people.Papers(
        legal_name="Conformance Ltd",
        licence_no=f"C-{mark}",
        contact_name=owner.name,
        contact_phone="+442071838750",
        contact_email="owner@example.com",
        settlement_holder="Conformance Ltd",
        settlement_bank="Test Bank",
        settlement_number="0001",
    )
    people.fill_papers(official=official, actor=owner, papers=papers)
    people.submit_official(official=official, actor=owner)
    return people.approve_official(official=official, staff=reviewer)


def ping() -> None:
    """Nothing."""


def set_server(url: str, token: str, aes_key: str, mode: str) -> None:
    official = account()
    people.save_callback(
        official=official, actor=official.owner, url=url, token=token, aes_key=aes_key, mode=mode
    )


def new_user(nickname: str) -> Answer:
    address = f"{secrets.token_hex(6)}@example.com"
    person = people.enrol_person(name=nickname, password=secrets.token_urlsafe(16), email=address)
    return {"openid": people.know_person(official=account(), person=person.account).openid}


def follow(openid: str, ticket: str = "") -> None:
    row = _follow(openid)
    if ticket:
        people.scan_scene(person=row.person, scene=known.scene_by_ticket(ticket))
    else:
        people.follow_official(person=row.person, official=row.official)


def unfollow(openid: str) -> None:
    row = _follow(openid)
    people.unfollow_official(person=row.person, official=row.official)


def user_send(openid: str, msgtype: str, **said: Any) -> Answer:
    row = _follow(openid)
    thread = actions.open_service(viewer=row.person, official=row.official)
    if msgtype == "link":
        return {"msg_id": _share_link(row, thread.public_id, said)}
    message = actions.send_message(
        author=row.person,
        conversation_id=thread.public_id,
        client_id=events.new_client_id(),
        **_written(row, msgtype, said),
    )
    return {"msg_id": message.pk}


def _written(row: Follow, msgtype: str, said: Mapping[str, Any]) -> Answer:
    if msgtype == "text":
        return {"text": said["content"]}
    if msgtype == "location":
        body = {"lat": said["lat"], "lng": said["lng"], "scale": said.get("scale", 16)}
        return {"kind": MessageKind.LOCATION, "body": {**body, "name": said.get("label", "")}}
    kind = _FILES[msgtype]
    data = base64.b64decode(said["data_b64"])
    upload = actions.upload(
        owner=row.person,
        kind=kind,
        content=io.BytesIO(data),
        size=len(data),
        name=said.get("filename", ""),
        duration_ms=_SECOND if kind != MessageKind.IMAGE else 0,
    )
    body = {"is_short": True} if msgtype == "shortvideo" else {}
    return {"kind": kind, "attachment_id": upload.public_id, "body": body}


def _share_link(row: Follow, conversation_id: str, said: Mapping[str, Any]) -> int:
    """People share articles that they were sent."""
    article = {"title": said["title"], "description": said["description"], "url": said["url"]}
    shown = actions.say_for_program(
        official=row.official,
        follow=row,
        voice=actions.REPLY,
        said={"msgtype": "news", "news": {"articles": [article]}},
        client_id=events.new_client_id(),
    )
    (message,) = actions.forward_one_by_one(
        actor=row.person,
        source_id=conversation_id,
        seqs=[shown.seq],
        target_id=conversation_id,
        client_id=events.new_client_id(),
    )
    return message.pk


def menu_click(openid: str, key: str) -> None:
    _press(openid, "key", key)


def menu_view(openid: str, url: str) -> None:
    _press(openid, "url", url)


def _press(openid: str, field: str, value: str) -> None:
    row = _follow(openid)
    menu = Menu.objects.get(official=row.official).published
    for i, button in enumerate(menu.get("button", [])):
        for path, leaf in _leaves(str(i), button):
            if leaf.get(field) == value:
                people.press_menu(person=row.person, official=row.official, path=path)
                return
    raise NotFound


def _leaves(path: str, button: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any]]]:
    below = button.get("sub_button") or []
    return [(f"{path}.{j}", leaf) for j, leaf in enumerate(below)] or [(path, button)]


def report_location(openid: str, lat: float, lng: float, precision: float) -> None:
    row = _follow(openid)
    people.report_location(
        person=row.person,
        official=row.official,
        latitude=lat,
        longitude=lng,
        precision=precision,
    )


def inbox(openid: str, after: int) -> Answer:
    """What the account said in the person's window of the thread."""
    row = _follow(openid)
    thread = queries.direct_with(row.person, row.official.account)
    if thread is None:
        return {"messages": []}
    said = Message.objects.filter(
        conversation=thread, author=row.official.account, pk__gt=after, recalled_at=None
    ).exclude(kind=MessageKind.SYSTEM)
    return {"messages": [{"id": message.pk, **_shown(message)} for message in said.order_by("pk")]}


def _shown(message: Message) -> Answer:
    if message.kind == MessageKind.CARD:
        return _shown_card(message.body)
    if message.kind == MessageKind.TEXT:
        return {"msgtype": "text", "content": message.text}
    title, _line, description = message.text.partition("\n")
    media_id = Attachment.objects.get(pk=message.body["attachment_pk"]).name
    shown = {"msgtype": str(message.kind), "media_id": media_id}
    return {**shown, "title": title, "description": description}


def _shown_card(body: Mapping[str, Any]) -> Answer:
    card = ProgramCard.objects.filter(public_id=body["ref"]).first()
    if card is not None:
        return {"msgtype": card.kind, **card.facts}
    filled = TemplateMessage.objects.get(public_id=body["ref"])
    data = {name: {"value": text} for name, text in filled.data.items()}
    shown = {"msgtype": "template", "template_id": filled.template_id}
    return {**shown, "data": data, "url": filled.url}


def kf_session(openid: str) -> Answer:
    row = _follow(openid)
    return {"kf": (row.handed_over_to or "any") if row.handed_over_at else None}


def authorize(openid: str, url: str) -> Answer:
    """The person, signed in, opens the address and presses "Allow" where it is asked."""
    browser = Client()
    browser.force_login(_follow(openid).person.person)
    parts = urlsplit(url)
    address = f"{parts.path}?{parts.query}"
    said = browser.get(address)
    if said.status_code == 200:
        said = browser.post(address, {"allow": "1"})
    return {"location": said["Location"]}


def expire_token(access_token: str) -> None:
    ProgramToken.objects.filter(digest=digest_of(access_token)).update(expires_at=time.now())


def set_last_interaction(openid: str, seconds_ago: float) -> None:
    """As if so much time had passed since the person did anything."""
    row = _follow(openid)
    gone = timedelta(seconds=seconds_ago)
    before = time.now() - gone
    ends = row.window_ends_at - gone if row.window_ends_at else None
    Follow.objects.filter(pk=row.pk).update(last_interaction_at=before, window_ends_at=ends)


OPERATIONS: dict[str, Callable[..., Answer | None]] = {
    act.__name__: act
    for act in (
        *(ping, set_server, new_user, follow, unfollow, user_send, menu_click, menu_view),
        *(report_location, inbox, kf_session, authorize, expire_token, set_last_interaction),
    )
}
