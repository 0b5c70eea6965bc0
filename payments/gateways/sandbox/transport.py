"""What stands in for the wire: the SDK believes it talks to Stripe."""

import email
import hashlib
import json
import re
import secrets
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import stripe
from django.db import transaction

from payments.gateways.sandbox import charges, decisions, objects, refunds
from payments.gateways.sandbox.objects import Data, Refused
from payments.models import SandboxCall, SandboxObject

_KINDS = {
    "payment_intents": "payment_intent",
    "payouts": "payout",
    "checkout/sessions": "checkout.session",
    "balance_transactions": "balance_transaction",
    "disputes": "dispute",
    "refunds": "refund",
}


class LostAnswer(stripe.StripeError):
    """Nothing came back from the wire."""


class SandboxTransport(stripe.HTTPClient):
    """Answers requests from a table that all processes share. Idempotent like Stripe."""

    name = "sandbox"

    def request(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str] | None,
        post_data: Any = None,
        *,
        _usage: list[str] | None = None,
    ) -> tuple[str, int, Mapping[str, str]]:
        address = urlsplit(url)
        if address.path == "/v1/files":
            return json.dumps(_file(headers or {}, post_data)), 200, {}
        body = post_data.decode() if isinstance(post_data, bytes) else post_data or ""
        given = _nested(body if method == "post" else address.query)
        path = address.path.removeprefix("/v1/").strip("/")
        key = (headers or {}).get("Idempotency-Key", "") if method == "post" else ""
        with transaction.atomic():
            answer, status = self._once(key, path, body, lambda: _route(method, path, given))
        intent = json.loads(answer)
        if _is_lost(intent):
            raise LostAnswer
        return answer, status, {"Request-Id": f"req_{secrets.token_hex(6)}"}

    def close(self) -> None:
        pass

    def _once(self, key: str, path: str, body: str, answer: Any) -> tuple[str, int]:
        if not key:
            return _told(answer)
        fingerprint = hashlib.sha256(f"{path}\n{body}".encode()).hexdigest()
        SandboxCall.objects.bulk_create(
            [SandboxCall(key=key, fingerprint=fingerprint)], ignore_conflicts=True
        )
        call = SandboxCall.objects.select_for_update().get(pk=key)
        if call.fingerprint != fingerprint:
            error = {
                "type": "idempotency_error",
                "message": "This key was used for another request.",
            }
            return json.dumps({"error": error}), 400
        if not call.status:
            call.body, call.status = _told(answer)
            call.save()
        return call.body, call.status


def _told(answer: Any) -> tuple[str, int]:
    try:
        return json.dumps(answer()), 200
    except Refused as refused:
        return json.dumps({"error": refused.error}), refused.status


def _is_lost(said: Data) -> bool:
    """The card whose payments succeed while their first answer never arrives."""
    if said.get("object") not in {"payment_intent", "refund"} or said.get("_lost") != "once":
        return False
    with transaction.atomic():
        row = SandboxObject.objects.select_for_update().get(pk=said["id"])
        is_first = row.data.get("_lost") == "once"
        row.data["_lost"] = "done"
        row.save(update_fields=["data"])
    return is_first


def _route(method: str, path: str, given: Data) -> Data:
    parts = path.split("/")
    if method == "post":
        return _write(parts, given)
    if path.endswith("/search"):
        named = re.search(r"metadata\['op'\]:'(\w+)'", given.get("query", ""))
        kind = _KINDS[path.removesuffix("/search")]
        return _list(path, objects.found(kind, named[1] if named else ""))
    if path in _KINDS:
        found, has_more = objects.listed(
            _KINDS[path],
            since=int(given.get("created", {}).get("gte", 0)),
            after=given.get("starting_after", ""),
            most=min(int(given.get("limit", 10)), 100),
        )
        return _list(path, found, has_more=has_more)
    data = objects.load(parts[-1])
    return charges.expanded(data) if data["object"] == "checkout.session" else data


def _write(parts: list[str], given: Data) -> Data:
    path = "/".join(parts)
    if path in _MADE:
        return _MADE[path](given)
    if len(parts) == 2 and parts[0] == "disputes":
        return decisions.hear_evidence(objects.load(parts[1]), given)
    if len(parts) > 2:
        change = _CHANGED.get("/".join([*parts[:-2], parts[-1]]))
        if change is not None:
            return change(objects.load(parts[-2]), given)
    message = f"Unrecognized request URL ({path})"
    raise Refused(404, type="invalid_request_error", message=message)


def _file(headers: Mapping[str, str], body: bytes) -> Data:
    """An upload: its name, size and digest are kept, which is what its API shows."""
    head = f"Content-Type: {headers['Content-Type']}\r\n\r\n".encode()
    found: Data = {}
    for part in email.message_from_bytes(head + body).walk():
        name = part.get_filename()
        if name:
            content = part.get_payload(decode=True)
            assert isinstance(content, bytes)
            digest = hashlib.sha256(content).hexdigest()
            found |= {"filename": name, "size": len(content), "_sha256": digest}
    return objects.create("file", "file", purpose="dispute_evidence", **found)


def _customer(given: Data) -> Data:
    return objects.create("cus", "customer", **_kept(given, "name", "metadata"))


def _kept(given: Data, *names: str) -> Data:
    return {name: given[name] for name in names if name in given}


def _list(path: str, data: list[Data], *, has_more: bool = False) -> Data:
    kind = "search_result" if path.endswith("/search") else "list"
    return {"object": kind, "url": f"/v1/{path}", "has_more": has_more, "data": data}


def _nested(query: str) -> Data:
    """`a[b]=1` as {"a": {"b": "1"}}."""
    tree: Data = {}
    for name, value in parse_qsl(query, keep_blank_values=True):
        *folders, leaf = re.findall(r"[^\[\]]+", name)
        here = tree
        for folder in folders:
            here = here.setdefault(folder, {})
        here[leaf] = value
    return tree


_MADE: dict[str, Callable[[Data], Data]] = {
    "customers": _customer,
    "checkout/sessions": charges.open_session,
    "payment_intents": charges.charge,
    "payouts": charges.pay_out,
    "refunds": refunds.refund,
}
_CHANGED: dict[str, Callable[[Data, Data], Data]] = {
    "checkout/sessions/expire": lambda data, given: charges.expire_session(data),
    "payment_intents/capture": charges.capture,
    "payment_intents/cancel": lambda data, given: charges.cancel(data),
    "payouts/cancel": lambda data, given: data,
}
