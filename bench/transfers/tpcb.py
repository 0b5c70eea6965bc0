"""pgbench: its TPC-B, and our function called by the same program."""

import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from django.conf import settings

from bench.transfers.clients import Run
from ops import binaries

# A colon inside a string would be taken for a variable of pgbench: codes are put together.
_USER = "concat_ws(chr(58), 'user', (:{})::bigint, 'available')"
_CALL = """
INSERT INTO ledger_door (fact, print, what, about, moment, codes, currencies, kinds, owners, floors,
  tracks, debits, credits, amounts)
VALUES (concat('pgbench', (:n)::bigint), 'x', 'transfer', '', now(), ARRAY[{one}, {other}],
  ARRAY['CNY', 'CNY'], ARRAY[{kinds}], ARRAY[NULL, NULL]::bigint[], ARRAY[true, true],
  ARRAY[true, true], ARRAY[{debit}::int], ARRAY[3 - {debit}::int], ARRAY[1::bigint])
RETURNING outcome;
"""
_NUMBERS = r"""
\set a random(1, :accounts)
\set b random(1, :accounts - 1)
\set b :b + case when :b >= :a then 1 else 0 end
\set s random(0, :shards - 1)
\set n random(1, 9000000000000000000)
"""
_SCRIPTS = {
    "random": _NUMBERS
    + _CALL.format(
        one=f"least({_USER.format('a')}, {_USER.format('b')})",
        other=f"greatest({_USER.format('a')}, {_USER.format('b')})",
        kinds="'available', 'available'",
        debit="(1 + (:n)::bigint % 2)",
    ),
    "hot": _NUMBERS
    + _CALL.format(
        one="concat('merchant', chr(58), '1', chr(58), 'pending#', lpad((:s)::text, 2, '0'))",
        other=_USER.format("a"),
        kinds="'merchant', 'available'",
        debit="2",
    ),
}


def program() -> str:
    """pgbench beside the server's own programs, or the system's; empty: there is none."""
    beside = binaries.postgres_bin() / "pgbench"
    return str(beside) if beside.is_file() else shutil.which("pgbench") or ""


def prepare(clients: int):
    """Make the tables of TPC-B, one branch or more per client; returns how to run it."""
    if not program():
        raise SystemExit("No pgbench: install it (Debian: postgresql), or put it on PATH.")
    _pgbench("-i", "-q", "-s", str(max(clients, 10)))
    return lambda options: _run([], options)


def post(place: str, options, _number: int) -> Run:
    """Our function, called by pgbench itself: what the database can do, without Python."""
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / f"{place}.sql"
        script.write_text(_SCRIPTS[place])
        given = [f"accounts={options.accounts}", f"shards={settings.LEDGER_SHARDS}"]
        return _run(["-f", str(script), *(x for one in given for x in ("-D", one))], options)


def _run(arguments: list[str], options) -> Run:
    said = _pgbench(
        *arguments,
        *("-n", "-M", "prepared", "-c", str(options.clients), "-j", "2", "-r"),
        *("-T", f"{options.seconds:.0f}"),
    )
    assert "failed transactions: 0 " in said, said
    return Run(_number("tps", said), _number("latency average", said), float("nan"))


def _number(name: str, said: str) -> float:
    found = re.search(rf"{name} = ([\d.]+)", said)
    assert found, said
    return float(found[1])


def _pgbench(*arguments: str) -> str:
    command = [program(), *arguments, os.environ["DATABASE_URL"]]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout
