"""Finding messages again, in any script (MSG-19)."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Q, QuerySet

from accounts.models import Account
from chat.models import Conversation, Membership, Message
from chat.queries.windows import seen_by
from chat.states import MessageKind
from superapp.kernel import search

# What a filter by type finds, by the word used in addresses.
TYPES = {
    "photo": [MessageKind.IMAGE, MessageKind.VIDEO],
    "file": [MessageKind.FILE],
    "voice": [MessageKind.VOICE],
    "card": [MessageKind.CARD],
}


@dataclass(frozen=True, slots=True)
class Filters:
    """How a search is narrowed. Instants are UTC; `kind` is a key of TYPES or "link"."""

    conversation: Conversation | None = None
    sender: Account | None = None
    kind: str = ""
    since: datetime | None = None
    until: datetime | None = None


def messages_matching(viewer: Account, words: str, filters: Filters) -> QuerySet[Message]:
    """Messages the viewer sees that match; newest first when ordered by -pk.

    Without words a filter is enough ("all photos from Bob"); with neither nothing is found.
    """
    rows = seen_by(viewer).filter(recalled_at=None).exclude(kind=MessageKind.SYSTEM)
    if search.query_of(words):
        rows = rows.filter(search.matches("search", words))
        for run in search.exact_runs(words):
            rows = rows.filter(Q(text__icontains=run) | Q(body__name__icontains=run))
    elif filters == Filters():
        return Message.objects.none()
    return _narrowed(rows, filters).select_related("author__avatar", "conversation").defer("search")


def search_page(
    viewer: Account, words: str, filters: Filters, before: int | None
) -> tuple[list[Message], int | None]:
    """SEARCH_PAGE results and the pk before which the next page begins (None on the last)."""
    rows = messages_matching(viewer, words, filters).order_by("-pk")
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows[: settings.SEARCH_PAGE + 1])
    more = len(found) > settings.SEARCH_PAGE
    page = found[: settings.SEARCH_PAGE]
    return page, page[-1].pk if more else None


def _narrowed(rows: QuerySet[Message], filters: Filters) -> QuerySet[Message]:
    if filters.conversation is not None:
        rows = rows.filter(conversation=filters.conversation)
    if filters.sender is not None:
        rows = rows.filter(author=filters.sender)
    if filters.kind == "link":
        rows = rows.filter(kind=MessageKind.TEXT, body__has_key="link")
    elif filters.kind in TYPES:
        rows = rows.filter(kind__in=TYPES[filters.kind])
    if filters.since is not None:
        rows = rows.filter(sent_at__gte=filters.since)
    if filters.until is not None:
        rows = rows.filter(sent_at__lt=filters.until)
    return rows


def conversations_matching(viewer: Account, words: str) -> list[Membership]:
    """Groups of the viewer by title or their own remark; people are found among the contacts."""
    text = words.strip()
    if not text:
        return []
    return list(
        Membership.objects.filter(
            Q(remark__icontains=text) | Q(conversation__title__icontains=text),
            account=viewer,
            status="active",
            conversation__kind="group",
        )
        .select_related("conversation__avatar", "account")
        .order_by("-conversation__last_message_at")[:20]
    )
