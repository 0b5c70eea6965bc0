"""Three languages, one of them from right to left; choosing works as a plain form."""

import json

import pytest

from tests.shell.conftest import attributes


@pytest.mark.parametrize(
    ("asked", "lang", "direction"),
    [("en", "en", "ltr"), ("zh-CN", "zh-hans", "ltr"), ("ar-EG", "ar", "rtl")],
)
def test_the_document_says_its_language_and_direction(frame, asked, lang, direction):
    page = frame.get("/offline/", headers={"accept-language": asked}).content.decode()
    html = attributes(page, "html")[0]
    assert (html["lang"], html["dir"]) == (lang, direction)


def test_error_pages_speak_the_readers_language_too(frame):
    page = frame.get("/broken/", headers={"accept-language": "ar"}).content.decode()
    assert attributes(page, "html")[0]["dir"] == "rtl"


def test_choosing_a_language_needs_no_script(frame):
    answer = frame.post("/i18n/setlang/", {"language": "ar", "next": "/offline/"})
    assert (answer.status_code, answer["Location"]) == (302, "/offline/")
    page = frame.get("/offline/").content.decode()
    assert attributes(page, "html")[0]["dir"] == "rtl"


def test_a_language_form_sends_nobody_elsewhere(frame):
    answer = frame.post("/i18n/setlang/", {"language": "ar", "next": "https://evil.example/"})
    assert answer["Location"] == "/"


@pytest.mark.parametrize(("cookie", "theme"), [("dark", "dark"), ("light", "light"), ("<b>", None)])
def test_the_server_draws_the_theme_that_was_chosen(frame, cookie, theme):
    frame.cookies["theme"] = cookie
    page = frame.get("/offline/").content.decode()
    assert attributes(page, "html")[0].get("data-theme") == theme


@pytest.mark.parametrize(
    ("language", "page_says", "script_says"),
    [("zh-hans", "你已离线", "已复制"), ("ar", "أنت غير متصل", "تم النسخ")],
)
def test_pages_and_scripts_are_translated(frame, language, page_says, script_says):
    page = frame.get("/offline/", headers={"accept-language": language}).content.decode()
    assert page_says in page
    code = frame.get(f"/i18n/js/?lang={language}").content.decode()
    assert json.dumps(script_says) in code
