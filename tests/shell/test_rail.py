"""The rail: which tab is current, what its badges say, and what it costs."""

import pytest
from django.template.loader import render_to_string
from django.test import RequestFactory

from superapp.kernel.pages import nav
from superapp.kernel.pages.gallery import Face
from superapp.kernel.ports import Registry
from tests.shell.conftest import attributes, text_of


@pytest.fixture
def badges(monkeypatch):
    registry = Registry("nav")
    monkeypatch.setattr(nav, "_providers", registry)
    return registry


@pytest.fixture
def alice():
    return Face("7", "Alice")


@pytest.fixture
def drawn(settings, alice):
    settings.ROOT_URLCONF = "tests.shell.urls"
    settings.SANDBOX_CLOCK = False  # it lives in a row

    def draw(path, **context):
        request = RequestFactory().get(path)
        request.account = alice
        return render_to_string("shell/_rail.html", context, request)

    return draw


def current(page):
    return [a["data-tab"] for a in attributes(page, "a") if "aria-current" in a]


@pytest.mark.parametrize(
    ("path", "tab"),
    [("/chats/", "chats"), ("/chats/c_1/", "chats"), ("/contacts/x/", "contacts"), ("/me/", "me")],
)
def test_the_address_decides_the_current_tab(badges, drawn, path, tab):
    assert current(drawn(path)) == [tab]


def test_a_page_that_lives_elsewhere_says_which_tab_it_belongs_to(badges, drawn):
    assert current(drawn("/wallet/")) == []
    assert current(drawn("/wallet/", tab="me")) == ["me"]
    assert current(drawn("/chats/", tab="contacts")) == ["contacts"]


def test_a_tab_that_leads_nowhere_is_not_drawn(badges, drawn):
    tabs = [a["data-tab"] for a in attributes(drawn("/chats/"), "a") if "data-tab" in a]
    assert tabs == ["chats", "contacts", "me"]  # nothing answers /discover/ here


def test_badges_come_from_whoever_registered_and_are_asked_once(badges, drawn, alice):
    asked = []

    def unread(account):
        asked.append(account)
        return nav.NavItem(count=120)

    badges.register("unread", unread)
    badges.register("requests", lambda account: nav.NavItem(count=1))
    page = drawn("/chats/")
    assert asked == [alice]
    assert "99+ 120 unread" in text_of(page)
    assert "1 unread" in text_of(page)


def test_no_badge_is_drawn_at_zero_but_there_is_a_place_for_one(badges, drawn):
    shown = [a for a in attributes(drawn("/chats/"), "span") if "data-badge" in a]
    assert [("hidden" in a) for a in shown] == [True, True, True]


def test_nobody_signed_in_means_no_rail_and_no_question(badges, settings):
    settings.ROOT_URLCONF = "tests.shell.urls"
    badges.register("unread", lambda account: pytest.fail("asked for nobody"))
    request = RequestFactory().get("/chats/")
    assert "nav" not in nav.shell(request)
    assert render_to_string("shell/_rail.html", {}, request).strip() == ""


def test_a_page_without_a_rail_asks_for_no_badge(badges, settings, alice):
    settings.ROOT_URLCONF = "tests.shell.urls"
    badges.register("unread", lambda account: pytest.fail("asked for nothing"))
    request = RequestFactory().get("/offline/")
    request.account = alice
    assert "You are offline" in render_to_string("shell/offline.html", {}, request)


def test_two_providers_of_one_badge_are_a_bug(badges):
    nav.register_nav("unread", lambda account: nav.NavItem())
    with pytest.raises(ValueError, match="unread is registered twice"):
        nav.register_nav("unread", lambda account: nav.NavItem())
