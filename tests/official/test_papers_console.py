"""Pictures in the consoles: the account's own, its licence, and the codes that hang in its rooms."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from accounts import actions
from chat import actions as chats
from chat.models import Message
from tests.chat.conftest import say
from tests.chat.files import PDF, picture


@pytest.fixture
def page(mei, noodles):
    client = Client()
    client.force_login(mei.person)
    return client


def address(official, what):
    return f"/business/accounts/officialaccount/{official.pk}/{what}"


def sent(data):
    return {"picture": SimpleUploadedFile("a.png", data)}


def body_of(answer):
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def test_the_picture_is_changed(page, noodles):
    assert (
        'enctype="multipart/form-data"' in page.get(address(noodles, "picture/")).content.decode()
    )
    assert page.post(address(noodles, "picture/"), sent(picture())).status_code == 302
    noodles.account.refresh_from_db()
    before = noodles.account.avatar_url
    assert before
    refused = page.post(address(noodles, "picture/"), sent(PDF))
    assert "not a picture" in refused.content.decode()
    noodles.account.refresh_from_db()
    assert noodles.account.avatar_url == before


def test_a_licence_is_seen_by_the_account_and_the_review_alone(page, noodles, root, lin, clinic):
    shown = address(noodles, "see-licence/")
    assert page.get(shown).status_code == 404, "there is none yet"
    assert page.post(address(noodles, "licence/"), sent(picture())).status_code == 302
    assert "Look at it" in page.get(address(noodles, "change/")).content.decode()
    seen = page.get(shown)
    assert Image.open(io.BytesIO(body_of(seen))).size == (40, 30)
    reviewer, other = Client(), Client()
    reviewer.force_login(root)
    other.force_login(lin.person)
    review = f"/admin/accounts/officialaccount/{noodles.pk}/see-licence/"
    assert reviewer.get(review).status_code == 200
    assert other.get(shown).status_code in {302, 404}
    assert other.get(review).status_code == 302
    assert "Location" in other.get(review)


def test_a_code_can_be_printed(page, noodles, mei):
    scene = actions.make_poster_code(official=noodles, actor=mei, place="Window")
    shown = page.get(f"/business/accounts/qrscene/{scene.pk}/change/").content.decode()
    assert f"/cgi-bin/showqrcode?ticket={scene.ticket}" in shown
    over = actions.make_scene(official=noodles, scene_str="Door", seconds=1)
    over.expires_at = over.created_at
    over.save()
    assert (
        "showqrcode"
        not in page.get(f"/business/accounts/qrscene/{over.pk}/change/").content.decode()
    )


def test_staff_answer_with_a_picture(page, alice, noodles, regular):
    thread = chats.open_service(viewer=alice, official=noodles)
    say(alice, thread, "What does it look like?")
    inbox = f"/business/inbox/{noodles.account.public_id}/{thread.public_id}/"
    answer = {"client_id": "page-1", "text": "Like this", **sent(picture())}
    assert page.post(inbox, answer).status_code == 302
    message = Message.objects.get(kind="image")
    assert (message.author, message.text) == (noodles.account, "Like this")
    shown = page.get(inbox).content.decode()
    assert f"/files/{message.body['attachment']}" in shown
    reader = Client()
    reader.force_login(alice.person)
    assert reader.get(f"/chats/files/{message.body['attachment']}/").status_code == 200
    refused = page.post(inbox, {"client_id": "page-2", "text": "", **sent(PDF)})
    assert "not a picture" in refused.content.decode()
    empty = page.post(inbox, {"client_id": "page-3", "text": ""})
    assert empty.status_code == 400
    assert Message.objects.filter(author=noodles.account).exclude(kind="system").count() == 1
