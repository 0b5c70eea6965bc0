"""manage.py wxdriver: the people and the staff behind a program's tests, for the sandbox.

Reads one JSON object per line, `{"op": …}`, and answers one per line: tests/wechat/conformance/DRIVER.md.
Everything goes through the actions that pages and the API call.
"""

import json
import sys
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import close_old_connections

from chat.management.driving import OPERATIONS
from superapp.kernel.errors import Refusal


class Command(BaseCommand):
    help = (
        "Act as followers and staff of official accounts, one JSON request a line (sandbox only)."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.SANDBOX:
            raise CommandError("People are only played in the sandbox (SUPERAPP_SANDBOX=1).")
        for line in sys.stdin:
            if line.strip():
                self.stdout.write(json.dumps(_answer(line), ensure_ascii=False))
                self.stdout.flush()


def _answer(line: str) -> dict[str, Any]:
    close_old_connections()
    try:
        given = json.loads(line)
        act: Callable[..., dict[str, Any] | None] | None = OPERATIONS.get(given.pop("op", ""))
        if act is None:
            return {"ok": False, "error": "there is no such operation"}
        return {"ok": True, **(act(**given) or {})}
    except Refusal as refusal:
        return {"ok": False, "error": refusal.code}
    except (TypeError, KeyError, ValueError) as problem:
        return {"ok": False, "error": f"{type(problem).__name__}: {problem}"}
