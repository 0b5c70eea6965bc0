"""Older messages that look different now: recall, reaction, preview, card."""

from collections.abc import Sequence

from django.db.models import F

from chat import events, queries
from chat.models import Conversation, Message
from superapp.kernel import push


def touch(*, conversation_id: int, message_ids: Sequence[int]) -> None:
    """Number the change, so that a browser that was away finds it, and tell those who are here.

    Takes the conversation's row lock: call it in the transaction that made the change.
    """
    conversation = Conversation.objects.select_for_update().get(pk=conversation_id)
    Conversation.objects.filter(pk=conversation_id).update(last_change=F("last_change") + 1)
    conversation.last_change += 1
    changed = Message.objects.filter(pk__in=message_ids, conversation=conversation_id)
    changed.update(change=conversation.last_change)
    seqs = sorted(changed.values_list("seq", flat=True))
    push.to_accounts(queries.active_ids(conversation), events.messages_changed(conversation, seqs))


def refresh_card(*, card: str, ref: str) -> None:
    """The object behind a card changed: every copy of it is fetched again by whoever sees it."""
    copies = Message.objects.filter(
        kind="card", body__card=card, body__ref=ref, recalled_at=None
    ).values_list("conversation_id", "pk")
    found: dict[int, list[int]] = {}
    for conversation_id, pk in copies.order_by("conversation_id"):
        found.setdefault(conversation_id, []).append(pk)
    for conversation_id, pks in found.items():
        touch(conversation_id=conversation_id, message_ids=pks)
