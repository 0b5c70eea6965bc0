"""Test cards and accounts: what each number does."""

import hashlib
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Number:
    """`does` is what the sandbox's bank does with it."""

    number: str
    does: str
    says: str | Promise
    brand: str = "visa"

    @property
    def last4(self) -> str:
        return self.number[-4:]

    @property
    def spaced(self) -> str:
        return " ".join(self.number[i : i + 4] for i in range(0, len(self.number), 4))

    @property
    def fingerprint(self) -> str:
        """The same for the same number, and no way back to it."""
        return hashlib.sha256(f"sandbox:{self.number}".encode()).hexdigest()[:16]


CARDS = {
    one.number: one
    for one in (
        Number("4242424242424242", "ok", _("Works")),
        Number("5555555555554444", "ok", _("Works (Mastercard)"), "mastercard"),
        Number("6200000000000005", "ok", _("Works (UnionPay)"), "unionpay"),
        Number("4000000000000002", "declined", _("Is declined")),
        Number("4000000000009995", "insufficient", _("Has too little money")),
        Number("4000002760003184", "3ds", _("Asks you to confirm (3-D Secure)")),
        Number("4000000000000119", "timeout", _("Pays, but the answer is lost")),
        Number("4000000000000259", "dispute", _("Pays, and then takes it back (dispute)")),
        Number("4000000000000341", "twice", _("Pays, and the bank reports it twice")),
        Number("4000000000003055", "late", _("Pays, and the bank reports it late")),
        Number("4000000000007726", "refund_late", _("Pays; money back takes a while")),
        Number("4000000000005126", "refund_closed", _("Pays; closed when money comes back")),
        Number("4000000000005134", "refund_busy", _("Pays; the bank never takes money back")),
        Number("4000000000005142", "refund_bounced", _("Pays; money back is returned later")),
    )
}
BANKS = {
    one.number: one
    for one in (
        Number("000123456789", "ok", _("Arrives"), "sandbox bank"),
        Number(
            "000111111116", "fails", _("The account is closed: money comes back"), "sandbox bank"
        ),
        Number("000222222227", "returned", _("Arrives, and is sent back later"), "sandbox bank"),
    )
}


def known(number: str, *, is_bank: bool) -> Number | None:
    """The test number, or one of those that only begin like the ones that work: many people want
    a card of their own."""
    plain = "".join(number.split())
    listed = (BANKS if is_bank else CARDS).get(plain)
    begins, digits = ("0001234567", 12) if is_bank else ("424242424242", 16)
    is_like = plain.startswith(begins) and len(plain) == digits and plain.isascii()
    if listed is None and is_like and plain.isdigit():
        return Number(plain, "ok", "", "sandbox bank" if is_bank else "visa")
    return listed
