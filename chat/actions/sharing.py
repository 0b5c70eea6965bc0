"""Putting a card of something into a chat."""

from django.db import transaction

from accounts.actions import publishing
from accounts.models import Account
from chat import cards
from chat.actions.sending import send_message
from chat.errors import BadMessage
from chat.models import Message
from chat.states import MessageKind


@transaction.atomic
def share_card(
    *, author: Account, conversation_id: str, card: str, ref: str, client_id: str
) -> Message:
    """Put a card into one of the author's chats. Raises BadMessage for cards that are not shared,
    and whatever the card and sending refuse."""
    known = cards.registry.get(card)
    if known is None or not known.may_forward():
        raise BadMessage
    message = send_message(
        author=author,
        conversation_id=conversation_id,
        client_id=client_id,
        kind=MessageKind.CARD,
        body={"card": card, "ref": ref},
    )
    if card == "article":
        publishing.count_share(sharer=author, article_id=ref)
    return message
