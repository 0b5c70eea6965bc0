"""Make the virtual environment hold exactly what the locks say, then hand over to ops/cli.py.

Runs on a bare Python: the standard library only. A stamp named after the locks' contents makes the
second start instant. SUPERAPP_VENV names an environment somebody else looks after.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
RUN_LOCKS = ("requirements.txt",)
DEV_LOCKS = ("requirements.txt", "requirements-dev.txt")
NEEDS_DEV = {"test", "check", "fix", "bench", "messages", "lock"}
INSTALLER = "requirements/uv.txt"


def main(arguments: list[str]) -> None:
    given = os.environ.get("SUPERAPP_VENV")
    venv = Path(given) if given else VENV
    command = arguments[0] if arguments else "help"
    if not given and command not in {"help", "-h", "--help"}:
        install(DEV_LOCKS if command in NEEDS_DEV else RUN_LOCKS)
    python = venv / "bin" / "python"
    program = str(python) if python.exists() else sys.executable
    os.execv(program, [program, "-m", "ops.cli", *arguments])  # noqa: S606 - that is the job


def install(locks: tuple[str, ...]) -> None:
    if stamp(locks).exists():
        return
    with alone():
        if stamp(locks).exists():
            return
        started = time.monotonic()
        say(f"Installing what {' and '.join(locks)} list (once; a minute at most) ...")
        make_environment()
        install_packages(locks)
        stamp(locks).touch()
        if locks == DEV_LOCKS:  # the dev lock is resolved on top of the other one
            stamp(RUN_LOCKS).touch()
        say(f"Installed in {time.monotonic() - started:.0f} s.")


def stamp(locks: tuple[str, ...]) -> Path:
    text = "".join((ROOT / lock).read_text() for lock in locks) + sys.version + str(VENV)
    return VENV / f".installed-{hashlib.sha256(text.encode()).hexdigest()[:16]}"


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """Two terminals may start at once; one installs, the other waits and finds it done."""
    (ROOT / "var").mkdir(exist_ok=True)
    with (ROOT / "var" / "install.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def make_environment() -> None:
    mark = VENV / f".python-{sys.version_info.major}.{sys.version_info.minor}"
    if mark.exists():
        return
    venv = [sys.executable, "-m", "venv", "--clear", str(VENV)]
    # The pip of this Python can install into the environment, which saves making one there.
    borrowed = [sys.executable, "-m", "pip", "--python", sys.executable, "--version"]
    if complaint_of(borrowed) or complaint_of([*venv, "--without-pip"]):
        done = subprocess.run(venv, check=False)
        if done.returncode:
            raise SystemExit(
                "python3 -m venv failed. On Debian and Ubuntu: apt install python3-venv"
            )
    mark.touch()


def install_packages(locks: tuple[str, ...]) -> None:
    """With uv where it runs, which takes seconds; with pip where it does not."""
    listed = [part for lock in locks for part in ("-r", str(ROOT / lock))]
    python = str(VENV / "bin" / "python")
    pip = [*pip_for(python), "--disable-pip-version-check", "install", "--require-hashes", "-q"]
    with tempfile.TemporaryDirectory() as scratch:
        uv = [str(VENV / "bin" / "uv"), "pip", "install", "--python", python, "--quiet"]
        uv += ["--require-hashes", "--compile-bytecode", *listed]
        uv += [] if _has_home() else ["--cache-dir", scratch]
        ways = [[*pip, "--compile", *listed]]
        if not complaint_of([*pip, "--only-binary", ":all:", "-r", str(ROOT / INSTALLER)]):
            # the system's certificates know a company's own proxy; a bare container has none
            ways = [[*uv, "--system-certs"], uv, *ways]
        complaints = []
        for way in ways:
            complaints.append(complaint_of(way))
            if not complaints[-1]:
                return
    raise SystemExit("\n".join([*complaints, "The installation failed. Is there a network?"]))


def pip_for(python: str) -> list[str]:
    """The environment's own pip, or that of this Python working on the environment."""
    if (Path(python).parent / "pip").exists():
        return [python, "-m", "pip"]
    return [sys.executable, "-m", "pip", "--python", python]


def complaint_of(command: list[str]) -> str:
    """Nothing when the command succeeds, otherwise what it said."""
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    return (done.stdout + done.stderr or f"code {done.returncode}") if done.returncode else ""


def _has_home() -> bool:
    """Whether uv can keep its cache where it wants to."""
    home = os.environ.get("XDG_CACHE_HOME") or os.environ.get("HOME") or "/nonexistent"
    return os.access(home, os.W_OK)


def say(message: str) -> None:
    sys.stdout.write(f"{message}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
