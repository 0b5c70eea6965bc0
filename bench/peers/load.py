"""The load: what is sent, when it counts as done, and what it cost.

A message is done when its sender has the server's answer that it is stored, and every other
online member has received it.
"""

import asyncio
import glob
import os
import statistics
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

FILL = " lorem ipsum dolor sit amet consectetur adipiscing elit sed do eiusmod tempor incididunt"
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Way:
    """Who says something where, and how many others must hear it."""

    sender: int
    kind: str  # "p": to a person, "g": to a group
    to: int
    hearers: int


class Client(Protocol):
    def send(self, kind: str, to: int, number: int, body: str) -> None: ...

    async def close(self) -> None: ...


@dataclass
class Sink:
    """Messages on their way. Clients report to it; it knows when each is done."""

    on_done: Callable[[Way], None] | None = None
    _number: int = 0
    _open: dict[int, list[Any]] = field(
        default_factory=dict
    )  # number → [way, began, left, is_acked]
    done: int = 0
    deliveries: int = 0
    seconds: list[float] = field(default_factory=list)

    def reset(self) -> None:
        self.done, self.deliveries, self.seconds = 0, 0, []

    def begin(self, way: Way, at: float | None = None) -> int:
        self._number += 1
        self._open[self._number] = [way, at or time.perf_counter(), way.hearers, False]
        return self._number

    def acked(self, number: int) -> None:
        if number in self._open:
            self._open[number][3] = True
            self._check(number)

    def delivered(self, number: int) -> None:
        if number in self._open:
            one = self._open[number]
            one[2] -= 1
            self.deliveries += 1
            self.seconds.append(time.perf_counter() - one[1])
            self._check(number)

    async def drain(self, limit: float = 30) -> int:
        """Wait for what is open; returns how many never came."""
        deadline = time.monotonic() + limit
        while self._open and time.monotonic() < deadline:
            await asyncio.sleep(0.05)
        lost = len(self._open)
        self._open.clear()
        return lost

    def _check(self, number: int) -> None:
        way, _began, left, is_acked = self._open[number]
        if left <= 0 and is_acked:
            del self._open[number]
            self.done += 1
            if self.on_done:
                self.on_done(way)


class Cpu:
    """CPU seconds of process trees, reaped children included, over a `with` block."""

    def __init__(self, roots: dict[str, list[int]]) -> None:
        self._roots = roots

    def __enter__(self) -> "Cpu":
        self._began, self._at = self._snap(), time.perf_counter()
        return self

    def __exit__(self, *error: object) -> None:
        now = self._snap()
        self.wall = time.perf_counter() - self._at
        self.used = {name: now[name] - self._began[name] for name in now}

    def _snap(self) -> dict[str, float]:
        return {name: _cpu_seconds(pids) for name, pids in self._roots.items()}


def family_of(root: int) -> list[int]:
    children: dict[int, list[int]] = {}
    for path in glob.glob("/proc/[0-9]*/stat"):
        try:
            text = Path(path).read_text()
        except OSError:
            continue
        children.setdefault(int(text.rsplit(")", 1)[1].split()[1]), []).append(
            int(text.split(" ", 1)[0])
        )
    found, waiting = [], [root]
    while waiting:
        found.append(waiting.pop())
        waiting += children.get(found[-1], [])
    return found


def _cpu_seconds(pids: Iterable[int]) -> float:
    total = 0
    for pid in (one for root in pids for one in family_of(root)):
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        total += sum(map(int, fields[11:15]))
    return total / _TICKS


def memory_kb(pids: Iterable[int]) -> float:
    """Proportional set size of process trees."""
    total = 0
    for pid in (one for root in pids for one in family_of(root)):
        try:
            lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        except OSError:
            continue
        total += next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total


async def at_rate(
    sink: Sink, clients: list[Client], ways: list[Way], rate: float, seconds: float, cpu: Cpu
) -> dict[str, float]:
    """Open loop: latency counts from the moment at which a message was due."""
    sink.on_done = None
    sink.reset()
    with cpu:
        began = time.perf_counter()
        for turn in range(int(rate * seconds)):
            due = began + turn / rate
            wait = due - time.perf_counter()
            if wait > 0:
                await asyncio.sleep(wait)
            _say(sink, clients, ways[turn % len(ways)], due)
        lost = await sink.drain()
    return _summary(sink, cpu, lost)


async def saturated(
    sink: Sink, clients: list[Client], ways: list[Way], window: int, seconds: float, cpu: Cpu
) -> dict[str, float]:
    """Closed loop: every way has `window` messages under way all the time."""
    running = True

    def again(way: Way) -> None:
        if running:
            _say(sink, clients, way, None)

    sink.on_done = again
    for way in ways * window:
        again(way)
    await asyncio.sleep(2)
    sink.reset()
    with cpu:
        await asyncio.sleep(seconds)
    found = _summary(sink, cpu, 0)
    running = False
    sink.on_done = None
    return found | {"lost": await sink.drain()}


def _say(sink: Sink, clients: list[Client], way: Way, due: float | None) -> None:
    number = sink.begin(way, due)
    clients[way.sender].send(way.kind, way.to, number, f"#{number:08d}#{FILL}")


def number_in(body: str) -> int:
    """The number at the beginning of a body, or -1."""
    return int(body[1:9]) if len(body) > 9 and body[0] == "#" and body[9] == "#" else -1


def _summary(sink: Sink, cpu: Cpu, lost: int) -> dict[str, float]:
    done = max(1, sink.done)
    ordered = sorted(sink.seconds) or [float("nan")]
    return {
        "per_second": sink.done / cpu.wall,
        "deliveries_per_second": sink.deliveries / cpu.wall,
        "p50_ms": statistics.median(ordered) * 1000,
        "p99_ms": ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))] * 1000,
        "cpu_s_per_1000": sum(cpu.used.values()) / done * 1000,
        **{f"cpu_{name}_s_per_1000": used / done * 1000 for name, used in cpu.used.items()},
        "lost": lost,
    }
