"""Whoever fails gets a page that looks like ours, or problem details if it is a program."""

import pytest
from django.test import Client

from tests.shell.conftest import text_of

SAID = {
    403: ("You may not do that.", "Nothing was changed"),
    404: ("We couldn&#x27;t find that.", "Nothing is wrong with your account."),
    409: ("Somebody else got there first.", "Open the page again"),
    413: ("That is larger than we accept.", "Nothing was sent."),
    429: ("Too many tries.", "Your account is fine"),
}


@pytest.mark.parametrize("status", SAID)
def test_a_refusal_is_a_page_that_says_what_happened_and_what_to_do(frame, status):
    answer = frame.get(f"/refused/{status}/")
    page = answer.content.decode()
    assert answer.status_code == status
    assert answer["Content-Type"] == "text/html; charset=utf-8"
    for words in SAID[status]:
        assert words in page
    assert page.count("<h1>") == 1
    assert 'class="btn btn--primary"' in page


@pytest.mark.parametrize("status", SAID)
def test_the_same_refusal_is_problem_details_for_the_api(frame, status):
    answer = frame.get(f"/api/v1/refused/{status}/")
    body = answer.json()
    assert answer.status_code == status
    assert answer["Content-Type"] == "application/problem+json"
    assert sorted(body) == ["code", "status", "title", "type"]
    assert (body["type"], body["status"]) == ("about:blank", status)


def test_an_accept_header_that_prefers_json_gets_json(frame):
    answer = frame.get("/refused/404/", headers={"accept": "application/json"})
    assert answer.json() == {
        "type": "about:blank",
        "title": "We couldn't find that.",
        "status": 404,
        "code": "not_found",
    }


@pytest.mark.parametrize(
    "accept", ["*/*", "text/html,*/*;q=0.8", "text/html, application/json;q=0.5"]
)
def test_a_browser_gets_html(frame, accept):
    answer = frame.get("/refused/404/", headers={"accept": accept})
    assert answer["Content-Type"].startswith("text/html")


def test_a_rate_limit_says_when_to_come_back(frame):
    assert frame.get("/refused/429/")["Retry-After"] == "60"
    assert frame.get("/api/v1/refused/429/")["Retry-After"] == "60"


@pytest.mark.parametrize(
    ("address", "status", "code"),
    [
        ("/nowhere/", 404, "not_found"),
        ("/denied/", 403, "not_allowed"),
        ("/unreadable/", 400, "bad_request"),
    ],
)
def test_what_django_refuses_looks_the_same(frame, address, status, code):
    answer = frame.get(address)
    assert answer.status_code == status
    assert code in text_of(answer.content.decode())
    assert frame.get(address, headers={"accept": "application/json"}).json()["code"] == code


def test_a_bug_shows_nothing_of_itself_and_needs_no_database(frame):
    answer = frame.get("/broken/")
    page = answer.content.decode()
    assert answer.status_code == 500
    assert "Something broke on our side." in page
    assert "Messages you already sent are safe." in page
    assert "secret of the house" not in page
    assert frame.get("/api/v1/broken/").json() == {
        "type": "about:blank",
        "title": "Something broke on our side.",
        "status": 500,
        "code": "broken",
    }


def test_an_error_page_names_the_request_for_support(frame):
    answer = frame.get("/broken/")
    assert f"broken · {answer['X-Request-ID']}" in text_of(answer.content.decode())


def test_a_body_over_the_limit_is_413(frame, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10
    answer = frame.post(
        "/posted/", "a=" + "b" * 20, content_type="application/x-www-form-urlencoded"
    )
    assert answer.status_code == 413
    assert "too_large" in answer.content.decode()


def test_too_many_fields_are_413(frame, settings):
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 2
    answer = frame.post("/posted/", {"a": 1, "b": 2, "c": 3})
    assert answer.status_code == 413


def test_a_stale_form_is_told_that_nothing_typed_is_lost(settings):
    settings.ROOT_URLCONF = "tests.shell.urls"
    answer = Client(enforce_csrf_checks=True).post("/posted/", {"text": "a long letter"})
    page = answer.content.decode()
    assert answer.status_code == 403
    assert "What you typed is not lost" in page
    assert 'href="/posted/"' in page


def test_an_address_that_carries_markup_is_escaped(frame):
    page = frame.get("/nowhere/%22%3E%3Cscript%3Ex/").content.decode()
    assert "<script>x" not in page
