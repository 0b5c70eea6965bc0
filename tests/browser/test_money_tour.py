"""The tour of money: a wallet from nothing, a festive packet that a group opens, a transfer that
nobody accepts, one that is, a pot that fills itself on the last day of February."""

import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from asgiref.sync import sync_to_async
from django.db import connections
from playwright.async_api import expect

from chat import actions as chat
from payments import actions, queries
from payments.models import Campaign, Pot, RedPacket, Transfer
from superapp.kernel import outbox, time
from superapp.kernel.models import SandboxClock
from tests import cast
from tests.browser.kit import DESKTOP, PHONE
from tests.browser.test_chat_live import live
from tests.payments.between import rich, send, waits
from tests.payments.festival import root
from tests.payments.saving import is_right, lies_in
from tests.payments.wallets import DOCUMENT, OK, PASSWORD, has, run_gateway

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


def move_to(moment):
    """Let the sandbox believe that it is so late, and do what is due."""
    time.move_clock(moment - time.now())
    outbox.run_due(outbox.DEFAULT, limit=100)


def next_new_year():
    """(the lunar year that comes next, its first day)."""
    today = time.now().date()
    days = [
        (year, queries.day_of("lunar", f"{year}-01-01")) for year in (today.year, today.year + 1)
    ]
    return next(found for found in days if found[1] > today)


async def gateway_answers(page, place="/wallet/operations/"):
    """The page waits there for the payment service, which works; the page looks again."""
    await page.wait_for_url(f"**{place}**")
    await page.wait_for_load_state()
    await there(run_gateway)
    await page.reload()


@SIZES
async def test_a_wallet_from_nothing_to_a_receipt_and_green_books(browse, alice, carol, size):
    staff = await there(root, carol)
    ana, console = await browse(alice, size=size), await browse(staff.account)
    page = ana.page
    await ana.goto("/wallet/")
    await page.get_by_role("link", name="Confirm", exact=True).click()
    await page.get_by_label("Your name, as in your papers").fill("Alice")
    await page.get_by_label("Number of your document").fill(DOCUMENT)
    await page.get_by_role("button", name="Confirm").click()
    await expect(page.get_by_text("We are checking.")).to_be_visible()
    await gateway_answers(page, "/wallet/identity/")
    await expect(page.get_by_role("heading", name="Your level: Basic")).to_be_visible()
    await ana.goto("/wallet/password/")
    await page.get_by_label("New payment password").fill(PASSWORD)
    await page.get_by_label("The same once more").fill(PASSWORD)
    await page.get_by_role("button", name="Save").click()
    await ana.goto("/wallet/cards/add/")
    await page.get_by_role("radio", name="A bank card").check()
    await page.get_by_role("button", name="Continue").click()
    # Straight to the payment service where it answers at once, else when it has answered.
    await page.wait_for_url(re.compile("/wallet/operations/|/sandbox/checkout/"))
    if "/wallet/operations/" in page.url:
        await gateway_answers(page)
        await page.get_by_role("link", name="Continue").click()
    await page.get_by_label("Name on it").fill("Alice")
    await page.get_by_label("Test number").fill(OK)
    await page.get_by_role("button", name="Save", exact=True).click()
    await page.wait_for_url("**/wallet/**")
    await there(run_gateway)
    await ana.goto("/wallet/cards/")
    await expect(page.get_by_role("main")).to_contain_text("Visa ·· 4242")
    await ana.goto("/wallet/identity/")
    await page.get_by_role("button", name="Ask for the next level").click()
    await expect(page.get_by_text("We are checking.")).to_be_visible()
    await gateway_answers(page, "/wallet/identity/")
    await expect(page.get_by_role("heading", name="Your level: Full")).to_be_visible()
    await ana.goto("/wallet/top-up/")
    await page.get_by_label("Amount").fill("500")
    await page.get_by_role("button", name="Top up").click()
    await gateway_answers(page)
    await expect(page.get_by_role("status")).to_contain_text("Done")
    await page.get_by_role("link", name="Receipt").click()
    await expect(page.get_by_role("main")).to_contain_text("+CN¥500.00")
    await ana.axe()
    await ana.shot(f"tour-receipt-{size[0]}")
    assert await there(has, alice) == 50_000

    await console.goto("/admin/payments/auditrun/")
    await console.page.get_by_role("button", name="Check now").click()
    await expect(console.page.get_by_role("heading", name="The books are right")).to_be_visible()
    await console.goto("/admin/payments/reconciliationrun/")
    await console.page.get_by_role("button", name="Compare now").click()
    same = console.page.get_by_role("heading", name="The gateway says what the books say")
    await expect(same).to_be_visible()
    await console.goto("/admin/payments/auditrun/")
    await expect(console.page.get_by_role("heading", name="The books are right")).to_be_visible()
    await expect(same).to_be_visible()
    await console.shot(f"tour-books-{size[0]}")


async def new_year_is_switched_on(visit):
    """Root plans it by the lunar calendar, and the switch; today is its first day of the year."""
    year, first = await there(next_new_year)
    noon = datetime(first.year, first.month, first.day, 12, tzinfo=ZoneInfo("Asia/Shanghai"))
    await there(move_to, noon)
    page = visit.page
    await visit.goto("/admin/payments/campaign/add/")
    await page.get_by_label("Name").fill("Lunar New Year")
    await page.get_by_label("Calendar").select_option("lunar")
    await page.get_by_label("First day").fill(f"{year - 1}-12-23")
    await page.get_by_label("Last day").fill(f"{year}-01-15")
    for cover in ("Lanterns", "Plum blossom", "Carp", "Fireworks", "Lucky knot"):
        await page.get_by_label(cover).check()
    await page.get_by_label("Greetings").fill("恭喜发财\nHappy New Year")
    await page.get_by_label("Words that let confetti rain").fill("恭喜发财")
    await page.get_by_role("button", name="Plan a campaign").click()
    await page.get_by_role("link", name="Switch on").first.click()
    await visit.shot("tour-campaign-switch")
    await page.get_by_role("button", name="Switch on").click()
    await expect(page.get_by_text("Done.").first).to_be_visible()
    await visit.shot("tour-campaign")


@SIZES
async def test_a_lucky_packet_is_opened_by_a_group(browse, alice, bob, carol, size, moving_clock):
    """Eight shares of 88.00: two open theirs by hand, the others at once, the ninth is too slow.
    It is New Year: Root switches its covers and greetings on for everybody."""
    group, others = await there(supper_club, alice, bob)
    at_ana, at_bo = await browse(alice, size=size), await browse(bob, size=size)
    await at_ana.goto(f"/pay/chats/{group.public_id}/packet/")
    await expect(at_ana.page.get_by_label("Amount", exact=True)).to_be_visible()
    await expect(at_ana.page.locator(".covers")).to_have_count(0)
    staff = await there(root, carol)
    await new_year_is_switched_on(await browse(staff.account))
    assert await there(Campaign.objects.filter(status="on").count) == 1
    for visit in (at_ana, at_bo):
        await visit.goto(f"/chats/{group.public_id}/")
        await live(visit)
    await at_ana.page.get_by_role("button", name=re.compile("Add|More")).first.click()
    await at_ana.page.get_by_role("link", name="Red packet").click()
    await at_ana.axe()
    await at_ana.fits()
    await at_ana.page.locator("[data-wish]", has_text="恭喜发财").click()
    await expect(at_ana.page.get_by_label("Greeting", exact=True)).to_have_value("恭喜发财")
    await at_ana.page.get_by_role("radio", name="Fireworks").check(force=True)
    await at_ana.shot(f"packet-send-{size[0]}")
    await pay(at_ana.page, Amount="88", Number_of_shares="8")
    await at_ana.page.wait_for_url(f"**/chats/{group.public_id}/")

    # Bo, who looked on, sees it come; he taps, and opens.
    card = at_bo.page.locator(".mcard--gift")
    await expect(card).to_contain_text("Tap to open · 8 shares")
    await expect(card).to_have_class(re.compile("cover--fireworks"))
    await expect(at_bo.page.locator("html")).to_have_attribute("data-celebrated", "1")
    await at_bo.shot(f"packet-card-{size[0]}")
    await card.click()
    await at_bo.axe()
    await at_bo.shot(f"packet-tap-{size[0]}")
    await at_bo.page.get_by_role("button", name="Open", exact=True).click()
    await expect(at_bo.page.locator("[data-got]")).to_be_visible()
    await expect(at_bo.page.locator("html")).to_have_attribute("data-celebrated", "1")
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
async def test_a_pot_is_filled_on_the_last_day_of_february(browse, alice, size, moving_clock):
    """100 by hand; then 50 each month on the 31st, which February does not have."""
    await there(rich, alice)
    zone, year = ZoneInfo("Asia/Shanghai"), (await there(time.now)).year + 1
    last = date(year, 3, 1) - timedelta(days=1)
    await there(move_to, datetime(year, 1, 15, 12, tzinfo=zone))
    ana = await browse(alice, size=size)
    page = ana.page
    await ana.inspect("/wallet/pots/", f"pots-none-{size[0]}")
    await page.get_by_role("link", name="New pot").click()
    await page.get_by_label("Name").fill("A journey to the sea")
    await page.get_by_label("Goal").fill("1200")
    await ana.axe()
    await ana.shot(f"pot-new-{size[0]}")
    await page.get_by_role("button", name="Open the pot").click()
    await page.locator("#id_in-amount").fill("100")
    await page.get_by_role("button", name="Put in").click()
    await expect(page.locator("[data-saved]")).to_have_text("CN¥100.00")
    await expect(page.get_by_text("8 % of CN¥1,200.00")).to_be_visible()
    await ana.axe()
    await ana.fits()
    await ana.shot(f"pot-{size[0]}")
    await page.get_by_role("link", name="New standing payment").click()
    await page.get_by_label("Amount").fill("50")
    await page.get_by_label("Day of the month").select_option("31")
    await page.get_by_label("Payment password").fill(PASSWORD)
    await ana.axe()
    await ana.fits()
    await ana.shot(f"standing-new-{size[0]}")
    await page.get_by_role("button", name="Agree and start").click()
    to_come = page.locator("[data-upcoming] li")
    await expect(to_come.first).to_contain_text(f"31 January {year}")
    await expect(to_come.nth(1)).to_contain_text(f"{last.day} February {year}")
    await live(ana)

    await there(move_to, datetime(last.year, last.month, last.day, 8, 59, tzinfo=zone))
    runs = page.locator("[data-runs] li")
    await expect(runs).to_have_count(1)
    await expect(runs.first).to_contain_text(f"31 January {year}")
    await there(move_to, datetime(last.year, last.month, last.day, 9, 1, tzinfo=zone))
    await expect(runs).to_have_count(2)
    await expect(runs.first).to_contain_text(f"{last.day} February {year}")
    await expect(runs.first).to_contain_text("Done")
    await ana.axe()
    await ana.fits()
    await ana.shot(f"standing-{size[0]}")
    pot = await there(Pot.objects.select_related("account").get)
    assert (await there(lies_in, pot), await there(has, alice)) == (20_000, 80_000)
    assert await there(is_right)
    await ana.inspect("/wallet/standing/", f"standings-{size[0]}")
    await ana.inspect("/wallet/pots/", f"pots-{size[0]}")
    await ana.inspect("/wallet/", f"wallet-{size[0]}")
