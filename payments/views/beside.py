"""Pages of money between people: beside the chats, as what they show belongs to one."""

from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render

from accounts.guards import MemberRequest
from chat import queries as chats
from chat.models import Conversation
from payments.actions import Means
from payments.views.frame import session_of


def show(
    request: MemberRequest,
    template: str,
    context: dict[str, Any],
    conversation: Conversation | None = None,
) -> HttpResponse:
    """A page with the chats beside it; `conversation` is where its way back leads."""
    rows, cursor = chats.inbox_page(request.account, size=settings.INBOX_BESIDE)
    shown = {
        "tab": "chats",
        "inbox": rows,
        "inbox_cursor": cursor,
        "greetings": chats.greetings_waiting(request.account),
        "current": conversation.public_id if conversation else "",
        "conversation": conversation,
        **context,
    }
    return render(request, template, shown)


def means_of(request: MemberRequest, given: dict[str, Any]) -> Means:
    """Take what says how it is paid out of a form's answers."""
    return Means(
        source=given.pop("source"),
        password=given.pop("password"),
        session=session_of(request),
    )
