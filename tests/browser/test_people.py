"""Pages about people in a real browser: how they look, and the journeys that need two of them."""

import io
import re

import pytest
from asgiref.sync import sync_to_async
from django.core.cache import cache
from django.db import connections
from PIL import Image
from playwright.async_api import expect

from accounts import actions, queries
from accounts.actions import Wish
from accounts.models import QRLogin, SandboxLetter
from superapp.kernel import outbox
from tests import cast
from tests.browser.kit import DESKTOP, PHONE

LOOKS = [
    (PHONE, "light", "ar"),
    (PHONE, "dark", "zh-hans"),
    (DESKTOP, "light", "en"),
    (DESKTOP, "dark", "ar"),
]
PASSWORD = "correct horse battery"


@pytest.fixture(autouse=True)
def _sandbox(settings, tmp_path):
    settings.EMAIL_BACKEND = "accounts.senders.SandboxEmail"
    settings.MEDIA_ROOT = tmp_path
    cache.clear()


def photo(colour):
    out = io.BytesIO()
    Image.new("RGB", (600, 400), colour).save(out, "PNG")
    return out.getvalue()


@pytest.fixture
def crowd(transactional_db, alice, bob, carol):
    """Alice knows many people, has tags, a request, a token and two devices."""
    names = [
        "王小明",
        "陈晨",
        "李雷",
        "Émile Zola",
        "Zoe",
        "Maximiliane von Habsburg-Lothringen zu T",
    ]
    for name in [*names, "أحمد", "Анна", "Dora", "Fiona", "Gus", "Henry"]:
        friend = cast.make_person(name)
        actions.add_edge(owner=alice, other=friend, source="qr")
        actions.add_edge(owner=friend, other=alice)
    actions.edit_profile(
        account=bob, name="Bob", gender="male", region="Oxford", signature="Can we fix it?"
    )
    actions.set_handle(account=alice, handle="alice_01")
    actions.set_avatar(account=bob, picture=photo("teal"))
    actions.set_cover(account=bob, picture=photo("orange"))
    tag = actions.create_tag(owner=alice, name="Choir")
    actions.create_tag(owner=alice, name="Work")
    actions.describe_contact(
        owner=alice,
        contact_id=bob.public_id,
        remark="Bob the Builder",
        note="Met at the\nbuilding site",
        phones=["+44 20 7946 0018"],
        tag_ids=[tag.public_id],
    )
    actions.star_contact(owner=alice, contact_id=bob.public_id)
    actions.ask_friend(
        sender=carol,
        receiver_id=alice.public_id,
        way=queries.way_to(carol, alice, "qr"),
        wish=Wish(note="Carol from the choir"),
    )
    actions.create_token(person=alice.person, name="My script")
    actions.block_account(owner=alice, account_id=carol.public_id)
    request = queries.requests_received(alice).get().public_id
    return {
        "bob": bob.public_id,
        "carol": carol.public_id,
        "tag": tag.public_id,
        "request": request,
    }


PAGES = {
    "me": "/me/",
    "profile": "/me/profile/",
    "handle": "/me/id/",
    "avatar": "/me/avatar/",
    "cover": "/me/cover/",
    "qr": "/me/qr/",
    "settings": "/settings/",
    "language": "/settings/language/",
    "finding": "/settings/finding/",
    "privacy": "/settings/privacy/",
    "chats": "/settings/chats/",
    "theme": "/settings/appearance/",
    "security": "/settings/security/",
    "devices": "/settings/devices/",
    "tokens": "/settings/tokens/",
    "blocked": "/settings/blocked/",
    "contacts": "/contacts/",
    "search": "/contacts/?q=wxm",
    "nobody": "/contacts/?q=nobody-like-that",
    "person": "/contacts/{bob}/",
    "stranger": "/people/{carol}/",
    "edit": "/contacts/{bob}/edit/",
    "delete": "/contacts/{bob}/delete/",
    "block": "/people/{bob}/block/",
    "find": "/contacts/find/",
    "scan": "/scan/",
    "requests": "/contacts/requests/",
    "sent": "/contacts/requests/?show=sent",
    "accept": "/contacts/requests/{request}/",
    "tags": "/contacts/tags/",
    "tag": "/contacts/tags/{tag}/",
    "rename": "/contacts/tags/{tag}/rename/",
    "password": "/accounts/password/change/",
    "email": "/accounts/email/",
    "phone": "/accounts/phone/change/",
    "mfa": "/accounts/2fa/",
    "signed-out": "/accounts/logout/",
}
GATES = {
    "login": "/accounts/login/",
    "signup": "/accounts/signup/",
    "code": "/accounts/login/code/",
    "reset": "/accounts/password/reset/",
    "card": "/c/some-token/",
    "inbox": "/sandbox/inbox/?to=nobody@example.com",
    "qr-over": "/qr-login/wait/",
}


@pytest.mark.parametrize(("size", "theme", "language"), LOOKS)
async def test_every_page_is_accessible_and_fits(browse, crowd, alice, size, theme, language):
    for account, pages in ((alice, PAGES), (None, GATES)):
        visit = await browse(account, size=size, theme=theme, language=language)
        for name, path in pages.items():
            await visit.inspect(path.format(**crowd), f"people-{name}-{size[0]}-{theme}-{language}")


# ------------------------------------------------------------------------------------------ journeys


async def deliver(to):
    def run():
        outbox.run_due(outbox.DELIVERIES, limit=20)
        letter = SandboxLetter.objects.filter(to=to).latest("pk").body
        connections.close_all()
        return re.search(r"\b\d{6}\b", letter).group()

    return await sync_to_async(run)()


async def test_somebody_signs_up_with_a_code(browse):
    visit = await browse(size=PHONE)
    page = visit.page
    await visit.goto("/accounts/signup/")
    await page.get_by_label("Name").fill("王小明")
    await page.get_by_label("E-mail or phone").fill("wang@example.com")
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Create an account").click()
    code = page.get_by_role("textbox", name="Code")
    await expect(code).to_be_visible()
    await visit.axe()
    await visit.shot("people-confirm-390-light-en")
    await code.fill("000000")
    await page.get_by_role("button", name="Continue").click()
    await expect(page.get_by_text("Incorrect code.")).to_be_visible()
    await visit.shot("people-confirm-wrong-390-light-en")
    await code.fill(await deliver("wang@example.com"))
    await page.get_by_role("button", name="Continue").click()
    await page.wait_for_url(lambda url: "/accounts/" not in url)
    await visit.goto("/me/")
    await expect(page.get_by_text("王小明").first).to_be_visible()


async def test_a_phone_lets_a_desktop_in(browse, alice):
    desktop, phone = await browse(), await browse(alice, size=PHONE)
    await desktop.goto("/accounts/login/?next=/me/")
    code = desktop.page.get_by_alt_text("QR code for signing in")
    await expect(code).to_be_visible()
    await desktop.shot("people-login-qr-1440-light-en")
    address = await sync_to_async(waiting_address)()
    await phone.goto(address)
    await expect(desktop.page.get_by_role("status").first).to_have_text(
        "Scanned. Confirm on your phone."
    )
    await phone.axe()
    await phone.shot("people-qr-phone-390-light-en")
    await phone.page.get_by_role("button", name="Confirm").click()
    await desktop.page.wait_for_url("**/me/")
    await expect(desktop.page.get_by_text("Alice").first).to_be_visible()


def waiting_address():
    token = QRLogin.objects.latest("pk").token
    connections.close_all()
    return f"/qr-login/{token}/"


async def test_a_request_appears_while_the_page_is_open(browse, alice, carol):
    visit = await browse(alice)
    await visit.goto("/contacts/requests/")
    await expect(visit.page.get_by_text("No requests")).to_be_visible()
    await visit.page.wait_for_timeout(1000)  # the socket greets

    def ask():
        way = queries.way_to(carol, alice, "qr")
        actions.ask_friend(
            sender=carol, receiver_id=alice.public_id, way=way, wish=Wish(note="It's me")
        )
        connections.close_all()

    await sync_to_async(ask)()
    await expect(visit.page.get_by_text("It's me")).to_be_visible()
    await visit.page.get_by_role("link", name="Accept Carol").click()
    await visit.page.get_by_label("Remark").fill("Carol (choir)")
    await visit.page.get_by_role("button", name="Accept").click()
    await expect(visit.page.get_by_role("heading", level=1)).to_have_text("Carol (choir)")


async def test_a_passkey_opens_the_door(browse, alice):
    """On localhost: browsers give no passkeys to bare network addresses."""
    await sync_to_async(prove_address)(alice)
    visit = await browse(alice)
    page = visit.page
    home = visit.site.replace("127.0.0.1", "localhost")
    cookies = await visit.context.cookies()
    await visit.context.add_cookies([{**c, "domain": "localhost"} for c in cookies])
    await page.goto(home + "/accounts/2fa/webauthn/add/")
    await page.get_by_label("Password", exact=True).fill("correct horse")
    await page.get_by_role("button", name="Confirm").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Add Security Key")
    await visit.axe()  # before: another debugging session would take the authenticator away
    session = await visit.context.new_cdp_session(page)
    await session.send("WebAuthn.enable")
    await session.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    await page.reload()  # the authenticator is attached to documents that load after it
    await page.get_by_label("Passwordless").check()
    await page.get_by_role("button", name="Add").click()
    await expect(page.get_by_text("Recovery").first).to_be_visible()
    await page.goto(home + "/me/")
    await page.get_by_role("button", name="Sign out").click()
    await page.goto(home + "/accounts/login/?next=/me/")
    await page.get_by_role("button", name="Use a passkey").click()
    await page.wait_for_url("**/me/")


def prove_address(account):
    person = account.person
    person.emailaddress_set.create(email=person.email, verified=True, primary=True)
    connections.close_all()
