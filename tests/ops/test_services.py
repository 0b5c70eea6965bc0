"""The embedded servers: they start, they are private, and nothing survives their launcher."""

import os
import shutil
import signal
import stat
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
import redis

from ops import binaries, folders, processes, services
from tests.ops.conftest import family_of, is_running, kill_hard, wait_for

ROOT = Path(__file__).parent.parent.parent
LAUNCHER = """
import signal, sys
from pathlib import Path
from ops import services
servers = services.development(Path("unused"))
servers.start()
print("up", flush=True)
signal.pause()
"""


@pytest.fixture
def launch(place):
    """Start the development servers of `place` from a process of their own."""
    launchers = []

    def start():
        launcher = subprocess.Popen(
            [sys.executable, "-c", LAUNCHER],
            cwd=ROOT,
            env=os.environ | {"SUPERAPP_VAR": str(place)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        launchers.append(launcher)
        return launcher

    yield start
    for launcher in launchers:
        family = family_of(launcher.pid)
        launcher.kill()
        launcher.communicate()
        wait_for(lambda family=family: not any(map(is_running, family)))


@pytest.fixture
def servers(place, monkeypatch):
    monkeypatch.setenv("SUPERAPP_VAR", str(place))
    return services.development(ROOT)


def is_up(launcher):
    return launcher.stdout.readline() == "up\n"


def test_throwaway_servers_answer_and_leave_nothing_behind():
    with services.throwaway() as servers:
        with psycopg.connect(servers.postgres.url) as connection:
            assert connection.execute("SHOW fsync").fetchone() == ("off",)
            assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
            assert connection.execute("SELECT '红包' ILIKE '%红%'").fetchone() == (True,)
        with redis.Redis.from_url(servers.valkey.url) as client:
            assert client.config_get("port") == {"port": "0"}
            assert client.config_get("save") == {"save": ""}
        pids = [servers.postgres.process.pid, servers.valkey.process.pid]
        assert [is_running(pid) for pid in pids] == [True, True]
    assert [is_running(pid) for pid in pids] == [False, False]
    assert not servers.home.exists()


def test_only_their_owner_reaches_the_password_and_the_sockets(servers):
    servers.start()
    try:
        secret = servers.home / "postgres.password"
        modes = [stat.S_IMODE(path.stat().st_mode) for path in (secret, servers.sockets)]
        assert modes == [0o600, 0o700]
        strangers = servers.postgres.url.replace(servers.postgres.password, "guess")
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(strangers)
    finally:
        servers.stop()


def test_kill_9_of_the_launcher_leaves_no_orphan_and_loses_nothing(launch, servers):
    launcher = launch()
    assert is_up(launcher)
    with psycopg.connect(servers.postgres.url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 1 AS n")
    family = family_of(launcher.pid)
    assert len(family) >= 2
    kill_hard(launcher.pid)
    launcher.wait()

    assert is_up(launch())  # at once, while the old servers are still going down
    with psycopg.connect(servers.postgres.url) as connection:
        assert connection.execute("SELECT n FROM kept").fetchone() == (1,)
    wait_for(lambda: not any(map(is_running, family)))


def test_a_second_launcher_is_told_who_was_first(launch, servers):
    first = launch()
    assert is_up(first)
    assert servers.is_up()
    assert servers.holder() == first.pid

    second = launch()
    assert second.wait(10) == 1
    assert f"under process {first.pid}" in second.stderr.read()
    assert servers.is_up()


def test_files_of_a_crash_with_somebody_elses_process_id_do_no_harm(servers):
    servers.start()
    servers.stop()
    pid_file = servers.postgres.data / "postmaster.pid"
    pid_file.write_text(f"{os.getpid()}\n{servers.postgres.data}\n")
    (servers.sockets / "valkey.pid").write_text(f"{os.getpid()}\n")
    (servers.sockets / ".s.PGSQL.5432.lock").write_text(f"{os.getpid()}\n")
    servers.sockets.joinpath("valkey.sock").touch()

    servers.start()
    try:
        assert servers.is_up()
    finally:
        servers.stop()
    assert not servers.is_up()


def test_half_a_cluster_is_made_again(servers):
    half = servers.home / "postgres.new"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")
    servers.start()
    try:
        assert servers.is_up()
        assert not half.exists()
    finally:
        servers.stop()


def test_data_of_another_version_is_refused_and_kept(servers):
    servers.start()
    servers.stop()
    version = servers.postgres.data / "PG_VERSION"
    version.write_text("9\n")
    try:
        with pytest.raises(SystemExit, match="was written by PostgreSQL 9"):
            servers.start()
    finally:
        servers.stop()
    assert version.read_text() == "9\n"


def test_a_named_program_comes_first(monkeypatch, place):
    for name in ("postgres", "initdb", "valkey-server"):
        (place / name).touch(mode=0o755)
    monkeypatch.setenv("SUPERAPP_PG_BIN", str(place))
    monkeypatch.setenv("SUPERAPP_VALKEY_BIN", str(place / "valkey-server"))
    assert binaries.postgres_bin() == place
    assert binaries.valkey_server() == place / "valkey-server"

    monkeypatch.setenv("SUPERAPP_PG_BIN", str(place / "nowhere"))
    with pytest.raises(binaries.NotFound, match="SUPERAPP_PG_BIN"):
        binaries.postgres_bin()


def test_without_a_wheel_the_systems_own_programs_serve(monkeypatch, place):
    monkeypatch.setattr(binaries, "find_spec", lambda _name: None)
    monkeypatch.setattr(binaries, "SYSTEM_POSTGRES", place / "postgresql")
    monkeypatch.setenv("PATH", str(place))
    with pytest.raises(binaries.NotFound, match="SUPERAPP_PG_BIN"):
        binaries.postgres_bin()
    with pytest.raises(binaries.NotFound, match="SUPERAPP_VALKEY_BIN"):
        binaries.valkey_server()

    for version in ("9.6", "15", "17"):
        folder = place / "postgresql" / version / "bin"
        folder.mkdir(parents=True)
        for name in ("postgres", "initdb"):
            (folder / name).touch(mode=0o755)
    (place / "redis-server").touch(mode=0o755)
    assert binaries.postgres_bin() == place / "postgresql" / "17" / "bin"
    assert binaries.valkey_server() == place / "redis-server"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root hands over to somebody else")
def test_root_lends_nobody_a_copy_of_programs_out_of_its_reach(place, monkeypatch):
    monkeypatch.setattr(binaries, "COPIES", place / "copies")
    closed = place / "closed"
    (closed / "package" / "bin").mkdir(parents=True)
    program = closed / "package" / "bin" / "postgres"
    program.touch(mode=0o700)
    closed.chmod(0o700)

    lent = binaries.reachable(program, closed, (closed / "package",), "postgres-1")
    assert lent == place / "copies" / "superapp-postgres-1" / "package" / "bin" / "postgres"
    assert binaries.may_enter(lent, binaries.unprivileged())
    assert binaries.reachable(program, closed, (closed / "package",), "postgres-1") == lent


def test_a_folder_of_somebody_else_is_not_used(place, monkeypatch):
    squatted = place / "squatted"
    squatted.mkdir()
    monkeypatch.setattr(folders.os, "geteuid", lambda: 4242)
    with pytest.raises(SystemExit, match="belongs to somebody else"):
        folders.private_folder(squatted, 0o700, 4242)


def test_a_process_that_ignores_its_end_is_ended(tmp_path):
    stubborn = subprocess.Popen(
        [sys.executable, "-c", "import signal, time; signal.signal(15, lambda *_: 0);"
         "print(flush=True); time.sleep(60); time.sleep(60)"],
        stdout=subprocess.PIPE,
    )  # fmt: skip
    stubborn.stdout.readline()
    processes.stop(stubborn, signal.SIGTERM, seconds=0.2)
    assert stubborn.returncode == -signal.SIGKILL
    stubborn.stdout.close()


def test_socket_paths_stay_short(tmp_path):
    deep = tmp_path / ("d" * 60) / ("e" * 60)
    assert len(str(folders.socket_folder(deep) / ".s.PGSQL.5432.lock")) <= 100
    near = Path("/var/tmp/app/servers")
    assert folders.socket_folder(near) == near / "s"


def test_the_launchers_folder_moves_out_of_a_closed_home(monkeypatch, place):
    closed = place / "closed"
    closed.mkdir(mode=0o700)
    monkeypatch.setenv("SUPERAPP_VAR", str(closed / "var"))
    home = services.development(ROOT).home
    shutil.rmtree(closed)
    if os.geteuid() == 0:
        assert home.parent == Path("/var/tmp")
    else:
        assert home == closed / "var" / "servers"
