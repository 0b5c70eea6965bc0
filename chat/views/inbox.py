"""The list of chats and what is done to it."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import queries as people
from accounts.guards import MemberRequest, members_only
from chat import actions, queries
from chat.views.frame import FILTERS, beside_list
from superapp.kernel.errors import Invalid, NotFound

# Digits of a moment in milliseconds: enough for this millennium.
_MILLISECONDS_MAX = 14

# What a row's menu and the swipe can do. Each is one action on the viewer's own seat.
VERBS: dict[str, Callable[..., Any]] = {
    "pin": actions.pin_chat,
    "unpin": actions.unpin_chat,
    "mute": actions.mute_chat,
    "unmute": actions.unmute_chat,
    "unread": actions.mark_unread,
    "hide": actions.hide_chat,
    "archive": actions.archive_chat,
    "unarchive": actions.unarchive_chat,
    "clear": actions.clear_history,
    "delete": actions.delete_chat,
    "save": actions.save_group,
    "unsave": actions.unsave_group,
    "seen": actions.acknowledge_announcement,
}


@members_only
@require_safe
def inbox(request: MemberRequest) -> HttpResponse:
    """/chats/: the list is the page; beside it, on wide screens, an invitation to pick one."""
    return _folder(request, "main", "chat/inbox.html")


@members_only
@require_safe
def greetings(request: MemberRequest) -> HttpResponse:
    """First messages from people who are not friends."""
    return _folder(request, "greetings", "chat/folder.html", title=_("Greetings"))


@members_only
@require_safe
def archive(request: MemberRequest) -> HttpResponse:
    return _folder(request, "archive", "chat/folder.html", title=_("Archived chats"))


@members_only
@require_safe
def subscriptions(request: MemberRequest) -> HttpResponse:
    """What subscription accounts write, out of the way of people."""
    return _folder(request, "subscriptions", "chat/folder.html", title=_("Subscriptions"))


def _folder(request: MemberRequest, folder: str, template: str, title: str = "") -> HttpResponse:
    only = request.GET.get("only", "")
    only = only if only in FILTERS else ""
    cursor = request.GET.get("cursor", "")
    rows, following = queries.inbox_page(request.account, folder=folder, only=only, cursor=cursor)
    context: dict[str, Any] = {
        "tab": "chats",
        "title": title,
        "folder": folder,
        "inbox": rows,
        "inbox_cursor": following,
        "chosen": only,
    }
    if request.headers.get("X-Fragment"):
        return render(request, "chat/parts/_inbox_rows.html", context)
    if folder == "main":
        context["folders"] = queries.folders_waiting(request.account)
    return render(request, template, context)


@members_only
@require_safe
def inbox_row(request: MemberRequest, conversation_id: str) -> HttpResponse:
    """One row of the list as HTML, for a page that is told that it changed; 204 where the chat does
    not stand in the ?folder= and ?only= that the page shows."""
    folder, only = request.GET.get("folder", "main"), request.GET.get("only", "")
    row = queries.inbox_row(request.account, conversation_id)
    if not queries.is_listed(request.account, conversation_id, folder=folder, only=only):
        return HttpResponse(status=204)
    return render(request, "chat/parts/_inbox_rows.html", {"inbox": [row]})


@members_only
@require_safe
def unread(request: MemberRequest) -> JsonResponse:
    """What the badge says, for pages that heard of a change. With ?since= (milliseconds UTC, when
    the page was made) also the ids of the chats in which something was said meanwhile."""
    since = request.GET.get("since", "")
    moved: list[str] = []
    if since:
        if not since.isascii() or not since.isdigit() or len(since) > _MILLISECONDS_MAX:
            raise Invalid
        moved = queries.moved_since(request.account, datetime.fromtimestamp(int(since) / 1000, UTC))
    return JsonResponse({"unread": queries.unread_total(request.account), "moved": moved})


@members_only
@require_POST
def do(request: MemberRequest, conversation_id: str) -> HttpResponse:
    """A change to the viewer's own seat: ?verb= names it."""
    action = VERBS.get(request.POST.get("verb", ""))
    if action is None:
        raise NotFound
    action(viewer=request.account, conversation_id=conversation_id)
    if request.headers.get("X-Fragment"):
        return HttpResponse(status=204)
    if request.POST["verb"] in {"hide", "archive", "delete", "unread"}:
        return redirect("chat:inbox")
    return redirect(
        (request.POST.get("from") == "info" and "chat:info") or "chat:thread", conversation_id
    )


@members_only
@require_POST
def draft(request: MemberRequest, conversation_id: str) -> HttpResponse:
    """Keep what is being written, so that other devices show it."""
    actions.save_draft(
        viewer=request.account,
        conversation_id=conversation_id,
        text=request.POST.get("text", ""),
    )
    return HttpResponse(status=204)


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def open_with(request: MemberRequest, account_id: str) -> HttpResponse:
    """ "Message": the one chat of the two. Opening a new one is asked first, by a button."""
    other = people.account_for(request.account, account_id)
    if people.official_of(other) is not None:
        official = people.official_known_to(request.account, account_id)
        chat = actions.open_service(viewer=request.account, official=official)
        return redirect("chat:thread", chat.public_id)
    known = queries.direct_with(request.account, other)
    if known is None and request.method != "POST":
        return beside_list(request, "chat/greet.html", {"other": other})
    chat = known or actions.open_direct(viewer=request.account, other=other)
    return redirect("chat:thread", chat.public_id)


@members_only
def open_self(request: MemberRequest) -> HttpResponse:
    """The chat with oneself, made at the first visit."""
    return redirect("chat:thread", actions.open_self(viewer=request.account).public_id)


@members_only
@require_safe
def switch(request: MemberRequest) -> HttpResponse:
    """Rows for Ctrl+K: chats, people and groups by name, pinyin or initials."""
    words = request.GET.get("q", "")[:100]
    contacts = people.contacts_matching(request.account, words)[:8] if words else []
    groups = queries.conversations_matching(request.account, words)[:8]
    recent = [] if words else queries.inbox_page(request.account)[0][:8]
    context = {"contacts": contacts, "groups": groups, "recent": recent, "words": words}
    return render(request, "chat/parts/_switch.html", context)
