"""`./dev check`: everything CI looks at. Every step runs, whatever the ones before it found.

A browser waits much of its time, and so do the slow tests: they run side by side, each lane with
servers of its own. The unit tests, which fill every core, come when the slow ones are done.
"""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from ops import browsers, services

ROOT = Path(__file__).resolve().parent.parent
PROGRAMS = Path(sys.executable).parent
# Who has nothing left takes from the other: the long tests would otherwise meet in one worker.
SIDE_BY_SIDE = ("-n", "2", "--dist", "worksteal")
NO_TESTS = 5  # pytest's code for "nothing was selected"
# What `manage.py check --deploy` looks at: the settings a server runs with.
PRODUCTION = {
    "SUPERAPP_ENV": "production",
    "SUPERAPP_SECRET_KEY": secrets.token_urlsafe(64),
    "SUPERAPP_HOSTS": "superapp.example",
    "SUPERAPP_ORIGIN": "https://superapp.example",
}


@dataclass
class Step:
    name: str
    command: list[str]
    environment: dict[str, str] = field(default_factory=dict)
    fine: tuple[int, ...] = (0,)
    is_told: bool = False  # what it says is shown even when it is fine


def main(arguments: list[str]) -> int:
    """`./dev check` runs all; `./dev check lint types` runs the named steps."""
    with services.throwaway() as servers, services.throwaway() as others:
        lanes = steps(_given(servers), _given(others))
        everything = [step for lane in lanes for step in lane]
        chosen = [step.name for step in everything if not arguments or step.name in arguments]
        if not chosen:
            names = ", ".join(step.name for step in everything)
            raise SystemExit(f"There is no such step. There are: {names}")
        beside = [[step for step in lane if step.name in chosen] for lane in lanes]
        with ThreadPoolExecutor(len(beside)) as pool:
            results = [result for lane in pool.map(_run_all, beside) for result in lane]
    say("\n" + "-" * 60)
    for step, is_fine, seconds in results:
        say(f"{'ok    ' if is_fine else 'FAILED'}  {step.name:<14}{seconds:6.1f} s")
    return 0 if all(is_fine for _, is_fine, _ in results) else 1


def steps(servers: dict[str, str], others: dict[str, str]) -> list[list[Step]]:
    """Lanes, which run side by side."""
    most = [
        Step("format", [_program("ruff"), "format", "--check", "."]),
        Step("lint", [_program("ruff"), "check", "."]),
        Step("types", [_program("mypy")]),
        Step("imports", [_program("lint-imports"), "--no-logo", "--no-cache"]),
        Step("templates", [_program("djlint"), "--lint", "--quiet", "templates"]),
        Step("template-tags", [_program("djade"), "--check", *_templates()]),
        Step("scripts", _biome("ci", "--colors=off", "--error-on-warnings")),
        Step("run-lock", [sys.executable, "-m", "ops.lock", "try"], servers),
        Step("vendored", [sys.executable, "-m", "ops.vendor"]),
        Step("messages", [sys.executable, "-m", "ops.messages", "--check"]),
        Step("migrations", _manage("makemigrations", "--check", "--dry-run"), servers),
        Step(
            "deploy", _manage("check", "--deploy", "--fail-level", "WARNING"), servers | PRODUCTION
        ),
        Step("conformance", [sys.executable, "-m", "ops.conformance"], servers),
        Step("slow-tests", _pytest("slow and not browser"), *_tests(servers)),
        Step("unit-tests", _pytest("not browser and not slow", *SIDE_BY_SIDE), *_tests(servers)),
    ]
    browser = Step("browser-tests", _pytest("browser"), *_tests(others))
    return [most, [browser]]


def fix(arguments: list[str]) -> int:
    """`./dev fix`: let the tools repair what they can repair by themselves."""
    commands = [
        [_program("ruff"), "check", "--fix", "--quiet", "."],
        [_program("ruff"), "format", "--quiet", "."],
        [_program("djade"), *_templates()],
        _biome("check", "--write", "--colors=off"),
        [sys.executable, "-c", "from ops import environment; environment.main([])"],
        [sys.executable, "-m", "ops.messages"],
    ]
    for command in commands:
        subprocess.run(command, cwd=ROOT, stdout=subprocess.DEVNULL, check=False)
    return 0


def run(step: Step) -> tuple[bool, float]:
    """Whether it is fine, and how long it took. Its output is shown when it is not."""
    say(f"{step.name}: {' '.join(Path(part).name for part in step.command[:6])} ...")
    began = time.monotonic()
    if step.name == "browser-tests":
        step.environment |= {"SUPERAPP_CHROMIUM": browsers.ensure()}
    done = subprocess.run(
        step.command,
        cwd=ROOT,
        env=os.environ | step.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    is_fine = done.returncode in step.fine
    if done.stdout and (step.is_told or not is_fine):
        say(f"\n{step.name}:\n{done.stdout.rstrip()}\n")
    seconds = time.monotonic() - began
    say(f"{step.name}: {'ok' if is_fine else 'FAILED'} ({seconds:.1f} s)")
    return is_fine, seconds


def _run_all(lane: Sequence[Step]) -> list[tuple[Step, bool, float]]:
    return [(step, *run(step)) for step in lane]


def _given(servers: services.Services) -> dict[str, str]:
    return servers.environment() | {"SUPERAPP_VAR": str(servers.home / "var")}


def say(message: str) -> None:
    sys.stdout.write(f"{message}\n")
    sys.stdout.flush()


def _tests(servers: dict[str, str]) -> tuple[dict[str, str], tuple[int, ...], bool]:
    return servers | {"SUPERAPP_ENV": "test"}, (0, NO_TESTS), True


def _pytest(marks: str, *arguments: str) -> list[str]:
    return [sys.executable, "-m", "pytest", "-q", "-m", marks, *arguments]


def _manage(*arguments: str) -> list[str]:
    return [sys.executable, "manage.py", *arguments]


def _templates() -> list[str]:
    return sorted(str(p.relative_to(ROOT)) for p in (ROOT / "templates").rglob("*.html"))


def _biome(*arguments: str) -> list[str]:
    """Biome from its wheel, which is there for Linux on x86-64; elsewhere from npm when Node is."""
    if (PROGRAMS / "biome").exists():
        return [_program("biome"), *arguments]
    if shutil.which("npx"):
        return ["npx", "--yes", "@biomejs/biome@2.3.11", *arguments]
    return [sys.executable, "-c", "print('left out: no Biome wheel for this system, and no Node')"]


def _program(name: str) -> str:
    return str(PROGRAMS / name)
