"""What every door of the API shares: strict JSON, budgets, and requests that are repeated."""

import json

import pytest
from django.core.cache import cache
from django.test import Client

from accounts import actions as people
from chat.models import Message
from superapp.kernel.api import BadJSON, strict_json
from superapp.kernel.models import IdempotencyKey

PROBLEM = "application/problem+json"


@pytest.fixture
def program(alice):
    """A program with a token of Alice's."""
    cache.clear()
    _token, secret = people.create_token(person=alice.person, name="program")
    return Client(headers={"Authorization": f"Bearer {secret}"})


def messages(room):
    return f"/api/v1/conversations/{room.public_id}/messages/"


def post(program, address, body, **headers):
    raw = body if isinstance(body, bytes | str) else json.dumps(body)
    return program.post(address, raw, content_type="application/json", headers=headers)


NESTED = b"[" * 22 + b"]" * 22
ODD = {
    "NaN": b'{"a": NaN}',
    "infinity": b'{"a": -Infinity}',
    "repeated key": b'{"a": 1, "a": 2}',
    "too deep": NESTED,
    "much too deep": b"[" * 100_000,
    "5000 digits": b'{"a": ' + b"9" * 5000 + b"}",
    "lone surrogate": rb'{"a": "\ud800"}',
    "lone surrogate in a key": rb'{"\udfff": 1}',
    "NUL": rb'{"a": "\u0000"}',
    "not UTF-8": b'{"a": "\xff"}',
    "a byte order mark": b'\xef\xbb\xbf{"a": 1}',
    "something behind it": b'{"a": 1} {"a": 2}',
    "empty": b"",
    "cut short": b'{"a": ',
}


@pytest.mark.parametrize("raw", ODD.values(), ids=ODD.keys())
def test_json_that_a_careful_reader_would_not_accept_is_refused(raw):
    with pytest.raises(BadJSON):
        strict_json(raw)


def test_json_within_the_bounds_is_read():
    assert strict_json(NESTED[1:-1]) == json.loads(NESTED[1:-1])
    assert strict_json('{"a": ["ü", 1.5, true, null, "👍"]}'.encode()) == {
        "a": ["ü", 1.5, True, None, "👍"]
    }


@pytest.mark.parametrize("raw", [v for k, v in ODD.items() if k != "empty"])
def test_odd_json_gets_problem_details_and_writes_nothing(program, room, raw):
    answer = post(program, messages(room), raw)
    assert (answer.status_code, answer["Content-Type"]) == (400, PROBLEM)
    assert answer.json()["code"] == "bad_json"
    assert not Message.objects.exists()


def test_a_body_that_is_too_large_is_refused_before_it_is_read_as_json(program, room, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    answer = post(program, messages(room), {"client_id": "a", "text": "x" * 2000})
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded"])
def test_only_json_is_json(program, room, kind):
    answer = program.post(messages(room), b'{"client_id": "a", "text": "x"}', content_type=kind)
    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_media_type")


def test_fields_nobody_asked_for_change_nothing(program, room, bob):
    said = {"client_id": "a", "text": "hi", "author": bob.public_id, "seq": 99, "is_staff": True}
    answer = post(program, messages(room), said)
    assert (answer.status_code, answer.json()["seq"]) == (201, 1)
    assert answer.json()["by"] != bob.public_id


def test_a_repeat_with_the_same_key_gets_the_same_answer_and_does_nothing_again(program, room):
    body = {"conversation": room.public_id, "category": "spam"}
    post(program, messages(room), {"client_id": "a", "text": "hi"})
    first, again = (
        post(program, "/api/v1/reports/", body, **{"Idempotency-Key": "k1"}) for _ in range(2)
    )
    other = post(program, "/api/v1/reports/", body, **{"Idempotency-Key": "k2"})
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json() != other.json()


def test_a_key_stands_for_one_request(program, room):
    key = {"Idempotency-Key": "k1"}
    post(program, messages(room), {"client_id": "a", "text": "hi"}, **key)
    answer = post(program, messages(room), {"client_id": "b", "text": "other"}, **key)
    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency.key_reused")
    assert [m.text for m in Message.objects.all()] == ["hi"]


def test_the_order_of_keys_in_the_body_does_not_matter(program, room):
    key = {"Idempotency-Key": "k1"}
    for raw in ('{"client_id": "a", "text": "hi"}', '{"text": "hi", "client_id": "a"}'):
        assert post(program, messages(room), raw, **key).status_code == 201
    assert Message.objects.count() == 1


def test_keys_belong_to_their_person(program, room, bob):
    _token, secret = people.create_token(person=bob.person, name="other")
    bobs = Client(headers={"Authorization": f"Bearer {secret}"})
    for who in (program, bobs):
        body = {"client_id": "a", "text": "hi"}
        assert post(who, messages(room), body, **{"Idempotency-Key": "k1"}).status_code == 201
    assert Message.objects.count() == 2


def test_a_refusal_is_not_kept(program, room):
    key = {"Idempotency-Key": "k1"}
    answer = post(program, messages(room), {"client_id": "a", "text": " "}, **key)
    assert answer.json()["code"] == "chat.empty_message"
    assert not IdempotencyKey.objects.exists()


@pytest.mark.parametrize("key", ["x" * 101, "a\tb"])
def test_an_odd_key_is_refused(program, room, key):
    body = {"client_id": "a", "text": "hi"}
    answer = post(program, messages(room), body, **{"Idempotency-Key": key})
    assert (answer.status_code, answer.json()["code"]) == (400, "idempotency.bad_key")
    assert not Message.objects.exists()


def test_the_budget_is_said_with_every_answer_and_ends(program, settings):
    settings.API_BURST, settings.API_PER_SECOND = 2, 0.001
    left = [program.get("/api/v1/conversations/") for _ in range(3)]
    assert [a.status_code for a in left] == [200, 200, 429]
    assert [a["RateLimit-Remaining"] for a in left] == ["1", "0", "0"]
    assert {a["RateLimit-Limit"] for a in left} == {"2"}
    assert int(left[2]["Retry-After"]) == int(left[2]["RateLimit-Reset"]) > 0
    assert left[2].json()["code"] == "too_many"


def test_nobody_is_asked_to_say_who_they_are(room):
    for headers in ({}, {"Authorization": "Bearer wrong"}):
        answer = Client().get(messages(room), headers=headers)
        assert (answer.status_code, answer["Content-Type"]) == (401, PROBLEM)
        assert answer["WWW-Authenticate"] == "Bearer"
