"""The client for strangers' addresses: where it goes, where it never goes, and when it gives up."""

import http.server
import socket
import threading
import time

import pytest

from superapp.kernel import fetch

PAGE = b"<title>Hello</title>"
INSIDE = [
    *("127.0.0.1", "127.255.255.254", "0.0.0.0", "10.0.0.1", "172.16.0.1", "192.168.1.1"),
    *("169.254.169.254", "100.64.0.1", "192.0.0.1", "198.18.0.1", "203.0.113.1", "224.0.0.1"),
    *("240.0.0.1", "255.255.255.255"),
    *("::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd00:ec2::254", "ff02::1"),
    *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::127.0.0.1"),
    *("64:ff9b::7f00:1", "64:ff9b:1::1", "2002:7f00:1::", "2001::1", "2001:db8::1"),
    *("localhost", "", "not an address"),
]


@pytest.mark.parametrize("address", INSIDE)
def test_inside_is_not_public(address):
    assert not fetch.is_public(address)


@pytest.mark.parametrize(
    "address", ["1.1.1.1", "93.184.216.34", "2606:4700::1111", "::ffff:1.1.1.1"]
)
def test_the_internet_is(address):
    assert fetch.is_public(address)


class Answers(http.server.BaseHTTPRequestHandler):
    """What the local server says at each path; `asked` keeps what it was asked."""

    def do_GET(self):
        self.server.asked.append((self.path, dict(self.headers)))
        getattr(self, self.path.strip("/").partition("/")[0].partition("?")[0])()

    def page(self, body=PAGE, kind="text/html; charset=utf-8"):
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.end_headers()
        self.wfile.write(body)

    def picture(self):
        self.page(b"x", "image/png")

    def missing(self):
        self.send_error(404)

    def to(self):
        """/to/<address> leads there."""
        self.send_response(302)
        self.send_header("Location", self.path.removeprefix("/to/"))
        self.end_headers()

    def round(self):
        self.send_response(302)
        self.send_header("Location", "/round")
        self.end_headers()

    def nowhere(self):
        self.send_response(302)
        self.end_headers()

    def endless(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        try:
            while True:
                self.wfile.write(b"x" * 10_000)
        except OSError:
            return

    def slow(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        try:
            for _ in range(100):
                self.wfile.write(b"x")
                time.sleep(0.05)
        except OSError:
            return

    def garbage(self):
        self.wfile.write(b"\x00\xff not http\r\n\r\n")

    def log_message(self, *_):
        return


@pytest.fixture
def server(settings):
    """A server on this machine that only this test trusts."""
    made = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    made.asked = []
    made.port = made.server_address[1]
    made.url = f"http://trusted.example:{made.port}"
    settings.FETCH_TRUSTED_HOSTS = ["trusted.example"]
    settings.FETCH_PORTS = [80, 443, made.port]
    thread = threading.Thread(target=made.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield made
    made.shutdown()
    made.server_close()
    thread.join()


@pytest.fixture
def names(monkeypatch):
    """What names resolve to, one answer after the other; the last one stays."""
    known = {"trusted.example": [["127.0.0.1"]], "inside.example": [["10.0.0.1"]]}
    looked = []

    def resolve(host, port, *_, **__):
        answers = known.get(host, [[host]])
        if host in known:
            looked.append(host)
        found = answers.pop(0) if len(answers) > 1 else answers[0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in found]

    monkeypatch.setattr(fetch.socket, "getaddrinfo", resolve)
    known["looked"] = looked
    return known


def get(url, **more):
    return fetch.get(url, **{"seconds": 3, "limit": 1000, "accept": ("text/html",), **more})


def test_a_page_is_fetched_without_cookies_or_credentials(server, names):
    page = get(f"{server.url}/page?q=1#part")
    assert (page.url, page.body) == (f"{server.url}/page?q=1#part", PAGE)
    ((path, headers),) = server.asked
    assert path == "/page?q=1"
    assert headers["Host"] == f"trusted.example:{server.port}"
    assert set(headers) == {"Host", "User-Agent", "Accept", "Accept-Encoding"}


@pytest.mark.parametrize(
    "url",
    [
        "ftp://trusted.example/",
        "file:///etc/passwd",
        "gopher://trusted.example/",
        "javascript:alert(1)",
        "//trusted.example/",
        "http://",
        "http:///page",
        "http://user@trusted.example/",
        "http://user:secret@trusted.example/",
        "http://:@trusted.example/",
        "http://trusted.example:22/",
        "http://trusted.example:6379/",
        "http://trusted.example:99999/",
        "http://trusted.example:x/",
        "http://trusted.example/a b",
        "http://trusted.example/\r\nX: 1",
        "http://trusted.example\\@inside.example/",
        "http://[::1",
        "http://trusted.example/" + "x" * 2000,
    ],
)
def test_an_address_that_is_not_plain_is_not_even_looked_up(server, names, url):
    with pytest.raises(fetch.Unreachable):
        get(url)
    assert (server.asked, names["looked"]) == ([], [])


@pytest.mark.parametrize("address", ["127.0.0.1", "10.0.0.1", "169.254.169.254", "::ffff:7f00:1"])
def test_nothing_inside_is_connected_to(server, names, monkeypatch, address):
    names["trap.example"] = [[address]]
    monkeypatch.setattr(fetch.socket, "create_connection", never)
    for host in ("trap.example", f"[{address}]" if ":" in address else address):
        with pytest.raises(fetch.Unreachable):
            get(f"http://{host}/")


def never(*_):
    raise AssertionError("connected")


@pytest.mark.parametrize("host", ["2130706433", "0x7f000001", "0177.0.0.1", "127.1"])
def test_odd_ways_to_write_an_address_do_not_lead_inside(monkeypatch, host):
    """The resolver of the system reads them as 127.0.0.1; what it says is what is judged."""
    monkeypatch.setattr(fetch.socket, "create_connection", never)
    with pytest.raises(fetch.Unreachable):
        get(f"http://{host}/")


def test_one_address_inside_among_others_spoils_the_name(names, monkeypatch):
    names["mixed.example"] = [["93.184.216.34", "10.0.0.1"]]
    monkeypatch.setattr(fetch.socket, "create_connection", never)
    with pytest.raises(fetch.Unreachable):
        get("http://mixed.example/")


def test_a_name_that_changes_between_look_and_use_gains_nothing(names, monkeypatch):
    names["rebind.example"] = [["93.184.216.34"], ["127.0.0.1"]]
    connected = []

    def connect(address, timeout):
        connected.append(address)
        raise OSError

    monkeypatch.setattr(fetch.socket, "create_connection", connect)
    with pytest.raises(fetch.Unreachable):
        get("http://rebind.example/")
    assert connected == [("93.184.216.34", 80)]
    assert names["looked"] == ["rebind.example"]


@pytest.mark.parametrize(
    "target", ["http://inside.example/", "http://10.0.0.1/", "//inside.example/"]
)
def test_a_redirect_is_checked_like_the_first_address(server, names, target):
    with pytest.raises(fetch.Unreachable):
        get(f"{server.url}/to/{target}")
    assert len(server.asked) == 1


def test_three_redirects_are_followed_and_no_more(server, names):
    page = get(f"{server.url}/to/{server.url}/to/{server.url}/to/{server.url}/page")
    assert (page.body, len(server.asked)) == (PAGE, 4)
    server.asked.clear()
    with pytest.raises(fetch.Unreachable):
        get(f"{server.url}/round")
    assert len(server.asked) == 4


@pytest.mark.parametrize(
    "path", ["picture", "missing", "nowhere", "garbage", "to/file:///etc/passwd"]
)
def test_an_answer_that_is_no_page_is_refused(server, names, path):
    with pytest.raises(fetch.Unreachable):
        get(f"{server.url}/{path}")


def test_an_endless_body_is_read_up_to_the_limit(server, names):
    assert len(get(f"{server.url}/endless", limit=50_000).body) == 50_000


def test_a_slow_body_is_given_up_in_time(server, names):
    started = time.monotonic()
    with pytest.raises(fetch.Unreachable):
        get(f"{server.url}/slow", seconds=0.5)
    assert time.monotonic() - started < 1.5


def test_a_server_that_says_nothing_is_given_up_in_time(names, settings):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        settings.FETCH_TRUSTED_HOSTS, settings.FETCH_PORTS = ["trusted.example"], [port]
        started = time.monotonic()
        with pytest.raises(fetch.Unreachable):
            get(f"http://trusted.example:{port}/", seconds=0.3)
        assert time.monotonic() - started < 1


def test_a_certificate_for_somebody_else_is_refused(server, names):
    with pytest.raises(fetch.Unreachable):
        get(f"https://trusted.example:{server.port}/", seconds=1)
