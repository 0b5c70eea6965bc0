"""Money over the API: with a key, once; with a password, for just this."""

import json

import pytest
from django.test import Client

from accounts import actions as people
from payments.models import Operation, PayAuth, Wallet
from tests.payments.wallets import BANK, PASSWORD, bind, has, rich, run_gateway

pytestmark = pytest.mark.django_db


@pytest.fixture
def ask(alice):
    _token, secret = people.create_token(person=alice.person, name="script")

    def call(method, path, body=None, key=""):
        headers = {"Authorization": f"Bearer {secret}"}
        if key:
            headers["Idempotency-Key"] = key
        answer = Client().generic(
            method, f"/api/v1/{path}", json.dumps(body or {}), "application/json", headers=headers
        )
        return answer.status_code, answer.json() if answer.content else None

    return call


@pytest.fixture
def payer(alice):
    return rich(alice, 50_000)


def top_up(card, amount=5000):
    return {"amount": amount, "currency": "CNY", "card": card.public_id}


def test_a_top_up_with_one_key_happens_once(ask, payer):
    card = bind(payer)
    assert ask("POST", "top-ups/", top_up(card))[1]["code"] == "idempotency.bad_key"
    first, again = (ask("POST", "top-ups/", top_up(card), key="k1") for _try in range(2))
    assert first == again
    assert (first[0], first[1]["status"]) == (201, "created")
    assert ask("POST", "top-ups/", top_up(card, 1), key="k1")[0] == 422
    run_gateway()
    assert has(payer) == 55_000
    assert ask("GET", f"operations/{first[1]['id']}/")[1]["status"] == "succeeded"
    assert [one["id"] for one in ask("GET", "top-ups/")[1]["items"]] == [first[1]["id"]]


def test_a_refusal_is_kept_under_its_key(ask, payer):
    """An old retry must not succeed later by surprise."""
    card = bind(payer)
    refused = ask("POST", "top-ups/", {**top_up(card), "card": "card_nobody"}, key="k1")
    assert (refused[0], refused[1]["code"]) == (404, "payments.card_not_found")
    type(card).objects.filter(pk=card.pk).update(public_id="card_nobody")
    again = ask("POST", "top-ups/", {**top_up(card), "card": "card_nobody"}, key="k1")
    assert again == refused
    assert not Operation.objects.filter(kind="charge").exists()


def test_a_withdrawal_in_three_calls(ask, payer):
    bank = bind(payer, BANK, kind="bank")
    fee = ask("GET", "withdrawals/fee/?amount=30000&currency=CNY")[1]["fee"]["amount"]
    deal = {"amount": 30_000, "currency": "CNY"}
    asked = {**deal, "purpose": "withdrawal", "payee": bank.public_id, "password": PASSWORD}
    auth = ask("POST", "pay-auths/", asked)[1]["auth"]
    body = {**deal, "card": bank.public_id, "fee": fee, "auth": auth}
    assert ask("POST", "withdrawals/", {**body, "amount": 30_001}, key="k0")[0] == 403
    status, made = ask("POST", "withdrawals/", body, key="k1")
    assert (status, made["amount"]) == (201, {"amount": 30_000, "currency": "CNY"})
    assert has(payer) == 20_000
    (bill,) = ask("GET", "bills/?way=out")[1]["items"]
    assert (bill["amount"]["amount"], bill["status"]) == (-30_000, "waiting")
    found = ask("GET", "wallet/")[1]
    assert found["balances"][0]["held"]["amount"] == 30_000


def test_wrong_passwords_stay_counted_whatever_the_key(ask, payer):
    wrong = {"amount": 1, "currency": "CNY", "purpose": "withdrawal", "password": "000001"}
    for number in range(5):
        assert ask("POST", "pay-auths/", wrong, key=f"k{number % 2}")[0] == 403
    locked = ask("POST", "pay-auths/", {**wrong, "password": PASSWORD})
    assert locked[1]["code"] == "payments.password_locked"
    assert Wallet.objects.get(account=payer).tries == 5
    assert not PayAuth.objects.exists()


def test_statement_and_identity(ask, payer):
    found = ask("GET", "statements/")[1]
    assert (found["opening"]["amount"], found["closing"]["amount"]) == (0, 50_000)
    assert ask("GET", "statements/?month=2026-13")[0] == 400
    assert ask("POST", "identity-checks/", {"level": 3})[1]["code"] == "payments.more_proof_needed"


@pytest.mark.parametrize(
    "amount", [0, -1, 0.1, "1e3", "１００", 10**15 + 1, "NaN", None, [], "9" * 40]
)
def test_what_is_no_amount(ask, payer, amount):
    card = bind(payer)
    status, _body = ask("POST", "top-ups/", {**top_up(card), "amount": amount}, key="k1")
    assert status == 400
    assert not Operation.objects.filter(kind="charge").exists()


def test_cards_are_put_in_order(ask, payer):
    first, second = bind(payer), bind(payer, "4000000000009995")
    assert ask("POST", f"cards/{second.public_id}/move/", {"way": "up"})[0] == 200
    ids = [card["id"] for card in ask("GET", "cards/")[1]["items"]]
    assert ids == [second.public_id, first.public_id]
    assert ask("POST", f"cards/{second.public_id}/move/", {"way": "sideways"})[0] == 400
