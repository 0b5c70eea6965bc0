"""The only place where a status changes."""

from collections.abc import Collection, Mapping
from typing import Any

from django.db import models

from superapp.kernel.errors import Conflict


class IllegalTransition(Conflict):
    """The table of moves forbids it; `state` says where the row is now."""

    code = "illegal_transition"


def move(
    row: models.Model,
    to: str,
    *,
    allowed: Mapping[Any, Collection[Any]],
    **changes: Any,
) -> None:
    """Move row.status to `to` if the table allows it and nobody moved it first.

    One conditional UPDATE: of two callers that race exactly one passes, the other gets Conflict.
    """
    before: str = row.status  # type: ignore[attr-defined]
    if to not in allowed[before]:
        raise IllegalTransition(state=before)
    manager = type(row)._default_manager
    if not manager.filter(pk=row.pk, status=before).update(status=to, **changes):
        raise Conflict
    for name, value in {"status": to, **changes}.items():
        setattr(row, name, value)
