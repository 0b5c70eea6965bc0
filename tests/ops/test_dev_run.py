"""`./dev run` as a newcomer sees it: one terminal, ready soon, and nothing left whatever ends it."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from ops import processes, supervisor
from tests.ops.conftest import family_of, is_running, kill_hard, wait_for

ROOT = Path(__file__).parent.parent.parent
WARM_SECONDS = 12  # six on an idle machine; the suite shares its two cores


@pytest.fixture
def port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Terminal:
    """A `./dev run`, what it has printed so far, and everything it started."""

    def __init__(self, place, port):
        self.port = port
        self.log = place / f"terminal-{time.monotonic_ns()}.log"
        with self.log.open("w") as output:
            self.process = subprocess.Popen(
                [ROOT / "dev", "run"],
                env=os.environ
                | {"SUPERAPP_VENV": sys.prefix, "SUPERAPP_VAR": str(place), "PORT": str(port)}
                | {"SUPERAPP_ENV": "development"},
                stdout=output,
                stderr=output,
            )

    def said(self):
        return self.log.read_text()

    def wait_for_words(self, words, seconds=60):
        def is_there():
            assert self.process.poll() is None or words in self.said(), self.said()
            return words in self.said()

        wait_for(is_there, seconds)

    def child(self, words):
        """The process whose command line holds these words."""
        found = [pid for pid in family_of(self.process.pid) if words in command_of(pid)]
        return min(found) if found else None

    def answers(self):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=5) as answer:
            return answer.status == 200


def command_of(pid):
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    except OSError:
        return ""


@pytest.fixture
def open_terminal(place, port, monkeypatch):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("REDIS_URL", raising=False)
    opened = []

    def open_one():
        opened.append(Terminal(place, port))
        return opened[-1]

    yield open_one
    for terminal in opened:
        family = family_of(terminal.process.pid)
        if terminal.process.poll() is None:
            terminal.process.kill()
        terminal.process.wait()
        wait_for(lambda family=family: not any(map(is_running, family)), 20)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_it_comes_up_survives_faults_and_leaves_nothing_behind(open_terminal):
    terminal = open_terminal()
    # the demo world is made the first time
    terminal.wait_for_words("Superapp is ready", 240)
    assert terminal.answers()
    wait_for(lambda: terminal.child("-Q deliveries"), 20)

    # a web process that dies comes back by itself, and so does Valkey
    first_web = terminal.child("uvicorn")
    kill_hard(first_web)
    terminal.wait_for_words("web ended with code -9; starting again")
    wait_for(lambda: terminal.child("uvicorn") not in {None, first_web}, 20)
    kill_hard(terminal.child("valkey-server"))
    terminal.wait_for_words("Valkey ended; starting it again")

    # kill -9 of the supervisor takes all of them along
    family = family_of(terminal.process.pid)
    assert len(family) >= 5
    kill_hard(terminal.process.pid)
    terminal.process.wait()
    again = open_terminal()
    began = time.monotonic()
    again.wait_for_words("Superapp is ready")
    assert time.monotonic() - began < WARM_SECONDS
    assert "Bringing the database up to date" not in again.said()
    assert [said.count("@demo.example") > 0 for said in (terminal.said(), again.said())] == [
        True
    ] * 2
    wait_for(lambda: not any(map(is_running, family)), 10)
    wait_for(lambda: again.child("-Q deliveries"), 20)

    # Ctrl-C ends everything, quickly
    family = family_of(again.process.pid)
    again.process.send_signal(signal.SIGINT)
    assert again.process.wait(15) == 0
    assert not any(map(is_running, family))
    assert "Traceback" not in terminal.said() + again.said()


def test_a_port_in_use_is_said_at_once(place, open_terminal, port):
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", port))
        listener.listen()
        terminal = open_terminal()
        assert terminal.process.wait(20) == 1
    assert f"Port {port} cannot be used" in terminal.said()
    assert f"PORT={port + 1} ./dev run" in terminal.said()
    assert not (place / "servers").exists()


def test_what_keeps_dying_is_given_up_after_growing_pauses():
    child = supervisor.Child("web", ["false"])
    pauses = [child.bury() for _ in range(supervisor.DEATHS_MAX)]
    assert pauses == [0.5, 1.0, 2.0, 4.0, None]


def test_old_deaths_are_forgiven(monkeypatch):
    child = supervisor.Child("web", ["false"])
    child.deaths = [time.monotonic() - supervisor.DEATHS_WINDOW - 1] * 10
    assert child.bury() == 0.5


def test_a_name_is_only_given_to_a_process_that_lives():
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    assert processes.name_of(ended.pid) == ""
    assert processes.name_of(os.getpid()) != ""
