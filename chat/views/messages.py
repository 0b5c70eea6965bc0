"""What is done to one message: its menu as a page, and each step of it."""

from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import queries as people
from accounts.guards import MemberRequest, members_only
from chat import actions, cards, events, queries
from chat.forms import ReminderForm, ReportForm
from chat.states import MessageKind
from chat.views.frame import beside_list
from superapp.kernel import time
from superapp.kernel.errors import Invalid, NotFound
from superapp.kernel.pages import refusals_on


@members_only
@require_safe
def message(request: MemberRequest, conversation_id: str, seq: int) -> HttpResponse:
    """The menu of a message, as a page for whoever has no scripts, and as a fragment for others."""
    seat = queries.seat_of(request.account, conversation_id)
    found = queries.message_for(seat, seq)
    context = {
        "seat": seat,
        "conversation": seat.conversation,
        "current": conversation_id,
        "row": queries.rows_at(seat, [seq])[0],
        "may_recall": actions.may_recall(seat=seat, message=found, now=time.now()),
        "may_forward": actions.may_forward(message=found) and found.recalled_at is None,
        "may_react": found.recalled_at is None and found.kind != MessageKind.SYSTEM,
        "may_write": queries.may_write(seat),
        "reactions": settings.REACTIONS,
    }
    if request.headers.get("X-Fragment"):
        return render(request, "chat/parts/_menu.html", context)
    return beside_list(request, "chat/message.html", context)


@members_only
@require_POST
def act(request: MemberRequest, conversation_id: str, seq: int) -> HttpResponse:
    """One step on one message: `verb` names it; of a reaction it is "react:👍"."""
    verb = request.POST.get("verb", "").partition(":")[0]
    step = _STEPS.get(verb)
    if step is None:
        raise NotFound
    said = step(request, conversation_id, seq)
    if request.headers.get("X-Fragment"):
        return HttpResponse(said or "", content_type="text/plain; charset=utf-8")
    if verb == "recall" and said:
        # "Edit again" without scripts: the words wait in the message box.
        actions.save_draft(viewer=request.account, conversation_id=conversation_id, text=said)
    return redirect(f"/chats/{conversation_id}/?at={seq}#m{seq}")


def _react(request: MemberRequest, conversation_id: str, seq: int) -> str | None:
    actions.add_reaction(
        actor=request.account, conversation_id=conversation_id, seq=seq, emoji=_emoji(request)
    )
    return None


def _unreact(request: MemberRequest, conversation_id: str, seq: int) -> str | None:
    actions.remove_reaction(
        actor=request.account, conversation_id=conversation_id, seq=seq, emoji=_emoji(request)
    )
    return None


def _emoji(request: MemberRequest) -> str:
    return request.POST["verb"].partition(":")[2]


def _recall(request: MemberRequest, conversation_id: str, seq: int) -> str | None:
    """Gives the text back, for "Edit again"."""
    return actions.recall_message(actor=request.account, conversation_id=conversation_id, seq=seq)


def _delete(request: MemberRequest, conversation_id: str, seq: int) -> str | None:
    actions.delete_for_me(viewer=request.account, conversation_id=conversation_id, seqs=[seq])
    return None


def _keep(request: MemberRequest, conversation_id: str, seq: int) -> str | None:
    actions.keep_message(owner=request.account, conversation_id=conversation_id, seq=seq)
    return _("Kept in your favourites.")


def _sticker(request: MemberRequest, conversation_id: str, seq: int) -> str | None:
    actions.keep_sticker(owner=request.account, conversation_id=conversation_id, seq=seq)
    return _("Added to your stickers.")


def _played(request: MemberRequest, conversation_id: str, seq: int) -> str | None:
    actions.mark_played(viewer=request.account, conversation_id=conversation_id, seq=seq)
    return None


_STEPS: dict[str, Callable[[MemberRequest, str, int], str | None]] = {
    "react": _react,
    "unreact": _unreact,
    "recall": _recall,
    "delete": _delete,
    "keep": _keep,
    "sticker": _sticker,
    "played": _played,
}


@members_only
@require_POST
def pat(request: MemberRequest, conversation_id: str) -> HttpResponse:
    """Double-tap on a face."""
    target = people.account_for(request.account, request.POST.get("account", ""))
    actions.pat(actor=request.account, conversation_id=conversation_id, target=target)
    return HttpResponse(status=204)


@members_only
@require_POST
def delete_many(request: MemberRequest, conversation_id: str) -> HttpResponse:
    """Delete a selection for the viewer alone."""
    actions.delete_for_me(
        viewer=request.account,
        conversation_id=conversation_id,
        seqs=_seqs(request.POST.get("seqs", "")),
    )
    return redirect("chat:thread", conversation_id)


@members_only
@require_safe
def merged(request: MemberRequest, conversation_id: str, seq: int) -> HttpResponse:
    """The messages inside a "Chat history" card; ?in= opens one that lies inside it."""
    seat = queries.seat_of(request.account, conversation_id)
    body = queries.message_for(seat, seq).body
    for step in filter(None, request.GET.get("in", "").split(".")):
        items = body.get("items", [])
        if not step.isdigit() or int(step) >= len(items):
            raise NotFound
        body = items[int(step)]["body"]
    if "items" not in body:
        raise NotFound
    context = {
        "conversation": seat.conversation,
        "current": conversation_id,
        "seq": seq,
        "path": request.GET.get("in", ""),
        "body": body,
        "items": [{**item, "when": _instant(item["at"])} for item in body["items"]],
    }
    return beside_list(request, "chat/merged.html", context)


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def forward(request: MemberRequest, conversation_id: str) -> HttpResponse:
    """Choose where to: ?seqs=3,4 of this conversation go to another one."""
    seqs = _seqs(request.POST.get("seqs") or request.GET.get("seqs", ""))
    if request.method == "POST":
        send = (
            actions.forward_merged
            if request.POST.get("how") == "merged"
            else actions.forward_one_by_one
        )
        target_id = _target(request)
        send(
            actor=request.account,
            source_id=conversation_id,
            seqs=seqs,
            target_id=target_id,
            client_id=request.POST.get("client_id", ""),
        )
        return redirect("chat:thread", target_id)
    words = request.GET.get("q", "")[:100]
    context = {
        "conversation": queries.conversation_for(request.account, conversation_id),
        "current": conversation_id,
        "seqs": ",".join(map(str, seqs)),
        "count": len(seqs),
        "words": words,
        "contacts": people.contacts_matching(request.account, words)[:30] if words else [],
        "groups": queries.conversations_matching(request.account, words),
        "client_id": events.new_client_id().replace("srv", "page"),
    }
    return beside_list(request, "chat/forward.html", context)


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def share(request: MemberRequest, card: str, ref: str) -> HttpResponse:
    """Choose the chat into which a card of something goes."""
    known = cards.registry.get(card)
    if known is None or not known.may_forward():
        raise NotFound
    shared = known.preview(known.share(request.account, ref))
    if request.method == "POST":
        target_id = _target(request)
        actions.share_card(
            author=request.account,
            conversation_id=target_id,
            card=card,
            ref=ref,
            client_id=request.POST.get("client_id", ""),
        )
        return redirect("chat:thread", target_id)
    words = request.GET.get("q", "")[:100]
    context = {
        "card": card,
        "ref": ref,
        "shared": shared,
        "words": words,
        "contacts": people.contacts_matching(request.account, words)[:30] if words else [],
        "groups": queries.conversations_matching(request.account, words),
        "client_id": events.new_client_id().replace("srv", "page"),
    }
    return beside_list(request, "chat/share.html", context)


def _target(request: MemberRequest) -> str:
    """A conversation by its id, or the one with a contact."""
    if request.POST.get("account"):
        other = people.account_for(request.account, request.POST["account"])
        return actions.open_direct(viewer=request.account, other=other).public_id
    return request.POST.get("conversation", "")


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def remind(request: MemberRequest, conversation_id: str, seq: int) -> HttpResponse:
    """Bring this message up again later."""
    seat = queries.seat_of(request.account, conversation_id)
    queries.message_for(seat, seq)
    form = ReminderForm(request.POST or None)
    if form.is_valid():
        with refusals_on(form):
            actions.remind_about(
                owner=request.account,
                conversation_id=conversation_id,
                seq=seq,
                due_at=form.cleaned_data["due_at"],
            )
            return redirect(f"/chats/{conversation_id}/?at={seq}#m{seq}")
    context = {
        "conversation": seat.conversation,
        "current": conversation_id,
        "form": form,
        "heading": _("Remind me about this message"),
        "verb": _("Remind me"),
    }
    return beside_list(request, "chat/form.html", context)


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: MemberRequest, conversation_id: str) -> HttpResponse:
    """Tell staff about a message (?seq=) or about whoever is on the other side."""
    seat = queries.seat_of(request.account, conversation_id)
    form = ReportForm(request.POST or None)
    receipt = ""
    if form.is_valid():
        with refusals_on(form):
            seq = request.POST.get("seq") or request.GET.get("seq", "")
            if seq:
                row = actions.report_message(
                    reporter=request.account,
                    conversation_id=conversation_id,
                    seq=_seqs(seq)[0],
                    **form.cleaned_data,
                )
            else:
                row = actions.report_conversation(
                    reporter=request.account,
                    conversation_id=conversation_id,
                    **form.cleaned_data,
                )
            receipt = row.public_id
    context = {
        "conversation": seat.conversation,
        "current": conversation_id,
        "form": form,
        "receipt": receipt,
        "heading": _("Report"),
        "verb": _("Send report"),
    }
    return beside_list(request, "chat/report.html", context)


def _seqs(text: str) -> list[int]:
    parts = [part.strip() for part in text.split(",")]
    if not all(part.isascii() and part.isdigit() and len(part) <= 18 for part in parts):
        raise Invalid
    return [int(part) for part in parts]


def _instant(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, tz=timezone.get_current_timezone())
