"""How the sandbox's gateway gives charges back."""

from payments.gateways.sandbox import objects
from payments.gateways.sandbox.objects import Data, Refused

# What becomes of money back to a card, by what the card does; all others have it at once.
_WAITS = {"late", "refund_late", "refund_closed", "refund_busy"}
_FAILS = {"refund_closed": "expired_or_canceled_card", "refund_busy": "unknown"}


def refund(given: Data) -> Data:
    """Give a charge back, or a part of it. Raises Refused."""
    intent = objects.load(given["payment_intent"])
    amount, given_back = int(given["amount"]), int(intent.get("_refunded", 0))
    if intent.get("_disputed"):
        raise _refused("charge_disputed", "This charge is disputed.")
    if intent["status"] != "succeeded" or given_back + amount > intent["amount_received"]:
        raise _refused("charge_already_refunded", "More than what was charged can't go back.")
    intent["_refunded"] = given_back + amount
    objects.save(intent)
    does = intent["_does"]
    made = objects.create(
        "re",
        "refund",
        amount=amount,
        currency=intent["currency"],
        payment_intent=intent["id"],
        charge=intent["latest_charge"],
        status="pending",
        failure_reason=None,
        metadata=given.get("metadata", {}),
        _does=does,
    )
    if does == "timeout":
        made["_lost"] = "once"
    if does not in _WAITS:
        return _done(made)
    objects.tell("refund.created", made)
    objects.later("refund", made["id"])
    return made


def decide(refund: Data) -> None:
    """The card's bank takes it, or not."""
    if refund["_does"] in _FAILS:
        fail(refund, _FAILS[refund["_does"]])
    else:
        _done(refund)


def bounce(refund: Data) -> None:
    """The card's bank took it, and sends it back days later."""
    objects.moved(refund, refund["amount"])
    fail(refund, "expired_or_canceled_card")


def fail(refund: Data, reason: str) -> None:
    refund |= {"status": "failed", "failure_reason": reason}
    objects.save(refund)
    intent = objects.load(refund["payment_intent"])
    intent["_refunded"] -= refund["amount"]
    objects.save(intent)
    objects.tell("refund.failed", refund)


def _done(refund: Data) -> Data:
    refund["status"] = "succeeded"
    objects.save(refund)
    objects.moved(refund, -refund["amount"])
    objects.tell("refund.updated", refund, copies=2 if refund["_does"] == "twice" else 1)
    if refund["_does"] == "refund_bounced":
        objects.later("bounce", refund["id"])
    return refund


def _refused(code: str, message: str) -> Refused:
    return Refused(400, type="invalid_request_error", code=code, message=message)
