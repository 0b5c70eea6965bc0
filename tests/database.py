"""Emptying the database after tests that commit: milliseconds instead of a second each."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction
from django.test import TransactionTestCase

# Replica role: no trigger fires, neither foreign keys nor the guards of append-only tables.
_EMPTY = """
DO $$ DECLARE t regclass; is_used boolean; BEGIN
  SET LOCAL session_replication_role = replica;
  FOR t IN SELECT c.oid::regclass FROM pg_class c JOIN pg_namespace s ON s.oid = c.relnamespace
    WHERE c.relkind = 'r' AND s.nspname = 'public' AND c.relname NOT IN
      ('django_migrations', 'django_content_type', 'auth_permission', 'django_site')
  LOOP
    EXECUTE format('SELECT EXISTS (SELECT 1 FROM %s)', t) INTO is_used;
    IF is_used THEN EXECUTE format('DELETE FROM %s', t); END IF;
  END LOOP;
END $$
"""
_WRITTEN = """
SELECT sum(pg_stat_get_xact_tuples_inserted(oid) + pg_stat_get_xact_tuples_updated(oid)
    + pg_stat_get_xact_tuples_deleted(oid))
FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
"""


def flush_fast() -> None:
    """Let every test that commits clean up by deleting from the tables that hold something."""

    def teardown(self):
        with connection.cursor() as cursor:
            cursor.execute(_EMPTY)

    TransactionTestCase._fixture_teardown = teardown  # type: ignore[attr-defined]


@contextmanager
def undone() -> Iterator[None]:
    """What happens inside is undone. Like the test's own transaction it does not count as one:
    what insists on committing by itself may run here."""
    block = transaction.atomic()
    block._from_testcase = True  # type: ignore[attr-defined]
    with block:
        yield
        transaction.set_rollback(True)


def written() -> int:
    """Rows written in this transaction so far, those that were undone again among them."""
    with connection.cursor() as cursor:
        cursor.execute(_WRITTEN)
        return int(cursor.fetchone()[0])
