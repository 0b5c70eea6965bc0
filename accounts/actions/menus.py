"""The menu under a thread: a draft, and what phones show; and what a press on it does."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction

from accounts import queries
from accounts.actions.following import tell_official
from accounts.actions.official import log_official
from accounts.errors import BadMenu, NotFollowing, NotPublished
from accounts.models import Account, Menu, OfficialAccount
from accounts.ports import EventKind
from accounts.states import OfficialStatus, StaffMay
from superapp.kernel import search, time

Button = dict[str, Any]
# type → the field that says what it does, and its bound in bytes.
BUTTON_TYPES: dict[str, tuple[str, int]] = {
    "click": ("key", settings.MENU_KEY_MAX),
    "view": ("url", settings.MENU_URL_MAX),
    # Made in the console: says this text in the thread.
    "text": ("value", settings.MENU_TEXT_MAX),
    "scancode_push": ("key", settings.MENU_KEY_MAX),
    "scancode_waitmsg": ("key", settings.MENU_KEY_MAX),
    "pic_sysphoto": ("key", settings.MENU_KEY_MAX),
    "pic_photo_or_album": ("key", settings.MENU_KEY_MAX),
    "pic_weixin": ("key", settings.MENU_KEY_MAX),
    "location_select": ("key", settings.MENU_KEY_MAX),
    "media_id": ("media_id", 128),
    "view_limited": ("media_id", 128),
    "article_id": ("article_id", 128),
    "article_view_limited": ("article_id", 128),
    "miniprogram": ("url", settings.MENU_URL_MAX),
}


@dataclass(frozen=True, slots=True)
class Pressed:
    """What the press leads to: an address to open, or words to show; else the account answers."""

    url: str = ""
    text: str = ""


def checked_menu(*, buttons: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """A menu as phones can show it: `{"button": […]}`, {} for none. Raises BadMenu with `what`:
    count, sub_count, name, type, key, url."""
    if not buttons:
        return {}
    if len(buttons) > settings.MENU_BUTTONS_MAX:
        raise BadMenu(what="count")
    return {"button": [_top(button) for button in buttons]}


def _top(given: Mapping[str, Any]) -> Button:
    below = given.get("sub_button") or []
    if isinstance(below, Mapping):
        below = below.get("list") or []
    if not isinstance(below, list) or len(below) > settings.MENU_SUB_BUTTONS_MAX:
        raise BadMenu(what="sub_count")
    if not below:
        return _leaf(given, settings.MENU_NAME_MAX)
    name = _name(given, settings.MENU_NAME_MAX)
    return {"name": name, "sub_button": [_leaf(b, settings.MENU_SUB_NAME_MAX) for b in below]}


def _leaf(given: Mapping[str, Any], name_max: int) -> Button:
    if not isinstance(given, Mapping):
        raise BadMenu(what="type")
    name, kind = _name(given, name_max), given.get("type")
    if not isinstance(kind, str) or kind not in BUTTON_TYPES:
        raise BadMenu(what="type")
    field, most = BUTTON_TYPES[kind]
    said = given.get(field)
    if not isinstance(said, str) or not said.strip() or len(said.encode()) > most:
        raise BadMenu(what="url" if field == "url" else "key")
    if field == "url":
        said = _address(said)
    button = {"type": kind, "name": name, field: said}
    if kind == "miniprogram":
        button |= {k: str(given.get(k) or "")[:200] for k in ("appid", "pagepath")}
    return button


def _name(given: Mapping[str, Any], most: int) -> str:
    name = given.get("name") if isinstance(given, Mapping) else None
    said = search.clean_line(name) if isinstance(name, str) else ""
    if not said or len(said.encode()) > most:
        raise BadMenu(what="name")
    return said


def _address(said: str) -> str:
    """Only pages: an address that could run a script is no address."""
    url = said.strip()
    try:
        parts = urlsplit(url)
    except ValueError:
        raise BadMenu(what="url") from None
    if parts.scheme not in {"http", "https"} or not parts.hostname or _has_space(url):
        raise BadMenu(what="url")
    return url


def _has_space(url: str) -> bool:
    return any(c.isspace() or ord(c) < 32 for c in url)


@transaction.atomic
def save_menu_draft(
    *, official: OfficialAccount, actor: Account, buttons: Sequence[Mapping[str, Any]]
) -> Menu:
    """Keep what is being built; phones show the published one. Raises NotAllowed, BadMenu."""
    queries.require_staff(actor, official, StaffMay.CONTENT)
    menu = _menu(official)
    menu.draft = checked_menu(buttons=buttons)
    menu.save(update_fields=["draft"])
    return menu


@transaction.atomic
def publish_menu(*, official: OfficialAccount, actor: Account) -> Menu:
    """What the draft says is what followers see from now on. Raises NotAllowed."""
    queries.require_staff(actor, official, StaffMay.CONTENT)
    menu = _menu(official)
    before = _labels(menu.published)
    menu.published, menu.published_at, menu.published_by = menu.draft, time.now(), actor
    menu.save(update_fields=["published", "published_at", "published_by"])
    log_official(
        official=official, actor=actor, what="menu", before=before, after=_labels(menu.draft)
    )
    return menu


@transaction.atomic
def replace_menu(*, official: OfficialAccount, buttons: Sequence[Mapping[str, Any]]) -> Menu:
    """A program of the account sets the menu at once, or takes it away with none. For doors that
    have checked the program's token. Raises BadMenu."""
    menu = _menu(official)
    menu.draft = menu.published = checked_menu(buttons=buttons)
    menu.published_at, menu.published_by = time.now(), None
    menu.save(update_fields=["draft", "published", "published_at", "published_by"])
    return menu


@transaction.atomic
def press_menu(*, person: Account, official: OfficialAccount, path: str) -> Pressed:
    """A follower pressed a button: `path` is its place, "0" or "0.2". The account hears of it.

    Raises NotPublished, NotFollowing, BadMenu when the menu has changed meanwhile.
    """
    if official.status != OfficialStatus.APPROVED:
        raise NotPublished
    follow = queries.follow_of(person, official)
    if follow is None or not follow.is_following:
        raise NotFollowing
    button = button_at(menu=queries.menu_of(official), path=path)
    kind = button["type"]
    facts = {"type": kind, **{k: v for k, v in button.items() if k not in {"type", "name"}}}
    if button.get("url"):
        tell_official(follow=follow, kind=EventKind.VIEW, facts=facts)
        return Pressed(url=button["url"])
    tell_official(follow=follow, kind=EventKind.CLICK, facts=facts)
    return Pressed(text=button.get("value", ""))


def button_at(*, menu: Mapping[str, Any], path: str) -> Button:
    """The button at a place. Raises BadMenu when there is none that does something."""
    first, _dot, second = path.partition(".")
    try:
        button = menu["button"][int(first)]
        below = button.get("sub_button")
        found: Button = below[int(second)] if below else button
    except (KeyError, IndexError, ValueError):
        raise BadMenu(what="path") from None
    if "type" not in found:
        raise BadMenu(what="path")
    return found


def leads_away(*, menu: Mapping[str, Any], path: str) -> bool:
    """Whether the button at this place opens an address. Raises BadMenu."""
    return bool(button_at(menu=menu, path=path).get("url"))


def _menu(official: OfficialAccount) -> Menu:
    menu, _new = Menu.objects.get_or_create(official=official)
    return menu


def _labels(menu: Mapping[str, Any]) -> str:
    return ", ".join(button["name"] for button in menu.get("button", []))
