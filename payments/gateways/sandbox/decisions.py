"""What happens at the sandbox's bank without us asking: hosted pages, decisions, webhooks."""

import json
import time as clock
from collections.abc import Mapping
from contextlib import suppress
from io import BytesIO
from typing import Any

from django.conf import settings
from django.core.handlers.wsgi import WSGIRequest
from django.db import transaction
from django.urls import resolve, reverse

from payments.gateways.base import sign
from payments.gateways.sandbox import charges, numbers, objects, refunds
from payments.gateways.sandbox.objects import DELIVER, STEP, Data, Refused
from superapp.kernel.errors import Invalid, NotFound
from superapp.kernel.money import Money

# How long a bank waits for an answer to a dispute.
_ANSWER_SECONDS = 7 * 24 * 3600

__all__ = [
    "DELIVER",
    "STEP",
    "abandon_session",
    "amount_of",
    "answer_challenge",
    "challenge_of",
    "complete_session",
    "decide_dispute",
    "deliver",
    "hear_evidence",
    "session_of",
    "step",
]


def session_of(key: str) -> Data:
    """An open hosted page. Raises NotFound."""
    return _open(key, "checkout.session", "open")


def challenge_of(key: str) -> Data:
    """A charge that waits for the person's word. Raises NotFound."""
    return _open(key, "payment_intent", "requires_action")


def amount_of(charge: Data) -> Money:
    """What a charge is about."""
    return Money(int(charge["amount"]), str(charge["currency"]).upper())


@transaction.atomic
def complete_session(key: str, *, number: str, holder: str, month: int, year: int) -> str:
    """Keep a number; returns where the person goes next. Raises NotFound, Invalid."""
    session = session_of(key)
    is_bank = "card" not in session["payment_method_types"]
    known = numbers.known(number, is_bank=is_bank)
    if known is None:
        raise Invalid
    facts = {"last4": known.last4, "fingerprint": known.fingerprint}
    if is_bank:
        kept = {"type": "us_bank_account", "us_bank_account": {**facts, "bank_name": known.brand}}
    else:
        card = {**facts, "brand": known.brand, "exp_month": month, "exp_year": year}
        kept = {"type": "card", "card": card}
    method = objects.create(
        "pm",
        "payment_method",
        customer=session["customer"],
        billing_details={"name": holder},
        _does=known.does,
        **kept,
    )
    intent = objects.create("seti", "setup_intent", status="succeeded", payment_method=method["id"])
    session |= {"status": "complete", "setup_intent": intent["id"]}
    objects.tell("checkout.session.completed", objects.save(session))
    return str(session["success_url"])


@transaction.atomic
def abandon_session(key: str) -> str:
    """Go back without a number; returns where to."""
    session = session_of(key)
    charges.expire_session(session)
    return str(session["cancel_url"] or session["success_url"])


@transaction.atomic
def answer_challenge(key: str, *, is_confirmed: bool) -> str:
    """The person's word to their bank; returns where they go next."""
    intent = challenge_of(key)
    if is_confirmed:
        charges.pay(intent)
    else:
        with suppress(Refused):  # whoever waits reads it from the object
            charges.refuse(intent, "payment_intent_authentication_failure", "authentication")
    return str(intent["return_url"])


@transaction.atomic
def decide_dispute(key: str, *, is_won: bool) -> None:
    """The payer's bank decides."""
    dispute = objects.load(key)
    if dispute["status"] not in {"won", "lost"}:
        dispute["status"] = "won" if is_won else "lost"
        objects.save(dispute)
        if is_won:
            objects.moved(dispute, dispute["amount"])
        objects.tell("charge.dispute.closed", dispute)


def hear_evidence(dispute: Data, given: Data) -> Data:
    """Our side of it. As in Stripe's test mode two words decide at once:
    https://docs.stripe.com/testing#evidence. Anything else is left to whoever plays the bank."""
    if dispute["status"] != "needs_response":
        raise Refused(400, type="invalid_request_error", message="This dispute takes no evidence.")
    dispute["evidence"] = given.get("evidence", {})
    dispute["status"] = "under_review"
    dispute["evidence_details"] |= {"submission_count": 1, "has_evidence": True}
    objects.save(dispute)
    objects.later("review", dispute["id"])
    return dispute


def _doubt(what: str, data: Data) -> None:
    match what, data["status"]:
        case "dispute", _:
            _dispute(data)
        case "review", "under_review":
            _review(data)
        case "silence", "needs_response":
            decide_dispute(data["id"], is_won=False)  # nobody answered in time


def _review(dispute: Data) -> None:
    said = dispute["evidence"].get("uncategorized_text", "")
    if said in {"winning_evidence", "losing_evidence"}:
        decide_dispute(dispute["id"], is_won=said == "winning_evidence")


@transaction.atomic
def step(payload: Mapping[str, Any]) -> None:
    """The job in which the bank decides what it left open."""
    data = objects.load(payload["key"])
    match payload["what"]:
        case "pay" if data["status"] == "processing":
            charges.pay(data)
        case "refund" if data["status"] == "pending":
            refunds.decide(data)
        case "bounce" if data["status"] == "succeeded":
            refunds.bounce(data)
        case "dispute" | "review" | "silence" as what:
            _doubt(what, data)
        case "payout" if data["status"] == "in_transit":
            _pay_out(data)
        case "return" if data["status"] == "paid":
            _send_back(data, "account_closed")
            objects.moved(data, data["amount"])


def _pay_out(payout: Data) -> None:
    if payout["_does"] == "fails":
        _send_back(payout, "account_closed")
        return
    payout["status"] = "paid"
    objects.save(payout)
    objects.moved(payout, -payout["amount"])
    objects.tell("payout.paid", payout)
    if payout["_does"] == "returned":
        objects.later("return", payout["id"])


def _send_back(payout: Data, code: str) -> None:
    payout |= {"status": "failed", "failure_code": code}
    objects.save(payout)
    objects.tell("payout.failed", payout)


def _dispute(intent: Data) -> None:
    moment = int(clock.time())
    objects.save(intent | {"_disputed": True})
    dispute = objects.create(
        "dp",
        "dispute",
        amount=intent["amount"],
        currency=intent["currency"],
        payment_intent=intent["id"],
        charge=intent["latest_charge"],
        status="needs_response",
        reason="fraudulent",
        evidence_details={"due_by": moment + _ANSWER_SECONDS},
    )
    objects.moved(dispute, -intent["amount"])
    objects.tell("charge.dispute.created", dispute)
    objects.later("silence", dispute["id"], seconds=_ANSWER_SECONDS)


def deliver(payload: Mapping[str, Any]) -> None:
    """The job that brings a webhook to our own door. Raises when the door does not say 200."""
    with transaction.atomic():
        body = json.dumps(objects.load(payload["event"])).encode()
    stamp = str(int(clock.time()))
    address = reverse("payments:webhook")
    request = WSGIRequest(
        {
            "REQUEST_METHOD": "POST",
            "PATH_INFO": address,
            "CONTENT_TYPE": "application/json",
            "CONTENT_LENGTH": str(len(body)),
            "HTTP_STRIPE_SIGNATURE": f"t={stamp},v1={sign(body, stamp, settings.WEBHOOK_SECRETS[0])}",
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "wsgi.input": BytesIO(body),
        }
    )
    answer = resolve(address).func(request)
    if answer.status_code != 200:
        raise ConnectionError(f"the webhook was answered with {answer.status_code}")


def _open(key: str, kind: str, status: str) -> Data:
    try:
        with transaction.atomic():
            data = objects.load(key)
    except Refused:
        raise NotFound from None
    if data["object"] != kind or data["status"] != status:
        raise NotFound
    return data
