"""Saying again elsewhere: one by one, or merged into one card of chat history (MSG-10)."""

from collections.abc import Sequence

from django.conf import settings
from django.db import transaction

from accounts.models import Account
from chat import cards, events, queries
from chat.actions.sending import send_message
from chat.errors import MessageNotFound, NotForwardable, TooManyMessages
from chat.models import Message
from chat.states import MessageKind

_NEVER = {MessageKind.VOICE, MessageKind.SYSTEM}


@transaction.atomic
def forward_one_by_one(
    *, actor: Account, source_id: str, seqs: Sequence[int], target_id: str, client_id: str
) -> list[Message]:
    """Say each of these messages again in another conversation, in order.

    Voice, notices, recalled messages and cards that belong to their chat (money) stay where they
    are: NotForwardable. Repeating the client_id forwards nothing twice.
    """
    return [
        _again(actor, target_id, message, f"{client_id}-{position}")
        for position, message in enumerate(_chosen(actor, source_id, seqs))
    ]


@transaction.atomic
def forward_merged(
    *, actor: Account, source_id: str, seqs: Sequence[int], target_id: str, client_id: str
) -> Message:
    """Send these messages as one card, "Chat history of …", that opens to show them all."""
    chosen = _chosen(actor, source_id, seqs)
    if any(_depth(message.body) >= settings.MERGED_DEPTH_MAX for message in chosen):
        raise NotForwardable
    names = list(dict.fromkeys(message.author.name for message in chosen))
    body = {
        "title": names[:3],
        "is_group": queries.conversation_for(actor, source_id).kind == "group",
        "items": [_item(message) for message in chosen],
    }
    return send_message(
        author=actor,
        conversation_id=target_id,
        client_id=client_id,
        kind=MessageKind.MERGED,
        body=body,
    )


def _chosen(actor: Account, source_id: str, seqs: Sequence[int]) -> list[Message]:
    if not 0 < len(seqs) <= settings.FORWARD_MAX:
        raise TooManyMessages(limit=settings.FORWARD_MAX)
    seat = queries.seat_of(actor, source_id)
    found = queries.message_rows(seat, sorted(set(seqs)))
    if len(found) != len(set(seqs)):
        raise MessageNotFound
    for message in found:
        if message.recalled_at is not None or not may_forward(message=message):
            raise NotForwardable
    return found


def may_forward(*, message: Message) -> bool:
    """Whether the forward button makes sense; forwarding decides again."""
    if message.kind == MessageKind.CARD:
        card = cards.registry.get(message.body.get("card", ""))
        return card is not None and card.may_forward()
    return message.kind not in _NEVER and message.recalled_at is None


def _again(actor: Account, target_id: str, message: Message, client_id: str) -> Message:
    body = {key: value for key, value in message.body.items() if key not in _OF_THE_PLACE}
    return send_message(
        author=actor,
        conversation_id=target_id,
        client_id=client_id,
        kind=message.kind,
        text=message.text,
        body=body,
    )


# What belongs to the place it was said in.
_OF_THE_PLACE = {"quote", "mentions", "mention_pks"}


def _item(message: Message) -> dict[str, object]:
    """A copy that does not change any more, whatever happens to the original."""
    body = {key: value for key, value in message.body.items() if key not in _OF_THE_PLACE}
    return {
        "by": message.author.public_id,
        "name": message.author.name,
        "at": events.milliseconds(message.sent_at),
        "type": message.kind,
        "text": message.text,
        "body": body,
    }


def _depth(body: dict[str, object]) -> int:
    items = body.get("items")
    if not isinstance(items, list):
        return 0
    return 1 + max((_depth(item["body"]) for item in items), default=0)
