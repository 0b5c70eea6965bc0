"""Favourites, stickers, scheduled messages, exports, files of a chat, and search."""

from datetime import datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import queries as people
from accounts.guards import MemberRequest, members_only
from chat import actions, events, queries
from chat.forms import FavouriteForm, ScheduleForm, SearchForm
from chat.models import Conversation
from chat.queries import Filters
from chat.views.frame import beside_list
from superapp.kernel.errors import Invalid
from superapp.kernel.pages import refusals_on


@members_only
@require_safe
def search(request: MemberRequest) -> HttpResponse:
    """Everything at once: people, groups and messages."""
    return _search(request, None)


@members_only
@require_safe
def search_in(request: MemberRequest, conversation_id: str) -> HttpResponse:
    """Messages of one conversation."""
    return _search(request, queries.conversation_for(request.account, conversation_id))


def _search(request: MemberRequest, conversation: Conversation | None) -> HttpResponse:
    form = SearchForm(request.GET or None)
    given = form.cleaned_data if form.is_valid() else {}
    words = given.get("q", "")
    filters = Filters(
        conversation=conversation,
        kind=given.get("type", ""),
        since=_midnight(given.get("since")),
        until=_midnight(given.get("until"), days=1),
    )
    before = request.GET.get("cursor", "")
    found, following = queries.search_page(
        request.account, words, filters, int(before) if before.isdigit() else None
    )
    is_global = conversation is None and bool(words) and not before
    context = {
        "tab": "chats",
        "form": form,
        "words": words,
        "conversation": conversation,
        "current": conversation.public_id if conversation else "",
        "results": queries.found_rows(request.account, found),
        "cursor": following or "",
        "contacts": people.contacts_matching(request.account, words)[:10] if is_global else [],
        "groups": queries.conversations_matching(request.account, words) if is_global else [],
    }
    return beside_list(request, "chat/search.html", context)


def _midnight(day: Any, *, days: int = 0) -> datetime | None:
    """The beginning of a day in the viewer's zone."""
    if day is None:
        return None
    return timezone.make_aware(datetime.combine(day + timedelta(days=days), time.min))


@members_only
@require_safe
def media(request: MemberRequest, conversation_id: str) -> HttpResponse:
    """Photos, files and links of a conversation."""
    kinds = {"photo": ["image", "video"], "file": ["file"], "link": ["link"]}
    kind = request.GET.get("type", "photo")
    if kind not in kinds:
        raise Invalid
    seat = queries.seat_of(request.account, conversation_id)
    before = request.GET.get("before", "")
    found = queries.media_in(seat, kinds[kind], int(before) if before.isdigit() else None)
    context = {
        "conversation": seat.conversation,
        "current": conversation_id,
        "title": queries.title_for(seat),
        "kind": kind,
        "found": found,
        "before": found[-1].seq if len(found) == settings.THREAD_PAGE else "",
    }
    return beside_list(request, "chat/media.html", context)


@members_only
@require_safe
def favourites(request: MemberRequest) -> HttpResponse:
    words, tag = request.GET.get("q", "")[:100], request.GET.get("tag", "")[:20]
    rows = list(queries.favourites_of(request.account, words=words, tag=tag)[:100])
    context = {
        "tab": "me",
        "words": words,
        "tag": tag,
        "rows": queries.kept_rows(request.account, rows),
        "to": request.GET.get("to", ""),
        "client_id": _client_id(),
    }
    return beside_list(request, "chat/favourites.html", context)


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def favourite(request: MemberRequest, favourite_id: str) -> HttpResponse:
    """One kept message: its note and tags, sending it, or letting it go."""
    kept = queries.favourite_for(request.account, favourite_id)
    verb = request.POST.get("verb", "")
    if verb == "drop":
        actions.drop_favourite(owner=request.account, favourite_id=favourite_id)
        return redirect("chat:favourites")
    if verb == "send":
        target = request.POST.get("conversation", "")
        actions.send_favourite(
            owner=request.account,
            favourite_id=favourite_id,
            conversation_id=target,
            client_id=request.POST.get("client_id", ""),
        )
        return redirect("chat:thread", target)
    form = FavouriteForm(
        request.POST or None, initial={"note": kept.note, "tags": ", ".join(kept.tags)}
    )
    if form.is_valid():
        with refusals_on(form):
            actions.describe_favourite(
                owner=request.account, favourite_id=favourite_id, **form.cleaned_data
            )
            return redirect("chat:favourites")
    context = {
        "tab": "me",
        "form": form,
        "kept": queries.kept_rows(request.account, [kept])[0],
    }
    return beside_list(request, "chat/favourite.html", context)


@members_only
@require_safe
def stickers(request: MemberRequest) -> HttpResponse:
    """The sticker picker, as a fragment; as a page it is where stickers are let go."""
    found = list(queries.stickers_for(request.account))
    context = {"tab": "me", "stickers": found, "own": [s for s in found if s.owner_id]}
    if request.headers.get("X-Fragment"):
        return render(request, "chat/parts/_stickers.html", context)
    return beside_list(request, "chat/stickers.html", context)


@members_only
@require_POST
def drop_sticker(request: MemberRequest, sticker_id: str) -> HttpResponse:
    actions.drop_sticker(owner=request.account, sticker_id=sticker_id)
    return redirect("chat:stickers")


@members_only
@require_safe
def scheduled(request: MemberRequest) -> HttpResponse:
    """Messages that wait for their time, and reminders."""
    context = {
        "tab": "me",
        "waiting": queries.scheduled_rows(request.account),
        "reminders": list(queries.reminders_of(request.account)[:200]),
    }
    return beside_list(request, "chat/scheduled.html", context)


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def scheduled_one(request: MemberRequest, scheduled_id: str) -> HttpResponse:
    """Change or cancel a waiting message."""
    row = queries.scheduled_for(request.account, scheduled_id)
    if request.POST.get("verb") == "cancel":
        actions.cancel_scheduled(author=request.account, scheduled_id=scheduled_id)
        return redirect("chat:scheduled")
    form = ScheduleForm(request.POST or None, initial={"text": row.text, "due_at": row.due_at})
    if form.is_valid():
        with refusals_on(form):
            actions.change_scheduled(
                author=request.account, scheduled_id=scheduled_id, **form.cleaned_data
            )
            return redirect("chat:scheduled")
    context = {
        "tab": "me",
        "form": form,
        "heading": _("Message to send later"),
        "verb": _("Save"),
        "cancels": True,
    }
    return beside_list(request, "chat/form.html", context)


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def exports(request: MemberRequest, conversation_id: str) -> HttpResponse:
    """Ask for a zip of a chat, and fetch those that were made."""
    conversation = queries.conversation_for(request.account, conversation_id)
    if request.method == "POST":
        actions.export_chat(viewer=request.account, conversation_id=conversation_id)
        return redirect("chat:exports", conversation_id)
    mine = [e for e in queries.exports_of(request.account) if e.conversation_id == conversation.pk]
    context = {"conversation": conversation, "current": conversation_id, "exports": mine}
    return beside_list(request, "chat/exports.html", context)


def _client_id() -> str:
    return events.new_client_id().replace("srv", "page")
