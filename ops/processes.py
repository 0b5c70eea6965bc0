"""Child processes that never outlive us, and what is left of those that did."""

from __future__ import annotations

import contextlib
import ctypes
import functools
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

IS_LINUX: bool = sys.platform == "linux"
PR_SET_PDEATHSIG = 1


def dies_with_parent(with_signal: int = signal.SIGTERM) -> Callable[[], None]:
    """A preexec_fn: the kernel sends the signal when the parent is gone, even after kill -9.

    Call it on the main thread only: Linux counts the death of the *thread* that forked.
    Elsewhere than on Linux it does nothing; the next start clears away what stayed behind.
    """
    parent = os.getpid()
    return lambda: die_with(parent, with_signal)


def die_with(parent: int, with_signal: int) -> None:
    """Called in a child: end when that parent ends."""
    if not IS_LINUX:
        return
    _libc().prctl(PR_SET_PDEATHSIG, with_signal)
    if os.getppid() != parent:  # it died between the fork and the line above
        os._exit(1)


@functools.cache
def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None)


def name_of(pid: int) -> str:
    """The program a process runs, or nothing when there is no such process."""
    if IS_LINUX:
        with contextlib.suppress(OSError):
            return Path(f"/proc/{pid}/comm").read_text().strip()
        return ""
    found = subprocess.run(
        ["ps", "-p", str(pid), "-o", "comm="], capture_output=True, text=True, check=False
    )
    return Path(found.stdout.strip()).name


def pid_in(path: Path) -> int | None:
    """The process id on the first line of a pid file."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        return int(path.read_text().split()[0])
    return None


def clear_away(pid_file: Path, program: str, gentle: int) -> None:
    """Stop the process a pid file speaks of, when it still runs that program, and remove the file.

    A number alone proves nothing: after a crash it may belong to somebody else by now.
    """
    pid = pid_in(pid_file)
    for attempt, sign in enumerate((0, gentle, signal.SIGKILL)):
        if not pid or program not in name_of(pid):
            break
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, sign)
        # the first round only waits: a child armed above is usually on its way out already
        _wait_until_gone(pid, program, seconds=1 if attempt == 0 else 10)
    pid_file.unlink(missing_ok=True)


def _wait_until_gone(pid: int, program: str, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while program in name_of(pid) and time.monotonic() < deadline:
        time.sleep(0.02)


def stop(child: subprocess.Popen[bytes], sign: int, seconds: float) -> None:
    """Ask a child to end, and end it when it does not listen."""
    if child.poll() is None:
        child.send_signal(sign)
    try:
        child.wait(seconds)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
