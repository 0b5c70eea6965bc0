"""Link previews: what a page says about itself, fetched later, by the one careful client."""

import http.server
import threading

import pytest

from chat import actions
from chat.models import LinkPreview, Message
from superapp.kernel import fetch, outbox
from superapp.kernel.models import StoredFile
from tests.chat.conftest import say
from tests.chat.files import picture

PAGE = """<!doctype html><html><head>
<title>Plain title</title>
<meta property="og:title" content="Soup &amp; bread">
<meta property="og:description" content="<script>alert(1)</script>">
<meta property="og:site_name" content="Kitchen">
<meta property="og:image" content="/photo.png">
</head><body>hello</body></html>"""


class Site(http.server.BaseHTTPRequestHandler):
    """Pages by path; the server counts what it was asked."""

    pages = {
        "/": ("text/html; charset=utf-8", PAGE.encode()),
        "/chinese": ("text/html; charset=gb2312", "<title>汤</title>".encode("gb2312")),
        "/odd": ("text/html; charset=idna", b"<title>Odd</title>"),
        "/undefined": ("text/html; charset=undefined", b"<title>Odd</title>"),
        "/untitled": ("text/html", b"<p>nothing to say</p>"),
        "/inside": (
            "text/html",
            b"<title>T</title><meta property='og:image' content='http://10.0.0.1/x.png'>",
        ),
        "/svg": ("text/html", b"<title>T</title><meta property='og:image' content='/x.svg'>"),
        "/x.svg": ("image/svg+xml", b"<svg/>"),
        "/photo.png": ("image/png", picture((900, 600))),
    }

    def do_GET(self):
        self.server.asked.append(self.path)
        found = self.pages.get(self.path)
        self.send_response(200 if found else 404)
        self.send_header("Content-Type", found[0] if found else "text/plain")
        self.end_headers()
        self.wfile.write(found[1] if found else b"")

    def log_message(self, *_):
        return


@pytest.fixture
def site(settings):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Site)
    server.asked = []
    server.url = f"http://127.0.0.1:{server.server_address[1]}"
    settings.FETCH_TRUSTED_HOSTS = ["127.0.0.1"]
    settings.FETCH_PORTS = [80, server.server_address[1]]
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def deliver():
    outbox.run_due(outbox.DELIVERIES, limit=10)


def test_a_preview_appears_under_the_message(alice, bob, room, site, heard):
    said = say(alice, room, f"look: {site.url}/.")
    assert "link" not in said.body
    with heard.during():
        deliver()
    said.refresh_from_db()
    link = said.body["link"]
    image = StoredFile.objects.get()
    assert link == {
        "url": f"{site.url}/",
        "title": "Soup & bread",
        "summary": "<script>alert(1)</script>",
        "site": "Kitchen",
        "image": image.public_id,
    }
    assert (image.content_type, site.asked) == ("image/jpeg", ["/", "/photo.png"])
    assert [(ids, e["kind"], e["seqs"]) for ids, e in heard] == [
        ((alice.pk, bob.pk), "chat.messages_changed", [1])
    ]


def test_the_same_address_is_fetched_once(alice, room, site):
    for _ in range(2):
        say(alice, room, f"{site.url}/chinese")
    deliver()
    assert [m.body["link"]["title"] for m in Message.objects.all()] == ["汤", "汤"]
    assert site.asked == ["/chinese"]


@pytest.mark.parametrize("path", ["/odd", "/undefined"])
def test_an_odd_encoding_is_read_as_well_as_it_goes(alice, room, site, path):
    say(alice, room, f"{site.url}{path}")
    deliver()
    assert Message.objects.get().body["link"]["title"] == "Odd"


@pytest.mark.parametrize("path", ["/untitled", "/missing", "/photo.png"])
def test_a_page_that_says_nothing_has_no_preview(alice, room, site, heard, path):
    say(alice, room, f"{site.url}{path}")
    with heard.during():
        deliver()
    assert "link" not in Message.objects.get().body
    assert not LinkPreview.objects.get().is_ok
    assert heard == []


@pytest.mark.parametrize("path", ["/inside", "/svg"])
def test_a_picture_from_inside_or_of_another_kind_is_left_out(alice, room, site, path):
    say(alice, room, f"{site.url}{path}")
    deliver()
    assert Message.objects.get().body["link"]["image"] == ""
    assert not StoredFile.objects.exists()


def test_an_address_inside_is_not_asked(alice, room, site, settings):
    settings.FETCH_TRUSTED_HOSTS = []
    say(alice, room, f"{site.url}/")
    deliver()
    assert (site.asked, "link" in Message.objects.get().body) == ([], False)


def test_a_message_recalled_meanwhile_gets_none(alice, room, site, monkeypatch):
    said = say(alice, room, f"{site.url}/chinese")
    fetched = fetch.get

    def recall_meanwhile(*args, **more):
        actions.recall_message(actor=alice, conversation_id=room.public_id, seq=1)
        return fetched(*args, **more)

    monkeypatch.setattr(fetch, "get", recall_meanwhile)
    actions.unfurl(message_id=said.pk, url=f"{site.url}/chinese")
    said.refresh_from_db()
    assert said.body == {"was": "text"}
    actions.unfurl(message_id=said.pk, url=f"{site.url}/chinese")
    said.refresh_from_db()
    assert "link" not in said.body


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("see https://example.com/a?b=1, and more", "https://example.com/a?b=1"),
        ("(http://example.com/x)", "http://example.com/x"),
        ("看https://example.com/路。好", "https://example.com/路"),
        ('<a href="http://example.com/">', "http://example.com/"),
        ("ftp://example.com javascript:alert(1) example.com", ""),
        ("http://", ""),
    ],
)
def test_the_first_address_in_a_text(text, found):
    assert actions.url_in(text=text) == found


def test_words_without_an_address_ask_for_nothing(alice, room):
    say(alice, room, "plain")
    assert outbox.run_due(outbox.DELIVERIES, limit=10) == 0
    actions.ask_preview(message_id=0, url="http://example.com/")
    deliver()  # of a message that is not there: nothing happens
    assert not LinkPreview.objects.exists()
