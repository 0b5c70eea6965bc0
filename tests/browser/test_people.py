"""Pages about people in a real browser: how they look, and the journeys that need two of them."""

import io
import re

import pytest
from asgiref.sync import sync_to_async
from django.core.cache import cache
from PIL import Image
from playwright.async_api import expect

from accounts import actions, queries
from accounts.actions import Wish
from accounts.models import SandboxLetter
from superapp.kernel import outbox
from tests import cast
from tests.browser.kit import DESKTOP, PHONE

LOOKS = [("light", "en"), ("dark", "en"), ("light", "ar"), ("dark", "zh-hans")]
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
    names = ["王小明", "陈晨", "李雷", "Émile Zola", "Zoe", "Maximiliane von Habsburg-Lothringen zu T"]
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
    return {"bob": bob.public_id, "carol": carol.public_id, "tag": tag.public_id, "request": request}


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


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize(("theme", "language"), LOOKS)
async def test_every_page_is_accessible_and_fits(browse, crowd, alice, size, theme, language):
    for account, pages in ((alice, PAGES), (None, GATES)):
        visit = await browse(account, size=size, theme=theme, language=language)
        for name, path in pages.items():
            await visit.goto(path.format(**crowd))
            await visit.axe()
            await visit.fits()
            await visit.shot(f"people-{name}-{size[0]}-{theme}-{language}")
