"""`./dev run`: servers, migrations, the demo world and every process of the product in one terminal.

One process and one thread: what it starts dies with it (see ops/processes.py).
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

from ops import processes, stamps
from ops.services import Services

ROOT = Path(__file__).resolve().parent.parent
READY_SECONDS = 90
STOP_SECONDS = 8
LOOK_SECONDS = 1.0
# A process that dies this often within the window is broken, not unlucky.
DEATHS_MAX, DEATHS_WINDOW = 5, 60.0
PAUSE_FIRST, PAUSE_MAX = 0.5, 8.0

WEB = """uvicorn superapp.asgi:application --host 127.0.0.1 --port {port} --log-level warning
    --no-access-log --no-server-header --lifespan off --timeout-graceful-shutdown 3
    --ws superapp.kernel.sockets:SocketProtocol --ws-per-message-deflate false --ws-max-size 65536"""
WORKER = """ops.worker -Q celery -P threads -c 4 -B -s {home}/beat -n worker@%h -l warning
    --without-gossip --without-mingle"""
DELIVERIES = """ops.worker -Q deliveries -P threads -c 32 -n deliveries@%h -l warning
    --without-gossip --without-mingle"""


@dataclass
class Child:
    """A process we keep alive."""

    name: str
    command: list[str]
    process: subprocess.Popen[bytes] | None = None
    deaths: list[float] = field(default_factory=list)
    start_at: float = 0.0

    def start(self, environment: dict[str, str]) -> None:
        self.process = subprocess.Popen(
            self.command,
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C is for the supervisor, which stops things in order
            preexec_fn=processes.dies_with_parent(),
        )

    def has_died(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    def bury(self) -> float | None:
        """Note a death. Returns the pause before the next start; None when it keeps dying."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):  # its own children, if any are left
                os.killpg(self.process.pid, signal.SIGKILL)
        self.process = None
        now = time.monotonic()
        self.deaths = [at for at in self.deaths if now - at < DEATHS_WINDOW] + [now]
        if len(self.deaths) >= DEATHS_MAX:
            return None
        return min(PAUSE_FIRST * 2.0 ** (len(self.deaths) - 1), PAUSE_MAX)


class Supervisor:
    def __init__(self, port: int, servers: Services | None, environment: dict[str, str]) -> None:
        self.port = port
        self.servers = servers
        self.environment = environment
        home = servers.home if servers else ROOT / "var"
        self.web = Child("web", command(WEB, port=port))
        self.workers = [
            Child("worker", command(WORKER, home=home)),
            Child("deliveries", command(DELIVERIES)),
        ]
        self.started: list[Child] = []
        self.sources: str | None = None  # what the code looked like, when anybody wants to know
        self.look_at = 0.0
        self.is_stopping = False
        self.began = time.monotonic()

    def run(self) -> int:
        for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(name, self._asked_to_stop)
        try:
            return self._run()
        except KeyboardInterrupt:
            return 0
        finally:
            self._stop_all()

    def _run(self) -> int:
        if self.servers:
            self.servers.start()
            self.environment |= self.servers.environment()
            self.say(f"PostgreSQL and Valkey are up; their data is in {self.servers.home}.")
        told = self._prepare()
        self._wait_until_ready()
        seconds = time.monotonic() - self.began
        self.say(
            f"\nSuperapp is ready after {seconds:.1f} s: http://127.0.0.1:{self.port}/\n{told}"
        )
        self.say("Ctrl-C stops everything.")
        for child in self.workers:
            self._start(child)
        while True:
            self._look_after_servers()
            if not self._look_after_children():
                return 1
            self._look_for_changes()
            time.sleep(0.2)

    def _look_for_changes(self) -> None:
        """With --reload: everything starts again when a source file was written."""
        if self.sources is None or time.monotonic() < self.look_at:
            return
        self.look_at = time.monotonic() + LOOK_SECONDS
        if (now := stamps.sources(ROOT)) == self.sources:
            return
        self.sources = now
        self.say("The code has changed; starting again ...")
        for child in self.started:
            if child.process:
                child.process.terminate()
        for child in self.started:
            if child.process:
                processes.stop(child.process, signal.SIGTERM, STOP_SECONDS)
            child.start(self.environment)

    def _prepare(self) -> str:
        """Bring the database up to date and start the web. Returns what the demo world says."""
        home = self.servers.home if self.servers else None
        if not stamps.is_current(home, "migrated", stamps.migrations(ROOT)):
            self.say("Bringing the database up to date ...")
            self._manage("migrate", "--skip-checks", "--verbosity", "0")
            stamps.write(home, "migrated", stamps.migrations(ROOT))
            stamps.remove(home, "demo")
        self._start(self.web)  # imports while the demo world is made
        if not stamps.has_demo(ROOT):
            return "There is no demo world to sign in to: sign up instead."
        if not stamps.is_current(home, "demo", stamps.demo(ROOT)):
            self.say("Making the demo world ...")
            stamps.write(home, "demo", stamps.demo(ROOT), self._manage("demo"))
        return stamps.note(home, "demo") or self._manage("demo")

    def _manage(self, *arguments: str) -> str:
        child = subprocess.Popen(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.PIPE,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=processes.dies_with_parent(),
        )
        try:
            output = child.communicate()[0].decode()
        finally:
            processes.stop(child, signal.SIGTERM, STOP_SECONDS)
        if child.returncode:
            raise SystemExit(f"{output}manage.py {arguments[0]} failed; the lines above say why.")
        return output

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + READY_SECONDS
        while (reason := _readiness(self.port)) != "ready":
            if not self._look_after_children():
                raise SystemExit(1)
            if time.monotonic() > deadline:
                raise SystemExit(f"Not ready after {READY_SECONDS} s: {reason}")
            time.sleep(0.05)

    def _start(self, child: Child) -> None:
        child.start(self.environment)
        if child not in self.started:
            self.started.append(child)

    def _look_after_children(self) -> bool:
        """Restart what died, after a growing pause. False when something keeps dying."""
        for child in self.started:
            if child.has_died() and child.process:
                code = child.process.returncode
                pause = child.bury()
                if pause is None:
                    self.say(f"{child.name} keeps dying (last code {code}): giving up.")
                    return False
                self.say(f"{child.name} ended with code {code}; starting again in {pause:g} s.")
                child.start_at = time.monotonic() + pause
            elif child.process is None and time.monotonic() >= child.start_at:
                self._start(child)
        return True

    def _look_after_servers(self) -> None:
        if self.servers is None:
            return
        for server in (self.servers.postgres, self.servers.valkey):
            if server.process and server.process.poll() is not None:
                self.say(f"{type(server).__name__} ended; starting it again. See {server.log}.")
                server.launch()
                time.sleep(PAUSE_FIRST)

    def _asked_to_stop(self, *_: object) -> None:
        if self.is_stopping:  # a second Ctrl-C does not wait for anybody
            for child in self.started:
                if child.process and child.process.poll() is None:
                    os.killpg(child.process.pid, signal.SIGKILL)
            return
        self.is_stopping = True
        raise KeyboardInterrupt

    def _stop_all(self) -> None:
        self.is_stopping = True
        if self.started:
            self.say("\nStopping ...")
        running = [child for child in self.started if child.process]
        for child in running:
            if child.process and child.process.poll() is None:
                child.process.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        for child in running:
            if child.process:
                left = max(0.1, deadline - time.monotonic())
                processes.stop(child.process, signal.SIGTERM, left)
        if self.servers:
            self.servers.stop()

    def say(self, message: str) -> None:
        sys.stdout.write(f"{message}\n")
        sys.stdout.flush()


def main(servers: Services | None, *, is_reloading: bool) -> int:
    """Run until Ctrl-C. Without servers of ours, DATABASE_URL and REDIS_URL name others."""
    port = _port()
    environment = dict(os.environ)
    # compiled modules are what makes the second start a fast one
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    environment |= {"PYTHONUNBUFFERED": "1"}
    environment.setdefault("SUPERAPP_LOG_LEVEL", "WARNING")
    environment.setdefault("SUPERAPP_LOG_FORMAT", "text")
    supervisor = Supervisor(port, servers, environment)
    supervisor.sources = stamps.sources(ROOT) if is_reloading else None
    return supervisor.run()


def command(template: str, **values: object) -> list[str]:
    return [sys.executable, "-m", *template.format(**values).split()]


def _port() -> int:
    text = os.environ.get("PORT", "8000")
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise SystemExit(f"PORT={text}: a number from 1 to 65535 is needed.")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", int(text)))
        except OSError as error:
            raise SystemExit(
                f"Port {text} cannot be used ({error.strerror}). Stop what listens there,"
                f" or choose another one: PORT={int(text) + 1} ./dev run"
            ) from None
    return int(text)


def _readiness(port: int) -> str:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5):
            return "ready"
    except urllib.error.HTTPError as error:
        return f"/readyz answers {error.code}: {error.read(500).decode(errors='replace')}"
    except OSError as error:
        return str(error)
