"""./dev bench bots: do slow programs hold up the others?

Ordinary bots answer at once. Two more accounts have bots that answer as quickly in the first phase;
in the second one answers after six seconds and one never does. In both, messages of followers
arrive at the same rate, spread evenly over all accounts. Printed is the time from "stored" to "push
received" at the ordinary bots, and the ratio of the two phases, taken in turns within one run.
"""

import argparse
import asyncio
import contextlib
import os
import statistics
import sys
import threading
import time
from pathlib import Path
from typing import Any

import django

from ops import processes, supervisor

SLOW_SECONDS = 6.0
BATCH_SECONDS = 0.05
TOKEN = "benchtoken"  # noqa: S105
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s"


def main() -> int:
    parser = argparse.ArgumentParser(prog="./dev bench bots")
    parser.add_argument("--bots", type=int, default=20)
    parser.add_argument("--followers", type=int, default=20, help="of each account")
    parser.add_argument("--rate", type=int, default=200, help="messages a second in all")
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--reps", type=int, default=2)
    asked = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "superapp.settings")
    os.environ.setdefault("SUPERAPP_LOG_LEVEL", "ERROR")
    django.setup()
    home = Path(os.environ["SUPERAPP_VAR"])
    home.mkdir(parents=True, exist_ok=True)
    from django.core.management import call_command  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    server = Server()
    threads = seeded(server, asked.bots + 2, asked.followers)
    found: dict[bool, list[float]] = {False: [], True: []}
    with deliveries(home):
        measure(server, threads, asked.rate, 2.0, is_slow=False)  # the first connections
        for _rep in range(asked.reps):
            for is_slow in (False, True):
                seconds = measure(server, threads, asked.rate, asked.seconds, is_slow=is_slow)
                found[is_slow] += seconds
                say(f"{'with' if is_slow else 'without'} slow bots: {shown(seconds)}")
    report(found)
    return 0


class Server:
    """All bots on one port, `/<number>`; the two last may be slow."""

    def __init__(self) -> None:
        self.arrived: dict[str, float] = {}
        self.troubled: set[str] = set()
        self._ready = threading.Event()
        threading.Thread(target=lambda: asyncio.run(self._serve()), daemon=True).start()
        self._ready.wait()

    async def _serve(self) -> None:
        server = await asyncio.start_server(self._answer, "127.0.0.1", 0, backlog=1000)
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        await server.serve_forever()

    async def _answer(self, reader: Any, writer: Any) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            at = time.perf_counter()
            said = b"success"
            if head.startswith("GET"):
                said = head.partition("echostr=")[2].partition(" ")[0].partition("&")[0].encode()
            else:
                length = int(head.lower().partition("content-length: ")[2].partition("\r")[0])
                body = (await reader.readexactly(length)).decode()
                text = body.partition("<Content><![CDATA[")[2].partition("]]>")[0]
                self.arrived.setdefault(text, at)
                await self._be_slow(head.partition("/")[2].partition("?")[0])
            writer.write(ANSWER % (len(said), said))
            await writer.drain()
        writer.close()

    async def _be_slow(self, name: str) -> None:
        if name in self.troubled:
            await asyncio.sleep(SLOW_SECONDS if name == min(self.troubled) else 3600)


def seeded(server: Server, accounts: int, followers: int) -> list[list[tuple[int, str]]]:
    """Accounts whose bots listen, and by account (follower, conversation) of each thread."""
    from accounts import actions as people  # noqa: PLC0415
    from chat import actions  # noqa: PLC0415
    from chat.management.driving import enrolled, published  # noqa: PLC0415

    crowd = [enrolled(f"Follower {n}") for n in range(followers)]
    threads = []
    for number in range(accounts):
        official = published(f"bench{number:03}")
        people.save_callback(
            official=official,
            actor=official.owner,
            url=f"http://127.0.0.1:{server.port}/{number:03}",
            token=TOKEN,
        )
        rooms = []
        for person in crowd:
            people.follow_official(person=person, official=official)
            rooms.append((person.pk, actions.open_service(viewer=person, official=official)))
        threads.append([(pk, room.public_id) for pk, room in rooms])
    say(f"{accounts} accounts with {followers} followers each")
    return threads


@contextlib.contextmanager
def deliveries(home: Path) -> Any:
    children = [
        supervisor.Child("worker", supervisor.command(supervisor.WORKER, home=home)),
        supervisor.Child("deliveries", supervisor.command(supervisor.DELIVERIES)),
    ]
    for child in children:
        child.start(dict(os.environ))
    time.sleep(6)
    try:
        yield
    finally:
        for child in children:
            if child.process:
                processes.stop(child.process, 15, 8)


def measure(
    server: Server,
    threads: list[list[tuple[int, str]]],
    rate: int,
    seconds: float,
    *,
    is_slow: bool,
) -> list[float]:
    """Seconds from stored to received, of the messages to ordinary bots."""
    from accounts.actions import pushes  # noqa: PLC0415
    from chat import actions  # noqa: PLC0415
    from chat.bodies import Draft  # noqa: PLC0415

    count = len(threads)
    server.troubled = {f"{n:03}" for n in range(count - 2, count)} if is_slow else set()
    mark, stored, sent = f"{time.time():.3f}", {}, 0
    began = time.perf_counter()
    while (now := time.perf_counter()) < began + seconds:
        drafts = []
        while sent < (now - began) * rate:
            account = sent % count
            person, room = threads[account][sent // count % len(threads[account])]
            text = f"{mark}-{account}-{sent}"
            drafts.append(Draft(person, room, f"b{mark.replace('.', '_')}-{sent}", text=text))
            sent += 1
        if drafts:
            actions.send_messages(drafts=drafts)
            at = time.perf_counter()
            stored |= {d.text: at for d in drafts if int(d.text.split("-")[1]) < count - 2}
        time.sleep(max(0.0, now + BATCH_SECONDS - time.perf_counter()))
    deadline = time.perf_counter() + 30
    while stored.keys() - server.arrived.keys() and time.perf_counter() < deadline:
        time.sleep(0.05)
    lost = len(stored.keys() - server.arrived.keys())
    if lost:
        say(f"{lost} of {len(stored)} did not arrive within 30 s")
    server.troubled = set()
    time.sleep(1)
    pushes.sweep_pushes()
    return [server.arrived[text] - at for text, at in stored.items() if text in server.arrived]


def shown(seconds: list[float]) -> str:
    p50, p99 = quantiles(seconds)
    return f"p50 {p50 * 1000:.1f} ms, p99 {p99 * 1000:.1f} ms, {len(seconds)} pushes"


def quantiles(seconds: list[float]) -> tuple[float, float]:
    cuts = statistics.quantiles(seconds, n=100)
    return cuts[49], cuts[98]


def report(found: dict[bool, list[float]]) -> None:
    without, slow = quantiles(found[False]), quantiles(found[True])
    say("\n| stored to received, ordinary bots | p50 | p99 |\n|---|---|---|")
    say(f"| without slow bots | {without[0] * 1000:.1f} ms | {without[1] * 1000:.1f} ms |")
    say(f"| beside slow bots | {slow[0] * 1000:.1f} ms | {slow[1] * 1000:.1f} ms |")
    say(f"| ratio | {slow[0] / without[0]:.2f} x | {slow[1] / without[1]:.2f} x |")


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
