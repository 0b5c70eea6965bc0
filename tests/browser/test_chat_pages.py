"""Chats without scripts, and how they look: every shape of a message, light, dark, right to left."""

import io

import pytest
from asgiref.sync import sync_to_async
from django.core.files.base import ContentFile
from PIL import Image
from playwright.async_api import expect

from chat import actions, queries
from chat.models import Sticker
from superapp.kernel import media, time
from tests.browser.kit import DESKTOP, PHONE
from tests.chat.conftest import say

LOOKS = [("light", "en"), ("dark", "en"), ("light", "ar")]


def picture(width=640, height=400, colour=(90, 160, 120), kind="PNG"):
    data = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(data, kind)
    return data.getvalue()


def upload(owner, kind, data, **facts):
    return actions.upload(
        owner=owner, kind=kind, content=ContentFile(data), size=len(data), **facts
    )


def make_sticker(owner=None, label="Wave"):
    stored = media.store(picture(128, 128, (240, 170, 60)), "image/png")
    return Sticker.objects.create(owner=owner, label=label, file=stored, created_at=time.now())


def say_everything(alice, bob, room):
    """One of each shape that needs no other app."""
    say(bob, room, "Hotpot this week? I found a place by the Old Harbour 🥟")
    say(bob, room, "https://example.com/menu (the menu).")
    say(alice, room, "7:30 then. I'll book a table.", quote_seq=1)
    say(bob, room, "أراكم هناك إن شاء الله 🌙")
    say(bob, room, "🎉🍜🥢")
    photo = upload(bob, "image", picture(), name="table.png")
    say(bob, room, "", kind="image", attachment_id=photo.public_id)
    tall = upload(alice, "image", picture(300, 900, (200, 120, 90)))
    say(alice, room, "The window seat", kind="image", attachment_id=tall.public_id)
    paper = upload(alice, "file", b"%PDF-1.4 not much of a document", name="Menu for Saturday.pdf")
    say(alice, room, "", kind="file", attachment_id=paper.public_id)
    say(bob, room, "", kind="sticker", body={"sticker": make_sticker().public_id})
    place = {"lat": 59.9139, "lng": 10.7522, "name": "Old Harbour", "address": "Quay 3"}
    say(bob, room, "", kind="location", body=place)
    say(alice, room, "", kind="card", body={"card": "contact", "ref": bob.public_id})
    gone = say(alice, room, "Not this")
    actions.recall_message(actor=alice, conversation_id=room.public_id, seq=gone.seq)
    actions.forward_merged(
        actor=alice,
        source_id=room.public_id,
        seqs=[1, 2, 3],
        target_id=room.public_id,
        client_id="merged",
    )
    actions.add_reaction(actor=alice, conversation_id=room.public_id, seq=1, emoji="❤️")
    actions.mark_read(account_id=alice.pk, conversation_id=room.public_id, seq=9)


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize(("theme", "language"), LOOKS)
async def test_the_list_and_a_thread_look_right(
    browse, alice, bob, room, group, size, theme, language
):
    await sync_to_async(say_everything)(alice, bob, room)
    await sync_to_async(say)(bob, group, "Who can drive on Friday?")
    visit = await browse(alice, size=size, theme=theme, language=language)
    await visit.goto("/chats/")
    await expect(visit.page.locator("[data-chat]")).to_have_count(2)
    await visit.axe()
    await visit.fits()
    await visit.shot(f"chats-{size[0]}-{theme}-{language}")
    await visit.goto(f"/chats/{room.public_id}/")
    await expect(visit.page.locator("[data-kind=merged]")).to_be_visible()
    await visit.page.wait_for_load_state("networkidle")
    await visit.axe()
    await visit.fits()
    await visit.shot(f"thread-{size[0]}-{theme}-{language}")
    await visit.page.locator("#m1").scroll_into_view_if_needed()
    await visit.shot(f"thread-top-{size[0]}-{theme}-{language}")


async def test_reading_and_writing_need_no_scripts(browse, alice, bob, room):
    await sync_to_async(say)(bob, room, "Are you there?")
    visit = await browse(alice, java_script_enabled=False)
    await visit.goto("/chats/")
    row = visit.page.locator("[data-chat]")
    await expect(row.locator(".badge")).to_contain_text("1 unread")
    await row.get_by_role("link").click()
    await expect(visit.page.get_by_text("Are you there?").last).to_be_visible()
    await visit.page.get_by_label("Message to Bob").fill("Yes, without scripts")
    await visit.page.get_by_role("button", name="Send", exact=True).click()
    await expect(
        visit.page.locator("#messages").get_by_text("Yes, without scripts")
    ).to_be_visible()
    await expect(visit.page.locator("[data-chat] .badge")).to_have_count(0)
    assert await sync_to_async(queries.unread_total)(alice) == 0
    assert await sync_to_async(queries.unread_total)(bob) == 1


async def test_a_message_has_a_page_of_its_own_without_scripts(browse, alice, bob, room):
    sent = await sync_to_async(say)(alice, room, "Typo hree")
    visit = await browse(alice, java_script_enabled=False, size=PHONE)
    await visit.goto(f"/chats/{room.public_id}/m/{sent.seq}/")
    await visit.page.get_by_role("button", name="❤️").click()
    await expect(visit.page.locator("#m1 .react")).to_contain_text("1")
    await visit.goto(f"/chats/{room.public_id}/m/{sent.seq}/")
    await visit.page.get_by_role("button", name="Recall").click()
    await expect(visit.page.locator("#messages")).to_contain_text("You recalled a message")
    await expect(visit.page.get_by_label("Message to Bob")).to_have_value("Typo hree")


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
async def test_the_layers_over_a_thread_look_right(browse, alice, bob, group, size):
    await sync_to_async(say)(bob, group, "Who can drive on Friday?")
    await sync_to_async(say)(alice, group, "I can")
    await sync_to_async(actions.announce)(
        actor=alice, conversation_id=group.public_id, text="Dinner is at seven."
    )
    visit = await browse(alice, size=size, reduced_motion="reduce")
    await visit.goto(f"/chats/{group.public_id}/")
    page = visit.page
    await page.get_by_role("button", name="Add photo, file and more").click()
    await expect(page.get_by_role("link", name="Send later")).to_be_visible()
    await visit.axe()
    await visit.shot(f"tray-{size[0]}")
    await page.keyboard.press("Escape")
    await page.locator("#m1").focus()
    await page.keyboard.press("Enter")
    await expect(page.locator("#message-menu").get_by_text("Reply")).to_be_visible()
    await visit.axe()
    await visit.shot(f"menu-{size[0]}")
    await page.locator("#message-menu").get_by_text("Reply").click()
    file = {"name": "table.png", "mimeType": "image/png", "buffer": picture(300, 200)}
    await page.locator('[data-pick="photo"]').set_input_files(file)
    await expect(page.locator("[data-upload]")).to_be_visible()
    await visit.axe()
    await visit.shot(f"reply-{size[0]}")
    await page.get_by_role("button", name="Remove").click()
    await page.get_by_role("button", name="Add photo, file and more").click()
    await page.get_by_role("link", name="Send later").click()
    await expect(page.get_by_role("dialog", name="Send later")).to_be_visible()
    await visit.axe()
    await visit.shot(f"sheet-{size[0]}")


async def test_a_place_is_chosen_on_the_map(browse, alice, bob, room):
    visit = await browse(alice)
    await visit.goto(f"/chats/{room.public_id}/add/location/")
    page = visit.page
    await expect(page.locator(".leaflet-container .m-water").first).to_be_attached()
    await page.locator("[data-place-map]").click(position={"x": 60, "y": 60})
    await visit.shot("place")
    await page.get_by_label("Name of the place").fill("The quay")
    await page.get_by_role("button", name="Send", exact=True).click()
    await expect(page.locator("[data-place]")).to_contain_text("The quay")
