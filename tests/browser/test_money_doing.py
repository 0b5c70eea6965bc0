"""Money between people beside the tour: a split bill, codes, and how it all looks in the dark."""

from playwright.async_api import expect

from chat import actions as chat
from payments import actions
from payments.models import Split
from superapp.kernel.money import Money
from tests.browser.kit import PHONE
from tests.browser.test_chat_live import live
from tests.browser.test_money_tour import SIZES, pay, supper_club, there
from tests.payments.between import pack, rich, send


@SIZES
async def test_a_split_bill_counts_up_in_every_browser(browse, alice, bob, size):
    group, _others = await there(supper_club, alice, bob)
    await there(rich, bob)
    at_ana, at_bo = await browse(alice, size=size), await browse(bob, size=size)
    await at_ana.goto(f"/pay/chats/{group.public_id}/split/")
    await at_ana.axe()
    await at_ana.fits()
    await at_ana.shot(f"split-send-{size[0]}")
    await at_ana.page.get_by_label("Amount", exact=True).fill("100")
    await at_ana.page.get_by_role("button", name="Split it").click()
    await at_ana.page.wait_for_url(f"**/chats/{group.public_id}/")
    await live(at_ana)
    await expect(at_ana.page.locator("[data-paid]")).to_have_text("0 of 8 paid")
    split = await there(Split.objects.get)
    await at_bo.goto(f"/pay/splits/{split.public_id}/")
    await at_bo.axe()
    await at_bo.fits()
    await at_bo.shot(f"split-{size[0]}")
    await pay(at_bo.page)
    await expect(at_bo.page.locator("[data-status]")).to_contain_text("1 of 8 paid")
    await expect(at_ana.page.locator("[data-paid]")).to_have_text("1 of 8 paid")


@SIZES
async def test_codes_are_read_and_pay(browse, alice, bob, carol, size):
    await there(rich, alice)
    at_ana, at_carol = await browse(alice, size=size), await browse(carol, size=size)
    await at_carol.inspect("/pay/receive/", f"receive-{size[0]}")
    await live(at_carol)
    address = await at_carol.page.locator("#receive-address").text_content()
    picture = await at_carol.page.locator("img.qr").screenshot()
    await at_ana.goto("/scan/")
    code = {"name": "code.png", "mimeType": "image/png", "buffer": picture}
    await at_ana.page.locator("[data-qr-file]").set_input_files(code)
    await at_ana.page.wait_for_url(address)
    await at_ana.axe()
    await pay(at_ana.page, Amount="12")
    await expect(at_ana.page.locator("[data-status=accepted]")).to_be_visible()
    await expect(at_carol.page.get_by_text("Received CN¥12.00")).to_be_visible()
    await at_ana.inspect("/pay/code/", f"pay-code-{size[0]}")
    await expect(at_ana.page.locator("[data-left]")).to_contain_text("New code in")


async def test_money_in_arabic_and_in_the_dark(browse, alice, bob):
    group, _others = await there(supper_club, alice, bob)
    room = await there(chat.open_direct, viewer=alice, other=bob)
    packet = await there(pack, alice, group, 8800, kind="lucky", count=8)
    transfer = await there(send, alice, room, 5000)
    await there(
        actions.request_money,
        asker=bob,
        conversation_id=room.public_id,
        amount=Money(1200, "CNY"),
        client_id="ask",
    )
    for theme, language in (("dark", "en"), ("light", "ar")):
        visit = await browse(bob, size=PHONE, theme=theme, language=language)
        for name, path in {
            "thread": f"/chats/{room.public_id}/",
            "packet": f"/pay/packets/{packet.public_id}/",
            "transfer": f"/pay/transfers/{transfer.public_id}/",
        }.items():
            await visit.inspect(path, f"money-{name}-{theme}-{language}")
