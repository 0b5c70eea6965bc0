"""What a charge can be for: the things above say here what they do when it is settled."""

from collections.abc import Callable
from dataclasses import dataclass

from superapp.kernel.ports import Registry


@dataclass(frozen=True, slots=True)
class Handlers:
    """Run in the transaction that settles the charge, with the public id of the thing.

    `paid` may raise a Refusal when the thing was closed meanwhile: the money then goes to the
    payer's balance. `failed` gets the gateway's reason and closes the thing. `tried` hears which
    card is asked next, by public id and in words, when one said no and others are left.
    """

    paid: Callable[[str], None]
    failed: Callable[[str, str], None]
    tried: Callable[[str, str, str], None] = lambda ref, source, method: None


paid: Registry[Handlers] = Registry("payments.purposes")
