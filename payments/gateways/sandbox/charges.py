"""How the sandbox's gateway charges cards, keeps numbers and pays out."""

import secrets

from django.conf import settings

from payments.gateways.sandbox import objects
from payments.gateways.sandbox.objects import Data, Refused

_DECLINED = {
    "declined": ("card_declined", "generic_decline"),
    "insufficient": ("card_declined", "insufficient_funds"),
}


def open_session(given: Data) -> Data:
    """A hosted page that takes a number and keeps it."""
    session = objects.create(
        "cs_test",
        "checkout.session",
        mode="setup",
        status="open",
        setup_intent=None,
        payment_method_types=list(given.get("payment_method_types", {"0": "card"}).values()),
        customer=given.get("customer"),
        currency=given.get("currency"),
        success_url=given["success_url"],
        cancel_url=given.get("cancel_url"),
        metadata=given.get("metadata", {}),
    )
    session["url"] = f"{settings.PUBLIC_ORIGIN}/sandbox/checkout/{session['id']}/"
    return objects.save(session)


def expire_session(session: Data) -> Data:
    if session["status"] == "open":
        session["status"] = "expired"
        objects.save(session)
        objects.tell("checkout.session.expired", session)
    return session


def expanded(session: Data) -> Data:
    """The session with its setup intent and payment method inside."""
    if not session["setup_intent"]:
        return session
    intent = objects.load(session["setup_intent"])
    method = objects.load(intent["payment_method"])
    return {**session, "setup_intent": {**intent, "payment_method": method}}


def charge(given: Data) -> Data:
    """Charge a kept number. Raises Refused where the card says no."""
    method = objects.load(given["payment_method"])
    intent = objects.create(
        "pi",
        "payment_intent",
        amount=int(given["amount"]),
        amount_received=0,
        currency=given["currency"],
        customer=given.get("customer"),
        payment_method=method["id"],
        status="requires_confirmation",
        next_action=None,
        last_payment_error=None,
        latest_charge=None,
        return_url=given.get("return_url", ""),
        capture_method=given.get("capture_method", "automatic"),
        metadata=given.get("metadata", {}),
        _does=method["_does"],
    )
    does = method["_does"]
    if does in _DECLINED:
        return refuse(intent, *_DECLINED[does])
    if does == "3ds":
        url = f"{settings.PUBLIC_ORIGIN}/sandbox/confirm/{intent['id']}/"
        intent["status"] = "requires_action"
        intent["next_action"] = {"type": "redirect_to_url", "redirect_to_url": {"url": url}}
        objects.tell("payment_intent.requires_action", objects.save(intent))
        return intent
    if does == "late":
        intent["status"] = "processing"
        objects.later("pay", intent["id"])
        return objects.save(intent)
    if does == "timeout":
        intent["_lost"] = "once"
    return pay(intent)


def pay(intent: Data) -> Data:
    """The bank says yes: the money is ours, or kept for us until it is captured."""
    if intent["capture_method"] == "manual":
        intent |= {"status": "requires_capture", "next_action": None}
        objects.tell("payment_intent.amount_capturable_updated", objects.save(intent))
        return intent
    return take(intent, intent["amount"])


def capture(intent: Data, given: Data) -> Data:
    """Take what is kept, or a part of it. Raises Refused."""
    amount = int(given.get("amount_to_capture") or intent["amount"])
    if intent["status"] != "requires_capture":
        raise _unexpected("It can't be captured any more.")
    if not 1 <= amount <= intent["amount"]:
        raise Refused(
            400,
            type="invalid_request_error",
            code="amount_too_large",
            message="More than what is kept can't be captured.",
        )
    if intent["_does"] == "timeout":
        intent["_lost"] = "once"
    return take(intent, amount)


def take(intent: Data, amount: int) -> Data:
    """The money is ours."""
    intent |= {
        "status": "succeeded",
        "amount_received": amount,
        "next_action": None,
        "latest_charge": f"ch_{secrets.token_hex(10)}",
    }
    objects.save(intent)
    objects.moved(intent, amount)
    copies = 2 if intent["_does"] == "twice" else 1
    objects.tell("payment_intent.succeeded", intent, copies=copies)
    if intent["_does"] == "dispute":
        objects.later("dispute", intent["id"])
    return intent


def refuse(intent: Data, code: str, decline_code: str) -> Data:
    """The card said no; the answer is an error that carries the intent."""
    error = {
        "type": "card_error",
        "code": code,
        "decline_code": decline_code,
        "message": "Your card was declined.",
    }
    intent |= {"status": "requires_payment_method", "next_action": None}
    intent["last_payment_error"] = error
    objects.save(intent)
    objects.tell("payment_intent.payment_failed", intent)
    raise Refused(402, **error, payment_intent=intent)


def cancel(intent: Data) -> Data:
    if intent["status"] in {"succeeded", "processing"}:
        raise _unexpected("It can't be cancelled any more.")
    intent["status"] = "canceled"
    objects.save(intent)
    objects.tell("payment_intent.canceled", intent)
    return intent


def _unexpected(message: str) -> Refused:
    return Refused(
        400,
        type="invalid_request_error",
        code="payment_intent_unexpected_state",
        message=message,
    )


def pay_out(given: Data) -> Data:
    """Send money to a kept account. The bank decides some seconds later."""
    method = objects.load(given["destination"])
    payout = objects.create(
        "po",
        "payout",
        amount=int(given["amount"]),
        currency=given["currency"],
        destination=method["id"],
        status="in_transit",
        failure_code=None,
        metadata=given.get("metadata", {}),
        _does=method["_does"],
    )
    objects.tell("payout.created", payout)
    objects.later("payout", payout["id"])
    return payout
