"""Two people at two screens: what one says, the other sees, whatever happens to the line."""

import asyncio

from asgiref.sync import sync_to_async
from playwright.async_api import expect

from chat import actions, queries
from chat.models import Membership, Message
from tests.browser.kit import DESKTOP, PHONE, Line
from tests.chat.conftest import say

OFFLINE = ("ERR_INTERNET_DISCONNECTED", "WebSocket connection to", "ERR_FAILED")


def at(conversation):
    return f"/chats/{conversation.public_id}/"


def words(visit):
    return visit.page.locator("#messages .bubble__text")


async def write(visit, text):
    await visit.page.locator("#text").fill(text)
    await visit.page.locator("#text").press("Enter")


async def live(visit):
    """Wait until the socket is open and the scripts of a thread have taken over."""
    ready = "html[data-live]:not(:has(#log:not([data-ready])))"
    await expect(visit.page.locator(ready)).to_be_attached()


async def test_two_people_talk(browse, alice, bob, room):
    at_alice, at_bob = await browse(alice), await browse(bob, size=PHONE)
    await at_alice.goto(at(room))
    await at_bob.goto(at(room))
    await live(at_bob)
    await live(at_alice)
    await write(at_alice, "Hotpot tonight?")
    await expect(words(at_bob)).to_have_text(["Hotpot tonight?"])
    await at_bob.page.locator("#text").fill("Gladly")
    await at_bob.page.get_by_role("button", name="Send", exact=True).click()
    await expect(words(at_alice)).to_have_text(["Hotpot tonight?", "Gladly"])
    await write(at_alice, "https://example.com is where")
    await expect(words(at_bob).nth(2).get_by_role("link")).to_have_attribute(
        "href", "https://example.com"
    )
    await expect(at_alice.page.locator(".msg--sending")).to_have_count(0)
    await expect(at_alice.page.locator("#messages [data-seq]")).to_have_count(3)
    assert await sync_to_async(Message.objects.filter(conversation=room).count)() == 3


async def test_nothing_is_lost_or_doubled_when_the_line_breaks(browse, alice, bob, room):
    await sync_to_async(say)(alice, room, "before")
    at_bob = await browse(bob)
    at_bob.expects(*OFFLINE)
    line = Line()
    await line.hold(at_bob)
    await at_bob.goto("/chats/")
    await live(at_bob)
    badge = at_bob.page.locator('[data-tab="chats"] [data-badge]')
    await expect(badge).to_contain_text("1 unread")
    await at_bob.page.locator("[data-chat] .conv").click()
    await expect(words(at_bob)).to_have_text(["before"])
    await live(at_bob)
    await line.cut()
    for text in ("one", "two", "three"):
        await sync_to_async(say)(alice, room, text)
    await write(at_bob, "said in the tunnel")
    await expect(at_bob.page.locator(".msg--sending")).to_have_count(1)
    assert await sync_to_async(queries.unread_total)(bob) == 3
    line.mend()
    await expect(words(at_bob)).to_have_text(
        ["before", "one", "two", "three", "said in the tunnel"]
    )
    await expect(at_bob.page.locator(".msg--sending")).to_have_count(0)
    await expect(badge).to_be_hidden()
    assert await sync_to_async(Message.objects.filter(conversation=room).count)() == 5
    assert await sync_to_async(queries.unread_total)(bob) == 0


async def test_reading_in_one_tab_clears_the_badge_of_the_other(browse, alice, bob, room, group):
    first, second = await browse(bob), await browse(bob, size=PHONE)
    await first.goto("/chats/")
    await live(first)
    await sync_to_async(say)(alice, room, "look here")
    badge = first.page.locator('[data-tab="chats"] [data-badge]')
    await expect(badge).to_contain_text("1 unread")
    await expect(first.page).to_have_title("(1) Chats · Superapp")
    await expect(first.page.locator("[data-chat]").first).to_contain_text("look here")
    await second.goto(at(room))
    await expect(badge).to_be_hidden()
    await expect(first.page).to_have_title("Chats · Superapp")
    await expect(first.page.locator(f'[data-chat="{room.public_id}"] .badge')).to_have_count(0)


async def test_typing_is_shown_and_goes(browse, alice, bob, room):
    at_alice, at_bob = await browse(alice), await browse(bob)
    await at_alice.goto(at(room))
    await at_bob.goto(at(room))
    await live(at_alice)
    await live(at_bob)
    await at_alice.page.locator("#text").press_sequentially("Hm")
    await expect(at_bob.page.locator("[data-header-typing]")).to_be_visible()
    await expect(at_bob.page.locator("[data-chat] [data-typing]")).to_be_visible()
    await at_alice.page.locator("#text").press("Enter")
    await expect(words(at_bob)).to_have_text(["Hm"])
    await expect(at_bob.page.locator("[data-header-typing]")).to_be_hidden()


async def test_a_draft_survives_and_shows_on_other_devices(browse, alice, bob, room):
    at_desk, at_phone = await browse(alice), await browse(alice, size=PHONE)
    await at_phone.goto("/chats/")
    await live(at_phone)
    await at_desk.goto(at(room))
    await at_desk.page.locator("#text").fill("Half a thou")
    await at_desk.page.reload()
    await expect(at_desk.page.locator("#text")).to_have_value("Half a thou")
    await expect(at_phone.page.locator("[data-chat] [data-preview]")).to_have_text(
        "[Draft] Half a thou"
    )
    await write(at_desk, "A whole one")
    await expect(at_phone.page.locator("[data-chat] [data-preview]")).to_have_text("A whole one")


async def test_a_draft_that_is_slow_on_its_way_does_not_outlive_the_message(
    browse, alice, bob, room
):
    visit = await browse(alice)
    await visit.goto(at(room))
    await live(visit)
    asked, answered = [], []

    async def hold_the_first(route):
        asked.append(route)
        if len(asked) == 1:
            await asyncio.sleep(1)
        await route.continue_()
        answered.append(await (await route.request.response()).finished())

    await visit.page.route("**/draft/", hold_the_first)
    await visit.page.locator("#text").fill("On my way")
    await visit.page.locator("#text").blur()
    await visit.page.locator("#text").press("Enter")
    await expect(words(visit)).to_have_text(["On my way"])
    async with asyncio.timeout(10):
        while len(answered) < 2:
            await asyncio.sleep(0.05)
    mine = await Membership.objects.aget(conversation=room, account=alice)
    assert mine.draft == ""


async def test_a_long_history_loads_as_it_is_scrolled(browse, alice, bob, room):
    for number in range(1, 91):
        await sync_to_async(say)(bob, room, f"line {number}")
    visit = await browse(alice, size=DESKTOP)
    await visit.goto(at(room))
    await expect(visit.page.locator("#m90")).to_be_in_viewport()
    await live(visit)
    # Somebody who keeps scrolling up: how many pages one screenful asks for depends on the fonts.
    await visit.page.wait_for_function(
        """() => {
            document.getElementById("log").scrollTop = 0;
            return document.getElementById("m1");
        }"""
    )
    await expect(visit.page.locator("#messages [data-seq]")).to_have_count(90)
    await visit.page.locator("#log").evaluate("(log) => { log.scrollTop = 0; }")
    await sync_to_async(say)(bob, room, "line 91")
    await expect(visit.page.locator("[data-jump-latest]")).to_contain_text("1")
    await visit.page.locator("[data-jump-latest]").click()
    await expect(visit.page.locator("#m91")).to_be_in_viewport()


async def test_a_refused_message_stays_with_its_reason(browse, alice, carol, bob, room):
    from accounts.models import Contact

    await sync_to_async(Contact.objects.filter(owner=bob).delete)()
    visit = await browse(alice)
    await visit.goto(at(room))
    await live(visit)
    await write(visit, "Are we still friends?")
    failed = visit.page.locator(".msg--failed")
    await expect(failed).to_contain_text("Friend verification is required")
    await expect(failed.get_by_role("link", name="Send a friend request")).to_be_visible()
    await visit.page.reload()
    await expect(failed).to_contain_text("Are we still friends?")
    await failed.get_by_role("button", name="Delete").click()
    await expect(failed).to_have_count(0)


async def test_a_removed_member_reads_on_but_the_box_goes(browse, alice, bob, group):
    await sync_to_async(say)(alice, group, "Before")
    visit = await browse(bob)
    await visit.goto(at(group))
    await live(visit)
    await sync_to_async(actions.remove_member)(
        actor=alice, conversation_id=group.public_id, member=bob
    )
    await expect(visit.page.get_by_text("You were removed from this group.")).to_be_visible()
    await expect(visit.page.locator("#composer")).to_have_count(0)
    await expect(words(visit)).to_have_text(["Before"])


async def test_a_greeting_waits_for_an_answer(browse, alice, carol, group):
    await sync_to_async(Membership.objects.create)(conversation=group, account=carol)
    opened = await sync_to_async(actions.open_direct)(viewer=carol, other=alice)
    at_alice = await browse(alice)
    await at_alice.goto("/chats/")
    await live(at_alice)
    await sync_to_async(say)(carol, opened, "We met at the market")
    await at_alice.page.get_by_role("link", name="Greetings").click()
    await at_alice.page.locator("[data-chat] .conv").click()
    await expect(at_alice.page.get_by_text("You are not friends yet.")).to_be_visible()
    await expect(at_alice.page.get_by_role("link", name="Report")).to_be_visible()
    await live(at_alice)
    await write(at_alice, "Of course, hello")
    await expect(words(at_alice)).to_have_count(2)
    await at_alice.goto("/chats/")
    await expect(at_alice.page.locator("[data-chat]").first).to_contain_text("Of course, hello")


async def test_without_a_socket_messages_still_come_and_go(browse, alice, bob, room):
    at_bob = await browse(bob)
    at_bob.expects("WebSocket connection to")

    async def refuse(socket):
        await socket.close()

    await at_bob.page.route_web_socket("**/ws/", refuse)
    await at_bob.goto(at(room))
    await sync_to_async(say)(alice, room, "No socket here")
    await expect(words(at_bob)).to_have_text(["No socket here"], timeout=8000)
    await write(at_bob, "Nor here")
    await expect(at_bob.page.locator("#m2 .bubble__text")).to_have_text("Nor here")
    await expect(at_bob.page.locator("[data-offline]")).to_be_visible(timeout=8000)
    assert await sync_to_async(Message.objects.filter(conversation=room).count)() == 2
