"""Forgotten and changed passwords, and what happens after signing in."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts import actions, ports
from accounts.models import Person
from tests.accounts.signing import MAIL, PASSWORD, PHONE, code_in, errors, letters, post, who

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _sandbox(letters_are_kept):
    pass


@pytest.mark.parametrize("address", [MAIL, PHONE])
def test_a_forgotten_password_is_replaced_with_a_code(client, eve, mallory, address):
    person = {MAIL: eve, PHONE: mallory}[address]
    actions.create_token(person=person, name="old")
    elsewhere = Client()
    elsewhere.force_login(person)
    elsewhere.get(reverse("account_login"))
    post(client, "account_reset_password", {"email": address})
    (letter,) = letters(address)
    post(client, "account_confirm_password_reset_code", {"code": code_in(letter)})
    new = "another horse entirely"
    post(client, "account_complete_password_reset", {"password1": new, "password2": new})
    assert who(client) == person
    assert Person.objects.get(pk=person.pk).check_password(new)
    assert who(elsewhere) is None
    assert not person.tokens.exists()


def test_a_reset_for_nobody_looks_the_same(client, eve):
    response = post(client, "account_reset_password", {"email": "nobody@example.com"})
    assert response["Location"] == reverse("account_confirm_password_reset_code")
    response = post(client, "account_confirm_password_reset_code", {"code": "000000"})
    assert errors(response) == ["Incorrect code."]
    assert len(letters("nobody@example.com")) == 1


# ------------------------------------------------------------------------------ what comes afterwards


def test_a_strange_browser_is_announced_and_then_known(eve, monkeypatch):
    seen = []
    port = type(ports.new_device_seen)("test")
    port.register(lambda person, device: seen.append((person, device)))
    monkeypatch.setattr(ports, "new_device_seen", port)
    browser = Client(headers={"User-Agent": "Mozilla/5.0 (X11; Linux) Firefox/130.0"})
    for _ in range(2):
        post(browser, "account_login", {"login": MAIL, "password": PASSWORD})
        post(browser, "account_logout", {})
    assert seen == [(eve, "Firefox, Linux · This computer")]
    cookie = browser.cookies["device"]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
    assert MAIL not in cookie.value


def test_signing_out_closes_the_sockets(client, eve, dropped):
    post(client, "account_login", {"login": MAIL, "password": PASSWORD})
    key = client.cookies["sessionid"].value
    with dropped.during():
        post(client, "account_logout", {})
    assert who(client) is None
    assert dropped == [(eve.account_id, {key})]


def test_a_new_password_signs_the_others_out_but_not_this_one(client, eve, dropped):
    post(client, "account_login", {"login": MAIL, "password": PASSWORD})
    elsewhere = Client()
    post(elsewhere, "account_login", {"login": MAIL, "password": PASSWORD})
    old = elsewhere.cookies["sessionid"].value
    new = "another horse entirely"
    with dropped.during():
        response = post(
            client,
            "account_change_password",
            {"oldpassword": PASSWORD, "password1": new, "password2": new},
        )
    assert response.status_code == 302
    assert who(client) == eve
    assert who(elsewhere) is None
    assert dropped == [(eve.account_id, {old, ""})]


def test_the_first_superuser_signs_in_with_the_password(client):
    root = Person.objects.create_superuser(email="root@example.com", password=PASSWORD)
    post(client, "account_login", {"login": "root@example.com", "password": PASSWORD})
    assert who(client) == root
