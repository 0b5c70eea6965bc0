"""What programs of people and of staff get of articles, broadcasts and figures."""

import pytest
from django.test import Client

from accounts import actions
from accounts.actions import publishing
from accounts.models import Article, Broadcast
from superapp.kernel import outbox
from tests.publishing.casting import cast
from tests.publishing.conftest import follow, photo, print_article


class Caller:
    """A program that speaks JSON as somebody."""

    def __init__(self, account):
        _row, secret = actions.create_token(person=account.person, name="test")
        self._client = Client(headers={"Authorization": f"Bearer {secret}"})

    def get(self, path):
        return self._client.get(path)

    def delete(self, path):
        return self._client.delete(path)

    def post(self, path, data=None):
        return self._client.post(path, data or {}, content_type="application/json")

    def put(self, path, data=None):
        return self._client.put(path, data or {}, content_type="application/json")


@pytest.fixture
def base(noodles):
    return f"/api/v1/business/{noodles.account.public_id}/"


@pytest.fixture
def shop(noodles):
    return f"/api/v1/official/{noodles.account.public_id}/"


def test_a_reader_reads_likes_and_comments(alice, mei, noodles, shop):
    picture = publishing.add_picture(official=noodles, actor=mei, picture=photo())
    blocks = [
        {"kind": "text", "text": "Flour"},
        {"kind": "picture", "picture": picture.public_id, "text": "A bowl"},
    ]
    article = print_article(noodles, mei, blocks=blocks)
    call = Caller(alice)
    listed = call.get(f"{shop}articles/").json()["items"]
    assert [row["id"] for row in listed] == [article.public_id]
    at = f"{shop}articles/{article.public_id}/"
    assert call.put(f"{at}like/").status_code == 204
    said = call.post(f"{at}comments/", {"text": "Good"}).json()
    assert (said["status"], said["text"]) == ("held", "Good")
    found = call.get(at).json()
    assert found["body"] == [
        {"kind": "text", "text": "Flour"},
        {"kind": "picture", "text": "A bowl", "picture": picture.url},
    ]
    assert (found["reads"], found["likes"], found["is_liked"]) == (1, 1, True)
    assert call.delete(f"{at}like/").status_code == 204
    assert call.delete(f"{at}comments/{said['id']}/").status_code == 204
    assert call.get(f"{at}comments/").json()["items"] == []
    publishing.withdraw_article(official=noodles, actor=mei, article_id=article.public_id)
    gone = call.get(at)
    assert (gone.status_code, gone.json()["code"]) == (410, "accounts.article_gone")


def test_staff_write_publish_and_take_down(mei, lin, clinic, base):
    call = Caller(mei)
    made = call.post(
        f"{base}articles/",
        {"title": "Noodles", "html": "<p>By <b>hand</b><script>alert(1)</script></p>"},
    )
    assert made.status_code == 201
    assert made.json()["body"] == [{"kind": "text", "text": "By **hand**"}]
    at = f"{base}articles/{made.json()['id']}/"
    changed = call.put(at, {"title": "Our noodles", "blocks": [{"kind": "line"}]}).json()
    assert (changed["title"], changed["body"]) == ("Our noodles", [{"kind": "line"}])
    assert call.post(f"{at}publish/").json()["status"] == "published"
    assert call.put(at, {"title": "Other"}).status_code == 409
    assert call.post(f"{at}nothing/").status_code == 404
    assert Caller(lin).post(f"{at}withdraw/").status_code == 404
    assert call.post(f"{at}withdraw/").json()["status"] == "withdrawn"
    bad = call.post(
        f"{base}articles/",
        {"title": "x", "blocks": [{"kind": "button", "text": "x", "url": "javascript:1"}]},
    )
    assert (bad.status_code, bad.json()["code"]) == (400, "accounts.bad_blocks")
    assert Article.objects.count() == 1


def test_two_of_the_staff_send_and_a_follower_receives(alice, mei, wei, noodles, base, shop):
    follow(noodles, alice)
    first, second = Caller(mei), Caller(wei)
    said = {"text": "Dumplings today", "client_id": "api-1"}
    made = first.post(f"{base}broadcasts/", said).json()
    assert first.post(f"{base}broadcasts/", said).json()["id"] == made["id"]
    at = f"{base}broadcasts/{made['id']}/"
    assert first.post(f"{at}submit/").json()["status"] == "review"
    refused = first.post(f"{at}approve/")
    assert (refused.status_code, refused.json()["code"]) == (
        403,
        "accounts.second_person_needed",
    )
    assert second.post(f"{at}return/", {"reason": "A typo"}).json()["status"] == "draft"
    first.post(f"{at}submit/")
    assert second.post(f"{at}approve/").json()["status"] == "scheduled"
    outbox.run_due(outbox.DEFAULT, limit=10)
    found = first.get(at).json()
    assert (found["status"], found["report"]["sent"]) == ("sent", 1)
    received = Caller(alice).get(f"{shop}broadcasts/").json()
    assert [row["text"] for row in received["items"]] == ["Dumplings today"]
    assert received["next_cursor"] is None
    assert Caller(wei).get(f"{shop}broadcasts/").json()["items"] == []
    assert first.post(f"{at}recall/").json()["status"] == "recalled"
    (row,) = Caller(alice).get(f"{shop}broadcasts/").json()["items"]
    assert (row["text"], row["is_recalled"]) == ("", True)
    assert Broadcast.objects.count() == 1


def test_what_was_received_is_paged(alice, mei, wei, noodles, shop, settings):
    settings.ARTICLES_PAGE = 2
    follow(noodles, alice)
    for n in range(3):
        cast(noodles, mei, wei, f"N{n}")
    call = Caller(alice)
    page = call.get(f"{shop}broadcasts/").json()
    assert [row["text"] for row in page["items"]] == ["N2", "N1"]
    rest = call.get(f"{shop}broadcasts/?cursor={page['next_cursor']}").json()
    assert ([row["text"] for row in rest["items"]], rest["next_cursor"]) == (["N0"], None)


def test_figures_are_the_accounts_own(alice, mei, lin, noodles, clinic, article, base):
    publishing.read_article(reader=alice, article=article)
    days = Caller(mei).get(f"{base}figures/").json()["items"]
    assert (len(days), days[-1]["read"], days[-1]["follow"]) == (30, 1, 0)
    assert Caller(lin).get(f"{base}figures/").status_code == 404
