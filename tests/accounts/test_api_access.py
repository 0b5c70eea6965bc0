"""Sessions and tokens over the API, and what the API says about itself."""

import pytest
from django.test import Client

from accounts import actions, queries
from accounts.models import Account, PersonalToken
from superapp.kernel.models import IdempotencyKey
from tests.accounts.callers import Caller

pytestmark = pytest.mark.django_db
AREAS = {"me", "people", "contacts", "tags", "friend-requests", "blocks", "sessions", "tokens"}


@pytest.fixture
def as_alice(alice):
    return Caller(alice)


def test_a_token_makes_no_token_and_ends_no_session(alice, as_alice):
    for method, path, data in (
        ("post", "tokens/", {"name": "more"}),
        ("delete", "sessions/", None),
        ("delete", "sessions/ses_x/", None),
    ):
        response = as_alice(method, path, data)
        assert (response.status_code, response.json()["code"]) == (
            403,
            "accounts.token_not_enough",
        )
    assert PersonalToken.objects.count() == 1


def test_a_token_revokes_itself_only(alice, as_alice):
    own = PersonalToken.objects.get().public_id
    other, _secret = actions.create_token(person=alice.person, name="other")
    assert as_alice("delete", f"tokens/{other.public_id}/").status_code == 403
    assert as_alice("delete", f"tokens/{own}/").status_code == 204
    assert as_alice.get("me/").status_code == 401
    assert [t.name for t in PersonalToken.objects.all()] == ["other"]


def test_a_person_makes_tokens_and_no_secret_is_kept(alice):
    client = Client()
    client.force_login(alice.person)
    made = client.post(
        "/api/v1/tokens/",
        {"name": "Script"},
        content_type="application/json",
        headers={"Idempotency-Key": "k1"},
    )
    secret = made.json()["secret"]
    assert (made.status_code, queries.token_for(secret).name) == (201, "Script")
    assert not IdempotencyKey.objects.exists()
    listed = client.get("/api/v1/tokens/")
    assert secret not in listed.content.decode()
    assert listed.json()["items"][0]["last_used_at"] is None
    Caller.get(_with(secret), "me/")
    assert client.get("/api/v1/tokens/").json()["items"][0]["last_used_at"]


def _with(secret):
    caller = Caller.__new__(Caller)
    caller.client = Client(headers={"Authorization": f"Bearer {secret}"})
    return caller


def test_a_person_ends_other_sessions(alice):
    here, there = Client(), Client()
    for client in (here, there):
        client.force_login(alice.person)
        client.get("/me/")
    items = here.get("/api/v1/sessions/").json()["items"]
    assert [row["is_current"] for row in items] == [True, False]
    ended = here.delete(f"/api/v1/sessions/{items[1]['id']}/")
    assert ended.status_code == 204
    assert there.get("/api/v1/me/").status_code == 401
    assert here.delete("/api/v1/sessions/").json() == {"ended": 0}
    assert here.get("/api/v1/me/").status_code == 200


def test_a_browser_needs_the_csrf_token(alice):
    careful = Client(enforce_csrf_checks=True)
    careful.force_login(alice.person)
    response = careful.patch("/api/v1/me/", {"name": "Eve"}, content_type="application/json")
    assert response.status_code == 403
    assert Account.objects.get(pk=alice.pk).name == "Alice"


def test_what_the_schema_says_about_people_has_bounds(client):
    response = client.get("/api/schema/?format=json")
    schema = response.json()
    ours = set()
    for path, operations in schema["paths"].items():
        area = path.split("/")[3]
        if area in AREAS:
            for operation in operations.values():
                ours |= set(_names(operation))
    seen, unbounded = set(), []
    while ours - seen:
        name = (ours - seen).pop()
        seen.add(name)
        shape = schema["components"]["schemas"][name]
        ours |= set(_names(shape))
        unbounded += [f"{name}.{field}" for field in _unbounded(shape)]
    assert unbounded == []
    assert "ContactOut" in seen or "Contact" in seen


def _names(node):
    if isinstance(node, dict):
        if "$ref" in node:
            yield node["$ref"].rpartition("/")[2]
        for value in node.values():
            yield from _names(value)
    elif isinstance(node, list):
        for value in node:
            yield from _names(value)


def _unbounded(shape):
    for name, field in shape.get("properties", {}).items():
        kinds = field.get("type", "")
        kinds = [kinds] if isinstance(kinds, str) else kinds
        if "string" in kinds and not {"maxLength", "format", "enum"} & set(field):
            yield name
        if "array" in kinds and "maxItems" not in field and name != "items":
            yield name
