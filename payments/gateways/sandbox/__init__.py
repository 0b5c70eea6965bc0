"""A gateway inside the house: the real SDK with its transport replaced, objects in a table."""

from payments.gateways.sandbox.decisions import (
    DELIVER,
    STEP,
    abandon_session,
    amount_of,
    answer_challenge,
    challenge_of,
    complete_session,
    decide_dispute,
    deliver,
    session_of,
    step,
)
from payments.gateways.sandbox.numbers import BANKS, CARDS, Number
from payments.gateways.sandbox.transport import SandboxTransport

__all__ = [
    "BANKS",
    "CARDS",
    "DELIVER",
    "STEP",
    "Number",
    "SandboxTransport",
    "abandon_session",
    "amount_of",
    "answer_challenge",
    "challenge_of",
    "complete_session",
    "decide_dispute",
    "deliver",
    "session_of",
    "step",
]
