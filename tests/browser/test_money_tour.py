"""The tour of money: a packet that a group opens, a transfer that nobody accepts, and one that is."""

import re
from datetime import timedelta

import pytest
from asgiref.sync import sync_to_async
from django.db import connections
from playwright.async_api import expect

from chat import actions as chat
from payments import actions
from payments.models import RedPacket, Split, Transfer
from superapp.kernel import outbox, time
from superapp.kernel.models import SandboxClock
from superapp.kernel.money import Money
from tests import cast
from tests.browser.kit import DESKTOP, PHONE
from tests.browser.test_chat_live import live
from tests.payments.between import pack, rich, send, waits
from tests.payments.wallets import PASSWORD, has

SIZES = pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])


@pytest.fixture
def moving_clock(settings, transactional_db):
    """The sandbox's clock, which is put back afterwards."""
    settings.SANDBOX_CLOCK = True
    yield
    SandboxClock.objects.all().delete()
    time._read_at = float("-inf")


async def there(step, *given, **named):
    """Run something in the database, from a thread of its own."""

    def run():
        try:
            return step(*given, **named)
        finally:
            connections.close_all()

    return await sync_to_async(run)()


def supper_club(ana, bo):
    """Ana's group of eight with a ninth, who comes last."""
    rich(ana)
    others = [cast.make_person(f"Guest {n}") for n in range(7)]
    for other in others:
        cast.make_friends(ana, other)
    group = chat.create_group(owner=ana, members=[bo, *others], title="Supper club")
    return group, others


async def pay(page, **fields):
    """Fill the form of a payment, with the balance and the payment password, and send it."""
    for label, value in fields.items():
        await page.get_by_label(label.replace("_", " "), exact=True).fill(value)
    await page.get_by_role("radio", name=re.compile("Balance")).check()
    await page.get_by_label("Payment password").fill(PASSWORD)
    await page.locator("main form button[type=submit]").last.click()


@SIZES
async def test_a_lucky_packet_is_opened_by_a_group(browse, alice, bob, size):
    """Eight shares of 88.00: two open theirs by hand, the others at once, the ninth is too slow."""
    group, others = await there(supper_club, alice, bob)
    at_ana, at_bo = await browse(alice, size=size), await browse(bob, size=size)
    for visit in (at_ana, at_bo):
        await visit.goto(f"/chats/{group.public_id}/")
        await live(visit)
    await at_ana.page.get_by_role("button", name=re.compile("Add|More")).first.click()
    await at_ana.page.get_by_role("link", name="Red packet").click()
    await at_ana.axe()
    await at_ana.fits()
    await at_ana.shot(f"packet-send-{size[0]}")
    await pay(at_ana.page, Amount="88", Number_of_shares="8", Greeting="Happy new year")
    await at_ana.page.wait_for_url(f"**/chats/{group.public_id}/")

    # Bo, who looked on, sees it come; he taps, and opens.
    card = at_bo.page.locator(".mcard--gift")
    await expect(card).to_contain_text("Tap to open · 8 shares")
    await at_bo.shot(f"packet-card-{size[0]}")
    await card.click()
    await at_bo.axe()
    await at_bo.shot(f"packet-tap-{size[0]}")
    await at_bo.page.get_by_role("button", name="Open", exact=True).click()
    await expect(at_bo.page.locator("[data-got]")).to_be_visible()
    packet = await there(RedPacket.objects.get)
    assert await there(has, bob) == packet.shares[0] == packet.taken
    await expect(at_ana.page.locator(".mcard--gift")).to_contain_text("Tap to open")

    def all_but_the_last():
        for guest in others[:6]:
            actions.open_packet(opener=guest, packet_id=packet.public_id)

    await there(all_but_the_last)
    # Bo's page counts with them; Ana takes the eighth.
    await expect(at_bo.page.locator("[data-summary]")).to_contain_text("7 of 8")
    await at_ana.page.locator(".mcard--gift").click()
    await at_ana.page.get_by_role("button", name="Open", exact=True).click()
    await expect(at_ana.page.locator("main .tag--warn")).to_have_count(1)
    await expect(at_bo.page.locator("[data-summary]")).to_contain_text(
        re.compile(r"8 of 8 in \d+ s")
    )
    await expect(at_bo.page.locator("main .tag--warn")).to_have_count(1)
    await at_bo.axe()
    await at_bo.fits()
    await at_bo.shot(f"packet-all-{size[0]}")
    await there(packet.refresh_from_db)
    assert (packet.status, packet.taken, await there(waits, "rp", packet.public_id)) == (
        "exhausted",
        8800,
        0,
    )
    # The ninth sees that all are gone, and still who got what.
    late = await browse(others[6], size=size)
    await late.goto(f"/chats/{group.public_id}/")
    await expect(late.page.locator(".mcard--gift")).to_contain_text("All opened")
    await expect(late.page.locator(".log__sys").last).to_contain_text("8 of 8")
    await late.page.locator(".mcard--gift").click()
    await expect(late.page.get_by_text("Too slow: all shares are gone.")).to_be_visible()
    await expect(late.page.get_by_role("list", name="Who opened it").locator("li")).to_have_count(8)


@SIZES
async def test_a_transfer_goes_back_after_a_day_and_the_next_is_accepted(
    browse, alice, bob, size, moving_clock
):
    await there(rich, alice)
    room = await there(chat.open_direct, viewer=alice, other=bob)
    at_ana, at_bo = await browse(alice, size=size), await browse(bob, size=size)
    for visit in (at_ana, at_bo):
        await visit.goto(f"/chats/{room.public_id}/")
        await live(visit)
    await at_ana.goto(f"/pay/chats/{room.public_id}/transfer/")
    await expect(at_ana.page.get_by_text("You never sent them money")).to_be_visible()
    await at_ana.axe()
    await at_ana.fits()
    await at_ana.shot(f"transfer-send-{size[0]}")
    await pay(at_ana.page, Amount="50")
    await at_ana.page.wait_for_url(f"**/chats/{room.public_id}/")
    await live(at_ana)
    card = ".mcard--pay"
    await expect(at_bo.page.locator(card)).to_contain_text("Waiting to be accepted")
    assert await there(has, alice) == 95_000

    def a_day_passes():
        time.move_clock(timedelta(hours=24, seconds=1))
        outbox.run_due(outbox.DEFAULT, limit=50)

    await there(a_day_passes)
    for visit in (at_ana, at_bo):
        await expect(visit.page.locator(card)).to_contain_text("Expired and returned")
        await expect(visit.page.locator(".log__sys").last).to_contain_text("went back")
    assert (await there(has, alice), await there(has, bob)) == (100_000, 0)

    await there(send, alice, room, 5000, note="Concert tickets")
    await expect(at_bo.page.locator(card).last).to_contain_text("Concert tickets")
    await at_bo.page.locator(card).last.click()
    await at_bo.axe()
    await at_bo.fits()
    await at_bo.shot(f"transfer-{size[0]}")
    await at_bo.page.get_by_role("button", name="Accept", exact=True).click()
    await expect(at_bo.page.locator("[data-status=accepted]")).to_be_visible()
    await expect(at_ana.page.locator(card).last).to_contain_text("Accepted")
    await at_ana.shot(f"transfer-card-{size[0]}")
    assert (await there(has, alice), await there(has, bob)) == (95_000, 5000)
    assert await there(Transfer.objects.filter(status="accepted").count) == 1


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
