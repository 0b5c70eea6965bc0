"""The payment gateway: Stripe, or the sandbox inside the house, through the same calls."""

from payments.gateways.base import Ask, CardFacts, Event, Evidence, Gateway, Result, Silent
from payments.gateways.choice import gateway

__all__ = ["Ask", "CardFacts", "Event", "Evidence", "Gateway", "Result", "Silent", "gateway"]
