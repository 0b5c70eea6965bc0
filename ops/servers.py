"""One PostgreSQL, one Valkey: how each is set up, started, watched and stopped.

Only the programs of the wheels are used. Their Python launchers would, as root, add a system user
and open every folder above the environment to everybody.
"""

from __future__ import annotations

import contextlib
import re
import secrets
import shutil
import signal
import socket
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ops import binaries, folders, processes

ROLE = DATABASE = "superapp"
STOP_SECONDS = 20

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
    # 0: sockets only. Benches compare with programs that can connect by TCP alone.
    tcp_port: int = 0

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
        port = f"&port={self.tcp_port}" if self.tcp_port else ""
        return f"postgresql://{ROLE}:{self.password}@/{DATABASE}?host={self.sockets}{port}"

    def launch(self) -> None:
        programs = binaries.postgres_bin()
        clear_sockets(self.sockets)
        processes.clear_away(self.data / "postmaster.pid", "postgres", signal.SIGINT)
        if not self.data.exists():
            self._initialise(programs)
        self._refuse_other_version(programs)
        options = POSTGRES_OPTIONS | {"unix_socket_directories": str(self.sockets)}
        if self.tcp_port:
            options |= {"listen_addresses": "127.0.0.1", "port": str(self.tcp_port)}
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
            host=str(self.sockets),
            port=self.tcp_port or None,
            user=ROLE,
            password=self.password,
            dbname="postgres",
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
        folders.write_secret(self.home / "postgres.password", password)
        handed_over = self.home / "postgres.initial-password"
        folders.write_secret(handed_over, password)
        folders.own(handed_over, 0o600)
        unfinished.mkdir()
        folders.own(unfinished, 0o700)
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
        folders.own(self.data, 0o700)
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
            preexec_fn=processes.dies_with_parent(dying),
            **_user(),
        )


def clear_sockets(folder: Path) -> None:
    """Remove what a killed server left behind; the lock says no other launcher is at work."""
    for left in folder.glob(".s.PGSQL.*"):
        left.unlink()


def _user() -> dict[str, Any]:
    user = binaries.unprivileged()
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}


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
