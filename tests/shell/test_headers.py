"""The content policy holds on every page, and pages give it nothing to complain about."""

import re

import pytest

STRICT = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "media-src 'self' blob:; connect-src 'self'; worker-src 'self'; object-src 'none'; "
    "frame-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
)
PAGES = {
    "/ui/": 200,
    "/offline/": 200,
    "/chats/": 200,
    "/nowhere/": 404,
    "/refused/429/": 429,
    "/broken/": 500,
}


@pytest.mark.parametrize("address", [*PAGES, "/sw.js", "/api/v1/refused/404/"])
def test_every_answer_carries_the_strict_policy(frame, address):
    answer = frame.get(address)
    assert answer["Content-Security-Policy"] == STRICT
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "geolocation=(self)" in answer["Permissions-Policy"]


def test_only_the_consoles_may_evaluate(frame):
    policy = frame.get("/admin/")["Content-Security-Policy"]
    assert "script-src 'self' 'unsafe-eval';" in policy
    assert "style-src 'self' 'unsafe-inline';" in policy
    assert "frame-ancestors 'none'" in policy
    assert "'unsafe-inline'" not in policy.split("script-src")[1].split(";")[0]


@pytest.mark.parametrize("address", PAGES)
def test_pages_have_no_inline_script_style_or_handler(frame, address):
    answer = frame.get(address)
    page = answer.content.decode()
    assert answer.status_code == PAGES[address]
    assert "</html>" in page
    assert re.findall(r"<script(?![^>]*\ssrc=)|<style|\sstyle=|\son[a-z]+=", page) == []


def test_personal_pages_leave_no_copy(frame):
    assert frame.get("/chats/")["Cache-Control"] == "private, no-store"


def test_a_view_that_says_otherwise_is_left_alone(frame):
    assert frame.get("/offline/")["Cache-Control"] == "private, max-age=3600"
