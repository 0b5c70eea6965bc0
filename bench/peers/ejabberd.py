"""ejabberd as a peer: archive of every message (mod_mam) in the same PostgreSQL, no TLS, no shaper.

From Debian's packages `ejabberd` and `erlang-p1-pgsql`, which need not run as a service.
"""

import asyncio
import os
import pwd
import shutil
from pathlib import Path

import psycopg

from bench.peers.load import Sink
from bench.peers.xmpp import Connection, opened
from ops.services import Services

SCHEMA = Path("/usr/share/ejabberd/sql/pg.sql")
ERL = "/usr/bin/erl"
_CONFIG = """
loglevel: error
hosts: [localhost]
listen:
  - port: {port}
    ip: "127.0.0.1"
    module: ejabberd_c2s
    starttls: false
    starttls_required: false
    max_stanza_size: 262144
    shaper: none
    access: all
auth_method: [sql]
auth_password_format: plain
default_db: sql
sql_type: pgsql
sql_server: "127.0.0.1"
sql_port: {pg_port}
sql_database: ejabberd
sql_username: {role}
sql_password: "{password}"
sql_pool_size: 10
registration_timeout: infinity
shaper_rules:
  max_user_sessions: 10
  max_user_offline_messages: 100
modules:
  mod_disco: {{}}
  mod_ping: {{}}
  mod_roster: {{}}
  mod_register: {{ip_access: all, access: all}}
  mod_stream_mgmt: {{}}
  mod_mam: {{default: always, request_activates_archiving: false, assume_mam_usage: false}}
  mod_muc:
    access: all
    access_create: all
    access_persistent: all
    access_mam: all
    min_message_interval: 0
    min_presence_interval: 0
    max_users: 500
    max_users_presence: 500
    max_user_conferences: 500
    default_room_options: {{mam: true, persistent: true, public: true, members_only: false, anonymous: false}}
"""


class Peer:
    name = "ejabberd"
    # One row per party of a 1:1 message.
    count_sql = "SELECT count(*) FROM archive"
    database = "ejabberd"

    def command(self, port: int) -> list[str]:
        folder = self._folder
        return [
            *(ERL, "+K", "true", "+P", "250000", "-noinput"),
            *("-mnesia", "dir", f'"{folder}"', "-s", "ejabberd"),
        ]

    def environment(self, servers: Services, port: int, users: int) -> dict[str, str]:
        postgres = servers.postgres
        with psycopg.connect(postgres.url, autocommit=True) as connection:
            connection.execute("CREATE DATABASE ejabberd")
        with psycopg.connect(postgres.url, dbname="ejabberd", autocommit=True) as connection:
            connection.execute(SCHEMA.read_bytes())
        folder = self._folder = servers.home / "ejabberd"
        folder.mkdir(mode=0o755)
        (folder / "e.yml").write_text(
            _CONFIG.format(
                port=port, pg_port=servers.tcp_port, role="superapp", password=postgres.password
            )
        )
        for name in ("ctl.cfg", "inetrc"):
            (folder / name).touch()
        if os.geteuid() == 0:
            for path in (folder, *folder.iterdir()):
                shutil.chown(path, "ejabberd", "ejabberd")
        return {
            "EJABBERD_CONFIG_PATH": str(folder / "e.yml"),
            "EJABBERD_LOG_PATH": str(folder / "e.log"),
            "ERL_CRASH_DUMP": str(folder / "dump"),
            "ERL_MAX_PORTS": "32000",
            "HOME": str(folder),
            **_libraries(),
        }

    @property
    def user(self) -> str | None:
        return "ejabberd" if os.geteuid() == 0 else None

    async def prepare(self, port: int, people: int, groups: dict[int, list[int]]) -> None:
        self._groups = groups
        for first in range(0, people, 20):
            await asyncio.gather(
                *(self._register(port, user) for user in range(first, min(first + 20, people)))
            )

    async def connect(self, port: int, user: int, sink: Sink) -> Connection:
        connection = await opened(port, user, sink)
        await connection.sign_in()
        for group, members in self._groups.items():
            if user in members:
                await connection.join(group)
        return connection

    async def _register(self, port: int, user: int) -> None:
        connection = await opened(port, user, None)
        await connection.register()
        await connection.close()


def missing() -> str:
    """Why it can't be measured here; empty when it can."""
    if not SCHEMA.exists() or not Path(ERL).exists():
        return "install Debian's packages ejabberd and erlang-p1-pgsql to compare with it"
    try:
        pwd.getpwnam("ejabberd")
    except KeyError:
        return "there is no user ejabberd"
    return ""


def _libraries() -> dict[str, str]:
    found = next(Path("/usr/lib").glob("*-linux-gnu/ejabberd*"), None)
    return {"ERL_LIBS": str(found.parent)} if found else {}
