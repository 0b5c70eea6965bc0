"""Statements of the hot paths, which the server keeps and plans once per connection.

The ORM lets the client put values into a statement, which the server then parses and plans each
time. For the few statements that run thousands of times a second that costs as much as their work.
"""

from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.db.backends.postgresql.base import ServerBindingCursor

Row = tuple[Any, ...]


def rows_of(statement: str, values: Sequence[object]) -> list[Row]:
    """The answer to a statement whose values the server binds: their types must be clear from it,
    as those of a function's arguments are."""
    connection.ensure_connection()
    raw = connection.connection
    raw.prepare_threshold = 0
    kept = ServerBindingCursor(raw)  # type: ignore[call-arg]
    # The wrapper counts and logs statements as for every other cursor.
    with connection._prepare_cursor(kept) as cursor:  # type: ignore[attr-defined]
        cursor.execute(statement, values)
        found: list[Row] = cursor.fetchall()
    return found
