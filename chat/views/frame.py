"""What the pages of chat share: the list of chats beside the thread."""

from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render

from accounts.guards import MemberRequest
from chat import queries
from chat.queries import InboxRow

FILTERS = ("", "unread", "groups", "services")


def beside_list(
    request: MemberRequest,
    template: str,
    context: dict[str, Any],
    *,
    status: int = 200,
    beside: tuple[list[InboxRow], str] | None = None,
) -> HttpResponse:
    """Render a page whose list pane shows the chats; `beside` where the view has them already."""
    rows, cursor = beside or queries.inbox_page(request.account, size=settings.INBOX_BESIDE)
    shown = {
        "tab": "chats",
        "inbox": rows,
        "inbox_cursor": cursor,
        "folders": queries.folders_waiting(request.account),
        **context,
    }
    return render(request, template, shown, status=status)
