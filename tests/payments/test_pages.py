"""The wallet in a browser without scripts: every step is a page or a form."""

import re

import pytest
from django.test import Client

from payments import actions, queries
from payments.actions.authorising import set_password
from payments.models import Bill, Card, LimitUse, Operation, Wallet
from tests.payments import wallets
from tests.payments.money import cny
from tests.payments.wallets import BANK, PASSWORD, bind, give_money, has, rich, run_gateway, verify

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(alice):
    client = Client()
    client.force_login(alice.person)
    return client


def text(answer):
    return re.sub(r"\s+", " ", answer.content.decode())


def hidden(answer, name):
    return re.search(rf'name="{name}" value="([^"]*)"', answer.content.decode())[1]


def test_from_nothing_to_money_on_the_way_to_the_bank(browser, alice):
    assert "Say who you are" in text(browser.get("/wallet/"))
    browser.post("/wallet/identity/", {"legal_name": "Alice", "document": "P1234567"})
    run_gateway()
    assert "Your level: Basic" in text(browser.get("/wallet/identity/"))
    for kind, number in (("card", "4242424242424242"), ("bank", BANK)):
        sent = browser.post("/wallet/cards/add/", {"kind": kind})
        run_gateway()
        page = browser.get(sent["Location"])
        hosted = re.search(r'href="(/sandbox/checkout/[^"]+)"', page.content.decode())[1]
        filled = {"holder": "Alice", "number": number, "month": 12, "year": 2030}
        back = browser.post(hosted, filled)
        run_gateway()
        assert browser.get(back["Location"])["Location"] == "/wallet/cards/"
    card, bank = Card.objects.order_by("kind").reverse()
    browser.post("/wallet/password/", {"password": PASSWORD, "again": PASSWORD})
    form = {"amount": "250.50", "currency": "CNY", "card_id": card.public_id}
    key = hidden(browser.get("/wallet/top-up/"), "client_key")
    sent = browser.post("/wallet/top-up/", {**form, "client_key": key})
    assert "We are checking" in text(browser.get(sent["Location"]))
    run_gateway()
    done = text(browser.get(sent["Location"]))
    assert "Done" in done
    assert "CN¥250.50" in done
    first = text(browser.get("/wallet/"))
    assert "CN¥250.50" in first
    form = {"amount": "100", "currency": "CNY", "card_id": bank.public_id}
    asked = browser.post("/wallet/withdraw/", form)
    assert "Leaves the wallet" in text(asked)
    assert has(alice) == 25_050
    confirmed = {**form, "fee": hidden(asked, "fee"), "password": PASSWORD}
    sent = browser.post("/wallet/withdraw/", confirmed)
    assert "On its way" in text(browser.get(sent["Location"]))
    assert has(alice) == 15_050
    assert "CN¥100.00 held or on its way out" in text(browser.get("/wallet/"))


def test_pressing_twice_pays_once(browser, alice):
    verify(alice)
    card = bind(alice)
    form = {"amount": "10", "currency": "CNY", "card_id": card.public_id, "client_key": "press-1"}
    first, second = (browser.post("/wallet/top-up/", form)["Location"] for _try in range(2))
    run_gateway()
    assert first == second
    assert has(alice) == 1000
    other = browser.post("/wallet/top-up/", {**form, "amount": "11"})
    assert "already done" in text(other)
    run_gateway()
    assert (has(alice), Operation.objects.filter(kind="charge").count()) == (1000, 1)


@pytest.mark.parametrize(
    "amount", ["", "0", "-1", "1e3", "０", "１０", "0.001", "NaN", "Infinity", "9" * 19]
)
def test_what_is_no_amount_moves_nothing(browser, alice, amount):
    verify(alice)
    card = bind(alice)
    form = {"amount": amount, "currency": "CNY", "card_id": card.public_id}
    answer = browser.post("/wallet/top-up/", form)
    assert answer.status_code == 200
    assert 'class="errorlist' in answer.content.decode()
    assert not Operation.objects.filter(kind="charge").exists()
    assert not LimitUse.objects.exists()


def test_a_fee_that_was_not_shown_is_not_taken(browser, alice):
    rich(alice, 500_000)
    bank = bind(alice, BANK, kind="bank")
    form = {"amount": "2000", "currency": "CNY", "card_id": bank.public_id}
    form |= {"fee": "0", "password": PASSWORD}
    answer = text(browser.post("/wallet/withdraw/", form))
    assert "CN¥1.00" in answer
    assert has(alice) == 500_000


def test_a_wrong_password_is_said_and_counted(browser, alice):
    rich(alice)
    bank = bind(alice, BANK, kind="bank")
    form = {"amount": "10", "currency": "CNY", "card_id": bank.public_id, "fee": "0"}
    answer = text(browser.post("/wallet/withdraw/", {**form, "password": "000001"}))
    assert "Tries left: 4" in answer
    assert "000001" not in answer
    assert (Wallet.objects.get().tries, has(alice)) == (1, 100_000)


def test_amounts_can_be_hidden(browser, alice):
    give_money(alice, 12_345)
    browser.post("/wallet/amounts/", {"verb": "hide"})
    assert "123.45" not in text(browser.get("/wallet/"))
    browser.post("/wallet/amounts/", {"verb": "show"})
    assert "123.45" in text(browser.get("/wallet/"))
    actions.hide_amounts(account=alice)
    actions.show_amounts(account=alice)


def test_cards_are_ordered_and_removed(browser, alice):
    verify(alice)
    first, second = bind(alice), bind(alice, "5555555555554444")
    browser.post(f"/wallet/cards/{second.public_id}/default/")
    assert "Mastercard" in text(browser.get("/wallet/cards/")).partition("Used first")[0]
    assert "Remove" in text(browser.get(f"/wallet/cards/{first.public_id}/remove/"))
    browser.post(f"/wallet/cards/{first.public_id}/remove/")
    assert first.last4 not in text(browser.get("/wallet/top-up/"))


def test_the_hosted_page_takes_test_numbers_only(browser, alice):
    verify(alice)
    operation = actions.start_binding(account=alice, kind="card")
    run_gateway()
    operation.refresh_from_db()
    filled = {"holder": "Alice", "number": "4111111111111111", "month": 1, "year": 2030}
    page = browser.post(operation.action_url, filled)
    assert "knows only the numbers" in text(page)
    assert not Card.objects.exists()
    browser.post(f"{operation.action_url}back/")
    run_gateway()
    operation.refresh_from_db()
    assert (operation.status, operation.reason) == ("failed", "abandoned")


def test_bills_are_filtered_and_found(browser, alice):
    verify(alice)
    card = bind(alice)
    set_password(account=alice, password=PASSWORD)
    bank = bind(alice, BANK, kind="bank")
    actions.top_up(account=alice, card_id=card.public_id, amount=cny(7000))
    run_gateway()
    actions.withdraw(
        account=alice, card_id=bank.public_id, amount=cny(300), fee=cny(0), password=PASSWORD
    )
    incoming, outgoing = Bill.objects.order_by("pk")
    for query, seen in (
        ("", [outgoing, incoming]),
        ("?way=in", [incoming]),
        ("?way=out", [outgoing]),
        ("?kind=topup", [incoming]),
        ("?q=visa", [incoming]),
        (f"?q={outgoing.ref}", [outgoing]),
        ("?q=nobody", []),
    ):
        page = browser.get(f"/wallet/bills/{query}").content.decode()
        assert re.findall(r"/wallet/bills/(bill_\w+)/", page) == [one.public_id for one in seen]
    receipt = text(browser.get(f"/wallet/bills/{outgoing.public_id}/"))
    assert outgoing.ref in receipt
    assert "−CN¥3.00" in receipt


def test_the_order_of_cards_is_changed_by_buttons(browser, alice):
    verify(alice)
    first = bind(alice)
    assert 'name="verb"' not in text(browser.get("/wallet/cards/"))
    second = bind(alice, wallets.POOR)
    page = text(browser.get("/wallet/cards/"))
    assert page.count('value="up"') == page.count('value="down"') == 1
    assert "Move up: Visa ·· 9995" in page
    browser.post(f"/wallet/cards/{second.public_id}/move/", {"verb": "up"})
    assert queries.cards_of(alice) == [second, first]
    browser.post(f"/wallet/cards/{second.public_id}/move/", {"verb": "down"})
    assert queries.cards_of(alice) == [first, second]
