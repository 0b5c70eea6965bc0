"""Objects of the sandbox's gateway: rows whose data looks like Stripe's."""

import secrets
from datetime import UTC, datetime, timedelta
from typing import Any

import stripe
from django.conf import settings
from django.db.models import Q

from payments.models import SandboxObject
from superapp.kernel import outbox, time

Data = dict[str, Any]
DELIVER, STEP = "payments.sandbox_deliver", "payments.sandbox_step"


class Refused(Exception):
    """The gateway says no, with the fields of Stripe's error object."""

    def __init__(self, status: int, **error: Any) -> None:
        super().__init__(error.get("code", ""))
        self.status, self.error = status, error


def create(prefix: str, kind: str, **fields: Any) -> Data:
    moment = time.now()
    data = {
        "id": f"{prefix}_{secrets.token_hex(12)}",
        "object": kind,
        "created": int(moment.timestamp()),
        "livemode": False,
        "metadata": {},
        **fields,
    }
    SandboxObject.objects.create(
        key=data["id"], kind=kind, op=data["metadata"].get("op", ""), data=data, created_at=moment
    )
    return data


def load(key: str) -> Data:
    """The object, locked: of two requests about it one waits. Raises Refused."""
    row = SandboxObject.objects.select_for_update().filter(pk=key).first()
    if row is None:
        raise Refused(
            404, type="invalid_request_error", code="resource_missing", message="No such object."
        )
    return row.data


def save(data: Data) -> Data:
    SandboxObject.objects.filter(pk=data["id"]).update(data=data)
    return data


def found(kind: str, op: str) -> list[Data]:
    rows = SandboxObject.objects.filter(kind=kind, op=op).order_by("created_at")[:10]
    return [row.data for row in rows]


def listed(
    kind: str, *, since: int = 0, after: str = "", most: int = 100
) -> tuple[list[Data], bool]:
    """The newest first, those `after` one of them; and whether there are more."""
    rows = SandboxObject.objects.filter(
        kind=kind, created_at__gte=datetime.fromtimestamp(since, UTC)
    ).order_by("-created_at", "-key")
    last = SandboxObject.objects.filter(pk=after).first() if after else None
    if last is not None:
        at = last.created_at
        rows = rows.filter(Q(created_at__lt=at) | Q(created_at=at, key__lt=last.key))
    found = [row.data for row in rows[: most + 1]]
    return found[:most], len(found) > most


def moved(source: Data, amount: int) -> None:
    """A line in the gateway's own books."""
    create(
        "txn",
        "balance_transaction",
        amount=amount,
        net=amount,
        fee=0,
        currency=source["currency"],
        source=source["id"],
    )


def tell(type_: str, about: Data, *, copies: int = 1) -> None:
    """Queue a webhook about an object, as it stands now."""
    event = create(
        "evt",
        "event",
        type=type_,
        api_version=stripe.api_version,
        data={"object": {key: value for key, value in about.items() if not key.startswith("_")}},
    )
    for _copy in range(copies):
        outbox.soon(DELIVER, {"event": event["id"]})


def later(what: str, key: str, *, times: int = 1, seconds: int = 0) -> None:
    """Let the sandbox's bank decide something some seconds from now, or so many."""
    due = time.now() + timedelta(seconds=seconds or settings.SANDBOX_LATE_SECONDS * times)
    outbox.at(STEP, {"what": what, "key": key}, due_at=due)
