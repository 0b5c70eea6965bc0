"""Official accounts in real browsers: followed, asked by the menu, answered from the console."""

import pytest
from asgiref.sync import sync_to_async
from playwright.async_api import expect

from accounts import actions
from tests import cast
from tests.browser.kit import PHONE
from tests.chat.files import picture
from tests.official import businesses


@pytest.fixture
def shop(transactional_db):
    mei = cast.make_person("Mei")
    official = businesses.publish(mei, "Noodles", businesses.make_reviewer())
    buttons = [
        {"type": "text", "name": "Hours", "value": "11 to 22"},
        {
            "name": "More",
            "sub_button": [{"type": "view", "name": "Site", "url": "https://example.com/"}],
        },
    ]
    actions.replace_menu(official=official, buttons=buttons)
    actions.add_auto_reply(
        official=official, actor=mei, trigger="follow", replies=[{"text": "Welcome!"}]
    )
    return official


async def test_a_follower_presses_the_menu_and_the_business_answers(browse, alice, shop):
    at_alice = await browse(alice, size=PHONE)
    page = at_alice.page
    await at_alice.goto("/official/?words=nood")
    await at_alice.axe()
    await at_alice.shot("official-directory")
    await page.get_by_role("link", name="Noodles").click()
    await at_alice.axe()
    await at_alice.shot("official-profile")
    await page.get_by_role("button", name="Follow", exact=True).click()
    await expect(page.get_by_text("Welcome!").last).to_be_visible()
    await expect(page.get_by_label("Message to Noodles")).to_be_hidden()
    await at_alice.shot("official-thread-menu")
    await at_alice.axe()
    await page.get_by_role("button", name="Hours").click()
    await expect(page.get_by_text("11 to 22").last).to_be_visible()
    await page.wait_for_load_state()  # the button stands before its script listens
    await page.get_by_role("button", name="Write a message instead").click()
    await page.get_by_label("Message to Noodles").fill("A table for two?")
    await page.get_by_role("button", name="Send", exact=True).click()
    await expect(page.get_by_text("A table for two?").last).to_be_visible()
    at_mei = await browse(shop.owner, size=PHONE)
    await at_mei.goto("/business/")
    await at_mei.shot("business-home")
    await at_mei.goto("/business/inbox/")
    await at_mei.axe()
    await at_mei.shot("business-inbox")
    await at_mei.page.get_by_role("link", name="Alice").click()
    await at_mei.axe()
    await at_mei.page.get_by_label("Answer to Alice").fill("At seven.")
    await at_mei.page.get_by_role("button", name="Send", exact=True).click()
    await expect(at_mei.page.get_by_text("At seven.").last).to_be_visible()
    table = {"name": "table.png", "mimeType": "image/png", "buffer": picture((300, 200))}
    await at_mei.page.get_by_label("Send a picture").set_input_files(table)
    await expect(at_mei.page.locator("img.bubble__pic")).to_be_visible()
    await expect(page.locator("a.pic img").last).to_be_visible()
    await at_mei.axe()
    await at_mei.shot("business-thread")
    await expect(page.get_by_text("At seven.").last).to_be_visible()
    desk = await browse(shop.owner)
    await desk.goto("/business/accounts/menu/")
    await desk.shot("business-menu")
    await desk.goto("/business/accounts/follow/")
    await desk.shot("business-followers")
    assert await sync_to_async(shop.follows.count)() == 1
