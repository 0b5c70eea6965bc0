"""`./dev check conformance`: clients that people really use, against this server.

Bots written with wechatpy and WeRoBot play their side in tests/wechat/conformance/run.py; this
starts ours: pages and doors, and both workers. What they need is installed beside var/, once.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shlex
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import venv
from collections.abc import Iterator
from pathlib import Path

from ops import processes, services, supervisor

ROOT = Path(__file__).resolve().parent.parent
PROGRAM = ROOT / "tests" / "wechat" / "conformance"
READY_SECONDS = 60
STOP_SECONDS = 8


def main(arguments: list[str]) -> int:
    """With servers given in the environment, as by `./dev check`, or on some of its own."""
    if "DATABASE_URL" in os.environ:
        return run(arguments)
    with services.throwaway() as servers:
        os.environ.update(servers.environment(), SUPERAPP_VAR=str(servers.home / "var"))
        return run(arguments)


def run(arguments: list[str]) -> int:
    python = _python()
    port = _free_port()
    home = Path(os.environ["SUPERAPP_VAR"])
    home.mkdir(parents=True, exist_ok=True)
    environment = os.environ | {
        "SUPERAPP_ENV": "development",
        "SUPERAPP_ORIGIN": f"http://127.0.0.1:{port}",
        "SUPERAPP_LOG_LEVEL": os.environ.get("SUPERAPP_LOG_LEVEL", "WARNING"),
    }
    _manage(environment, "migrate", "--verbosity", "0")
    with _running(port, home, environment):
        account = json.loads(_manage(environment, "conformance_account").strip().splitlines()[-1])
        driver = f"{shlex.quote(sys.executable)} {shlex.quote(str(ROOT / 'manage.py'))} wxdriver"
        named = [part for name, value in account.items() for part in (f"--{name}", value)]
        command = [python, "run.py", "--base-url", f"http://127.0.0.1:{port}", "--driver", driver]
        asked = arguments or ["--tier", "1", "--slow"]
        return subprocess.run(
            [*command, *named, *asked], cwd=PROGRAM, env=environment, check=False
        ).returncode


@contextlib.contextmanager
def _running(port: int, home: Path, environment: dict[str, str]) -> Iterator[None]:
    children = [
        supervisor.Child("web", supervisor.command(supervisor.WEB, port=port)),
        supervisor.Child("worker", supervisor.command(supervisor.WORKER, home=home)),
        supervisor.Child("deliveries", supervisor.command(supervisor.DELIVERIES)),
    ]
    try:
        for child in children:
            child.start(environment)
        _wait_until_ready(port)
        yield
    finally:
        for child in children:
            if child.process:
                child.process.terminate()
        for child in children:
            if child.process:
                processes.stop(child.process, 15, STOP_SECONDS)


def _wait_until_ready(port: int) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        with contextlib.suppress(urllib.error.URLError, OSError):
            urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2)
            return
        time.sleep(0.1)
    raise SystemExit("The server did not come up.")


def _manage(environment: dict[str, str], *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return done.stdout


def _python() -> str:
    """A Python with the clients, of its own: they want other versions than we do."""
    wanted = PROGRAM / "requirements.txt"
    digest = hashlib.sha256(wanted.read_bytes()).hexdigest()[:16]
    given = os.environ.get("SUPERAPP_CONFORMANCE_PYTHON")
    if given:
        return given
    home = ROOT / "var" / f"conformance-{digest}"
    python = home / "bin" / "python"
    if not (home / "complete").exists():
        venv.create(home, with_pip=True, clear=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", "-r", wanted], check=True)
        (home / "complete").touch()
    return str(python)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
