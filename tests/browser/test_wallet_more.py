"""Pots, standing payments, held money, refunds, doubts and campaigns, and the console's queues of
them: how they look, for whom they can be used, and that a keyboard is enough."""

import re
from datetime import timedelta

import pytest
from playwright.async_api import expect

from chat import actions as chat
from payments import actions, purposes
from payments.actions import Means, Payment
from payments.models import Bill, BillDoubt, RiskCase
from superapp.kernel import time
from tests import cast
from tests.browser.kit import DESKTOP, PHONE
from tests.browser.test_money_tour import there
from tests.payments.between import send
from tests.payments.festival import campaign, root
from tests.payments.money import cny
from tests.payments.saving import into, pot_of, start
from tests.payments.wallets import OK, PASSWORD, bind, rich, run_gateway, verify

LOOKS = [
    *((PHONE, "light", "en"), (PHONE, "dark", "en"), (PHONE, "light", "ar")),
    *((DESKTOP, "light", "en"), (DESKTOP, "dark", "en"), (DESKTOP, "dark", "ar")),
]
PAGES = {
    "wallet": "/wallet/",
    "pots": "/wallet/pots/",
    "pot-new": "/wallet/pots/new/",
    "pot": "/wallet/pots/{pot}/",
    "pot-empty": "/wallet/pots/{empty}/",
    "pot-change": "/wallet/pots/{pot}/change/",
    "pot-close": "/wallet/pots/{pot}/close/",
    "pot-closed": "/wallet/pots/{closed}/",
    "standings": "/wallet/standing/",
    "standing-new": "/wallet/standing/new/?to=pot:{pot}",
    "standing": "/wallet/standing/{standing}/",
    "standing-ask": "/wallet/standing/{standing}/?ask=cancel",
    "standing-paused": "/wallet/standing/{paused}/",
    "holds": "/wallet/holds/",
    "bill-doubt": "/wallet/bills/{paid}/",
    "bill-answered": "/wallet/bills/{doubted}/",
    "refund": "/wallet/bills/{refund}/",
    "statement": "/wallet/statement/",
    "packet-covers": "/pay/chats/{room}/packet/",
}
NOTHING = {
    "pots": "/wallet/pots/",
    "standings": "/wallet/standing/",
    "standing-nobody": "/wallet/standing/new/",
    "holds": "/wallet/holds/",
    "bills": "/wallet/bills/",
    "statement": "/wallet/statement/",
}
QUEUES = ("riskcase", "hold", "billdoubt", "campaign")


@pytest.fixture(autouse=True)
def _rides(monkeypatch):
    """A service of rides, which holds money."""
    hears = purposes.Held(lambda ref, status: None)
    monkeypatch.setattr(purposes.held, "_items", purposes.held._items | {"ride": hears})


def held(payer, payee, minor, ref):
    payment = Payment(purpose="ride", amount=cny(minor), payee=payee.public_id, ref=ref)
    until = time.now() + timedelta(days=1)
    actions.hold_money(payer=payer, payee=payee, payment=payment, until=until, note="Airport")


def given_back(alice, bob, room):
    """What Bob sends back of what Alice's card paid: the bill of the refund."""
    verify(alice)
    bind(alice, OK)
    transfer = send(alice, room, 5000, means=Means())
    run_gateway()
    actions.return_transfer(receiver=bob, transfer_id=transfer.public_id)
    return Bill.objects.get(account=alice, kind="refund")


def make_busy(alice, bob):
    """Alice has something of everything; the staff, too. Ids by what they are of."""
    room = chat.open_direct(viewer=alice, other=bob)
    staff = root(cast.make_person("Dora"))
    refund = given_back(alice, bob, room)
    rich(alice, 3_000_000)
    held(alice, bob, 8_000, "ride_1")
    pot = pot_of(alice, "A journey to the sea, by a name that is quite long", 120_000, minor=45_600)
    empty, closed = pot_of(alice, "自行车"), pot_of(alice, "Rainy days", minor=100)
    actions.close_pot(owner=alice, pot_id=closed.public_id)
    standing, paused = into(alice, pot, 5_000), start(alice, 30_000, receiver_id=bob.public_id)
    actions.pause_standing(owner=alice, standing_id=paused.public_id)
    send(alice, room, 500_000)  # much, to somebody new
    paid, doubted = Bill.objects.filter(account=alice, kind="transfer").order_by("-pk")[:2]
    actions.doubt_bill(account=alice, bill_id=doubted.public_id, text="I never sent this")
    said = "It went out from your phone in the evening, and came back."
    actions.answer_doubt(doubt=BillDoubt.objects.get(), staff=staff, answer=said)
    campaign(
        staff,
        calendar="gregorian",
        begins=f"{time.now().date() - timedelta(days=2)}",
        ends=f"{time.now().date() + timedelta(days=2)}",
    )
    assert RiskCase.objects.count() == 1
    return staff, {
        "room": room.public_id,
        "refund": refund.public_id,
        "pot": pot.public_id,
        "empty": empty.public_id,
        "closed": closed.public_id,
        "standing": standing.public_id,
        "paused": paused.public_id,
        "paid": paid.public_id,
        "doubted": doubted.public_id,
    }


@pytest.mark.parametrize(("size", "theme", "language"), LOOKS, ids=str)
async def test_every_page_is_accessible_and_fits(browse, alice, bob, size, theme, language):
    _staff, ids = await there(make_busy, alice, bob)
    look = f"{size[0]}-{theme}-{language}"
    visit = await browse(alice, size=size, theme=theme, language=language)
    for name, path in PAGES.items():
        await visit.inspect(path.format(**ids), f"more-{name}-{look}")
    await visit.goto(PAGES["bill-doubt"].format(**ids))
    await visit.page.locator("main summary").click()
    await visit.axe()
    await visit.fits()
    await visit.shot(f"more-doubt-open-{look}")


async def test_pages_with_nothing_on_them(browse, carol):
    for size, theme, language in LOOKS[1:4]:
        visit = await browse(carol, size=size, theme=theme, language=language)
        for name, path in NOTHING.items():
            await visit.inspect(path, f"none-{name}-{size[0]}-{theme}-{language}")


@pytest.mark.parametrize(("size", "theme", "language"), LOOKS[2:5], ids=str)
async def test_the_queues_of_the_console(browse, alice, bob, size, theme, language):
    staff, _ids = await there(make_busy, alice, bob)
    visit = await browse(
        staff.account, size=size, theme=theme, language=language, color_scheme=theme
    )
    for name in QUEUES:
        await visit.goto(f"/admin/payments/{name}/")
        await visit.shot(f"queue-{name}-{size[0]}-{theme}-{language}")
        await visit.axe()
        await visit.page.locator("#result_list tbody tr th a").first.click()
        await visit.page.wait_for_url(re.compile("/change/"))
        await visit.shot(f"queue-{name}-one-{size[0]}-{theme}-{language}")
        await visit.axe()


async def test_the_forms_by_keyboard_alone(browse, alice):
    """Enter sends each of them, and what has the focus is seen to have it."""
    await there(rich, alice)
    visit = await browse(alice, size=PHONE)
    page = visit.page
    await visit.goto("/wallet/pots/")
    await page.get_by_role("link", name="New pot").press("Enter")
    await page.get_by_label("Name").fill("Bicycle")
    await page.get_by_label("Name").press("Enter")
    await page.locator("#id_in-amount").fill("12")
    await page.locator("#id_in-amount").press("Enter")
    await expect(page.locator("[data-saved]")).to_have_text("CN¥12.00")
    await page.locator("#id_out-amount").fill("2")
    await page.locator("#id_out-amount").press("Enter")
    await expect(page.locator("[data-saved]")).to_have_text("CN¥10.00")
    await page.get_by_role("link", name="New standing payment").press("Enter")
    await page.get_by_label("Amount").fill("5")
    await page.get_by_label("Payment password").fill(PASSWORD)
    await page.get_by_label("Payment password").press("Enter")
    await expect(page.locator("[data-status=active]")).to_be_visible()
    await page.get_by_role("link", name="Cancel the payment").press("Enter")
    await page.keyboard.press("Tab")
    seen = await page.evaluate("() => getComputedStyle(document.activeElement).outlineStyle")
    assert seen != "none"
    await page.get_by_role("button", name="Cancel the payment").press("Enter")
    await expect(page.locator("[data-status=cancelled]")).to_be_visible()
    await visit.goto("/wallet/bills/")
    await page.locator("main a.tx").first.press("Enter")
    await page.locator("main summary").press("Enter")
    await page.get_by_label("What is not right?").fill("It was not me")
    await page.get_by_role("button", name="Send").press("Enter")
    await expect(page.get_by_role("main")).to_contain_text("It was not me")
    assert await there(BillDoubt.objects.count) == 1
