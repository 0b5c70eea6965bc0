"""Stripe, by its SDK. The sandbox answers the same calls."""

import io
from collections.abc import Iterator
from typing import Any

import stripe
from django.conf import settings
from django.db import transaction

from payments.errors import BadEvent
from payments.gateways.base import (
    Ask,
    CardFacts,
    DisputeFacts,
    Event,
    Evidence,
    Movement,
    Outcome,
    Result,
    Silent,
    check_signature,
)
from superapp.kernel.api import BadJSON, strict_json
from superapp.kernel.money import Money

_CHARGE: dict[str, Outcome] = {
    "succeeded": "succeeded",
    "requires_action": "needs_action",
    "requires_capture": "authorised",
    "processing": "pending",
    "canceled": "failed",
    "requires_payment_method": "failed",
}
_PAYOUT: dict[str, Outcome] = {"paid": "succeeded", "failed": "failed", "canceled": "failed"}
_REFUND: dict[str, Outcome] = {"succeeded": "succeeded", "failed": "failed", "canceled": "failed"}
_SESSION: dict[str, Outcome] = {"complete": "succeeded", "open": "needs_action"}
_METHODS = {"card": "card", "bank": "us_bank_account"}


class _Named(io.BytesIO):
    """A file as the SDK reads one."""

    def __init__(self, evidence: Evidence) -> None:
        super().__init__(evidence.file)
        self.name = evidence.file_name


class StripeGateway:
    """See base.Gateway."""

    def __init__(self, client: stripe.StripeClient) -> None:
        self._v1 = client.v1

    def customer(self, *, key: str, name: str) -> str:
        made = self._call(
            lambda: self._v1.customers.create(
                {"name": name, "metadata": {"account": key}}, {"idempotency_key": f"customer:{key}"}
            )
        )
        return str(made["id"])

    def ask(self, ask: Ask) -> Result:
        options: Any = {"idempotency_key": ask.op}
        mark = {"op": ask.op}
        amount = {"amount": ask.amount.minor, "currency": ask.amount.currency.lower()}
        params: Any
        if ask.kind == "bind":
            params = {
                "mode": "setup",
                "customer": ask.customer,
                "payment_method_types": [_METHODS[ask.binds]],
                "success_url": ask.back,
                "cancel_url": ask.back,
                "metadata": mark,
            }
            return self._result("bind", lambda: self._v1.checkout.sessions.create(params, options))
        if ask.kind == "payout":
            params = {**amount, "destination": ask.token, "metadata": mark}
            return self._result("payout", lambda: self._v1.payouts.create(params, options))
        if ask.kind == "refund":
            params = {"payment_intent": ask.charge, "amount": ask.amount.minor, "metadata": mark}
            return self._result("refund", lambda: self._v1.refunds.create(params, options))
        params = {
            **amount,
            "customer": ask.customer,
            "payment_method": ask.token,
            "payment_method_types": ["card"],
            "confirm": True,
            "return_url": ask.back,
            "metadata": mark,
            **({"capture_method": "manual"} if ask.is_manual else {}),
        }
        return self._result("charge", lambda: self._v1.payment_intents.create(params, options))

    def look(self, kind: str, external_id: str) -> Result:
        expand: Any = {"expand": ["setup_intent.payment_method"]}
        calls: dict[str, Any] = {
            "bind": lambda: self._v1.checkout.sessions.retrieve(external_id, expand),
            "charge": lambda: self._v1.payment_intents.retrieve(external_id),
            "payout": lambda: self._v1.payouts.retrieve(external_id),
            "refund": lambda: self._v1.refunds.retrieve(external_id),
        }
        return self._result(kind, calls[kind])

    def find(self, kind: str, op: str) -> Result | None:
        query: Any = {"query": f"metadata['op']:'{op}'"}
        recent: Any = {"limit": 100}
        calls: dict[str, Any] = {
            "charge": lambda: self._v1.payment_intents.search(query),
            "payout": lambda: self._v1.payouts.list(recent),
            "refund": lambda: self._v1.refunds.list(recent),
            "bind": lambda: self._v1.checkout.sessions.list(recent),
        }
        rows = self._call(calls[kind])["data"]
        ours = [row for row in rows if (row.get("metadata") or {}).get("op") == op]
        return self.look(kind, ours[0]["id"]) if ours else None

    def cancel(self, kind: str, external_id: str) -> None:
        calls: dict[str, Any] = {
            "bind": lambda: self._v1.checkout.sessions.expire(external_id),
            "charge": lambda: self._v1.payment_intents.cancel(external_id),
        }
        try:
            self._call(calls[kind])
        except stripe.InvalidRequestError:
            return  # too late: the next look says how it ended

    def capture(self, *, op: str, external_id: str, amount: Money) -> Result:
        params: Any = {"amount_to_capture": amount.minor}
        options: Any = {"idempotency_key": f"{op}:capture"}
        try:
            said = self._call(
                lambda: self._v1.payment_intents.capture(external_id, params, options)
            )
        except (stripe.CardError, stripe.InvalidRequestError):
            return self.look("charge", external_id)  # captured before, or the bank let it go
        return _charge(said)

    def dispute(self, external_id: str) -> DisputeFacts:
        said = self._call(lambda: self._v1.disputes.retrieve(external_id))
        status = said["status"]
        return DisputeFacts(
            external_id=said["id"],
            charge_id=said.get("payment_intent") or "",
            amount=_money(said),
            status=status if status in {"won", "lost"} else "open",
            reason=said.get("reason") or "",
            due=(said.get("evidence_details") or {}).get("due_by") or 0,
        )

    def answer(self, *, op: str, external_id: str, evidence: Evidence) -> None:
        before = self._call(lambda: self._v1.disputes.retrieve(external_id))
        if (before.get("evidence_details") or {}).get("submission_count"):
            return  # it was taken, and the answer lost
        told: Any = {"uncategorized_text": evidence.text}
        if evidence.file:
            # A file that is sent twice is stored twice and named once.
            given: Any = {"purpose": "dispute_evidence", "file": _Named(evidence)}
            told["uncategorized_file"] = self._call(lambda: self._v1.files.create(given))["id"]
        params: Any = {"evidence": told, "submit": True}
        options: Any = {"idempotency_key": f"{op}:{told.get('uncategorized_file', 'evidence')}"}
        try:
            self._call(lambda: self._v1.disputes.update(external_id, params, options))
        except stripe.InvalidRequestError:
            if self.dispute(external_id).status == "open":
                raise

    def read_event(self, body: bytes, signature: str) -> Event:
        check_signature(
            body,
            signature,
            secrets=settings.WEBHOOK_SECRETS,
            seconds=settings.WEBHOOK_SECONDS,
        )
        try:
            said = strict_json(body)
            event_id, kind = said["id"], said["type"]
            object_id = said["data"]["object"].get("id") or ""
            texts = [event_id, kind, object_id]
        except (BadJSON, KeyError, TypeError, AttributeError):
            raise BadEvent from None
        if not all(isinstance(text, str) and len(text) <= 120 for text in texts) or not event_id:
            raise BadEvent
        return Event(event_id, kind[:80], object_id, body.decode())

    def movements(self, since: int) -> Iterator[Movement]:
        params: Any = {"created": {"gte": since}, "limit": 100, "expand": ["data.source"]}
        while True:
            page = self._call(lambda: self._v1.balance_transactions.list(params))
            for row in page["data"]:
                yield Movement(_moved_by(row), _money(row))
            if not page.get("has_more"):
                return
            params["starting_after"] = page["data"][-1]["id"]

    def _result(self, kind: str, call: Any) -> Result:
        try:
            return _READ[kind](self._call(call))
        except stripe.CardError as error:
            return _declined(error)
        except stripe.InvalidRequestError as error:
            return Result("failed", "", reason=(error.code or "gateway_refused")[:60])

    def _call(self, call: Any) -> dict[str, Any]:
        """One question. Silent covers all that leaves open whether it was done."""
        with transaction.atomic(durable=True):
            pass  # raises inside a transaction: a slow answer would hold rows of ours
        try:
            answer: dict[str, Any] = call().to_dict()
        except (stripe.CardError, stripe.InvalidRequestError):
            raise
        except (stripe.StripeError, ValueError, AttributeError) as error:
            raise Silent(type(error).__name__) from error
        return answer


def _money(said: dict[str, Any]) -> Money:
    return Money(int(said["amount"]), str(said["currency"]).upper())


def _op(said: dict[str, Any]) -> str:
    return str((said.get("metadata") or {}).get("op") or "")


def _moved_by(line: dict[str, Any]) -> str:
    """What a line of their books is about, by the id we know it by: of a charge, its intent."""
    source = line.get("source") or line["id"]
    if isinstance(source, str):
        return source
    is_charge = source.get("object") == "charge"
    return str((is_charge and source.get("payment_intent")) or source["id"])


def _charge(said: dict[str, Any]) -> Result:
    error = said.get("last_payment_error") or {}
    action = (said.get("next_action") or {}).get("redirect_to_url") or {}
    amount, received = _money(said), said.get("amount_received")
    return Result(
        _CHARGE.get(said["status"], "pending"),
        said["id"],
        op=_op(said),
        amount=amount,
        received=Money(int(received), amount.currency) if received else None,
        reason=str(error.get("decline_code") or error.get("code") or "")[:60],
        action_url=str(action.get("url") or ""),
    )


def _payout(said: dict[str, Any]) -> Result:
    return Result(
        _PAYOUT.get(said["status"], "pending"),
        said["id"],
        op=_op(said),
        amount=_money(said),
        reason=str(said.get("failure_code") or "")[:60],
    )


def _refund(said: dict[str, Any]) -> Result:
    return Result(
        _REFUND.get(said["status"], "pending"),
        said["id"],
        op=_op(said),
        amount=_money(said),
        reason=str(said.get("failure_reason") or "")[:60],
    )


def _session(said: dict[str, Any]) -> Result:
    outcome = _SESSION.get(said["status"], "failed")
    card = _card(said["setup_intent"]["payment_method"]) if outcome == "succeeded" else None
    return Result(
        outcome,
        said["id"],
        op=_op(said),
        reason="" if outcome != "failed" else "abandoned",
        action_url=str(said.get("url") or ""),
        card=card,
    )


def _card(method: dict[str, Any]) -> CardFacts:
    kind = "card" if method["type"] == "card" else "bank"
    facts = method.get(method["type"]) or {}
    return CardFacts(
        kind=kind,
        token=method["id"],
        fingerprint=str(facts.get("fingerprint") or method["id"]),
        brand=str(facts.get("brand") or facts.get("bank_name") or "")[:30],
        last4=str(facts.get("last4") or "")[:4],
        holder=str((method.get("billing_details") or {}).get("name") or "")[:80],
        exp_month=facts.get("exp_month"),
        exp_year=facts.get("exp_year"),
    )


def _declined(error: stripe.CardError) -> Result:
    """A refusal of the card is an answer; it names the charge it refused."""
    body: dict[str, Any] = error.json_body or {}  # type: ignore[assignment]
    said = (body.get("error") or {}).get("payment_intent") or {}
    code = getattr(error.error, "decline_code", None) or error.code or "declined"
    return Result(
        "failed",
        str(said.get("id") or ""),
        op=_op(said),
        amount=_money(said) if said else None,
        reason=str(code)[:60],
    )


_READ = {"charge": _charge, "payout": _payout, "refund": _refund, "bind": _session}
