"""What doors of a program share."""

from typing import Any

from accounts.guards import PROGRAM_CODES as CODES
from accounts.guards import program

__all__ = ["CODES", "paged", "program"]


def paged(total: int, openids: list[str], *, with_total: bool) -> dict[str, Any]:
    """A page of openids. Clients read on until there is no `data`."""
    page: dict[str, Any] = {"total": total} if with_total else {}
    page["count"] = len(openids)
    if openids:
        page["data"] = {"openid": openids}
    page["next_openid"] = openids[-1] if openids else ""
    return page
