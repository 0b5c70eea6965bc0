"""The installable app: manifest, service worker, offline page, words for scripts."""

import json
from pathlib import Path

from superapp.kernel.pages import assets
from tests.shell.conftest import attributes


def build_of(answer):
    line = answer.content.decode().splitlines()[0]
    return json.loads(line.removeprefix("self.BUILD = ").removesuffix(";"))


def test_the_manifest_can_be_installed(frame):
    answer = frame.get("/manifest.webmanifest")
    body = answer.json()
    assert answer["Content-Type"] == "application/manifest+json"
    assert (body["id"], body["scope"], body["display"]) == ("/", "/", "standalone")
    assert {(i["sizes"], i.get("purpose", "any")) for i in body["icons"]} == {
        (f"{size}x{size}", purpose) for size in (192, 512) for purpose in ("any", "maskable")
    }


def test_every_icon_of_the_manifest_is_there(frame, settings):
    for icon in frame.get("/manifest.webmanifest").json()["icons"]:
        path = Path(settings.BASE_DIR) / icon["src"].lstrip("/")
        assert path.read_bytes().startswith(b"\x89PNG")


def test_the_manifest_speaks_the_readers_language(frame):
    arabic = frame.get("/manifest.webmanifest", headers={"accept-language": "ar"}).json()
    assert (arabic["lang"], arabic["dir"]) == ("ar", "rtl")
    assert frame.get("/manifest.webmanifest").json()["dir"] == "ltr"


def test_the_worker_rules_the_whole_site_and_is_asked_for_again(frame):
    answer = frame.get("/sw.js")
    assert answer["Content-Type"] == "text/javascript; charset=utf-8"
    assert answer["Cache-Control"] == "no-cache"
    assert 'importScripts("/static/js/shell/worker.js");' in answer.content.decode()


def test_the_worker_keeps_styles_scripts_and_icons_and_nothing_personal(frame):
    build = build_of(frame.get("/sw.js"))
    assert build["offline"] == "/offline/"
    assert {"/static/css/base.css", "/static/js/shell/start.js", "/static/icons.svg"} <= set(
        build["assets"]
    )
    assert all(name.startswith("/static/") for name in build["assets"])
    assert {"/wallet/", "/api/", "/admin/", "/media/"} <= set(build["private"])


def test_a_changed_file_is_a_new_version(frame, monkeypatch):
    before = build_of(frame.get("/sw.js"))["version"]
    assets.version.cache_clear()
    monkeypatch.setattr(assets, "_names", lambda: ["css/base.css"])
    after = build_of(frame.get("/sw.js"))["version"]
    assets.version.cache_clear()
    assert before != after


def test_the_offline_page_needs_nobody(frame):
    page = frame.get("/offline/").content.decode()
    assert "You are offline" in page
    assert attributes(page, "nav") == []
    assert "csrfmiddlewaretoken" not in page


def test_words_are_kept_for_a_year_only_under_their_version(frame):
    version = assets.words_version("en")
    kept = frame.get(f"/i18n/js/?lang=en&v={version}")
    assert kept["Cache-Control"] == "public, max-age=31536000, immutable"
    assert frame.get("/i18n/js/?lang=en&v=old")["Cache-Control"] == "public, max-age=300"
    assert frame.get("/i18n/js/?lang=../../etc")["Cache-Control"] == "public, max-age=300"


def test_the_gallery_is_for_staff_unless_switched_on(frame, settings):
    assert frame.get("/ui/").status_code == 200
    settings.UI_GALLERY = False
    assert frame.get("/ui/").status_code == 404
