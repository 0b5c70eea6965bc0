"""A real PostgreSQL and a real Valkey for development and tests, reachable by Unix socket only."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ops import binaries, folders
from ops.servers import Postgres, Valkey

START_SECONDS = 30


@dataclass
class Services:
    """Both servers under one folder, `home`; one launcher at a time holds its lock."""

    home: Path
    sockets: Path
    is_durable: bool
    tcp_port: int = 0
    postgres: Postgres = field(init=False)
    valkey: Valkey = field(init=False)
    _lock: Any = None

    def __post_init__(self) -> None:
        self.postgres = Postgres(self.home, self.sockets, self.is_durable, tcp_port=self.tcp_port)
        self.valkey = Valkey(self.home, self.sockets, self.is_durable)

    def environment(self) -> dict[str, str]:
        """What Django needs to know to find them."""
        return {"DATABASE_URL": self.postgres.url, "REDIS_URL": self.valkey.url}

    def is_up(self) -> bool:
        """Whether some launcher, this one or another, has both of them running."""
        return self.postgres.is_ready() and self.valkey.is_ready() and self.holder() is not None

    def holder(self) -> int | None:
        """The process that runs them, as long as it lives."""
        if self._lock is not None:
            return os.getpid()
        with contextlib.suppress(FileNotFoundError), (self.home / "lock").open("r+") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                return int(lock.read() or 0)
        return None

    def start(self) -> None:
        """Start both, or end with a message that says why not. Call it on the main thread."""
        folders.private_folder(self.home, 0o711, os.geteuid())
        folders.private_folder(self.sockets, 0o700, folders.owner_id())
        self._take_lock()
        for server in (self.postgres, self.valkey):
            server.launch()
        for server in (self.postgres, self.valkey):
            _wait_until(server.is_ready, server.process, server.log)
        self.postgres.ensure_database()

    def stop(self) -> None:
        for server in (self.valkey, self.postgres):
            server.stop()
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def _take_lock(self) -> None:
        # a lock of the kernel's, not a file: it is gone with its holder, however that one ends
        lock = (self.home / "lock").open("a+")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            lock.seek(0)
            raise SystemExit(
                f"The servers of {self.home} already run, under process {lock.read().strip()}."
                " Stop that one first, or name another folder in SUPERAPP_VAR."
            ) from None
        lock.truncate(0)
        lock.write(f"{os.getpid()}\n")
        lock.flush()
        self._lock = lock


def development(root: Path) -> Services:
    """The servers of `./dev run`: what they hold survives a crash."""
    home = Path(os.environ.get("SUPERAPP_VAR") or root / "var").resolve() / "servers"
    home.parent.mkdir(parents=True, exist_ok=True)
    user = binaries.unprivileged()
    if user and not binaries.may_enter(home.parent, user):  # a checkout under /root, for one
        home = Path("/var/tmp") / f"superapp-{folders.digest(home)}"  # noqa: S108 - checked for owner
    return Services(home, folders.socket_folder(home), is_durable=True)


def throwaway() -> contextlib.AbstractContextManager[Services]:
    """Servers for one test run: they never wait for the disk."""
    return temporary(is_durable=False)


@contextlib.contextmanager
def temporary(*, is_durable: bool, tcp_port: int = 0) -> Iterator[Services]:
    """Servers that are gone afterwards; any number of them run side by side."""
    home = Path(tempfile.mkdtemp(prefix="sa-", dir=folders.short_temp()))
    services = Services(home, home / "s", is_durable, tcp_port)
    try:
        services.start()
        yield services
    finally:
        services.stop()
        shutil.rmtree(home, ignore_errors=True)


def _wait_until(
    is_ready: Callable[[], bool], process: subprocess.Popen[bytes] | None, log: Path
) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not is_ready():
        if (process and process.poll() is not None) or time.monotonic() > deadline:
            tail = log.read_text(errors="replace").splitlines()[-8:]
            raise SystemExit("\n".join([f"It does not start; the end of {log}:", *tail]))
        time.sleep(0.01)
