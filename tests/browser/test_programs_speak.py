"""What bots say, as their followers see it."""

import io

import pytest
from asgiref.sync import sync_to_async
from playwright.async_api import expect

from accounts import actions
from chat import actions as chats
from chat.actions import REPLY
from tests import cast
from tests.browser.kit import PHONE
from tests.official import businesses

AMR = b"#!AMR\n" + b"\x04" * 1400


@pytest.fixture
def shop(transactional_db):
    mei = cast.make_person("Mei")
    return businesses.publish(mei, "Noodles", businesses.make_reviewer())


def speak(shop, alice):
    follow = actions.follow_official(person=alice, official=shop)
    voice = actions.upload_media(
        official=shop, kind="voice", content=io.BytesIO(AMR), size=len(AMR)
    )
    article = {
        "title": "Spring menu 春季菜单",
        "description": "Asparagus, and more",
        "url": "http://e.com/",
    }
    items = [{"id": "1", "content": "Very much"}, {"id": "2", "content": "Not really"}]
    menu = {"head_content": "Did you like it?", "list": items, "tail_content": "Thank you!"}
    music = {"title": "A song", "description": "By somebody", "musicurl": "http://e.com/a.mp3"}
    said = {
        "news": {"articles": [article, {**article, "title": "Hours"}]},
        "music": music,
        "msgmenu": menu,
        "voice": {"media_id": voice.media_id},
    }
    for kind, part in said.items():
        chats.say_for_program(
            official=shop,
            follow=follow,
            voice=REPLY,
            said={"msgtype": kind, kind: part},
            client_id=kind,
        )


@pytest.mark.parametrize("size", [PHONE, (1440, 900)], ids=["phone", "desk"])
async def test_articles_music_menus_and_voices(browse, alice, shop, size):
    await sync_to_async(speak)(shop, alice)
    visit = await browse(alice, size=size)
    page = visit.page
    await visit.goto(f"/chats/with/{shop.account.public_id}/")
    await expect(page.get_by_role("link", name="Spring menu")).to_be_visible()
    await expect(page.get_by_role("link", name="Download the voice message")).to_be_visible()
    await visit.axe()
    await visit.shot(f"bots-cards-{size[0]}")
    await page.get_by_role("button", name="Not really").click()
    await expect(page.get_by_role("log").get_by_text("Not really").last).to_be_visible()
    await visit.fits()
