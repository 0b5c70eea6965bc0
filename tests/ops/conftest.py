"""A folder for servers, and the means to watch processes come and go."""

import contextlib
import os
import shutil
import signal
import tempfile
import time
from pathlib import Path

import pytest

from ops import folders, processes


@pytest.fixture
def place():
    """A folder the servers may enter, whoever runs them; pytest's own is closed to them."""
    path = Path(tempfile.mkdtemp(prefix="sa-", dir=folders.short_temp()))
    path.chmod(0o711)
    yield path
    shutil.rmtree(path, ignore_errors=True)


def wait_for(condition, seconds=10.0):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)


def is_running(pid):
    return processes.name_of(pid) != "" and not _is_zombie(pid)


def _is_zombie(pid):
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    return False


def family_of(pid):
    """The process ids of everything it started, and of what those started."""
    parents = {}
    for entry in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            fields = entry.read_text().rpartition(")")[2].split()
            parents.setdefault(int(fields[1]), []).append(int(entry.parent.name))
    found, open_ends = [], [pid]
    while open_ends:
        children = parents.get(open_ends.pop(), [])
        found += children
        open_ends += children
    return found


def kill_hard(pid):
    os.kill(pid, signal.SIGKILL)
