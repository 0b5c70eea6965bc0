"""What a charge can be for: the things above say here what they do when it is settled."""

from collections.abc import Callable
from dataclasses import dataclass

from superapp.kernel.ports import Registry


@dataclass(frozen=True, slots=True)
class Handlers:
    """Run in the transaction that settles the charge, with the public id of the thing.

    `paid` may raise a Refusal when the thing was closed meanwhile: the money then goes back to the
    card. `failed` gets the gateway's reason and closes the thing. `tried` hears which
    card is asked next, by public id and in words, when one said no and others are left.
    """

    paid: Callable[[str], None]
    failed: Callable[[str, str], None]
    tried: Callable[[str, str, str], None] = lambda ref, source, method: None
    # The card's bank keeps the amount: of those that are captured later.
    kept: Callable[[str], None] = lambda ref: None


@dataclass(frozen=True, slots=True)
class Held:
    """What a service hears of the money that is held for it, by the public id of its thing and the
    status of the hold (payments.states.HoldStatus): of changes that it did not make itself.

    Held, captured or failed, when a card's bank answered; expired; voided by staff. In the
    transaction of the change.
    """

    changed: Callable[[str, str], None]


paid: Registry[Handlers] = Registry("payments.purposes")
held: Registry[Held] = Registry("payments.held")
