"""Every write in chat."""

from chat.actions.reading import mark_read, show_typing
from chat.actions.sending import (
    Outcome,
    Sent,
    post_notice,
    send_message,
    send_messages,
)

__all__ = [
    "Outcome",
    "Sent",
    "mark_read",
    "post_notice",
    "send_message",
    "send_messages",
    "show_typing",
]
