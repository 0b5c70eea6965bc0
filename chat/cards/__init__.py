"""The port for cards: messages bound to an object that lives in some app.

A message keeps only the card's kind and the object's public id. When the object changes, the app
calls `chat.actions.refresh_card`, and every browser fetches its own viewer's HTML again.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from accounts.models import Account
from superapp.kernel.ports import Registry


class Card(Protocol):
    """How one kind of card loads, shows itself and is shared."""

    template: str  # a partial; gets `card` (from `load`), `message` and `viewer`

    def share(self, author: Account, ref: str) -> str:
        """The title for lists, if the author may put it into a chat; raises a Refusal otherwise."""

    def load(self, viewer: Account, refs: Sequence[str]) -> Mapping[str, Mapping[str, Any]]:
        """What this viewer may see of each object, in one query; what they may not is absent."""

    def preview(self, title: str) -> str:
        """One translated line for the chat list, such as "[Contact] Alice"."""

    def may_forward(self) -> bool:
        """False for money: a transfer belongs to the chat it was made in."""


registry: Registry[Card] = Registry("chat.cards")


def register(kind: str, card: Card) -> None:
    registry.register(kind, card)
