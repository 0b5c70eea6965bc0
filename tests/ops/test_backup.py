"""A backup is what can be restored: saved from a living database, restored, and equal."""

import json

import psycopg
import pytest

from ops import backup, services


@pytest.fixture(scope="module")
def url():
    with services.throwaway() as servers:
        yield servers.postgres.url


@pytest.fixture
def books(url):
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("DROP TABLE IF EXISTS message, entry")
        connection.execute(
            "CREATE TABLE message (id bigint PRIMARY KEY, text text, at timestamptz)"
        )
        connection.execute("CREATE TABLE entry (amount bigint)")
        connection.execute(
            "INSERT INTO message SELECT n, '红包 ' || n, now() FROM generate_series(1, 500) n"
        )
        connection.execute("INSERT INTO entry VALUES (5), (-5)")
        yield connection


def databases(connection):
    return sorted(name for (name,) in connection.execute("SELECT datname FROM pg_database"))


def test_a_backup_restores_to_the_same_content_while_people_write_on(books, url, tmp_path):
    before = databases(books)
    dump = backup.save(tmp_path, url)
    books.execute("INSERT INTO message VALUES (1001, 'later', now())")

    found = backup.drill(dump, url)
    assert {table: count for table, (count, _sum) in found.items()} == {"entry": 2, "message": 500}
    assert databases(books) == before
    assert dump.stat().st_mode & 0o077 == 0
    assert list(tmp_path.glob("*.part")) == []


def test_a_backup_that_restores_to_something_else_is_refused(books, url, tmp_path):
    dump = backup.save(tmp_path, url)
    manifest = dump.with_suffix(".json")
    changed = json.loads(manifest.read_text())
    changed["entry"][1] += 1
    manifest.write_text(json.dumps(changed))
    with pytest.raises(SystemExit, match="does not restore to what was saved: entry"):
        backup.drill(dump, url)
    assert [name for name in databases(books) if "drill" in name] == []


def test_a_broken_file_is_refused_and_cleared_away(books, url, tmp_path):
    dump = backup.save(tmp_path, url)
    dump.write_bytes(dump.read_bytes()[:900])
    with pytest.raises(SystemExit, match="pg_restore failed"):
        backup.drill(dump, url)
    assert [name for name in databases(books) if "drill" in name] == []


def test_only_the_newest_are_kept(books, url, tmp_path, monkeypatch):
    monkeypatch.setattr(backup, "KEEP", 2)
    for day in (1, 2, 3):
        old = tmp_path / f"superapp-2020010{day}-000000.dump"
        old.touch()
        old.with_suffix(".json").touch()
    dump = backup.save(tmp_path, url)
    assert sorted(p.name for p in tmp_path.glob("*.dump")) == [
        "superapp-20200103-000000.dump",
        dump.name,
    ]
    assert backup.newest(tmp_path) == dump
    assert not (tmp_path / "superapp-20200101-000000.json").exists()
