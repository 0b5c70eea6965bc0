"""Pages of the Me tab, sign-in by phone, and the sandbox; all without scripts."""

import io
import re

import pytest
from django.test import Client
from django.urls import reverse

from accounts import actions, queries
from accounts.models import Account, Person, PersonalToken
from tests.accounts.pages import at, picture, signed_in, words

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def as_alice(alice):
    return signed_in(alice)


def test_a_profile_and_its_pictures_are_edited_without_scripts(alice, as_alice, tmp_path):
    data = {"name": "Alice L.", "gender": "female", "region": "Oxford", "signature": "hi"}
    assert as_alice.post(at("profile"), data)["Location"] == at("profile")
    assert as_alice.post(at("avatar"), {"picture": picture()})["Location"] == at("profile")
    assert as_alice.post(at("cover"), {"picture": picture()})["Location"] == at("profile")
    account = queries.account_of(Person.objects.get(account=alice))
    assert account.name == "Alice L."
    shown = as_alice.get(account.avatar_url)
    assert (shown.status_code, shown["Content-Type"]) == (200, "image/jpeg")
    assert shown["Cache-Control"] == "private, max-age=31536000, immutable"
    assert as_alice.get(account.person.cover_url).status_code == 200
    address = account.avatar_url
    as_alice.post(at("avatar-remove"))
    as_alice.post(at("cover-remove"))
    assert as_alice.get(address).status_code == 404


def test_pictures_are_for_members_and_bearers_only(alice, bob, client):
    actions.set_avatar(account=alice, picture=picture().read())
    _token, secret = actions.create_token(person=bob.person, name="x")
    assert client.get(alice.avatar_url).status_code == 401
    bad = client.get(alice.avatar_url, headers={"Authorization": "Bearer wrong"})
    assert bad.status_code == 401
    good = client.get(alice.avatar_url, headers={"Authorization": f"Bearer {secret}"})
    assert (good.status_code, good["Content-Disposition"]) == (
        200,
        f'inline; filename="{alice.avatar.public_id}"',
    )


def test_a_bad_picture_is_said_at_the_field(as_alice):
    bad = io.BytesIO(b"<svg/>")
    bad.name = "photo.png"
    response = as_alice.post(at("avatar"), {"picture": bad})
    assert response.context["form"].errors == {
        "picture": ["That is not a picture we can read. Use JPEG, PNG, WebP, GIF or HEIC."]
    }


def test_an_id_is_chosen_once(alice, as_alice):
    as_alice.post(at("handle"), {"handle": "Alice_01"})
    assert Account.objects.get(pk=alice.pk).handle == "alice_01"
    response = as_alice.post(at("handle"), {"handle": "alice_02"})
    assert "once a year" in str(response.context["form"].errors)


def test_the_me_tab_offers_what_apps_registered(as_alice):
    text = words(as_alice.get(at("me")))
    assert "My QR code" in text
    assert "Sandbox inbox" in text


@pytest.mark.parametrize(
    ("name", "data", "field", "value"),
    [
        ("settings-language", {"language": "ar", "time_zone": "Asia/Dubai"}, "language", "ar"),
        ("settings-finding", {"is_found_by_qr": "on"}, "is_found_by_phone", False),
        (
            "settings-privacy",
            {
                "gender_audience": "nobody",
                "region_audience": "friends",
                "signature_audience": "everyone",
            },
            "gender_audience",
            "nobody",
        ),
        ("settings-chats", {"shares_read_marks": "on"}, "shares_read_marks", True),
    ],
)
def test_settings_are_kept(alice, as_alice, name, data, field, value):
    assert as_alice.post(at(name), data).status_code == 302
    assert getattr(Person.objects.get(account=alice), field) == value


def test_the_chosen_language_is_spoken(alice, as_alice):
    as_alice.post(at("settings-language"), {"language": "ar", "time_zone": ""})
    assert '<html lang="ar"' in as_alice.get(at("settings")).content.decode()


def test_the_appearance_is_a_cookie_of_this_browser(as_alice):
    as_alice.post(at("settings-theme"), {"theme": "dark"})
    assert 'data-theme="dark"' in as_alice.get(at("settings-theme")).content.decode()
    as_alice.post(at("settings-theme"), {"theme": ""})
    assert "data-theme=" not in as_alice.get(at("settings-theme")).content.decode()
    bad = as_alice.post(at("settings-theme"), {"theme": '"><script>'})
    assert bad.status_code == 200


def test_a_token_is_shown_once(alice, as_alice):
    page = as_alice.post(at("settings-tokens"), {"name": "Script"}).content.decode()
    secret = re.search(r"sat_[\w-]{43}", page).group()
    assert queries.token_for(secret).name == "Script"
    assert secret not in as_alice.get(at("settings-tokens")).content.decode()
    as_alice.post(at("token-revoke", PersonalToken.objects.get().public_id))
    assert queries.token_for(secret) is None


def test_another_device_is_signed_out(alice, as_alice):
    other = signed_in(alice)
    other.get(at("me"))
    as_alice.get(at("me"))
    listed = as_alice.get(at("settings-devices"))
    (device,) = [d for d in listed.context["devices"] if not d.is_current]
    as_alice.post(at("device-end", device.id))
    assert other.get(at("me")).status_code == 302
    assert as_alice.get(at("me")).status_code == 200


def test_all_other_devices_are_signed_out(alice, as_alice):
    others = [signed_in(alice), signed_in(alice)]
    for client in (*others, as_alice):
        client.get(at("me"))
    as_alice.post(at("devices-end"))
    assert [client.get(at("me")).status_code for client in (*others, as_alice)] == [302, 302, 200]


def test_allauths_own_list_of_sessions_is_ours(as_alice):
    answer = as_alice.get(reverse("usersessions_list"))
    assert answer["Location"] == at("settings-devices")


def test_a_browser_is_let_in_by_a_phone_without_scripts(alice, client):
    as_phone = signed_in(alice)
    assert client.post(at("qr-login-start"), {"next": "/me/"})["Location"] == at("qr-login-wait")
    page = client.get(at("qr-login-wait"))
    login = page.context["login"]
    phone = as_phone.get(at("qr-login", login.token))
    assert "this device is signed in as Alice" in words(phone)
    assert as_phone.post(at("qr-login-scanned", login.token)).json() == {"status": "scanned"}
    assert client.get(at("qr-login-status")).json() == {"status": "scanned"}
    assert "Not confirmed yet" in words(client.post(at("qr-login-claim"), follow=True))
    as_phone.post(at("qr-login-answer", login.token), {"answer": "confirm"})
    assert client.post(at("qr-login-claim"))["Location"] == "/me/"
    assert client.get(at("me")).status_code == 200
    assert client.cookies["device"]


def test_a_phone_that_says_no_lets_nobody_in(alice, client):
    client.post(at("qr-login-start"), {"next": ""})
    login = client.get(at("qr-login-wait")).context["login"]
    signed_in(alice).post(at("qr-login-answer", login.token), {"answer": "cancel"})
    assert client.get(at("qr-login-status")).json() == {"status": "expired"}
    assert client.post(at("qr-login-claim"))["Location"] == at("qr-login-wait")
    assert "This code is over" in words(client.get(at("qr-login-wait")))
    assert client.get(at("me")).status_code == 302


def test_another_browser_cannot_claim(alice, client):
    client.post(at("qr-login-start"), {"next": ""})
    login = client.get(at("qr-login-wait")).context["login"]
    signed_in(alice).post(at("qr-login-answer", login.token), {"answer": "confirm"})
    thief = Client()
    assert thief.post(at("qr-login-claim"))["Location"] == "/accounts/login/"
    assert thief.get(at("me")).status_code == 302


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "javascript:x", ""])
def test_sign_in_by_phone_leads_nowhere_else(alice, client, target):
    client.post(at("qr-login-start"), {"next": target})
    login = client.get(at("qr-login-wait")).context["login"]
    signed_in(alice).post(at("qr-login-answer", login.token), {"answer": "confirm"})
    assert client.post(at("qr-login-claim"))["Location"] == "/"


def test_giving_up_withdraws_the_code(alice, client):
    client.post(at("qr-login-start"), {"next": ""})
    login = client.get(at("qr-login-wait")).context["login"]
    client.post(at("qr-login-withdraw"))
    assert signed_in(alice).get(at("qr-login", login.token)).status_code == 404


def test_the_sandbox_shows_letters_and_lets_in_demo_people_only(client, alice, settings):
    demo = actions.enrol_person(name="Mei", password="x", email=f"mei@{settings.DEMO_DOMAIN}")
    actions.keep_sandbox_letter(to="eve@example.com", subject="Hello", body="123456")
    page = words(client.get(reverse("account_login")))
    assert "Mei" in page
    assert settings.DEMO_PASSWORD in page
    assert "Alice" not in page
    assert "123456" in words(client.get(at("sandbox-inbox"), {"to": "eve@example.com"}))
    assert client.post(at("sandbox-sign-in"), {"account": alice.public_id}).status_code == 404
    client.post(at("sandbox-sign-in"), {"account": demo.account.public_id})
    assert client.get(at("me")).status_code == 200


def test_demo_people_have_letters_before_the_door(client, settings):
    """Pictures are for the signed in: the browser would only be refused."""
    demo = actions.enrol_person(name="Mei", password="x", email=f"mei@{settings.DEMO_DOMAIN}")
    actions.set_avatar(account=demo.account, picture=picture().read())
    (shown,) = client.get(reverse("account_login")).context["demo_people"]
    assert (shown.name, shown.avatar_url) == ("Mei", "")
    assert 'src="/avatars/' not in client.get(reverse("account_login")).content.decode()


def test_production_has_no_sandbox(client, settings):
    demo = actions.enrol_person(name="Mei", password="x", email=f"mei@{settings.DEMO_DOMAIN}")
    actions.keep_sandbox_letter(to="eve@example.com", subject="Hello", body="123456")
    settings.SANDBOX = False
    assert client.get(at("sandbox-inbox"), {"to": "eve@example.com"}).status_code == 404
    answer = client.post(at("sandbox-sign-in"), {"account": demo.account.public_id})
    assert answer.status_code == 404
    assert "Mei" not in words(client.get(reverse("account_login")))
