"""A conversation: reading, writing, and its rows as HTML for the page's scripts."""

from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.guards import MemberRequest, members_only
from chat import actions, composer, events, ports, queries
from chat.errors import NotFriends
from chat.forms import MessageForm
from chat.models import Membership
from chat.queries import Circle, InboxRow, ThreadPage
from chat.states import MembershipStatus
from chat.views.frame import beside_list
from superapp.kernel.errors import Invalid, Refusal

_LONG_AGO = datetime.min.replace(tzinfo=UTC)


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def thread(request: MemberRequest, conversation_id: str) -> HttpResponse:
    """A page of the conversation; posting says something and returns to its end."""
    form = MessageForm(request.POST or None)
    refusal: Refusal | None = None
    if form.is_valid():
        try:
            actions.send_message(
                author=request.account,
                conversation_id=conversation_id,
                text=form.cleaned_data["text"],
                client_id=form.cleaned_data["client_id"],
                quote_seq=form.cleaned_data["quote"],
                body=form.tapped(),
            )
        except Refusal as error:
            refusal = error
            form.add_error(None, str(error))
        else:
            actions.save_draft(viewer=request.account, conversation_id=conversation_id, text="")
            return redirect(f"{request.path}#latest")
    beside = queries.inbox_beside(request.account, conversation_id)
    seat = beside.own.seat
    page = _page(request, seat, beside.circle)
    context = _context(request, seat, page, form, beside.own)
    context["must_ask"] = isinstance(refusal, NotFriends)
    if request.method == "GET" and _reads_on(seat, page) and not _is_ahead(request):
        # Reading without scripts: what the page shows is read. With scripts the page says so for
        # what comes later, when the row was in view; neither moves the mark back.
        actions.mark_read(
            account_id=request.account.pk,
            conversation_id=conversation_id,
            seq=page.last_seq,
        )
        beside = beside.as_read()
    return beside_list(
        request,
        "chat/thread.html",
        context,
        status=refusal.status if refusal else 200,
        beside=(beside.rows, beside.cursor),
    )


@members_only
@require_safe
def rows(request: MemberRequest, conversation_id: str) -> HttpResponse:
    """Rows as HTML: ?seq=3,4,5 for these, ?before= and ?after= for a page on either side."""
    seat = queries.seat_of(request.account, conversation_id)
    if "seq" in request.GET:
        wanted = [_number(part) for part in request.GET["seq"].split(",")][: settings.SYNC_MAX]
        page = ThreadPage(queries.rows_at(seat, wanted), has_older=False, has_newer=False)
    else:
        page = _page(request, seat)
    context = {
        "rows": page.rows,
        "seat": seat,
        "conversation": seat.conversation,
        "peer_read": queries.peer_read_seq(seat),
    }
    answer = render(request, "chat/parts/_rows.html", context)
    answer["X-Has-Older"] = str(int(page.has_older))
    answer["X-Has-Newer"] = str(int(page.has_newer))
    return answer


def _reads_on(seat: Membership, page: ThreadPage) -> bool:
    """Whether this page shows the end of the conversation to somebody who has not read to it."""
    if not page.rows or page.has_newer:
        return False
    return (
        seat.read_seq < page.last_seq or seat.is_marked_unread or _has_unread_broadcast(page, seat)
    )


def _has_unread_broadcast(page: ThreadPage, seat: Membership) -> bool:
    read = seat.broadcasts_read_at or _LONG_AGO
    return any(row.shape == "broadcast" and row.message.sent_at > read for row in page.rows)


def _is_ahead(request: MemberRequest) -> bool:
    """The browser fetches the page before anybody asked to see it, or a script reads it for parts."""
    return "X-Fragment" in request.headers or "prefetch" in request.headers.get("Sec-Purpose", "")


def _page(request: MemberRequest, seat: Membership, circle: Circle | None = None) -> ThreadPage:
    for name, page in (
        ("before", queries.page_before),
        ("after", queries.page_after),
        ("at", queries.page_around),
    ):
        if request.GET.get(name):
            return page(seat, _number(request.GET[name]))
    return queries.newest_page(seat, circle)


def _number(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 18:
        raise Invalid
    return int(text)


def _context(
    request: MemberRequest, seat: Membership, page: ThreadPage, form: MessageForm, row: InboxRow
) -> dict[str, Any]:
    conversation = seat.conversation
    unread = queries.unread_from(seat) if row.unread else 0
    for drawn in page.rows:
        drawn.starts_unread = drawn.message.seq == unread
    quote = request.GET.get("quote", "")
    quoted = queries.rows_at(seat, [_number(quote)]) if quote else []
    announcement = (
        seat.status == MembershipStatus.ACTIVE
        and conversation.announced_at is not None
        and (seat.announcement_seen_at or _LONG_AGO) < conversation.announced_at
    )
    return {
        "thread_scripts": [path for _name, path in ports.thread_scripts],
        "seat": seat,
        "conversation": conversation,
        "current": conversation.public_id,
        "title": row.title,
        "face": row.face,
        "row": row,
        "rows": page.rows,
        "first_seq": page.first_seq,
        "last_seq": page.last_seq,
        "has_older": page.has_older,
        "has_newer": page.has_newer,
        "unread_count": row.unread,
        "blank_mine": queries.blank_row(seat, request.account),
        "blank_theirs": queries.blank_row(seat, seat.peer),
        "peer_read": queries.peer_read_seq(seat),
        "may_write": queries.may_write(seat),
        "form": form,
        "client_id": events.new_client_id().replace("srv", "page"),
        "quoted": quoted[0] if quoted else None,
        "entries": composer.entries_for(seat),
        "shows_announcement": announcement and conversation.announcement,
        "is_greeting": conversation.greeter_id not in {None, request.account.pk},
        "is_awaiting": conversation.greeter_id == request.account.pk,
        "reactions": settings.REACTIONS,
        "recall_seconds": settings.RECALL_SECONDS,
        "reedit_seconds": settings.REEDIT_SECONDS,
        "limits": composer.upload_limits(),
        "service": queries.service_of(seat),
    }
