"""What is being paid: the part that a payment password confirms, and what it is for."""

from dataclasses import dataclass

from superapp.kernel.money import Money


@dataclass(frozen=True, slots=True)
class Payment:
    """`purpose`, `payee` and `amount` are what the password confirms; `ref` names the thing.

    `payee` is a public id, empty when there are many. `kind` is the kind of the journal.
    """

    purpose: str
    amount: Money
    payee: str = ""
    ref: str = ""
    kind: str = ""
