"""Folders and files of the servers: whose they are, who may enter, how long their paths may be."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path

from ops import binaries

SOCKET_PATH_LIMIT = 100  # Linux allows 107 bytes, macOS 103


def own(path: Path, mode: int) -> None:
    if user := binaries.unprivileged():
        os.chown(path, user.pw_uid, user.pw_gid)
    path.chmod(mode)


def private_folder(path: Path, mode: int, owner: int) -> None:
    """Make a folder, or check that one lying about in a shared place is really ours."""
    path.mkdir(parents=True, exist_ok=True)
    if path.is_symlink() or path.stat().st_uid not in {owner, os.geteuid()}:
        raise SystemExit(f"{path} belongs to somebody else: remove it or name another folder.")
    os.chown(path, owner, -1)
    path.chmod(mode)
    user = binaries.unprivileged()
    if user and not binaries.may_enter(path.parent, user):
        raise SystemExit(f"The servers run as {user.pw_name}, who cannot enter {path.parent}.")


def write_secret(path: Path, text: str) -> None:
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
        file.write(text)


def socket_folder(home: Path) -> Path:
    """Beside the data where the path stays short enough for a socket."""
    beside = home / "s"
    return beside if _is_short(beside) else short_temp() / f"sa-{digest(home)}"


def short_temp() -> Path:
    """The temporary folder, or /tmp when its path is too long or closed to our servers."""
    temp, user = Path(tempfile.gettempdir()).resolve(), binaries.unprivileged()
    if not _is_short(temp / "sa-0123456789ab" / "s") or (
        user and not binaries.may_enter(temp, user)
    ):
        return Path("/tmp")  # noqa: S108 - folders in it are made by mkdtemp or checked for owner
    return temp


def _is_short(folder: Path) -> bool:
    return len(str(folder / ".s.PGSQL.5432.lock")) <= SOCKET_PATH_LIMIT


def digest(text: object) -> str:
    return hashlib.sha256(str(text).encode()).hexdigest()[:12]


def owner_id() -> int:
    user = binaries.unprivileged()
    return user.pw_uid if user else os.geteuid()
