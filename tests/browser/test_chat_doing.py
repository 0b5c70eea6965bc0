"""What people do in an open chat: quote, react, recall, send pictures and voices, name each other."""

import asyncio

import pytest
from asgiref.sync import sync_to_async
from playwright.async_api import expect

from chat import queries
from chat.models import Message
from tests.browser.kit import PHONE
from tests.browser.test_chat_live import at, live, words, write
from tests.browser.test_chat_pages import make_sticker, picture
from tests.chat.conftest import say


@pytest.fixture
async def both(browse, alice, bob, room):
    """Alice and Bob, with their chat open and live."""
    visits = await browse(alice), await browse(bob)

    async def enter(visit):
        await visit.goto(at(room))
        await live(visit)

    await asyncio.gather(*map(enter, visits))
    return visits


def fill(author, conversation, count):
    for number in range(count):
        say(author, conversation, f"filler {number}")


async def open_menu(visit, seq):
    await visit.page.locator(f"#m{seq}").click(button="right", position={"x": 60, "y": 12})
    menu = visit.page.locator("#message-menu")
    await expect(menu).to_be_visible()
    return menu


async def test_a_recall_shows_on_both_sides_and_can_be_edited_again(both, bob):
    at_alice, at_bob = both
    await write(at_alice, "Typo hree")
    await expect(words(at_bob)).to_have_text(["Typo hree"])
    menu = await open_menu(at_alice, 1)
    await menu.get_by_role("button", name="Recall").click()
    await expect(at_alice.page.locator("#m1")).to_contain_text("You recalled a message")
    await expect(at_bob.page.locator("#m1")).to_contain_text("Alice recalled a message")
    await expect(at_bob.page.get_by_role("button", name="Edit again")).to_have_count(0)
    await at_alice.page.get_by_role("button", name="Edit again").click()
    await expect(at_alice.page.locator("#text")).to_have_value("Typo hree")
    assert await sync_to_async(queries.unread_total)(bob) == 0


async def test_a_quote_leads_to_its_original_far_above(both, alice, bob, room):
    at_alice, at_bob = both
    await write(at_bob, "The original")
    await expect(words(at_alice)).to_have_text(["The original"])
    await sync_to_async(fill)(bob, room, 60)
    await expect(at_alice.page.locator("#m61")).to_be_attached()
    await at_alice.page.locator("#m1").focus()
    await at_alice.page.keyboard.press("r")
    await expect(at_alice.page.locator("[data-reply]")).to_contain_text("Replying to Bob")
    await write(at_alice, "Quoting you")
    quote = at_bob.page.locator("#m62 .quote")
    await expect(quote).to_contain_text("The original")
    await at_bob.page.reload()
    await expect(at_bob.page.locator("#m1")).to_have_count(0)
    await quote.click()
    await expect(at_bob.page.locator("#m1")).to_be_in_viewport()
    await expect(at_bob.page.locator("#m1")).to_be_focused()
    await at_bob.page.locator("[data-jump-latest]").click()
    await expect(at_bob.page.locator("#m62")).to_be_in_viewport()


async def test_a_reaction_shows_on_both_sides_and_is_taken_back(both):
    at_alice, at_bob = both
    await write(at_alice, "Hotpot?")
    await expect(words(at_bob)).to_have_text(["Hotpot?"])
    await at_bob.page.locator("#m1 .bubble").hover()
    await at_bob.page.get_by_role("button", name="React", exact=True).click()
    await at_bob.page.locator("#quick-react").get_by_role("button", name="🎉").click()
    for visit in both:
        await expect(visit.page.locator("#m1 .react button")).to_have_text("🎉 1")
    await at_bob.page.locator("#m1 .react button").click()
    for visit in both:
        await expect(visit.page.locator("#m1 .react")).to_have_count(0)


async def test_a_picture_is_picked_pasted_seen_and_enlarged(both, room):
    at_alice, at_bob = both
    file = {"name": "table.png", "mimeType": "image/png", "buffer": picture(800, 500)}
    await at_alice.page.locator('[data-pick="photo"]').set_input_files(file)
    await expect(at_alice.page.locator("[data-upload]")).to_contain_text("table.png")
    await write(at_alice, "Our table")
    await expect(at_bob.page.locator("#m1 .pic img")).to_be_visible()
    await expect(words(at_bob)).to_have_text(["Our table"])
    await at_alice.page.locator("#text").evaluate(
        """async (box) => {
          const canvas = new OffscreenCanvas(60, 40);
          canvas.getContext("2d").fillRect(0, 0, 60, 40);
          const data = new DataTransfer();
          data.items.add(new File([await canvas.convertToBlob()], "cut.png", { type: "image/png" }));
          box.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true }));
        }"""
    )
    await at_alice.page.get_by_role("button", name="Send", exact=True).click()
    await expect(at_bob.page.locator("#messages .pic img")).to_have_count(2)
    await at_bob.page.locator("#m1 .pic").click()
    viewer = at_bob.page.get_by_role("dialog", name="Photo")
    await expect(viewer).to_contain_text("1 of 2")
    await at_bob.page.keyboard.press("ArrowRight")
    await expect(viewer).to_contain_text("2 of 2")
    await at_bob.page.keyboard.press("Escape")
    await expect(viewer).to_be_hidden()
    assert await sync_to_async(Message.objects.filter(conversation=room).count)() == 2


async def test_a_file_too_large_is_refused_before_it_is_sent(both):
    at_alice, _ = both
    await at_alice.page.locator("#composer").evaluate(
        """(form) => {
          const input = form.querySelector('[data-pick="photo"]');
          const data = new DataTransfer();
          data.items.add(new File([new Uint8Array(21 * 1024 * 1024)], "big.png", { type: "image/png" }));
          input.files = data.files;
          input.dispatchEvent(new Event("change"));
        }"""
    )
    await expect(at_alice.page.get_by_text("“big.png” is too large.")).to_be_visible()
    await expect(at_alice.page.locator("[data-upload]")).to_have_count(0)


async def test_a_voice_message_is_recorded_sent_and_heard(both, alice, bob):
    at_alice, at_bob = both
    await at_alice.page.get_by_role("button", name="Record a voice message").click()
    await expect(at_alice.page.locator("[data-record-time]")).to_have_text("0:01")
    await at_alice.page.get_by_role("button", name="Send the recording").click()
    voice = at_bob.page.locator("#m1 [data-voice]")
    await expect(voice.locator("[data-dot]")).to_be_visible()
    sent = await sync_to_async(Message.objects.get)(seq=1)
    assert sent.kind == "voice"
    assert 600 <= sent.body["ms"] <= 5000
    assert max(sent.body["peaks"]) > 0
    async with at_bob.page.expect_response(lambda answer: answer.url.endswith("/m/1/do/")):
        await voice.get_by_role("button", name="Play voice message").click()
    await expect(voice.locator("[data-dot]")).to_have_count(0)
    await expect(voice.get_by_role("button", name="Speed")).to_be_visible()
    await at_bob.page.reload()
    await expect(at_bob.page.locator("#m1 [data-voice]")).to_be_visible()
    await expect(at_bob.page.locator("#m1 [data-dot]")).to_have_count(0)


async def test_a_sticker_is_one_tap(both):
    at_alice, at_bob = both
    await sync_to_async(make_sticker)()
    await at_alice.page.get_by_role("button", name="Emoji and stickers").click()
    await at_alice.page.locator("#panel-pick").get_by_role("button", name="Stickers").click()
    await at_alice.page.get_by_role("button", name="Wave").click()
    await expect(at_bob.page.locator("#m1 .stk img")).to_have_attribute("alt", "Wave")
    await expect(at_alice.page.locator("#m1 .stk img")).to_have_attribute("alt", "Wave")


async def test_a_mention_is_picked_by_keyboard_and_marks_the_chat(browse, alice, bob, group):
    at_alice, at_bob = await browse(alice), await browse(bob)
    await at_bob.goto("/chats/")
    await live(at_bob)
    await at_alice.goto(at(group))
    await live(at_alice)
    box = at_alice.page.locator("#text")
    await box.press_sequentially("Hey @bo")
    await expect(at_alice.page.get_by_role("option", name="Bob")).to_be_visible()
    await box.press("Enter")
    await expect(box).to_have_value("Hey @Bob ")
    await box.press_sequentially("drive?")
    await box.press("Enter")
    await expect(at_alice.page.locator("#m1 .mention")).to_have_text("@Bob")
    await expect(at_bob.page.locator("[data-chat] [data-preview]")).to_contain_text("[@you]")
    sent = await sync_to_async(Message.objects.get)(conversation=group)
    assert sent.body["mentions"] == [bob.public_id]


async def test_several_messages_are_forwarded_as_one_card(both, alice, bob, room, group):
    at_alice, _ = both
    for text in ("one", "two"):
        await write(at_alice, text)
    await expect(at_alice.page.locator("#messages [data-seq]")).to_have_count(2)
    menu = await open_menu(at_alice, 1)
    await menu.get_by_role("button", name="Choose several").click()
    await at_alice.page.locator("#m2").click()
    await expect(at_alice.page.locator("[data-select-count]")).to_have_text("2 messages chosen")
    await at_alice.page.get_by_role("link", name="Forward").click()
    sheet = at_alice.page.get_by_role("dialog", name="Forward 2 messages")
    await sheet.get_by_label("As one card").check()
    await sheet.get_by_role("button", name="Supper club").click()
    await expect(sheet).to_be_hidden()
    sent = await sync_to_async(Message.objects.get)(conversation=group)
    assert (sent.kind, len(sent.body["items"])) == ("merged", 2)


async def test_a_thread_is_used_by_keyboard_alone(both):
    at_alice, at_bob = both
    page = at_alice.page
    await expect(page.locator("#text")).to_be_focused()
    await page.keyboard.type("Keys only")
    await page.keyboard.press("Shift+Enter")
    await page.keyboard.type("two lines")
    await page.keyboard.press("Enter")
    await expect(words(at_bob)).to_have_text(["Keys only\ntwo lines"])
    await page.keyboard.press("ArrowUp")
    await expect(page.locator("#m1")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.locator("#message-menu")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.locator("#message-menu")).to_be_hidden()
    await page.locator("#m1").focus()
    await page.keyboard.press("Delete")
    await page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    await expect(page.locator("#m1")).to_have_count(0)
    await expect(words(at_bob)).to_have_count(1)


async def test_a_row_of_the_list_is_pinned_muted_and_deleted(browse, alice, bob, room, group):
    await sync_to_async(say)(bob, room, "hello")
    await sync_to_async(say)(bob, group, "newer")
    visit = await browse(alice)
    await visit.goto("/chats/")
    await live(visit)
    row = visit.page.locator(f'[data-chat="{room.public_id}"]')
    menu = visit.page.locator("#row-menu")
    await row.click(button="right")
    await menu.get_by_role("button", name="Pin", exact=True).click()
    await expect(visit.page.locator("[data-chat]").first).to_contain_text("Bob")
    await row.click(button="right")
    await menu.get_by_role("button", name="Mute").click()
    await expect(row.locator(".badge--mute")).to_be_visible()
    await row.click(button="right")
    await menu.get_by_role("button", name="Delete chat").click()
    await visit.page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    await expect(row).to_have_count(0)
    badge = visit.page.locator('[data-tab="chats"] [data-badge]')
    await expect(badge).to_contain_text("1 unread")


async def test_a_row_is_swiped_on_a_phone(browse, alice, bob, room):
    await sync_to_async(say)(bob, room, "hello")
    visit = await browse(alice, size=PHONE)
    await visit.goto("/chats/")
    await live(visit)
    row = visit.page.locator("[data-chat]")
    box = await row.bounding_box()
    session = await visit.context.new_cdp_session(visit.page)

    async def touch(kind, *points):
        await session.send(
            "Input.dispatchTouchEvent",
            {"type": kind, "touchPoints": [{"x": x, "y": y} for x, y in points]},
        )

    middle = box["y"] + box["height"] / 2
    await touch("touchStart", (300, middle))
    for x in (270, 230, 190, 150):
        await touch("touchMove", (x, middle))
    await touch("touchEnd")
    await row.get_by_role("button", name="Hide").click()
    await expect(row).to_have_count(0)
