"""What browsers are told. One function per event; frames are viewer-neutral."""

import secrets
from datetime import datetime
from typing import Any

from accounts.models import Account
from chat import bodies
from chat.bodies import Draft
from chat.models import Conversation, Message
from chat.queries.seats import Seat
from superapp.kernel.push import Event


def new_client_id() -> str:
    """The client_id of a message that the server itself says."""
    return f"srv-{secrets.token_urlsafe(16)}"


def milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


def message_sent(draft: Draft, seat: Seat, *, seq: int, sent_at: datetime) -> Event:
    return {
        "kind": "chat.message_sent",
        "c": seat.public_id,
        "seq": seq,
        "at": milliseconds(sent_at),
        "by": seat.author_id,
        "name": seat.author_name,
        "avatar": seat.author_avatar or "",
        "type": draft.kind,
        "text": draft.text,
        "body": bodies.public(draft.body),
        "client_id": draft.client_id,
    }


def message_wire(message: Message, conversation: Conversation) -> dict[str, Any]:
    """A stored message in the shape of `message_sent`; a recalled one has lost what it said."""
    author, recaller = message.author, message.recalled_by
    is_gone = message.recalled_at is not None
    return {
        "c": conversation.public_id,
        "seq": message.seq,
        "at": milliseconds(message.sent_at),
        "by": author.public_id,
        "name": author.name,
        "avatar": author.avatar.public_id if author.avatar else "",
        "type": "recalled" if is_gone else message.kind,
        "text": "" if is_gone else message.text,
        "body": {"by": recaller.public_id if recaller else ""}
        if is_gone
        else bodies.public(message.body),
        "client_id": message.client_id,
        "change": message.change,
    }


def messages_changed(conversation: Conversation, seqs: list[int]) -> Event:
    """Older messages look different now (recall, reaction, preview, card): fetch these again."""
    return {
        "kind": "chat.messages_changed",
        "c": conversation.public_id,
        "seqs": seqs,
        "change": conversation.last_change,
    }


def conversation_changed(conversation: Conversation) -> Event:
    """Title, picture, members, roles or settings: fetch the conversation again."""
    return {"kind": "chat.conversation_changed", "c": conversation.public_id}


def seat_changed(conversation: Conversation) -> Event:
    """Something that is the viewer's alone (pin, mute, draft, cleared): fetch the row again."""
    return {"kind": "chat.seat_changed", "c": conversation.public_id}


def read_moved(conversation: Conversation, seq: int) -> Event:
    """The viewer read up to `seq`, here or on another device."""
    return {"kind": "chat.read_moved", "c": conversation.public_id, "seq": seq}


def peer_read(conversation: Conversation, by: str, seq: int) -> Event:
    """Somebody who shares read marks, with somebody who does too, read up to `seq`."""
    return {"kind": "chat.peer_read", "c": conversation.public_id, "by": by, "seq": seq}


def typing(conversation_id: str, by: str, name: str) -> Event:
    return {"kind": "chat.typing", "c": conversation_id, "by": by, "name": name}


def favourites_changed() -> Event:
    return {"kind": "chat.favourites_changed"}


def scheduled_changed() -> Event:
    """Messages to send later, or reminders."""
    return {"kind": "chat.scheduled_changed"}


def stickers_changed() -> Event:
    return {"kind": "chat.stickers_changed"}


def join_requests_changed(conversation: Conversation) -> Event:
    return {"kind": "chat.join_requests_changed", "c": conversation.public_id}


def messages_hidden(conversation: Conversation, seqs: list[int]) -> Event:
    """The viewer deleted these for themselves, here or on another device."""
    return {"kind": "chat.messages_hidden", "c": conversation.public_id, "seqs": seqs}


def export_ready(conversation: Conversation) -> Event:
    return {"kind": "chat.export_ready", "c": conversation.public_id}


def service_message(official: Account, conversation_id: str) -> Event:
    """For those who answer for an account: something was said in one of its conversations."""
    return {"kind": "chat.service_message", "account": official.public_id, "c": conversation_id}
