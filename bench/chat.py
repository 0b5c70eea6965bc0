"""./dev bench chat: the product beside ejabberd and a tutorial-style Channels app.

200 people online, 100 pairs, 4 groups of 50; every message is stored, acknowledged to its sender
and delivered to every other member. All peers use the same PostgreSQL program with fsync on, and
take turns within one run: compare the ratios, not the numbers of two runs.

Phases: `rate` (open loop, 200 messages/s: latency), `pairs` (as fast as it goes), `groups`
(fan-out), `idle` (memory per further connection).
"""

import argparse
import asyncio
import contextlib
import gc
import json
import os
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import uvloop

from bench.peers import ejabberd, superapp, tutorial_peer
from bench.peers.load import Cpu, Sink, Way, at_rate, memory_kb, saturated
from ops import processes, services

ROOT = Path(__file__).resolve().parent.parent
PEERS: dict[str, Callable[[], Any]] = {
    "superapp": superapp.Peer,
    "ejabberd": ejabberd.Peer,
    "tutorial": tutorial_peer.Peer,
}
USERS, GROUPS, SIZE, IDLE = 200, 4, 50, 500
COLUMNS = [
    ("pairs", "per_second", "messages/s", True),
    ("groups", "deliveries_per_second", "group deliveries/s", True),
    ("rate", "p50_ms", "p50 ms at 200/s", False),
    ("rate", "p99_ms", "p99 ms at 200/s", False),
    ("pairs", "cpu_s_per_1000", "CPU s per 1,000, saturated", False),
    ("rate", "cpu_s_per_1000", "CPU s per 1,000 at 200/s", False),
    ("idle", "kb", "kB per idle connection", False),
]


def main() -> int:
    parser = argparse.ArgumentParser(prog="./dev bench chat")
    parser.add_argument("--peers", default="superapp,ejabberd,tutorial")
    parser.add_argument("--reps", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=6)
    parser.add_argument("--out", help="also write every measurement as JSON lines")
    asked = parser.parse_args()
    names = []
    for name in asked.peers.split(","):
        reason = ejabberd.missing() if name == "ejabberd" else ""
        if reason:
            sys.stdout.write(f"{name} is left out: {reason}\n")
        else:
            names.append(name)
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in names}
    for _rep in range(asked.reps):
        for name in names:
            measured = uvloop.run(measure(PEERS[name](), asked.seconds))
            found[name].append(measured)
            sys.stdout.write(f"{json.dumps({'peer': name, **measured})}\n")
            sys.stdout.flush()
            if asked.out:
                with Path(asked.out).open("a") as file:
                    file.write(json.dumps({"peer": name, **measured}) + "\n")
    report(found)
    return 0


async def measure(peer: Any, seconds: float) -> dict[str, Any]:
    port, tcp_port = _free_port(), _free_port()
    with services.temporary(is_durable=True, tcp_port=tcp_port) as servers:
        environment = peer.environment(servers, port, USERS)
        with _served(peer, port, environment) as app:
            return await _phases(peer, port, servers, app, seconds)


async def _phases(
    peer: Any, port: int, servers: services.Services, app: int, seconds: float
) -> dict[str, Any]:
    groups = {g: list(range(g * SIZE, (g + 1) * SIZE)) for g in range(GROUPS)}
    await peer.prepare(port, USERS + IDLE, groups)
    sink = Sink()
    clients = []
    for first in range(0, USERS, 20):
        clients += await asyncio.gather(
            *(peer.connect(port, user, sink) for user in range(first, first + 20))
        )
    await asyncio.sleep(2)
    assert servers.postgres.process
    assert servers.valkey.process
    roots = {
        "app": [app],
        "postgres": [servers.postgres.process.pid],
        "valkey": [servers.valkey.process.pid],
    }
    pairs = [Way(user, "p", user ^ 1, 1) for user in range(USERS)]
    speakers = [Way(members[0], "g", g, SIZE - 1) for g, members in groups.items()]
    gc.collect()
    gc.freeze()
    gc.disable()
    await at_rate(sink, clients, pairs + speakers, 100, 4, Cpu(roots))  # warms every route
    result: dict[str, Any] = {
        "rate": await at_rate(sink, clients, pairs, 200, seconds, Cpu(roots)),
        "pairs": await saturated(sink, clients, pairs, 1, seconds, Cpu(roots)),
        "groups": await saturated(sink, clients, speakers, 2, seconds, Cpu(roots)),
        "stored": _stored(peer, servers),
    }
    before = memory_kb([app])
    idle = []
    for first in range(USERS, USERS + IDLE, 50):
        idle += await asyncio.gather(
            *(peer.connect(port, user, sink) for user in range(first, first + 50))
        )
    await asyncio.sleep(2)
    result["idle"] = {"kb": (memory_kb([app]) - before) / IDLE}
    await asyncio.gather(*(client.close() for client in clients + idle))
    gc.enable()
    gc.unfreeze()
    return result


@contextlib.contextmanager
def _served(peer: Any, port: int, environment: dict[str, str]) -> Iterator[int]:
    user = getattr(peer, "user", None)
    child = subprocess.Popen(
        peer.command(port),
        cwd=ROOT,
        env={**os.environ, **environment},
        stdout=subprocess.DEVNULL,
        preexec_fn=processes.dies_with_parent(),
        **({"user": user, "group": user, "extra_groups": []} if user else {}),
    )
    try:
        _wait_for(port, child)
        yield child.pid
    finally:
        child.terminate()
        try:
            child.wait(15)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def _wait_for(port: int, child: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        assert child.poll() is None, "the peer ended before it listened"
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 0.5):
            time.sleep(1)
            return
        time.sleep(0.1)
    raise TimeoutError("the peer does not listen")


def _stored(peer: Any, servers: services.Services) -> int:
    database = getattr(peer, "database", "superapp")
    with psycopg.connect(servers.postgres.url, dbname=database) as connection:
        row = connection.execute(peer.count_sql).fetchone()
        return int(row[0]) if row else 0


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def report(found: dict[str, list[dict[str, Any]]]) -> None:
    """Medians, and the product's ratio to each peer."""
    write = sys.stdout.write
    medians = {
        name: {
            title: statistics.median(run[phase][key] for run in runs)
            for phase, key, title, _more in COLUMNS
        }
        for name, runs in found.items()
    }
    lost = {
        name: sum(r[p]["lost"] for r in runs for p in ("rate", "pairs", "groups"))
        for name, runs in found.items()
    }
    others = [name for name in found if name != "superapp"]
    write(
        "\n| | "
        + " | ".join(found)
        + " | "
        + " | ".join(f"superapp / {o}" for o in others)
        + " |\n"
    )
    write("|---" * (1 + len(found) + len(others)) + "|\n")
    for _phase, _key, title, _more in COLUMNS:
        cells = [f"{medians[name][title]:,.2f}" for name in found]
        cells += [f"{medians['superapp'][title] / medians[o][title]:.2f} x" for o in others]
        write(f"| {title} | " + " | ".join(cells) + " |\n")
    write(
        "| lost | "
        + " | ".join(str(int(lost[name])) for name in found)
        + " |"
        + " |" * len(others)
        + "\n"
    )


if __name__ == "__main__":
    sys.exit(main())
