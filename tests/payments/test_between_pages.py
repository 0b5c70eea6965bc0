"""Pages of money between people: without scripts, from the form to the other one's page."""

import re

import pytest
from django.test import Client

from payments import actions
from payments.models import MoneyRequest, RedPacket, Split, Transfer
from superapp.kernel.money import Money
from tests.chat.conftest import group, room
from tests.payments.between import key, pack, rich, send
from tests.payments.wallets import PASSWORD, has

__all__ = ["group", "room"]
pytestmark = pytest.mark.django_db


def browser(account):
    client = Client()
    client.force_login(account.person)
    return client


def text(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


@pytest.fixture
def payer(alice):
    return rich(alice)


PAID = {"currency": "CNY", "source": "balance", "password": PASSWORD}


def test_the_panel_offers_what_makes_sense_in_a_chat(payer, bob, room, group):
    pair = browser(payer).get(f"/chats/{room.public_id}/").content.decode()
    crowd = browser(payer).get(f"/chats/{group.public_id}/").content.decode()
    for name, in_pair, in_group in (
        ("packet", True, True),
        ("transfer", True, False),
        ("request", True, False),
        ("split", False, True),
    ):
        assert (f"/pay/chats/{room.public_id}/{name}/" in pair) == in_pair
        assert (f"/pay/chats/{group.public_id}/{name}/" in crowd) == in_group


def test_a_friends_page_leads_to_the_form(payer, bob, carol, room):
    page = browser(payer).get(f"/contacts/{bob.public_id}/").content.decode()
    address = f"/pay/people/{bob.public_id}/transfer/"
    assert f'href="{address}"' in page
    sent = browser(payer).get(address)
    assert sent.headers["Location"] == f"/pay/chats/{room.public_id}/transfer/"
    stranger = browser(payer).get(f"/people/{carol.public_id}/").content.decode()
    assert "Carol" in stranger
    assert "/transfer/" not in stranger
    assert browser(payer).get(f"/pay/people/{carol.public_id}/transfer/").status_code == 404


def test_a_transfer_from_form_to_acceptance(payer, bob, room):
    address = f"/pay/chats/{room.public_id}/transfer/"
    page = text(browser(payer).get(address))
    assert "You never sent them money" in page
    assert "Balance" in page
    form = {**PAID, "amount": "300.50", "note": "tickets", "delay": "0", "client_id": key()}
    refused = browser(payer).post(address, form | {"password": ""})
    assert "Enter your payment password." in text(refused)
    answer = browser(payer).post(address, form)
    assert answer.headers["Location"] == f"/chats/{room.public_id}/"
    transfer = Transfer.objects.get()
    thread = text(browser(bob).get(f"/chats/{room.public_id}/"))
    assert "300.50" in thread
    assert "Waiting to be accepted" in thread
    assert "[Transfer] tickets" in text(browser(bob).get("/chats/"))
    one = f"/pay/transfers/{transfer.public_id}/"
    assert "Accept" not in re.findall(
        r"<button[^>]*>([^<]*)", browser(payer).get(one).content.decode()
    )
    assert browser(bob).post(one, {"verb": "accept"}).status_code == 302
    assert "Accepted" in text(browser(bob).get(one))
    assert (has(payer), has(bob)) == (100_000 - 30_050, 30_050)


def test_a_request_is_paid_on_its_page(payer, bob, room):
    form = {"amount": "12", "currency": "CNY", "note": "lunch", "client_id": key()}
    browser(bob).post(f"/pay/chats/{room.public_id}/request/", form)
    request = MoneyRequest.objects.get()
    one = f"/pay/requests/{request.public_id}/"
    assert "asks you for" in text(browser(payer).get(one))
    assert browser(payer).post(one, {"verb": "pay", **PAID}).status_code == 302
    assert "Paid" in text(browser(bob).get(one))
    assert has(bob) == 1200


def test_a_split_bill_is_paid_by_a_member(payer, bob, group):
    ids = [payer.public_id, bob.public_id]
    form = {"amount": "10.01", "currency": "CNY", "client_id": key(), "people": ids}
    address = f"/pay/chats/{group.public_id}/split/"
    own = {"is_equal": "own", f"part_{ids[0]}": "4", f"part_{ids[1]}": "6"}
    assert "must add up" in text(browser(payer).post(address, {**form, **own}))
    assert browser(payer).post(address, {**form, "is_equal": "equal"}).status_code == 302
    split = Split.objects.get()
    assert (split.own_part, split.shares.get().amount) == (501, 500)
    rich(bob)
    one = f"/pay/splits/{split.public_id}/"
    assert "0 of 1 paid" in text(browser(bob).get(one))
    browser(bob).post(one, {"verb": "pay", **PAID})
    assert "1 of 1 paid" in text(browser(payer).get(one))
    assert has(payer) == 100_500


def test_a_packet_is_tapped_then_opened(payer, bob, room):
    form = {**PAID, "amount": "8.88", "greeting": "Happy new year", "client_id": key()}
    browser(payer).post(f"/pay/chats/{room.public_id}/packet/", form)
    packet = RedPacket.objects.get()
    assert "[Red packet] Happy new year" in text(browser(bob).get("/chats/"))
    one = f"/pay/packets/{packet.public_id}/"
    assert "Open" in text(browser(bob).get(one))
    packet.refresh_from_db()
    assert packet.claimed == 0
    browser(bob).post(f"{one}open/")
    assert "8.88" in text(browser(bob).get(one))
    browser(bob).post(f"{one}thank/", {"text": "Thank you!"})
    assert "Thank you!" in text(browser(payer).get(one))
    assert "You opened the red packet of Alice" in text(
        browser(bob).get(f"/chats/{room.public_id}/")
    )


def test_a_packet_in_a_group_from_its_form(payer, bob, group):
    form = {**PAID, "kind": "identical", "amount": "2.50", "count": "2", "client_id": key()}
    answer = browser(payer).post(f"/pay/chats/{group.public_id}/packet/", form)
    assert answer.status_code == 302
    packet = RedPacket.objects.get()
    assert (packet.amount, packet.shares) == (500, [250, 250])
    for account in (payer, bob):
        actions.open_packet(opener=account, packet_id=packet.public_id)
    page = text(browser(bob).get(f"/pay/packets/{packet.public_id}/"))
    assert "2 of 2 in 1 s" in page


def test_pages_of_money_cost_the_same_for_one_and_for_many(
    payer, bob, room, django_assert_num_queries
):
    for _number in range(2):
        send(payer, room, 100)
        pack(payer, room, 100)
    client = browser(bob)
    client.get(f"/chats/{room.public_id}/")
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as few:
        client.get(f"/chats/{room.public_id}/")
    for _number in range(4):
        send(payer, room, 100)
        pack(payer, room, 100)
        actions.request_money(
            asker=bob, conversation_id=room.public_id, amount=Money(100, "CNY"), client_id=key()
        )
    client.get(f"/chats/{room.public_id}/")
    with CaptureQueriesContext(connection) as many:
        client.get(f"/chats/{room.public_id}/")
    assert len(many) - len(few) <= 2  # cards of another kind: one query, one for its names
