"""Backups of the database, and the drill that proves one can be restored.

    python -m ops.backup save FOLDER     a dump and its manifest; the oldest beyond KEEP go
    python -m ops.backup drill FOLDER    restore the newest into a scratch database, compare, drop it

The manifest is taken from the very snapshot that is dumped: for each table the number of its rows
and a sum over their content. A dump that restores to other sums is not a backup.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from ops import binaries

KEEP = int(os.environ.get("SUPERAPP_BACKUPS_KEPT", "14"))
ENVIRONMENT = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD"}

Manifest = dict[str, list[int]]  # table: its rows, the sum over their content


def main(arguments: list[str]) -> int:
    match arguments:
        case ["save", folder]:
            say(f"saved {save(Path(folder), os.environ['DATABASE_URL'])}")
        case ["drill", folder]:
            began = time.monotonic()
            dump = newest(Path(folder))
            tables = drill(dump, os.environ["DATABASE_URL"])
            rows = sum(count for count, _ in tables.values())
            seconds = time.monotonic() - began
            say(f"{dump.name}: {len(tables)} tables, {rows} rows, all as saved ({seconds:.1f} s)")
        case _:
            say(__doc__ or "")
            return 2
    return 0


def save(folder: Path, url: str) -> Path:
    """Dump the database as it is at this instant, without stopping anybody. Returns the dump."""
    folder.mkdir(parents=True, exist_ok=True)
    dump = folder / f"superapp-{datetime.now(UTC):%Y%m%d-%H%M%S}.dump"
    unfinished = dump.with_suffix(".part")
    with psycopg.connect(url) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        snapshot = connection.execute("SELECT pg_export_snapshot()").fetchone()
        assert snapshot is not None
        _tool(
            "pg_dump", url, "--format=custom", f"--snapshot={snapshot[0]}", f"--file={unfinished}"
        )
        manifest = contents(connection)
    dump.with_suffix(".json").write_text(json.dumps(manifest, indent=1))
    unfinished.chmod(0o600)
    unfinished.rename(dump)  # last: what has this name is complete
    for old in sorted(folder.glob("superapp-*.dump"))[:-KEEP]:
        old.unlink()
        old.with_suffix(".json").unlink(missing_ok=True)
    return dump


def drill(dump: Path, url: str) -> Manifest:
    """Restore a dump beside the real database and compare. Raises SystemExit when it differs."""
    saved: Manifest = json.loads(dump.with_suffix(".json").read_text())
    scratch = f"superapp_drill_{secrets.token_hex(4)}"
    beside = make_conninfo(url, dbname=scratch)
    with psycopg.connect(url, autocommit=True) as connection:
        name = sql.Identifier(scratch)
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(name))
        try:
            _tool("pg_restore", beside, "--exit-on-error", "--no-owner", "--jobs=2", str(dump))
            with psycopg.connect(beside) as restored:
                found = contents(restored)
        finally:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))
    if found != saved:
        differing = sorted(t for t in found.keys() | saved.keys() if found.get(t) != saved.get(t))
        raise SystemExit(f"{dump.name} does not restore to what was saved: {', '.join(differing)}")
    return found


def contents(connection: psycopg.Connection) -> Manifest:
    """What the manifest says of each table, read in one snapshot."""
    connection.execute("SET timezone = 'UTC'")
    tables = connection.execute(
        "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
    ).fetchall()
    found: Manifest = {}
    for (table,) in tables:
        query = sql.SQL(
            "SELECT count(*), coalesce(sum(hashtextextended(t::text, 0)::numeric), 0) FROM {} AS t"
        ).format(sql.Identifier(table))
        row = connection.execute(query).fetchone()
        assert row is not None
        found[table] = [row[0], int(row[1])]
    return found


def newest(folder: Path) -> Path:
    dumps = sorted(folder.glob("superapp-*.dump"))
    if not dumps:
        raise SystemExit(f"There is no backup in {folder}.")
    return dumps[-1]


def _tool(name: str, conninfo: str, *arguments: str) -> None:
    """Run one of PostgreSQL's programs; the password travels in its environment, not its name."""
    known = conninfo_to_dict(conninfo)
    environment = {var: str(known[key]) for key, var in ENVIRONMENT.items() if key in known}
    command = [_program(name), f"--dbname={known['dbname']}", *arguments]
    done = subprocess.run(command, env=os.environ | environment, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{name} failed:\n{done.stderr}")


def _program(name: str) -> str:
    """The program beside a server of ours, which has its version, or the one on the path."""
    try:
        return str(binaries.postgres_bin() / name)
    except binaries.NotFound:
        if on_path := shutil.which(name):
            return on_path
        raise


def say(message: str) -> None:
    sys.stdout.write(f"{message}\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
