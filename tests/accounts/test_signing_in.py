"""Coming in through the pages: e-mail or phone, password or code, and what nobody learns."""

import re
from urllib.parse import urlsplit

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from accounts.models import Account, Person
from tests.accounts.signing import (
    MAIL,
    PASSWORD,
    PHONE,
    code_in,
    errors,
    forget_pause,
    letters,
    post,
    who,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _sandbox(letters_are_kept):
    pass


@pytest.mark.parametrize("typed", [MAIL, " EVE@Example.com "])
def test_an_address_and_its_password_let_in(client, eve, typed):
    response = post(client, "account_login", {"login": typed, "password": PASSWORD})
    assert (response.status_code, response["Location"]) == (302, "/")
    assert who(client) == eve


@pytest.mark.parametrize("typed", [PHONE, "138 0013 8000"])
def test_a_number_and_its_password_let_in(client, mallory, typed):
    post(client, "account_login", {"login": typed, "password": PASSWORD})
    assert who(client) == mallory


def test_unknown_and_wrong_look_the_same(client, eve, mallory):
    said = set()
    for login in (MAIL, "nobody@example.com", PHONE, "+8613900139000"):
        response = post(client, "account_login", {"login": login, "password": "wrong"})
        said.add((response.status_code, *errors(response)))
    assert said == {(200, "That address and password do not belong together.")}
    assert who(client) is None


def test_unknown_costs_a_hash_like_wrong(client, eve, monkeypatch, settings):
    """The time is the same because the work is: one hash each, and the same number of queries."""
    from django.contrib.auth import hashers
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    settings.SANDBOX_CLOCK = False  # it is read once a second, whoever asks
    hashed = []
    encode = hashers.MD5PasswordHasher.encode
    monkeypatch.setattr(
        hashers.MD5PasswordHasher,
        "encode",
        lambda self, *args: hashed.append(1) or encode(self, *args),
    )
    seen = []
    for login in (MAIL, "nobody@example.com"):
        hashed.clear()
        with CaptureQueriesContext(
            connection,
        ) as queries:
            post(client, "account_login", {"login": login, "password": "wrong"})
        seen.append((len(hashed), len(queries)))
    assert seen[0][0] == seen[1][0] == 1
    assert abs(seen[0][1] - seen[1][1]) <= 1


def test_wrong_passwords_are_counted_whoever_they_are_for(client, eve, settings):
    settings.PASSWORD_TRIES = 3
    for login in (MAIL, "nobody@example.com"):
        for _ in range(3):
            post(client, "account_login", {"login": login, "password": "wrong"})
        response = post(client, "account_login", {"login": login, "password": PASSWORD})
        assert errors(response) == ["Too many tries. Wait a little and try again."]
    assert who(client) is None


def test_another_forwarded_address_does_not_start_the_count_again(client, eve, settings):
    settings.PASSWORD_TRIES_PER_IP = 3
    for n in range(4):
        response = post(
            client,
            "account_login",
            {"login": f"a{n}@example.com", "password": "x"},
            headers={"X-Forwarded-For": f"198.51.100.{n}"},
        )
    assert errors(response) == ["Too many tries. Wait a little and try again."]


def test_the_right_password_forgives_the_wrong_ones(client, eve, settings):
    settings.PASSWORD_TRIES = 3
    for _ in range(2):
        for _ in range(2):
            post(client, "account_login", {"login": MAIL, "password": "wrong"})
        post(client, "account_login", {"login": MAIL, "password": PASSWORD})
        assert who(client) == eve
        client.logout()


def test_the_session_key_changes_at_sign_in(client, eve):
    client.get(reverse("account_login"))
    session = client.session
    session["before"] = 1
    session.save()
    before = client.cookies["sessionid"].value
    post(client, "account_login", {"login": MAIL, "password": PASSWORD})
    assert client.cookies["sessionid"].value != before
    assert not Session.objects.filter(pk=before).exists()


def test_a_suspended_person_does_not_get_in(client, eve):
    Person.objects.filter(pk=eve.pk).update(is_active=False)
    response = post(client, "account_login", {"login": MAIL, "password": PASSWORD})
    assert response["Location"] == reverse("account_inactive")
    assert who(client) is None


@pytest.mark.parametrize(
    "target",
    ["//evil.example", "https://evil.example", "/\\evil.example", "https:evil", "\t//evil"],
)
def test_signing_in_leads_nowhere_else(client, eve, target):
    data = {"login": MAIL, "password": PASSWORD, "next": target}
    assert urlsplit(post(client, "account_login", data)["Location"]).netloc == ""
    assert post(Client(), "account_login", data)["Location"] == "/"


# ------------------------------------------------------------------------------------------ sign-up


def sign_up(client, login, **changes):
    data = {"name": "Eve", "login": login, "password1": PASSWORD} | changes
    return post(client, "account_signup", data)


def test_signing_up_by_mail_ends_with_a_code(client, settings):
    response = sign_up(client, MAIL)
    assert response["Location"] == reverse("account_email_verification_sent")
    assert who(client) is None
    (letter,) = letters(MAIL)
    post(client, "account_email_verification_sent", {"code": code_in(letter)})
    person = Person.objects.get()
    assert who(client) == person
    assert (person.account.name, person.email, person.emailaddress_set.get().verified) == (
        "Eve",
        MAIL,
        True,
    )


def test_signing_up_by_phone_ends_with_a_code(client):
    response = sign_up(client, "138 0013 8000")
    assert response["Location"] == reverse("account_verify_phone")
    assert who(client) is None
    assert Person.objects.get().phone_verified_at is None
    (text,) = letters(PHONE)
    post(client, "account_verify_phone", {"code": code_in(text)})
    person = Person.objects.get()
    assert who(client) == person
    assert (person.phone, person.email, bool(person.phone_verified_at)) == (PHONE, None, True)


@pytest.mark.parametrize("taken", [MAIL, PHONE])
def test_a_taken_address_looks_free_and_its_owner_is_told(client, eve, mallory, taken):
    free = {MAIL: "new@example.com", PHONE: "+8613900139000"}[taken]
    there, here = Client(), client
    answers = [sign_up(there, free), sign_up(here, taken)]
    assert answers[0].status_code == answers[1].status_code == 302
    assert answers[0]["Location"] == answers[1]["Location"]
    assert Account.objects.count() == 3
    (letter,) = letters(taken)
    assert not re.search(r"\b\d{6}\b", letter)
    pages = [
        c.get(a["Location"]).content.decode() for c, a in zip((there, here), answers, strict=True)
    ]
    hidden = re.compile(r'value="[^"]{60,}"|to=[^"]+"')
    assert hidden.sub("", pages[0]).replace(free, "X") == hidden.sub("", pages[1]).replace(
        taken, "X"
    )
    here.post(answers[1]["Location"], {"code": "000000"})
    assert who(here) is None


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": " \u200b "}, "name"),
        ({"name": "x" * 41}, "name"),
        ({"login": "not an address"}, "login"),
        ({"password1": "12345678"}, "password1"),
        ({"password1": "short"}, "password1"),
        ({"password1": ""}, "password1"),
    ],
)
def test_a_bad_sign_up_makes_nothing_and_sends_nothing(client, changes, field):
    response = sign_up(client, changes.pop("login", MAIL), **changes)
    assert list(response.context["form"].errors) == [field]
    assert not Account.objects.exists()
    assert letters(MAIL) == []


def test_a_sign_up_cannot_make_itself_important(client):
    sign_up(
        client, MAIL, is_staff="1", is_superuser="1", verified="1", phone_verified_at="2026-01-01"
    )
    person = Person.objects.get()
    assert (person.is_staff, person.is_superuser, person.phone_verified_at) == (False, False, None)


# -------------------------------------------------------------------------------------------- codes


@pytest.mark.parametrize("address", [MAIL, PHONE])
def test_a_code_lets_in_without_a_password(client, eve, mallory, address):
    response = post(client, "account_request_login_code", {"login": address})
    assert response["Location"] == reverse("account_confirm_login_code")
    (letter,) = letters(address)
    post(client, "account_confirm_login_code", {"code": code_in(letter)})
    assert who(client) == {MAIL: eve, PHONE: mallory}[address]


@pytest.mark.parametrize("unknown", ["nobody@example.com", "+8613900139000"])
def test_a_code_for_nobody_looks_like_one_for_somebody(client, eve, unknown):
    response = post(client, "account_request_login_code", {"login": unknown})
    assert response["Location"] == reverse("account_confirm_login_code")
    (letter,) = letters(unknown)
    assert not re.search(r"\b\d{6}\b", letter)
    forget_pause()
    again = post(client, "account_confirm_login_code", {"action": "resend"})
    assert again.status_code == 302
    response = post(client, "account_confirm_login_code", {"code": "000000"})
    assert errors(response) == ["Incorrect code."]
    assert who(client) is None


def test_five_wrong_codes_end_it_even_if_the_session_forgets(client, eve):
    post(client, "account_request_login_code", {"login": MAIL})
    right = code_in(letters(MAIL)[0])
    session = client.session
    state = dict(session["account_login"])
    for _ in range(5):
        post(client, "account_confirm_login_code", {"code": "000000"})
        session = client.session
        session["account_login"] = state  # what a parallel request would write back
        session.save()
    response = post(client, "account_confirm_login_code", {"code": right})
    assert "Too many tries. Wait a little and try again." in errors(response)
    assert who(client) is None


def test_a_code_is_good_for_five_minutes(client, eve, settings):
    import time_machine

    settings.SESSION_COOKIE_AGE = 10**6
    with time_machine.travel("2026-11-24 12:00", tick=False) as clock:
        post(client, "account_request_login_code", {"login": MAIL})
        right = code_in(letters(MAIL)[0])
        clock.shift(301)
        response = post(client, "account_confirm_login_code", {"code": right})
        assert response.status_code == 302
        assert who(client) is None


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("account_request_login_code", {"login": MAIL}),
        ("account_reset_password", {"email": MAIL}),
    ],
)
def test_another_code_takes_a_minute(eve, name, data):
    assert post(Client(), name, data).status_code == 302
    response = post(Client(), name, data)
    assert re.fullmatch(r"You can ask for another code in \d+ seconds?\.", errors(response)[0])
    assert len(letters(MAIL)) == 1


def test_asking_again_too_soon_is_a_notice_on_the_page(client, eve):
    post(client, "account_request_login_code", {"login": MAIL})
    response = post(client, "account_confirm_login_code", {"action": "resend"}, follow=True)
    assert "You can ask for another code in a minute." in response.content.decode()
    forget_pause()
    post(client, "account_confirm_login_code", {"action": "resend"})
    first, second = map(code_in, letters(MAIL))
    post(client, "account_confirm_login_code", {"code": second})
    assert who(client) == eve
    assert first != second
