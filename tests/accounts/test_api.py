"""People over the API: the same rules, JSON in and out, and nothing more for a token."""

import io

import pytest
from PIL import Image

from accounts import actions, queries
from accounts.models import Contact, FriendRequest, Person
from tests import cast
from tests.accounts.callers import Caller

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def as_alice(alice):
    return Caller(alice)


@pytest.fixture
def as_carol(carol):
    return Caller(carol)


PATHS = [
    *("me/", "contacts/", "tags/", "friend-requests/", "blocks/", "sessions/", "tokens/"),
    "people/acc_x/",
]


@pytest.mark.parametrize("path", PATHS)
def test_nobody_is_told_to_sign_in(client, path):
    response = client.get(f"/api/v1/{path}")
    assert (response.status_code, response.json()["code"]) == (401, "not_authenticated")
    assert response["Content-Type"] == "application/problem+json"
    bad = client.get(f"/api/v1/{path}", headers={"Authorization": "Bearer wrong"})
    assert (bad.status_code, bad.json()["code"]) == (401, "authentication_failed")


@pytest.mark.parametrize("path", PATHS[:-1])
def test_answers_are_private_and_say_what_is_left(as_alice, path):
    response = as_alice.get(path)
    assert response.status_code == 200
    assert response["Cache-Control"] == "private, no-store"
    assert int(response["RateLimit-Remaining"]) < int(response["RateLimit-Limit"])


def test_me_is_read_and_changed(alice, as_alice):
    told = {"name": "Alice L.", "signature": "hi", "language": "ar", "is_staff": True, "id": "x"}
    me = as_alice("patch", "me/", told).json()
    assert (me["name"], me["signature"], me["language"], me["region"]) == (
        "Alice L.",
        "hi",
        "ar",
        "",
    )
    assert me["id"] == alice.public_id
    assert not Person.objects.get(account=alice).is_staff
    assert as_alice.get("me/").json() == me


def test_a_wrong_field_is_named_and_nothing_changes(alice, as_alice):
    response = as_alice("patch", "me/", {"name": "x" * 41, "gender": "robot", "region": "here"})
    assert (response.status_code, response.json()["code"]) == (400, "invalid")
    assert set(response.json()["errors"]) == {"name", "gender"}
    assert Person.objects.get(account=alice).region == ""


def test_handle_audiences_and_preferences(alice, as_alice):
    assert as_alice("put", "me/handle/", {"handle": "Alice_01"}).json()["handle"] == "alice_01"
    again = as_alice("put", "me/handle/", {"handle": "alice_02"})
    assert (again.status_code, again.json()["code"]) == (409, "accounts.handle_too_soon")
    seen = as_alice("patch", "me/audiences/", {"gender": "nobody"}).json()["audiences"]
    assert seen == {"gender": "nobody", "region": "everyone", "signature": "everyone"}
    chosen = {"is_found_by_qr": False, "enter_sends": False, "is_superuser": True}
    kept = as_alice("patch", "me/preferences/", chosen).json()["preferences"]
    assert (kept["is_found_by_qr"], kept["enter_sends"], kept["is_found_by_phone"]) == (
        False,
        False,
        True,
    )
    assert not Person.objects.get(account=alice).is_superuser


def test_pictures_are_put_and_removed(alice, as_alice):
    for path, name in (("me/avatar/", "avatar"), ("me/cover/", "cover")):
        out = io.BytesIO()
        Image.new("RGB", (60, 40), "teal").save(out, "PNG")
        out.seek(0)
        out.name = "x.png"
        body, kind = _multipart({"picture": out})
        response = as_alice.client.put(f"/api/v1/{path}", body, content_type=kind)
        address = response.json()[name]
        assert as_alice.client.get(address)["Content-Type"] == "image/jpeg"
        assert as_alice("delete", path).status_code == 204
        assert as_alice.get("me/").json()[name] == ""
        bad, kind = _multipart({"picture": _named(b"<svg/>")})
        refused = as_alice.client.put(f"/api/v1/{path}", bad, content_type=kind)
        assert (refused.status_code, refused.json()["code"]) == (415, "image.not_a_picture")


def _named(data):
    file = io.BytesIO(data)
    file.name = "x.png"
    return file


def _multipart(fields):
    from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

    return encode_multipart(BOUNDARY, fields), MULTIPART_CONTENT


# -------------------------------------------------------------------------------------------- people


def test_somebody_is_looked_up_asked_and_accepts(alice, carol, as_alice, as_carol):
    actions.set_handle(account=carol, handle="carol_01")
    found = as_alice("post", "people/lookup/", {"q": "carol_01"}).json()
    assert found["account"] == {"id": carol.public_id, "name": "Carol", "avatar": ""}
    asked = as_alice(
        "post",
        "friend-requests/",
        {"account": carol.public_id, "way": found["way"], "note": "Alice here"},
    )
    assert (asked.status_code, asked.json()["is_friend"]) == (201, False)
    (row,) = as_carol.get("friend-requests/").json()["items"]
    assert (row["id"], row["sender"]["id"], row["note"], row["source"], row["status"]) == (
        asked.json()["request"],
        alice.public_id,
        "Alice here",
        "handle",
        "pending",
    )
    (sent,) = as_alice.get("friend-requests/", direction="sent").json()["items"]
    assert sent["id"] == row["id"]
    tag = as_carol("post", "tags/", {"name": "Work"}).json()["id"]
    accepted = as_carol(
        "post", f"friend-requests/{row['id']}/accept/", {"remark": "A.", "tags": [tag]}
    )
    assert (accepted.status_code, accepted.json()["remark"]) == (200, "A.")
    assert queries.are_friends(alice, carol)
    again = as_carol("post", f"friend-requests/{row['id']}/accept/", {})
    assert (again.status_code, again.json()["code"]) == (409, "illegal_transition")


def test_a_request_is_ignored_and_seen(alice, carol, as_alice, as_carol):
    way = queries.way_to(alice, carol, "qr")
    as_alice("post", "friend-requests/", {"account": carol.public_id, "way": way})
    request = FriendRequest.objects.get()
    assert as_carol("post", "friend-requests/seen/").status_code == 204
    assert queries.requests_waiting(carol) == 0
    assert as_carol("post", f"friend-requests/{request.public_id}/ignore/").status_code == 204
    assert as_carol.get("friend-requests/").json()["items"][0]["status"] == "ignored"
    (sent,) = as_alice.get("friend-requests/", direction="sent").json()["items"]
    assert sent["status"] == "pending"
    assert as_alice.get("friend-requests/", direction="sideways").status_code == 400


def test_a_repeated_request_with_a_key_counts_once(alice, carol, as_alice):
    body = {"account": carol.public_id, "way": queries.way_to(alice, carol, "qr")}
    answers = [
        as_alice("post", "friend-requests/", body, **{"Idempotency-Key": "k1"}).json()
        for _ in range(5)
    ]
    assert len({str(answer) for answer in answers}) == 1
    assert FriendRequest.objects.count() == 1


def test_strangers_show_what_is_for_everybody(alice, bob, carol, as_carol):
    actions.set_handle(account=alice, handle="alice_01")
    actions.edit_profile(account=alice, name="Alice", gender="", region="Oxford", signature="hi")
    actions.set_audiences(account=alice, audiences={"region_audience": "friends"})
    seen = as_carol.get(f"people/{alice.public_id}/").json()
    assert (seen["handle"], seen["region"], seen["signature"], seen["contact"], seen["tags"]) == (
        "",
        "",
        "hi",
        None,
        [],
    )
    missing = as_carol.get("people/acc_nobody/")
    assert (missing.status_code, missing.json()["code"]) == (404, "accounts.person_not_found")


# ------------------------------------------------------------------------------------------ contacts


def test_a_contact_is_changed_bit_by_bit(alice, bob, as_alice):
    path = f"contacts/{bob.public_id}/"
    tag = as_alice("post", "tags/", {"name": "Work"}).json()["id"]
    as_alice("patch", path, {"remark": "Bobby", "phones": ["1"]})
    as_alice("patch", path, {"is_starred": True, "is_chat_only": True, "tags": [tag]})
    row = as_alice("patch", path, {"note": "n", "is_chat_only": False}).json()
    assert {name: row[name] for name in ("remark", "note", "phones", "is_starred")} == {
        "remark": "Bobby",
        "note": "n",
        "phones": ["1"],
        "is_starred": True,
    }
    assert (row["is_chat_only"], row["section"]) == (False, "B")
    assert as_alice.get(f"people/{bob.public_id}/").json()["tags"] == [{"id": tag, "name": "Work"}]
    assert as_alice("delete", path).status_code == 204
    assert as_alice.get(path).status_code == 404
    assert [c.owner for c in Contact.objects.all()] == [bob]


def test_a_foreign_tag_undoes_the_change(alice, bob, as_alice):
    tag = actions.create_tag(owner=bob, name="Mine").public_id
    response = as_alice("patch", f"contacts/{bob.public_id}/", {"remark": "x", "tags": [tag]})
    assert (response.status_code, response.json()["code"]) == (404, "accounts.tag_not_found")
    assert queries.edge_of(alice, bob).remark == ""


def test_the_list_is_paged_and_searched(alice, as_alice):
    for name in ("王小明", "Zoe", "Ann"):
        actions.add_edge(owner=alice, other=cast.make_person(name))
    first = as_alice.get("contacts/", limit=2).json()
    assert [row["account"]["name"] for row in first["items"]] == ["Ann", "王小明"]
    rest = as_alice.get("contacts/", limit=2, cursor=first["next_cursor"]).json()
    assert [row["account"]["name"] for row in rest["items"]] == ["Zoe"]
    assert rest["next_cursor"] is None
    found = as_alice.get("contacts/", q="wxm").json()["items"]
    assert [row["account"]["name"] for row in found] == ["王小明"]


def test_tags_and_their_members(alice, bob, as_alice):
    tag = as_alice("post", "tags/", {"name": "Work"}).json()["id"]
    twice = as_alice("post", "tags/", {"name": "Work"})
    assert (twice.status_code, twice.json()["code"]) == (409, "accounts.tag_exists")
    as_alice("put", f"tags/{tag}/members/", {"accounts": [bob.public_id, "acc_x"]})
    (row,) = as_alice.get("tags/").json()["items"]
    assert row == {"id": tag, "name": "Work", "size": 1}
    (member,) = as_alice.get(f"tags/{tag}/members/").json()["items"]
    assert member["account"]["id"] == bob.public_id
    assert as_alice("patch", f"tags/{tag}/", {"name": "Office"}).json()["name"] == "Office"
    assert as_alice("delete", f"tags/{tag}/").status_code == 204
    assert as_alice.get("tags/").json()["items"] == []


def test_blocks_come_and_go(alice, carol, as_alice):
    assert as_alice("put", f"blocks/{carol.public_id}/").status_code == 204
    (row,) = as_alice.get("blocks/").json()["items"]
    assert row["account"]["id"] == carol.public_id
    assert as_alice("delete", f"blocks/{carol.public_id}/").status_code == 204
    assert as_alice.get("blocks/").json()["items"] == []


@pytest.mark.parametrize(
    ("count", "path", "asked"),
    [
        (count, path, asked)
        for count in (1, 3)
        for path, asked in (
            ("contacts/", 3),
            ("tags/", 3),
            ("friend-requests/", 3),
            ("blocks/", 3),
            ("tokens/", 3),
        )
    ],
)
def test_lists_ask_the_same_however_long_they_are(
    alice, as_alice, count, path, asked, settings, django_assert_num_queries
):
    for n in range(count):
        friend = cast.make_person(f"Friend {n}")
        actions.add_edge(owner=alice, other=friend)
        actions.create_tag(owner=alice, name=f"Tag {n}")
        actions.block_account(owner=alice, account_id=friend.public_id)
        actions.create_token(person=alice.person, name=f"Token {n}")
        stranger = cast.make_person(f"Stranger {n}")
        actions.ask_friend(
            sender=stranger,
            receiver_id=alice.public_id,
            way=queries.way_to(stranger, alice, "qr"),
            wish=actions.Wish(),
        )
    as_alice.get(path)
    settings.SANDBOX_CLOCK = False  # it is read once a second, whoever asks
    with django_assert_num_queries(asked):
        assert as_alice.get(path).status_code == 200
