"""Money between people over the API: with a key, once; above the free limit, with a token."""

import json

import pytest
from django.test import Client

from accounts import actions as people
from payments.models import RedPacket, Transfer
from tests.chat.conftest import group, room
from tests.payments.between import rich
from tests.payments.wallets import PASSWORD, has

__all__ = ["group", "room"]
pytestmark = pytest.mark.django_db


def caller(account):
    _token, secret = people.create_token(person=account.person, name="script")

    def call(method, path, body=None, key=""):
        headers = {"Authorization": f"Bearer {secret}"}
        headers |= {"Idempotency-Key": key} if key else {}
        answer = Client().generic(
            method, f"/api/v1/{path}", json.dumps(body or {}), "application/json", headers=headers
        )
        return answer.status_code, answer.json() if answer.content else None

    return call


@pytest.fixture
def alices(alice):
    rich(alice)
    return caller(alice)


@pytest.fixture
def bobs(bob):
    return caller(bob)


def deal(room, amount=5000, **more):
    return {"conversation": room.public_id, "amount": amount, "currency": "CNY", **more}


def test_one_key_sends_one_transfer(alices, bobs, alice, bob, room):
    assert alices("POST", "transfers/", deal(room))[1]["code"] == "idempotency.bad_key"
    first, again = (alices("POST", "transfers/", deal(room), key="k1") for _try in range(2))
    assert first == again
    assert (first[0], first[1]["status"], has(alice)) == (201, "pending", 95_000)
    assert alices("POST", "transfers/", deal(room, 1), key="k1")[0] == 422
    one = f"transfers/{first[1]['id']}/"
    assert bobs("GET", one)[1] == first[1]
    assert alices("POST", f"{one}answer/", {"answer": "accept"}, key="k2")[0] == 404
    assert bobs("POST", f"{one}answer/", {"answer": "accept"}, key="k2")[1]["status"] == "accepted"
    assert (has(bob), Transfer.objects.count()) == (5000, 1)
    assert [item["id"] for item in bobs("GET", "transfers/")[1]["items"]] == [first[1]["id"]]


def test_the_key_outlives_the_record_of_requests(alices, alice, bob, room):
    from superapp.kernel.models import IdempotencyKey

    first = alices("POST", "transfers/", deal(room), key="k1")
    IdempotencyKey.objects.all().delete()
    assert alices("POST", "transfers/", deal(room), key="k1")[1]["id"] == first[1]["id"]
    assert has(alice) == 95_000


def test_more_than_the_free_limit_needs_a_token_for_just_this(alices, alice, bob, room):
    refused = alices("POST", "transfers/", deal(room, 30_000), key="k1")
    assert (refused[0], refused[1]["code"]) == (403, "payments.password_needed")
    asked = {"purpose": "transfer", "payee": bob.public_id, "amount": 30_000, "currency": "CNY"}
    auth = alices("POST", "pay-auths/", {**asked, "password": PASSWORD})[1]["auth"]
    assert alices("POST", "transfers/", deal(room, 30_001, auth=auth), key="k2")[0] == 403
    assert alices("POST", "transfers/", deal(room, 30_000, auth=auth), key="k3")[0] == 201
    assert has(alice) == 70_000


def test_a_packet_is_sent_tapped_opened_and_looked_at(alices, bobs, alice, bob, group):
    body = deal(group, 1000, kind="lucky", count=2, greeting="hi")
    sent = alices("POST", "packets/", body, key="k1")[1]
    assert "shares" not in sent
    one = f"packets/{sent['id']}/"
    assert bobs("GET", f"{one}tap/")[1] == {"state": "ready", "claim": None}
    got = bobs("POST", f"{one}open/", key="k1")[1]
    assert bobs("POST", f"{one}open/", key="k2")[1] == got
    found = bobs("GET", one)[1]
    assert (found["tap"]["state"], found["luckiest"], found["proof"]) == ("opened", "", "")
    alices("POST", f"{one}open/", key="k2")
    found = bobs("GET", one)[1]
    assert found["status"] == "exhausted"
    assert found["luckiest"] in {alice.public_id, bob.public_id}
    assert found["proof"].startswith(sent["id"])
    assert sum(claim["amount"]["amount"] for claim in found["claims"]) == 1000
    assert RedPacket.objects.get().taken == 1000


def test_a_request_a_split_and_a_code(alices, bobs, alice, bob, room, group):
    asked = bobs("POST", "money-requests/", deal(room, 1200, note="lunch"), key="k1")[1]
    assert alices("POST", f"money-requests/{asked['id']}/pay/", key="k1")[1]["status"] == "paid"
    body = deal(group, 1000, shares=[{"account": alice.public_id}, {"account": bob.public_id}])
    split = bobs("POST", "splits/", body, key="k2")[1]
    assert (split["own_part"]["amount"], split["people"]) == (500, 1)
    assert alices("POST", f"splits/{split['id']}/pay/", key="k2")[1]["status"] == "settled"
    code = bobs("PUT", "receive-codes/")[1]
    paid = {"token": code["token"], "amount": 300, "currency": "CNY"}
    assert alices("POST", "code-payments/", paid, key="k3")[1]["status"] == "accepted"
    assert len(bobs("GET", f"receive-codes/{code['id']}/")[1]["payments"]) == 1
    assert (has(bob), has(alice)) == (2000, 98_000)
