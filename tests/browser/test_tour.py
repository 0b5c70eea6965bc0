"""The tour: a newcomer comes in, finds a friend and talks, at two screens of two sizes."""

import asyncio
import re
from datetime import timedelta

import pytest
import time_machine
from asgiref.sync import sync_to_async
from django.core.cache import cache
from django.db import connections
from playwright.async_api import expect

from accounts.models import Account, SandboxLetter
from chat import actions, queries
from chat.models import Conversation, JoinRequest, Message
from superapp.kernel import outbox, time
from tests import cast
from tests.browser.kit import DESKTOP, PHONE, Line
from tests.browser.test_chat_live import OFFLINE, live, words
from tests.browser.test_chat_pages import make_sticker, picture
from tests.chat.conftest import say

PASSWORD = "a long enough secret"


@pytest.fixture(autouse=True)
def _sandbox(settings, tmp_path):
    settings.EMAIL_BACKEND = "accounts.senders.SandboxEmail"
    settings.MEDIA_ROOT = tmp_path
    cache.clear()


def make_town():
    """Bo, whom Ana will look for, Chen, whom she does not know, and the stickers."""
    bo, chen = cast.make_person("Bo"), cast.make_person("陈晨")
    Account.objects.filter(pk=bo.pk).update(handle="bo_the_friend")
    cast.make_friends(bo, chen)
    make_sticker()
    connections.close_all()
    return bo, chen


def code_for(to):
    outbox.run_due(outbox.DELIVERIES, limit=20)
    letter = SandboxLetter.objects.filter(to=to).latest("pk").body
    connections.close_all()
    return re.search(r"\b\d{6}\b", letter).group()


async def sign_up(visit, name, address):
    page = visit.page
    await visit.goto("/")
    await expect(page.get_by_role("button", name=re.compile("Sign in", re.I)).first).to_be_visible()
    await expect(page.get_by_label("Language")).to_be_visible()
    await visit.goto("/accounts/signup/")
    await page.get_by_label("Name").fill(name)
    await page.get_by_label("E-mail or phone").fill(address)
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Create an account").click()
    await page.get_by_role("textbox", name="Code").fill(await sync_to_async(code_for)(address))
    await page.get_by_role("button", name="Continue").click()
    await page.wait_for_url(lambda url: "/accounts/" not in url)


async def introduce(visit):
    """A picture and an ID of her own."""
    page = visit.page
    await visit.goto("/me/avatar/")
    photo = {"name": "me.png", "mimeType": "image/png", "buffer": picture(400, 400)}
    await page.locator("input[type=file]").first.set_input_files(photo)
    await page.locator("main form[enctype] button[type=submit]").click()
    await visit.goto("/me/id/")
    await page.get_by_role("textbox", name="Superapp ID").fill("ana_newcomer")
    await page.locator("main form button[type=submit]").last.click()
    await visit.goto("/me/qr/")
    await expect(page.locator("main")).to_contain_text("Ana")
    await visit.goto("/contacts/find/")
    await expect(page.locator("main")).to_contain_text("ana_newcomer")


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
async def test_a_newcomer_finds_a_friend_and_talks(browse, size):
    bo, _chen = await sync_to_async(make_town)()
    at_ana, at_bo = await browse(size=size), await browse(bo, size=size)
    await sign_up(at_ana, "Ana", "ana@example.com")
    await introduce(at_ana)

    # Ana finds Bo by ID and asks; Bo sees it live and says yes.
    await at_bo.goto("/contacts/requests/")
    await live(at_bo)
    await at_ana.goto("/contacts/find/")
    await at_ana.page.get_by_role("searchbox", name="ID or phone number").fill("bo_the_friend")
    await at_ana.page.get_by_role("button", name="Find", exact=True).click()
    await at_ana.page.get_by_role("link", name="Add to contacts").click()
    await at_ana.page.get_by_role("textbox", name="Say who you are").fill("Ana from the train")
    await at_ana.page.get_by_role("button", name="Send request").click()
    await expect(at_bo.page.get_by_text("Ana from the train")).to_be_visible()
    await at_ana.goto("/chats/")
    await live(at_ana)
    await at_bo.page.get_by_role("link", name="Accept Ana").click()
    await at_bo.page.get_by_role("button", name="Accept", exact=True).click()
    await expect(at_ana.page.get_by_text("You can now chat.").first).to_be_visible()
    await at_bo.goto("/chats/")
    await expect(at_bo.page.get_by_text("You can now chat.").first).to_be_visible()

    # Her own name for him, and a tag.
    await at_ana.goto(f"/contacts/{bo.public_id}/edit/")
    await at_ana.page.get_by_role("textbox", name="Remark").fill("Bo (uni)")
    await at_ana.page.locator("main form button[type=submit]").last.click()
    await at_ana.goto("/contacts/")
    await expect(at_ana.page.get_by_text("Bo (uni)").first).to_be_visible()
    await at_ana.goto("/chats/")
    await expect(at_ana.page.get_by_text("Bo (uni)").first).to_be_visible()

    await talk(at_ana, at_bo)


async def write(visit, text):
    """By the button: on a touch screen Enter begins a new line."""
    await visit.page.locator("#text").fill(text)
    await visit.page.get_by_role("button", name="Send", exact=True).click()


async def talk(at_ana, at_bo):
    """Text, a quote, a picture, a sticker, a voice."""
    chat = await sync_to_async(Conversation.objects.get)(
        kind="direct", pair_key__isnull=False, memberships__account__name="Ana"
    )
    for visit in (at_ana, at_bo):
        await visit.goto(f"/chats/{chat.public_id}/")
        await live(visit)
    await write(at_ana, "Hello Bo")
    await expect(words(at_bo)).to_have_text(["Hello Bo"])
    await at_bo.page.locator("#m2").focus()
    await at_bo.page.keyboard.press("r")
    await write(at_bo, "Hello yourself")
    await expect(at_ana.page.locator("#m3 .quote")).to_contain_text("Hello Bo")
    file = {"name": "us.png", "mimeType": "image/png", "buffer": picture(600, 400)}
    await at_ana.page.locator('[data-pick="photo"]').set_input_files(file)
    await at_ana.page.get_by_role("button", name="Send", exact=True).click()
    await expect(at_bo.page.locator("#m4 .pic img")).to_be_visible()
    await at_bo.page.get_by_role("button", name="Emoji and stickers").click()
    await at_bo.page.locator("#panel-pick").get_by_role("button", name="Stickers").click()
    await at_bo.page.get_by_role("button", name="Wave").click()
    await expect(at_ana.page.locator("#m5 .stk img")).to_be_visible()
    await at_ana.page.get_by_role("button", name="Record a voice message").click()
    await expect(at_ana.page.locator("[data-record-time]")).to_have_text("0:01")
    await at_ana.page.get_by_role("button", name="Send the recording").click()
    await expect(at_bo.page.locator("#m6 [data-voice]")).to_be_visible()
    await at_ana.axe()


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
async def test_a_broken_line_loses_nothing_and_the_badge_is_right(browse, alice, bob, size):
    chat = await sync_to_async(actions.open_direct)(viewer=alice, other=bob)
    at_alice = await browse(alice, size=size)
    at_alice.expects(*OFFLINE)
    line = Line()
    await line.hold(at_alice)
    await at_alice.goto("/me/")
    await live(at_alice)
    await line.cut()
    for text in ("one", "two", "three"):
        await sync_to_async(say)(bob, chat, text)
    line.mend()
    badge = at_alice.page.locator('[data-tab="chats"] [data-badge]')
    await expect(badge).to_contain_text("3 unread")
    await at_alice.goto(f"/chats/{chat.public_id}/")
    await expect(words(at_alice)).to_have_text(["one", "two", "three"])
    await expect(badge).to_be_hidden() if size == DESKTOP else None
    await expect_unread(alice, 0)


async def expect_unread(account, count):
    for _try in range(50):
        if await sync_to_async(queries.unread_total)(account) == count:
            return
        await asyncio.sleep(0.1)
    raise AssertionError("the badge is wrong")


async def test_recall_has_two_minutes_and_says_so(browse, alice, bob):
    chat = await sync_to_async(actions.open_direct)(viewer=alice, other=bob)
    with time_machine.travel(time.now() - timedelta(minutes=3), tick=False):
        await sync_to_async(say)(alice, chat, "three minutes ago")
    with time_machine.travel(time.now() - timedelta(minutes=1), tick=False):
        await sync_to_async(say)(alice, chat, "one minute ago")
    at_alice, at_bob = await browse(alice), await browse(bob, size=PHONE)
    for visit in (at_alice, at_bob):
        await visit.goto(f"/chats/{chat.public_id}/")
        await live(visit)
    await at_alice.goto(f"/chats/{chat.public_id}/m/2/")
    await at_alice.page.get_by_role("button", name="Recall").click()
    await expect(at_bob.page.locator("#m2")).to_contain_text("Alice recalled a message")
    await at_alice.goto(f"/chats/{chat.public_id}/m/1/")
    await expect(at_alice.page.get_by_role("button", name="Recall")).to_have_count(0)
    texts = await sync_to_async(list)(
        Message.objects.order_by("seq").values_list("text", flat=True)
    )
    assert texts == ["three minutes ago", ""]


async def test_the_41st_member_is_invited_and_chinese_words_are_found(browse, alice):
    def make():
        friends = [cast.make_person(f"Friend {n:02}") for n in range(40)]
        for friend in friends:
            cast.make_friends(alice, friend)
        group = actions.create_group(owner=alice, members=friends[:39], title="Forty")
        say(friends[0], group, "今天爸爸做红烧肉")
        connections.close_all()
        return group, friends[39]

    group, last = await sync_to_async(make)()
    visit = await browse(alice)
    await visit.goto(f"/chats/{group.public_id}/members/add/")
    await visit.page.get_by_label(last.name).check()
    await visit.page.get_by_role("button", name="Add", exact=True).click()
    await visit.page.wait_for_url("**/members/")
    await expect(visit.page.get_by_role("heading", level=1)).to_have_text("40 members")
    invited = await sync_to_async(JoinRequest.objects.select_related("account").get)()
    assert (invited.account, invited.status) == (last, "invited")
    await visit.goto("/chats/search/?q=爸爸")
    await expect(visit.page.locator("main mark")).to_have_text("爸爸")
