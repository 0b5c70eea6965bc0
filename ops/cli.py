"""./dev: everything a newcomer types.

  ./dev run [--reload]      start everything on http://127.0.0.1:$PORT (8000); Ctrl-C stops it;
                            with --reload, start again whenever the code changes
  ./dev test [PYTEST ARGS]  the tests, on throwaway PostgreSQL and Valkey, browsers included
  ./dev check [STEP ...]    what CI runs: format, lint, types, contracts, templates, then the tests
  ./dev fix                 format, sort and collect whatever the tools can repair by themselves
  ./dev bench [NAME]        the load programs in bench/
  ./dev manage COMMAND      manage.py against the servers of ./dev run, started when they are not up
  ./dev shell               a Django shell, likewise
  ./dev messages            collect texts into locale/*/django.po and compile them
  ./dev env                 write ops/env.example from the settings
  ./dev lock [PACKAGE ...]  resolve requirements/*.in again into the locked files

Environment: PORT; SUPERAPP_VAR (where ./dev run keeps its data, instead of var/); SUPERAPP_VENV (an
environment to use instead of .venv); SUPERAPP_PG_BIN, SUPERAPP_VALKEY_BIN (other server programs);
DATABASE_URL and REDIS_URL, both set: ./dev run, manage and shell start no servers of their own.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from ops import browsers, check, environment, lock, processes, services, stamps, supervisor

ROOT = Path(__file__).resolve().parent.parent


def main(arguments: list[str]) -> int:
    command, *rest = arguments or ["help"]
    run = COMMANDS.get(command)
    if run is None:
        sys.stdout.write(__doc__ or "")
        return 0 if command in {"help", "-h", "--help"} else 2
    return run(rest)


def test(arguments: list[str]) -> int:
    chromium = browsers.ensure() if may_meet_browsers(arguments) else browsers.find()
    with services.throwaway() as servers:
        found = servers.environment() | {
            "SUPERAPP_ENV": "test",
            "SUPERAPP_VAR": str(servers.home / "var"),
            "SUPERAPP_CHROMIUM": chromium or "",
        }
        return call([sys.executable, "-m", "pytest", *arguments], found)


def may_meet_browsers(arguments: list[str]) -> bool:
    """The whole suite has browser tests; a choice of it mostly has not, and says so if it has."""
    return not any(Path(part.partition("::")[0]).exists() for part in arguments) and not any(
        "not browser" in part or "not slow" in part for part in arguments
    )


def messages(arguments: list[str]) -> int:
    return call([sys.executable, "-m", "ops.messages", *arguments], {})


def bench(arguments: list[str]) -> int:
    """Run bench/NAME.py on servers of its own that do wait for the disk, as real ones do."""
    names = sorted(p.stem for p in (ROOT / "bench").glob("[!_]*.py"))
    if not arguments or arguments[0] not in names:
        sys.stdout.write(f"./dev bench NAME; there are: {', '.join(names) or 'none yet'}\n")
        return 2
    with services.temporary(is_durable=True) as servers:
        name, *rest = arguments
        found = servers.environment() | {"SUPERAPP_VAR": str(servers.home / "var")}
        return call([sys.executable, "-m", f"bench.{name}", *rest], found)


def run(arguments: list[str]) -> int:
    if arguments not in ([], ["--reload"]):
        raise SystemExit("./dev run knows only --reload; for another port: PORT=8001 ./dev run")
    servers = None if are_servers_given() else services.development(ROOT)
    return supervisor.main(servers, is_reloading=arguments == ["--reload"])


def manage(arguments: list[str]) -> int:
    if not are_servers_given() and arguments[:1] != ["check"]:
        # whatever the command does to the database, the next ./dev run looks for itself
        stamps.remove(services.development(ROOT).home, "migrated")
    with development_servers() as found:
        return call([sys.executable, "manage.py", *arguments], found)


def shell(arguments: list[str]) -> int:
    return manage(["shell", *arguments])


def are_servers_given() -> bool:
    return {"DATABASE_URL", "REDIS_URL"} <= os.environ.keys()


@contextlib.contextmanager
def development_servers() -> Iterator[dict[str, str]]:
    """The environment of running servers: given ones, those of ./dev run, or some started here."""
    if are_servers_given():
        yield {}
        return
    servers = services.development(ROOT)
    if servers.is_up():
        yield servers.environment()
        return
    try:
        servers.start()
        yield servers.environment()
    finally:
        servers.stop()


def call(command: list[str], added: dict[str, str]) -> int:
    """Run one program in the foreground; Ctrl-C is for it, we wait until it has cleaned up."""
    child = subprocess.Popen(
        command,
        cwd=ROOT,
        env=os.environ | added,
        preexec_fn=processes.dies_with_parent(),
    )
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: child.terminate())
    try:
        return child.wait()
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)


COMMANDS: dict[str, Callable[[list[str]], int]] = {
    "run": run,
    "test": test,
    "check": check.main,
    "fix": check.fix,
    "bench": bench,
    "manage": manage,
    "shell": shell,
    "messages": messages,
    "env": environment.main,
    "lock": lock.main,
}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
