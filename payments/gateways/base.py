"""What we need of a payment gateway, whoever it is."""

import hashlib
import hmac
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal, Protocol

from payments.errors import BadSignature
from superapp.kernel.money import Money

Outcome = Literal["succeeded", "failed", "needs_action", "pending", "authorised"]


class Silent(Exception):
    """No answer, or none that makes sense: the gateway may have done it, or not."""


@dataclass(frozen=True, slots=True)
class Ask:
    """What is asked for. `op` is our id: the idempotency key, and the mark we search by."""

    op: str
    kind: str
    amount: Money
    customer: str = ""
    # The token of the card or account that is charged or paid.
    token: str = ""
    # For a binding: "card" or "bank".
    binds: str = ""
    name: str = ""
    # Where the gateway's pages send the person back to, a full address.
    back: str = ""
    # Of a refund: the charge it gives back, by the gateway's id.
    charge: str = ""
    # The amount is only kept by the bank, and captured later.
    is_manual: bool = False


@dataclass(frozen=True, slots=True)
class CardFacts:
    """What a gateway tells of a number it keeps."""

    kind: str
    token: str
    fingerprint: str
    brand: str
    last4: str
    holder: str
    exp_month: int | None = None
    exp_year: int | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """How something stands at the gateway, as it told itself and as nobody else said."""

    outcome: Outcome
    external_id: str
    # What it says it was about: compared with what we asked before anything moves.
    op: str = ""
    amount: Money | None = None
    # What was really taken from a card; less than `amount` when only a part was captured.
    received: Money | None = None
    reason: str = ""
    action_url: str = ""
    card: CardFacts | None = None
    # Days after it was paid the bank sent it back.
    is_returned: bool = False


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the payer's bank is told: a text and at most one file, of a type the gateway takes."""

    text: str
    file_name: str = ""
    file: bytes = b""


@dataclass(frozen=True, slots=True)
class DisputeFacts:
    external_id: str
    # The charge it is about, by the id we know it by.
    charge_id: str
    amount: Money
    status: Literal["open", "won", "lost"]
    reason: str = ""
    due: int = 0


@dataclass(frozen=True, slots=True)
class Event:
    """A webhook, verified. What it says about amounts is not believed."""

    event_id: str
    type: str
    object_id: str
    raw: str = field(repr=False, default="")


@dataclass(frozen=True, slots=True)
class Movement:
    """One line of the gateway's own books: plus came in."""

    external_id: str
    amount: Money


class Gateway(Protocol):
    """Every call takes seconds and must not be made inside a transaction. Raises Silent."""

    def customer(self, *, key: str, name: str) -> str: ...

    def ask(self, ask: Ask) -> Result:
        """Begin it, or get the first answer again: the same `op` never does it twice."""

    def look(self, kind: str, external_id: str) -> Result: ...

    def find(self, kind: str, op: str) -> Result | None:
        """Search by our own id, where the answer to `ask` was lost."""

    def cancel(self, kind: str, external_id: str) -> None: ...

    def capture(self, *, op: str, external_id: str, amount: Money) -> Result:
        """Take what the bank keeps, or a part of it; the rest is free. The same `op` does it once."""

    def dispute(self, external_id: str) -> DisputeFacts: ...

    def answer(self, *, op: str, external_id: str, evidence: Evidence) -> None:
        """Tell the bank, for good. The same `op` does it once; what is decided stays so."""

    def read_event(self, body: bytes, signature: str) -> Event:
        """Raises BadSignature, BadEvent."""

    def movements(self, since: int) -> Iterator[Movement]:
        """What moved at the gateway since then (Unix time)."""


def check_signature(body: bytes, header: str, *, secrets: list[str], seconds: int) -> None:
    """Stripe's scheme: every v1 value against every secret, in constant time; `t` close to now.

    Raises BadSignature. Timestamps of the future are as bad as old ones.
    """
    parts = [part.partition("=") for part in header.split(",")[:10]]
    stamps = [value for name, _eq, value in parts if name.strip() == "t"]
    given = [value.strip() for name, _eq, value in parts if name.strip() == "v1"]
    if len(stamps) != 1 or not stamps[0].isascii() or not stamps[0].isdigit():
        raise BadSignature
    stamp = stamps[0][:15]
    is_right = False
    for secret in secrets:
        wanted = sign(body, stamp, secret)
        for value in given:
            is_right |= hmac.compare_digest(wanted.encode(), value.encode())
    if not is_right or abs(time.time() - int(stamp)) > seconds:
        raise BadSignature


def sign(body: bytes, stamp: str, secret: str) -> str:
    """The v1 value of a body at a time."""
    return hmac.new(secret.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
