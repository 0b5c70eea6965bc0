"""The pages around a chat: how they look, and that the keyboard is enough for them."""

import re
from datetime import timedelta

import pytest
from playwright.async_api import expect

from accounts import actions as people
from chat import actions
from superapp.kernel import time
from tests import cast
from tests.browser.kit import DESKTOP, PHONE
from tests.browser.test_chat_pages import make_sticker, say_everything
from tests.chat.conftest import say

LOOKS = [(PHONE, "light", "en"), (DESKTOP, "dark", "en"), (PHONE, "light", "ar")]
PAGES = {
    "new": "/chats/new/",
    "search": "/chats/search/",
    "found": "/chats/search/?q=menu",
    "favourites": "/chats/favourites/",
    "scheduled": "/chats/scheduled/",
    "stickers": "/chats/stickers/",
    "greetings": "/chats/greetings/",
    "archive": "/chats/archive/",
    "details": "/chats/{room}/info/",
    "group-details": "/chats/{group}/info/",
    "members": "/chats/{group}/members/",
    "add-members": "/chats/{group}/members/add/",
    "announcement": "/chats/{group}/announcement/",
    "code": "/chats/{group}/code/",
    "search-in": "/chats/{room}/search/?q=menu",
    "photos": "/chats/{room}/media/",
    "exports": "/chats/{room}/export/",
    "report": "/chats/{room}/report/?seq=1",
    "contact": "/chats/{room}/add/contact/",
    "location": "/chats/{room}/add/location/",
    "schedule": "/chats/{room}/add/schedule/",
}


@pytest.fixture
def busy(transactional_db, alice, bob, carol, room, group):
    """Something to see on every page: long names, other scripts, things kept and things that wait."""
    for name in ["Maximiliane von Habsburg-Lothringen zu T", "王小明", "أحمد"]:
        friend = cast.make_person(name)
        people.add_edge(owner=alice, other=friend, source="qr")
        people.add_edge(owner=friend, other=alice)
    say_everything(alice, bob, room)
    say(bob, group, "Who can drive on Friday?")
    make_sticker(owner=alice)
    actions.keep_message(owner=alice, conversation_id=room.public_id, seq=1)
    actions.schedule_message(
        author=alice,
        conversation_id=room.public_id,
        text="Happy birthday!",
        due_at=time.now() + timedelta(days=2),
    )
    actions.announce(actor=alice, conversation_id=group.public_id, text="Supper on Saturday, 19:30")
    actions.renew_group_qr(actor=alice, conversation_id=group.public_id)
    other = actions.open_direct(viewer=alice, other=friend)
    actions.archive_chat(viewer=alice, conversation_id=other.public_id)
    return {"room": room.public_id, "group": group.public_id}


@pytest.mark.parametrize(("size", "theme", "language"), LOOKS, ids=["phone", "dark", "arabic"])
async def test_every_page_is_accessible_and_fits(browse, busy, alice, size, theme, language):
    visit = await browse(alice, size=size, theme=theme, language=language)
    for name, path in PAGES.items():
        await visit.inspect(path.format(**busy), f"chat-{name}-{size[0]}-{theme}-{language}")


async def test_a_group_is_started_with_the_keyboard_alone(browse, alice, bob, busy):
    visit = await browse(alice)
    await visit.goto("/chats/new/")
    page, keys = visit.page, visit.page.keyboard
    search = page.get_by_label("Find among your friends")
    await tab_to(page, search)
    await keys.type("wxm")
    boxes = page.get_by_role("checkbox")
    await expect(boxes).to_have_count(1)
    await keys.press("Tab")
    await keys.press("Space")
    await expect(boxes).to_be_checked()
    await page.keyboard.press("Shift+Tab")
    await keys.press("Control+A")
    await keys.type("bob")
    await keys.press("Tab")
    await keys.press("Space")
    await keys.press("Tab")
    await expect(page.get_by_label("Group name")).to_be_focused()
    await keys.type("Choir")
    await keys.press("Enter")
    await page.wait_for_url(re.compile(r"/chats/conv_\w+/$"))
    await expect(page.locator("[data-thread-title]")).to_have_text("Choir")


async def test_a_switch_turns_with_the_keyboard(browse, alice, busy):
    visit = await browse(alice)
    await visit.goto(f"/chats/{busy['room']}/info/")
    mute = visit.page.get_by_role("switch", name="Mute")
    await expect(mute).not_to_be_checked()
    await tab_to(visit.page, mute)
    await visit.page.keyboard.press("Space")
    await expect(mute).to_be_checked()


async def tab_to(page, wanted):
    """Press Tab until it has the focus: nothing on the way may catch it."""
    for _ in range(60):
        await page.keyboard.press("Tab")
        if await wanted.evaluate("(element) => element === document.activeElement"):
            return
    raise AssertionError("Tab never gets there")
