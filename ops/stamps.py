"""What the last start has already done, so that the next one need not do it again.

A stamp is a file beside the database: the digest of what was done, then a note. It says nothing
about another database, so it also carries when that database was made.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterable
from pathlib import Path

APPS = ("superapp", "accounts", "chat", "moments", "payments", "services")


def migrations(root: Path) -> str:
    """Digest of everything that decides what `migrate` would do."""
    ours = (p for app in APPS for p in (root / app).rglob("migrations/*.py"))
    return _digest([root / "requirements.txt", root / "superapp/settings/core.py", *ours], root)


def demo(root: Path) -> str:
    """Digest of the code and pictures of the demo world."""
    return _digest(_demo_files(root), root)


def sources(root: Path) -> str:
    """Digest of when each file that a process reads at its start was last written."""
    kinds = {".py", ".html", ".mo"}
    times = []
    for top in (*APPS, "templates", "locale"):
        for path in (root / top).rglob("*"):
            with contextlib.suppress(FileNotFoundError):  # an editor may be replacing it just now
                if path.suffix in kinds:
                    times.append(f"{path} {path.stat().st_mtime_ns}")
    return hashlib.sha256("\n".join(sorted(times)).encode()).hexdigest()


def has_demo(root: Path) -> bool:
    return any((root / app / "management/commands/demo.py").is_file() for app in APPS) or any(
        True for app in APPS for _ in (root / app).glob("*/management/commands/demo.py")
    )


def is_current(home: Path | None, name: str, digest: str) -> bool:
    return home is not None and _read(home, name)[0] == f"{digest} {_birth(home)}"


def note(home: Path | None, name: str) -> str:
    return _read(home, name)[1] if home else ""


def write(home: Path | None, name: str, digest: str, note: str = "") -> None:
    if home:
        (home / f"{name}.stamp").write_text(f"{digest} {_birth(home)}\n{note}")


def remove(home: Path | None, *names: str) -> None:
    if home:
        for name in names:
            (home / f"{name}.stamp").unlink(missing_ok=True)


def _read(home: Path, name: str) -> tuple[str, str]:
    with contextlib.suppress(OSError):
        digest, _, text = (home / f"{name}.stamp").read_text().partition("\n")
        return digest, text
    return "", ""


def _birth(home: Path) -> int:
    return (home / "postgres" / "PG_VERSION").stat().st_mtime_ns


def _demo_files(root: Path) -> Iterable[Path]:
    for app in APPS:
        for path in (root / app).rglob("*"):
            inside = path.relative_to(root).parts
            if path.is_file() and any(part.startswith("demo") for part in inside):
                yield path


def _digest(paths: Iterable[Path], root: Path) -> str:
    total = hashlib.sha256()
    for path in sorted(paths):
        if path.suffix != ".pyc" and path.is_file():
            total.update(f"{path.relative_to(root)}\0".encode() + path.read_bytes() + b"\0")
    return total.hexdigest()[:24]
