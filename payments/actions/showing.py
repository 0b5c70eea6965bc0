"""What people see in a chat of money that moves there: cards, their changes, and lines."""

from typing import Any

from accounts.models import Account
from chat import actions as chat
from chat import queries as chats
from payments.models.people import Thing
from superapp.kernel import time
from superapp.kernel.money import Money

__all__ = ["refresh", "say_line", "show_card"]


def show_card(*, author: Account, card: str, thing: Thing, ref: str) -> None:
    """Bring a thing's card into its chat, once. Raises what chat says to who may not write."""
    assert thing.conversation is not None
    if thing.shown_at is not None:
        return
    chat.send_message(
        author=author,
        conversation_id=thing.conversation.public_id,
        client_id=f"card-{ref}",
        kind="card",
        body={"card": card, "ref": ref},
    )
    thing.shown_at = time.now()
    thing.save(update_fields=["shown_at"])


def refresh(*, card: str, ref: str) -> None:
    """Whoever sees the card fetches it again."""
    chat.refresh_card(card=card, ref=ref)


def say_line(
    *, author: Account, thing: Thing, code: str, amount: Money | None = None, **facts: Any
) -> None:
    """A grey line in the thing's chat; payments.wording puts it into words."""
    assert thing.conversation is not None
    if amount is not None:
        facts |= {"amount": amount.minor, "currency": amount.currency}
    chat.post_notice(
        conversation=thing.conversation,
        author=author,
        code=f"payments.{code}",
        actor=chats.name_card(author),
        **facts,
    )
