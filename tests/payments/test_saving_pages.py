"""Pots and standing payments without scripts: every step is a page or a form."""

import json
import re

import pytest
from django.test import Client

from accounts import actions as people
from payments.models import Pot, PotMove, Standing
from tests.payments.between import key, rich
from tests.payments.saving import at, into, lies_in, pot_of, run_jobs, start
from tests.payments.wallets import PASSWORD, has, verify

pytestmark = pytest.mark.django_db


@pytest.fixture
def saver(alice):
    return rich(alice)


def browser(account):
    client = Client()
    client.force_login(account.person)
    return client


def text(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def test_from_no_pot_to_one_with_a_goal(saver):
    client = browser(saver)
    assert "Nothing put aside yet" in text(client.get("/wallet/pots/"))
    form = {"name": "Bicycle", "amount": "400", "currency": "CNY", "client_id": key()}
    address = client.post("/wallet/pots/new/", form).headers["Location"]
    assert "0 % of CN¥400.00" in text(client.get(address))
    moved = {"verb": "in", "in-amount": "100", "in-client_id": key()}
    assert client.post(address, moved).status_code == 302
    client.post(address, moved)
    assert (has(saver), lies_in(Pot.objects.get())) == (90_000, 10_000)
    page = text(client.get(address))
    assert "25 % of CN¥400.00" in page
    assert "+CN¥100.00" in page
    refused = client.post(address, {"verb": "out", "out-amount": "100.01", "out-client_id": key()})
    assert "There is not enough money." in text(refused)
    refused = client.post(address, {"verb": "out", "out-amount": "1e3", "out-client_id": key()})
    assert "Write an amount like 12.50" in text(refused)
    client.post(address, {"verb": "out", "out-amount": "40", "out-client_id": key()})
    assert "Bicycle" in text(client.get("/wallet/pots/"))
    bills = text(client.get("/wallet/bills/?kind=pot"))
    assert "Savings pot" in bills
    assert "−CN¥100.00" in bills


def test_a_pot_is_changed_and_closed(saver):
    client, pot = browser(saver), pot_of(saver, minor=500)
    address = f"/wallet/pots/{pot.public_id}/"
    client.post(f"{address}change/", {"name": "Car", "amount": "", "currency": "CNY"})
    assert "Car" in text(client.get(address))
    assert "CN¥5.00 goes back to your balance" in text(client.get(f"{address}close/"))
    assert "The pot is closed" in text(client.post(f"{address}close/", follow=True))
    assert (has(saver), Pot.objects.get().status) == (100_000, "closed")
    assert "Put in" not in text(client.get(address))


def test_a_standing_payment_from_its_form_to_its_page(saver, bob):
    with at("2027-01-15"):
        client, pot = browser(saver), pot_of(saver)
        page = client.get(f"/wallet/standing/new/?to=pot:{pot.public_id}").content.decode()
        assert f'value="pot:{pot.public_id}" selected' in page
        assert ">Bob</option>" in page
        form = {
            "to": f"pot:{pot.public_id}",
            "amount": "10",
            "currency": "CNY",
            "every": "month",
            "day": "31",
            "weekday": "1",
            "starts_on": "2027-01-15",
            "password": "864209",
            "client_id": key(),
        }
        assert "Tries left: 4" in text(client.post("/wallet/standing/new/", form))
        assert Standing.objects.count() == 0
        sent = client.post("/wallet/standing/new/", form | {"password": PASSWORD})
        address = sent.headers["Location"]
        page = text(client.get(address))
        assert "Every month on its last day" in page
        assert "31 January 2027" in page
        assert "28 February 2027" in page
    with at("2027-01-31"):
        run_jobs()
        page = text(client.get(address))
    assert "Done" in page
    assert lies_in(pot) == 1000
    assert "Holiday" in text(client.get("/wallet/standing/"))
    client.post(address, {"verb": "pause"})
    assert "Paused" in text(client.get(address))
    client.post(address, {"verb": "resume"})
    assert "End it for good?" in text(client.get(f"{address}?ask=cancel"))
    client.post(address, {"verb": "cancel"})
    assert Standing.objects.get().status == "cancelled"
    assert client.post(address, {"verb": "shout"}).status_code == 400


def test_weekly_to_a_friend_from_its_form(saver, bob):
    form = {
        "to": bob.public_id,
        "amount": "300",
        "currency": "CNY",
        "every": "week",
        "day": "1",
        "weekday": "5",
        "count": "3",
        "note": "rent",
        "password": PASSWORD,
        "client_id": key(),
    }
    sent = browser(saver).post("/wallet/standing/new/", form)
    page = text(browser(saver).get(sent.headers["Location"]))
    assert "Every week on Friday" in page
    assert "The last one on" in page
    assert Standing.objects.get().receiver == bob


def test_whoever_has_nobody_or_no_password_is_told(carol, alice, bob):
    assert "Nobody to pay yet" in text(browser(carol).get("/wallet/standing/new/"))
    verify(alice)
    assert "First a payment password" in text(browser(alice).get("/wallet/standing/new/"))


def test_what_was_missed_is_said(saver):
    with at("2027-01-15"):
        standing = into(saver, pot_of(saver), 900_000)
    for day in ("2027-01-31", "2027-02-01", "2027-02-02"):
        with at(day):
            run_jobs()
    page = text(browser(saver).get(f"/wallet/standing/{standing.public_id}/"))
    assert "there was too little in the balance" in page
    assert "Missed" in page
    chats = text(browser(saver).get("/chats/"))
    assert "Your standing payment of CN¥9,000.00 to Holiday was missed" in chats


@pytest.mark.parametrize("many", [1, 3])
def test_lists_cost_the_same_for_one_and_for_three(saver, bob, many, django_assert_num_queries):
    for _number in range(many):
        pot = pot_of(saver, minor=100)
        into(saver, pot), start(saver, receiver_id=bob.public_id)
    client = browser(saver)
    client.get("/wallet/pots/"), client.get("/wallet/standing/")
    with django_assert_num_queries(5):
        client.get("/wallet/pots/")
    with django_assert_num_queries(6):
        client.get("/wallet/standing/")
    with django_assert_num_queries(8):
        client.get(f"/wallet/pots/{pot.public_id}/")


@pytest.fixture
def ask(saver):
    _token, secret = people.create_token(person=saver.person, name="script")

    def call(method, path, body=None, key=""):
        headers = {"Authorization": f"Bearer {secret}"}
        if key:
            headers["Idempotency-Key"] = key
        answer = Client().generic(
            method, f"/api/v1/{path}", json.dumps(body or {}), "application/json", headers=headers
        )
        return answer.status_code, answer.json()

    return call


def test_a_pot_over_the_api(ask, saver):
    status, made = ask("POST", "pots/", {"name": "Car", "goal": 900, "currency": "CNY"}, "k1")
    assert (status, made["goal"]) == (201, {"amount": 900, "currency": "CNY"})
    move = {"way": "in", "amount": 300, "currency": "CNY"}
    first = ask("POST", f"pots/{made['id']}/moves/", move, "k2")
    assert first == ask("POST", f"pots/{made['id']}/moves/", move, "k2")
    assert (first[0], PotMove.objects.count(), has(saver)) == (201, 1, 99_700)
    assert (
        ask("POST", f"pots/{made['id']}/moves/", {**move, "way": "out", "amount": 301}, "k3")[1][
            "code"
        ]
        == "ledger.insufficient_funds"
    )
    assert ask("GET", f"pots/{made['id']}/")[1]["saved"]["amount"] == 300
    assert ask("GET", f"pots/{made['id']}/moves/")[1]["items"][0]["amount"]["amount"] == 300
    assert ask("PUT", f"pots/{made['id']}/", {"name": "Bus", "currency": "CNY"})[1]["goal"] is None
    assert ask("POST", f"pots/{made['id']}/close/", {}, "k4")[1]["status"] == "closed"
    assert has(saver) == 100_000


def test_a_standing_payment_over_the_api(ask, saver, bob):
    plan = {
        "receiver": bob.public_id,
        "amount": 700,
        "currency": "CNY",
        "every": "month",
        "day": 31,
        "count": 2,
    }
    refused = ask("POST", "standing-payments/", {**plan, "auth": "x"}, "k1")
    assert (refused[0], refused[1]["code"]) == (403, "payments.auth_invalid")
    asked = {"purpose": "standing", "payee": bob.public_id, "amount": 700, "currency": "CNY"}
    _status, auth = ask("POST", "pay-auths/", {**asked, "password": PASSWORD})
    status, made = ask("POST", "standing-payments/", {**plan, "auth": auth["auth"]}, "k2")
    assert (status, made["status"], made["count"]) == (201, "active", 2)
    one = ask("GET", f"standing-payments/{made['id']}/")[1]
    assert (len(one["upcoming"]), one["runs"]) == (2, [])
    for answer, status in (("pause", "paused"), ("resume", "active"), ("cancel", "cancelled")):
        said = ask("POST", f"standing-payments/{made['id']}/answer/", {"answer": answer})
        assert said[1]["status"] == status
    assert ask("POST", f"standing-payments/{made['id']}/answer/", {"answer": "pause"})[0] == 409
    assert Standing.objects.count() == 1
