"""The wallet's pages: how they look, and a top-up from the first page to the receipt."""

from datetime import timedelta

import pytest
import time_machine
from asgiref.sync import sync_to_async
from playwright.async_api import expect

from payments import actions
from payments.models import Bill, Card, Operation
from superapp.kernel import time
from tests.browser.kit import DESKTOP, PHONE
from tests.payments import wallets
from tests.payments.money import cny, pay
from tests.payments.wallets import PASSWORD, bind, rich, run_gateway, top_up

LOOKS = [(PHONE, "light", "en"), (DESKTOP, "dark", "en"), (PHONE, "light", "ar")]
PAGES = {
    "wallet": "/wallet/",
    "cards": "/wallet/cards/",
    "card-add": "/wallet/cards/add/",
    "card-remove": "/wallet/cards/{card}/remove/",
    "top-up": "/wallet/top-up/",
    "withdraw": "/wallet/withdraw/",
    "identity": "/wallet/identity/",
    "password": "/wallet/password/",
    "password-reset": "/wallet/password/reset/",
    "bills": "/wallet/bills/",
    "no-bills": "/wallet/bills/?q=nothing",
    "bill": "/wallet/bills/{bill}/",
    "statement": "/wallet/statement/",
    "failed": "/wallet/operations/{failed}/",
    "waiting": "/wallet/operations/{waiting}/",
    "secure": "/wallet/operations/{secure}/",
    "hosted": "/sandbox/checkout/{session}/",
    "confirm": "/sandbox/confirm/{charge}/",
}


@pytest.fixture
def busy(transactional_db, alice, bob):
    rich(alice, 1_234_567)
    card, bank = bind(alice), bind(alice, wallets.BANK, kind="bank")
    top_up(alice, 20_000, card)
    top_up(alice, 250, card, "JPY")
    failed = top_up(alice, 700, bind(alice, wallets.POOR))
    secure = top_up(alice, 900, bind(alice, wallets.SECURE))
    pay("dinner", alice, bob, 1840)
    waiting = actions.withdraw(
        account=alice, card_id=bank.public_id, amount=cny(15_000), fee=cny(0), password=PASSWORD
    )
    hosted = actions.start_binding(account=alice, kind="card")
    for operation in (failed, secure, waiting, hosted):
        operation.refresh_from_db()
    return {
        "card": card.public_id,
        "bill": Bill.objects.get(ref=waiting.public_id).public_id,
        "failed": failed.public_id,
        "waiting": waiting.public_id,
        "secure": secure.public_id,
        "session": hosted.external_id,
        "charge": secure.external_id,
    }


@pytest.mark.parametrize(("size", "theme", "language"), LOOKS, ids=["phone", "dark", "arabic"])
async def test_every_page_is_accessible_and_fits(browse, busy, alice, size, theme, language):
    visit = await browse(alice, size=size, theme=theme, language=language)
    for name, path in PAGES.items():
        await visit.inspect(path.format(**busy), f"wallet-{name}-{size[0]}-{theme}-{language}")


async def test_a_top_up_by_keyboard_alone_to_its_receipt(browse, busy, alice):
    visit = await browse(alice, size=PHONE)
    page = visit.page
    await visit.goto("/wallet/")
    await page.get_by_role("link", name="Top up").press("Enter")
    await page.get_by_label("Amount").fill("12.50")
    await page.get_by_label("Amount").press("Enter")
    await expect(page.get_by_role("status")).to_contain_text("Done")
    await page.get_by_role("link", name="Receipt").press("Enter")
    await expect(page.get_by_role("main")).to_contain_text("+CN¥12.50")
    assert await sync_to_async(Operation.objects.filter(amount=1250).count)() == 1


def _later():
    with time_machine.travel(time.now() + timedelta(seconds=15)):
        run_gateway()


async def test_the_page_follows_what_the_bank_says(browse, busy, alice):
    visit = await browse(alice)
    page = visit.page
    await visit.goto(f"/wallet/operations/{busy['waiting']}/")
    await expect(page.get_by_role("status").first).to_contain_text("On its way")
    await sync_to_async(_later)()
    await expect(page.get_by_role("main")).to_contain_text("Done")
    assert await sync_to_async(Card.objects.count)() == 4
