"""The rail: four tabs and what their badges say, and the `shell` context of every full page."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import Resolver404, get_urlconf, resolve
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from superapp.kernel.pages.answers import theme_of
from superapp.kernel.ports import Registry


@dataclass(frozen=True, slots=True)
class NavItem:
    """A badge: a count, or a plain dot for "something new"."""

    count: int = 0
    dot: bool = False


@dataclass(frozen=True, slots=True)
class Tab:
    key: str
    path: str
    icon: str
    label: str | Promise
    badge: str = ""


TABS = (
    Tab("chats", "/chats/", "chat", _("Chats"), badge="unread"),
    Tab("contacts", "/contacts/", "contacts", _("Contacts"), badge="requests"),
    Tab("discover", "/discover/", "compass", _("Discover"), badge="news"),
    Tab("me", "/me/", "me", _("Me")),
)

ME, SETTINGS = "/me/", "/settings/"
# Answers ?q=… with rows of HTML, for Ctrl+K.
SWITCHER = "/chats/switch/"

Provider = Callable[[Any], NavItem]
_providers: Registry[Provider] = Registry("nav")


def register_nav(name: str, provider: Provider) -> None:
    """An app says in ready() who computes a badge: register_nav("unread", queries.unread_badge).

    The callable gets the signed-in account and runs at most once a page, and only when the page
    draws the rail.
    """
    _providers.register(name, provider)


class Nav:
    """`nav.unread`, `nav.requests`, …: each badge is computed when the template first asks."""

    def __init__(self, account: Any) -> None:
        self._account = account
        self._known: dict[str, NavItem] = {}

    def __getitem__(self, name: str) -> NavItem:
        if name not in self._known:
            provider = _providers.get(name)
            self._known[name] = provider(self._account) if provider else NavItem()
        return self._known[name]


@dataclass(frozen=True, slots=True)
class ShownTab:
    tab: Tab
    badge: NavItem
    is_current: bool


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context processor. Nothing here queries: a badge is computed when the rail is drawn."""
    common = {"theme": theme_of(request), "TIME_ZONE": timezone.get_current_timezone_name()}
    account = getattr(request, "account", None)
    if account is None:
        return common
    nav = Nav(account)
    return {
        **common,
        "nav": nav,
        "rail": lambda: _rail(request, nav),
        "links": {"me": ME, "settings": _served(SETTINGS), "switcher": _served(SWITCHER)},
    }


def _rail(request: HttpRequest, nav: Nav) -> list[ShownTab]:
    tabs = [tab for tab in TABS if _served(tab.path)]
    return [
        ShownTab(
            tab,
            nav[tab.badge] if tab.badge else NavItem(),
            is_current=request.path.startswith(tab.path),
        )
        for tab in tabs
    ]


def _served(path: str) -> str:
    """The path, or "" where nobody answers: a link leads somewhere or is not drawn."""
    return path if _is_served(path, get_urlconf() or settings.ROOT_URLCONF) else ""


@lru_cache(maxsize=64)
def _is_served(path: str, urlconf: str) -> bool:
    try:
        resolve(path, urlconf)
    except Resolver404:
        return False
    return True
