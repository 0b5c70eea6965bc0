"""People at real browsers: `visit = await browse(alice, size=PHONE)`, then `visit.page` is Playwright's.

    async def test_two_people_talk(browse, alice, bob):
        at_alice, at_bob = await browse(alice), await browse(bob, size=PHONE)
        await at_alice.goto("/chats/")
        await expect(at_alice.page.get_by_role("heading", level=1)).to_have_text("Chats")
        await at_alice.axe()
        await at_alice.shot("chats")

At the end of the test every visit must have been free of script errors, console errors and breaches of
the content policy; `visit.expects("404 (Not Found)")` names what a test provokes. SHOTS=1 keeps screenshots in var/shots/.
Waiting: use locators and `expect`; wait_for_function("text") needs eval, which the policy refuses.
"""

import os
import socket
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

import uvicorn
from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import connections
from django.test import Client
from playwright.async_api import BrowserContext, Page

PHONE, DESKTOP = (390, 844), (1440, 900)
ROOT = Path(__file__).resolve().parent.parent.parent
AXE = next((ROOT / "tests" / "vendor" / "axe-core").glob("*/axe.min.js"))
AXE_SOURCE = f"{AXE.read_text()};0"
# No sandbox: containers run as root. Fake devices: recording and calling need no hardware.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
]
WAIT_MS = 8000
# The first page of a run compiles every template, on cores that other tests fill as well.
LOAD_MS = 30_000


class Remembered:
    """What the product answered to a request for a static file is said again to the next one: files
    do not change during a run, and each window of each test begins with all of them."""

    def __init__(self, product) -> None:
        self._product = product
        self._answers: dict[str, list[dict]] = {}

    async def __call__(self, scope, receive, send) -> None:
        path = scope["path"]
        asks = {name for name, _value in scope["headers"]}
        is_plain = not asks & {b"range", b"if-modified-since", b"if-none-match"}
        if not path.startswith(settings.STATIC_URL) or not is_plain or scope["method"] != "GET":
            await self._product(scope, receive, send)
            return
        answer = self._answers.get(path, [])
        if not answer:

            async def note(message) -> None:
                answer.append(message)

            await self._product(scope, receive, note)
            # A window that closes meanwhile cuts the answer off.
            if is_whole(answer) and answer[0]["status"] == 200:
                self._answers[path] = answer
        for message in answer:
            await send(message)


def is_whole(answer) -> bool:
    return bool(answer) and answer[-1]["type"].endswith(".body") and not answer[-1].get("more_body")


class Site:
    """The product on a port of its own, pages and sockets, on the database of the tests."""

    def __init__(self) -> None:
        from superapp.asgi import application

        # Each request has a thread of its own: a connection kept for later would only be lost.
        connections.settings["default"]["CONN_MAX_AGE"] = 0
        listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        self._server = uvicorn.Server(
            uvicorn.Config(
                Remembered(application),
                log_level="warning",
                lifespan="off",
                timeout_graceful_shutdown=2,
            )
        )
        self._thread = threading.Thread(
            target=self._server.run, kwargs={"sockets": [listener]}, daemon=True
        )
        self._thread.start()
        while not self._server.started:
            time.sleep(0.01)

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join(10)


def end_database_sessions() -> None:
    """The hub's threads keep their connections for as long as the process lives; the database of the
    tests can only go without them."""
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


class Line:
    """The network of one visit: `line = Line(); await line.hold(visit)`, then `line.cut()`."""

    def __init__(self) -> None:
        self.is_cut = False
        self._sockets: list = []

    async def hold(self, visit: "Visit") -> None:
        await visit.page.route_web_socket("**/ws/", self._socket)
        await visit.page.route("**/*", self._request)

    async def cut(self) -> None:
        self.is_cut = True
        for one in self._sockets:
            await one.close()
        self._sockets.clear()

    def mend(self) -> None:
        self.is_cut = False

    async def _socket(self, socket) -> None:
        if self.is_cut:
            await socket.close()
            return
        socket.connect_to_server()
        self._sockets.append(socket)

    async def _request(self, route) -> None:
        await (route.abort("internetdisconnected") if self.is_cut else route.continue_())


@dataclass
class Visit:
    """One browser window of one person (or of nobody yet), and what went wrong in it."""

    page: Page
    context: BrowserContext
    site: str
    problems: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)

    async def goto(self, path: str) -> None:
        await self.page.goto(self.site + path)

    def expects(self, *problems: str) -> None:
        """The test provokes these: parts of console messages."""
        self.expected.extend(problems)

    def surprises(self) -> list[str]:
        return [p for p in self.problems if not any(part in p for part in self.expected)]

    async def axe(self) -> None:
        """No serious or critical fault for people who use a reader, the keyboard, or large print."""
        faults = await axe(self.page)
        assert not faults, "\n".join(faults)

    async def inspect(self, path: str, name: str) -> None:
        """Open a page, which is accessible and fits; keep a picture of it."""
        await self.goto(path)
        await self.axe()
        await self.fits()
        await self.shot(name)

    async def leave(self) -> None:
        """Close the window once its page is whole: a file cut off half-way is left open by the server."""
        if not self.page.is_closed():
            await self.page.wait_for_load_state()
        await self.context.close()

    async def shot(self, name: str) -> None:
        if os.environ.get("SHOTS") == "1":
            folder = ROOT / "var" / "shots"
            folder.mkdir(parents=True, exist_ok=True)
            await self.page.screenshot(path=folder / f"{name}.png")

    async def fits(self) -> None:
        """Nothing scrolls sideways."""
        over = await self.page.evaluate(
            "() => [document.documentElement, ...document.querySelectorAll('.scroll, .page')]"
            ".map((box) => box.scrollWidth - box.clientWidth).filter((extra) => extra > 1)"
        )
        assert over == []


async def axe(page: Page) -> list[str]:
    """Serious and critical findings of axe-core, one line each."""
    # Over the debugging protocol: the content policy stays on, and would refuse a script element.
    if not await page.evaluate("() => 'axe' in window"):
        session = await page.context.new_cdp_session(page)
        await session.send("Runtime.evaluate", {"expression": AXE_SOURCE})
        await session.detach()
    # Preloading would copy imported style sheets into style elements, which the policy refuses as well.
    # A rule's findings have its impact: rules of lesser impact would be run for nothing.
    found = await page.evaluate(
        """() => {
          const lesser = axe._audit.rules.filter(({ impact }) => ["minor", "moderate"].includes(impact));
          const rules = Object.fromEntries(lesser.map(({ id }) => [id, { enabled: false }]));
          return axe.run(document, { rules, resultTypes: ["violations"], preload: false });
        }"""
    )
    return [
        f"{fault['impact']} {fault['id']}: {node['target']} {node['failureSummary']}"
        for fault in found["violations"]
        if fault["impact"] in {"serious", "critical"}
        for node in fault["nodes"]
    ]


def watch(visit: Visit) -> None:
    page = visit.page
    page.on("pageerror", lambda error: visit.problems.append(f"{error}"))
    page.on(
        "console",
        lambda said: visit.problems.append(said.text) if said.type == "error" else None,
    )


async def sign_in(context: BrowserContext, site: str, account) -> None:
    """Give the browser a session of this account, without the sign-in page."""

    def session() -> str:
        client = Client()
        client.force_login(account.person)
        connections.close_all()  # this thread's, or the database could not be dropped at the end
        return client.cookies[settings.SESSION_COOKIE_NAME].value

    value = await sync_to_async(session)()
    await context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": site, "httpOnly": True}]
    )
