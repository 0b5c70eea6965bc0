"""Second factors, and changing the addresses one signs in with."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.test import Client
from django.urls import reverse

from accounts import actions, queries
from accounts.models import Person
from tests.accounts.signing import MAIL, PASSWORD, PHONE, code_in, forget_pause, letters, post, who

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _sandbox(letters_are_kept):
    pass


@pytest.fixture
def at_home(eve):
    """A browser in which Eve has just given her password."""
    client = Client()
    post(client, "account_login", {"login": MAIL, "password": PASSWORD})
    post(client, "account_reauthenticate", {"password": PASSWORD})
    return client


def totp(secret, step=0):
    counters = list(yield_hotp_counters_from_time())
    return format_hotp_value(hotp_value(secret, counters[len(counters) // 2] + step))


@pytest.fixture
def secret(at_home):
    """The secret of Eve's authenticator app, switched on."""
    form = at_home.get(reverse("mfa_activate_totp")).context["form"]
    post(at_home, "mfa_activate_totp", {"code": totp(form.secret, -1)})
    return form.secret


def test_switching_it_on_asks_for_the_password_again(eve):
    client = Client()
    client.force_login(eve)
    answer = client.get(reverse("mfa_activate_totp"))
    assert answer["Location"].startswith(reverse("account_reauthenticate"))
    assert not queries.has_second_factor(eve)


def test_the_secret_is_not_stored_in_the_clear(eve, secret):
    assert queries.has_second_factor(eve)
    rows = Authenticator.objects.filter(user=eve)
    assert {row.type for row in rows} == {"totp", "recovery_codes"}
    assert secret not in str([row.data for row in rows])


def test_a_password_alone_no_longer_lets_in(eve, secret):
    client = Client()
    answer = post(client, "account_login", {"login": MAIL, "password": PASSWORD})
    assert answer["Location"] == reverse("mfa_authenticate")
    assert who(client) is None
    post(client, "mfa_authenticate", {"code": "000000"})
    assert who(client) is None
    post(client, "mfa_authenticate", {"code": totp(secret)})
    assert who(client) == eve


def test_neither_a_code_by_mail_nor_a_new_password_goes_around_it(eve, secret):
    client = Client()
    post(client, "account_request_login_code", {"login": MAIL})
    answer = post(client, "account_confirm_login_code", {"code": code_in(letters(MAIL)[-1])})
    assert answer["Location"] == reverse("mfa_authenticate")
    assert who(client) is None
    forget_pause()
    other = Client()
    post(other, "account_reset_password", {"email": MAIL})
    post(other, "account_confirm_password_reset_code", {"code": code_in(letters(MAIL)[-1])})
    new = {"password1": "another horse entirely", "password2": "another horse entirely"}
    answer = post(other, "account_complete_password_reset", new)
    assert answer["Location"] == reverse("mfa_authenticate")
    assert who(other) is None


def test_a_code_works_once(eve, secret):
    code = totp(secret)
    clients = [Client(), Client()]
    for client in clients:
        post(client, "account_login", {"login": MAIL, "password": PASSWORD})
        post(client, "mfa_authenticate", {"code": code})
    assert [who(client) for client in clients] == [eve, None]


def test_a_recovery_code_works_once(eve, secret, at_home):
    codes = Authenticator.objects.get(user=eve, type="recovery_codes").wrap().get_unused_codes()
    clients = [Client(), Client()]
    for client in clients:
        post(client, "account_login", {"login": MAIL, "password": PASSWORD})
        post(client, "mfa_authenticate", {"code": codes[0]})
    assert [who(client) for client in clients] == [eve, None]
    page = at_home.get(reverse("mfa_view_recovery_codes")).content.decode()
    assert codes[1] in page
    assert codes[0] not in page


def test_guesses_at_the_second_factor_are_counted(eve, secret, settings):
    settings.PASSWORD_TRIES = 3
    client = Client()
    post(client, "account_login", {"login": MAIL, "password": PASSWORD})
    for _ in range(3):
        post(client, "mfa_authenticate", {"code": "000000"})
    answer = post(client, "mfa_authenticate", {"code": totp(secret)})
    assert "Too many tries. Wait a little and try again." in answer.content.decode()
    assert who(client) is None


def test_every_page_of_the_second_factor_is_drawn(at_home, secret):
    for name in (
        *("mfa_index", "mfa_deactivate_totp", "mfa_view_recovery_codes", "mfa_list_webauthn"),
        *("mfa_generate_recovery_codes", "mfa_add_webauthn", "mfa_reauthenticate"),
    ):
        answer = at_home.get(reverse(name))
        assert answer.status_code == 200, name
        assert "style=" not in answer.content.decode()


# -------------------------------------------------------------------------------------- addresses


def test_another_mail_address_counts_once_its_code_was_shown(eve, at_home):
    post(at_home, "account_email", {"action_add": "1", "email": "new@example.com"})
    assert Person.objects.get(pk=eve.pk).email == MAIL
    (letter,) = letters("new@example.com")
    post(at_home, "account_email_verification_sent", {"code": code_in(letter)})
    person = Person.objects.get(pk=eve.pk)
    assert person.email == "new@example.com"
    assert [a.email for a in person.emailaddress_set.all()] == ["new@example.com"]
    client = Client()
    post(client, "account_login", {"login": MAIL, "password": PASSWORD})
    assert who(client) is None
    post(client, "account_login", {"login": "new@example.com", "password": PASSWORD})
    assert who(client) == eve


def test_somebody_elses_mail_address_cannot_be_taken(eve, at_home):
    actions.enrol_person(name="Bob", password=PASSWORD, email="bob@example.com")
    post(at_home, "account_email", {"action_add": "1", "email": "bob@example.com"})
    sent = letters("bob@example.com")
    assert all(code.strip() for code in sent)
    post(at_home, "account_email_verification_sent", {"code": "000000"})
    assert Person.objects.get(pk=eve.pk).email == MAIL


def test_a_number_is_added_once_its_code_was_shown(eve, at_home):
    post(at_home, "account_change_phone", {"phone": "139 0013 9000"})
    assert Person.objects.get(pk=eve.pk).phone is None
    (text,) = letters("+8613900139000")
    post(at_home, "account_verify_phone", {"code": code_in(text)})
    person = Person.objects.get(pk=eve.pk)
    assert (person.phone, person.phone_verified_at is not None) == ("+8613900139000", True)


def test_somebody_elses_number_cannot_be_taken(eve, at_home, mallory):
    post(at_home, "account_change_phone", {"phone": PHONE})
    for text in letters(PHONE):
        post(at_home, "account_verify_phone", {"code": (text.split() or ["0"])[0]})
    assert Person.objects.get(pk=eve.pk).phone is None
    assert Person.objects.get(pk=mallory.pk).phone == PHONE


def test_addresses_change_only_after_the_password_was_given_again(eve):
    client = Client()
    client.force_login(eve)
    for name, data in (
        ("account_change_phone", {"phone": "+8613900139000"}),
        ("account_email", {"action_add": "1", "email": "new@example.com"}),
    ):
        answer = post(client, name, data)
        assert answer["Location"].startswith(reverse("account_reauthenticate")), name
    assert letters("+8613900139000") == []
    assert letters("new@example.com") == []
