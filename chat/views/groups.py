"""Groups: made, entered, led. Every button posts to one of these."""

from collections.abc import Callable
from typing import Any

import segno
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import queries as people
from accounts.guards import MemberRequest, members_only
from accounts.models import Account
from chat import actions, queries
from chat.errors import ConversationNotFound
from chat.forms import AnnouncementForm, GroupForm, PictureForm, TextForm
from chat.models import Conversation, Membership
from chat.states import Role
from chat.views.frame import beside_list
from superapp.kernel import media
from superapp.kernel.errors import NotFound
from superapp.kernel.pages import refusals_on


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def new_group(request: MemberRequest) -> HttpResponse:
    """Choose friends: one gives a chat, several give a group."""
    form = GroupForm(request.POST or None)
    chosen = _chosen(request)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            if len(chosen) == 1:
                made = actions.open_direct(viewer=request.account, other=chosen[0])
            else:
                made = actions.create_group(
                    owner=request.account, members=chosen, title=form.cleaned_data["title"]
                )
            return redirect("chat:thread", made.public_id)
    context = {
        "form": form,
        "contacts": people.contacts_of(request.account)[:500],
        "chosen": {account.public_id for account in chosen},
    }
    return beside_list(request, "chat/new.html", context)


def _chosen(request: MemberRequest) -> list[Account]:
    given = request.POST if request.method == "POST" else request.GET
    return [
        people.account_for(request.account, public_id)
        for public_id in dict.fromkeys(given.getlist("people")[:500])
    ]


@members_only
@require_safe
def info(request: MemberRequest, conversation_id: str) -> HttpResponse:
    """Details of a conversation: members, files, and everything one can set."""
    seat = queries.seat_of(request.account, conversation_id)
    return beside_list(request, "chat/info.html", _details(request, seat))


def _details(request: MemberRequest, seat: Membership) -> dict[str, Any]:
    row = queries.inbox_row(request.account, seat.conversation.public_id)
    members = list(queries.members_of(seat)[:60])
    return {
        "seat": seat,
        "conversation": seat.conversation,
        "current": seat.conversation.public_id,
        "title": row.title,
        "face": row.face,
        "members": members,
        "names": queries.names_for(request.account, [m.account for m in members]),
        "is_admin": seat.role in {"owner", "admin"} and seat.status == "active",
        "is_owner": seat.role == "owner" and seat.status == "active",
        "is_active": queries.may_write(seat),
        "requests": queries.join_requests_for(seat).count(),
    }


@members_only
@require_safe
def members(request: MemberRequest, conversation_id: str) -> HttpResponse:
    """Everybody in the group, and for its leaders who left."""
    seat = queries.seat_in_group(request.account, conversation_id)
    everybody = list(queries.members_of(seat))
    context = _details(request, seat) | {
        "members": everybody,
        "names": queries.names_for(request.account, [m.account for m in everybody]),
        "former": queries.former_members_of(seat),
    }
    return beside_list(request, "chat/members.html", context)


@members_only
@require_safe
def pick(request: MemberRequest, conversation_id: str) -> HttpResponse:
    """Rows for the @ picker: ?q= matches names, aliases and pinyin initials."""
    seat = queries.seat_of(request.account, conversation_id)
    words = request.GET.get("q", "")[:40]
    found = queries.members_matching(seat, words)
    context = {
        "members": [m for m in found if m.account_id != seat.account_id],
        "everybody": not words and seat.role in {Role.OWNER, Role.ADMIN},
    }
    return render(request, "chat/parts/_pick.html", context)


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def add_members(request: MemberRequest, conversation_id: str) -> HttpResponse:
    seat = queries.active_seat_of(request.account, conversation_id)
    form = TextForm(request.POST or None, label=_("Reason"), max_length=100)
    if form.is_valid():
        with refusals_on(form):
            waiting = actions.add_people(
                actor=request.account,
                conversation_id=conversation_id,
                people=_chosen(request),
                reason=form.cleaned_data["text"],
            )
            target = "chat:info" if not waiting else "chat:members"
            return redirect(target, conversation_id)
    seated = {m.account_id for m in queries.members_of(seat)}
    friends = people.contacts_of(request.account).exclude(other__in=seated)[:500]
    context = _details(request, seat) | {"form": form, "contacts": friends}
    return beside_list(request, "chat/add_members.html", context)


Step = Callable[[MemberRequest, str], None]


def _on_member(action: Callable[..., None]) -> Step:
    def step(request: MemberRequest, conversation_id: str) -> None:
        seat = queries.seat_of(request.account, conversation_id)
        member = queries.member_in(seat, request.POST.get("account", ""))
        action(actor=request.account, conversation_id=conversation_id, member=member)

    return step


def _on_group(action: Callable[..., Any]) -> Step:
    def step(request: MemberRequest, conversation_id: str) -> None:
        action(actor=request.account, conversation_id=conversation_id)

    return step


def _leave(request: MemberRequest, conversation_id: str) -> None:
    actions.leave_group(member=request.account, conversation_id=conversation_id)


_STEPS: dict[str, Step] = {
    "appoint": _on_member(actions.appoint_admin),
    "dismiss": _on_member(actions.dismiss_admin),
    "transfer": _on_member(actions.transfer_group),
    "remove": _on_member(actions.remove_member),
    "ask-approval": _on_group(actions.ask_approval),
    "waive-approval": _on_group(actions.waive_approval),
    "disband": _on_group(actions.disband_group),
    "renew-code": _on_group(actions.renew_group_qr),
    "leave": _leave,
}
_AFTER = {"leave": "chat:inbox", "renew-code": "chat:group-code"}


@members_only
@require_POST
def lead(request: MemberRequest, conversation_id: str) -> HttpResponse:
    """What owner, admins and members do to the group: `verb` names it."""
    verb = request.POST.get("verb", "")
    if verb not in _STEPS:
        raise NotFound
    _STEPS[verb](request, conversation_id)
    if verb == "leave":
        return redirect("chat:inbox")
    return redirect(_AFTER.get(verb, "chat:info"), conversation_id)


_TEXTS = {
    "title": (_("Group name"), 60),
    "alias": (_("My name in this group"), 40),
    "remark": (_("My own name for this group"), 60),
}


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def rename(request: MemberRequest, conversation_id: str, what: str) -> HttpResponse:
    """The three names of a group: for everybody, mine within it, and mine for it."""
    if what not in _TEXTS:
        raise NotFound
    seat = queries.group_seat_of(request.account, conversation_id)
    known = {"title": seat.conversation.title, "alias": seat.alias, "remark": seat.remark}[what]
    label, most = _TEXTS[what]
    form = TextForm(request.POST or None, initial={"text": known}, label=_(label), max_length=most)
    if form.is_valid():
        with refusals_on(form):
            _set_name(request.account, conversation_id, what, form.cleaned_data["text"])
            return redirect("chat:info", conversation_id)
    return _form(request, seat, form, _(label), _("Save"))


def _set_name(account: Account, conversation_id: str, what: str, text: str) -> None:
    if what == "title":
        actions.rename_group(actor=account, conversation_id=conversation_id, title=text)
    elif what == "alias":
        actions.set_alias(viewer=account, conversation_id=conversation_id, alias=text)
    else:
        actions.remark_group(viewer=account, conversation_id=conversation_id, remark=text)


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def set_picture(request: MemberRequest, conversation_id: str) -> HttpResponse:
    seat = queries.group_seat_of(request.account, conversation_id)
    form = PictureForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        with refusals_on(form, "picture"):
            actions.set_group_picture(
                actor=request.account,
                conversation_id=conversation_id,
                picture=form.cleaned_data["picture"].read(),
            )
            return redirect("chat:info", conversation_id)
    return _form(request, seat, form, _("Group picture"), _("Save"))


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def announcement(request: MemberRequest, conversation_id: str) -> HttpResponse:
    """What is announced now and was before; the owner and admins can change it."""
    seat = queries.group_seat_of(request.account, conversation_id)
    form = AnnouncementForm(request.POST or None, initial={"text": seat.conversation.announcement})
    if form.is_valid():
        with refusals_on(form):
            actions.announce(
                actor=request.account,
                conversation_id=conversation_id,
                text=form.cleaned_data["text"],
            )
            return redirect("chat:info", conversation_id)
    context = _details(request, seat) | {
        "form": form,
        "history": queries.announcement_history(seat),
    }
    return beside_list(request, "chat/announcement.html", context)


def _form(
    request: MemberRequest, seat: Membership, form: Any, heading: str, verb: str
) -> HttpResponse:
    context = {
        "conversation": seat.conversation,
        "current": seat.conversation.public_id,
        "form": form,
        "heading": heading,
        "verb": verb,
        "back": "info",
    }
    return beside_list(request, "chat/form.html", context)


@members_only
@require_safe
def code(request: MemberRequest, conversation_id: str) -> HttpResponse:
    """The group's QR code, as long as one is good."""
    seat = queries.group_seat_of(request.account, conversation_id)
    group = seat.conversation
    is_good = group.qr_token and queries.is_code_good(group)
    address = request.build_absolute_uri(reverse("chat:join", args=[group.qr_token or "-"]))
    context = _details(request, seat) | {
        "address": address if is_good else "",
        "svg": segno.make(address, error="m").svg_data_uri(scale=8, border=2) if is_good else "",
    }
    return beside_list(request, "chat/code.html", context)


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: MemberRequest, token: str) -> HttpResponse:
    """Whoever scanned a group's code: what group it is, and a button to come in."""
    group = queries.group_by_qr(token)
    form = TextForm(request.POST or None, label=_("Why do you want to join?"), max_length=100)
    asked = False
    if form.is_valid():
        with refusals_on(form):
            answer = actions.join_by_qr(
                account=request.account, token=token, reason=form.cleaned_data["text"]
            )
            if isinstance(answer, Conversation):
                return redirect("chat:thread", answer.public_id)
            asked = True
    context = {
        "group": group,
        "face": queries.group_face(group, code=token),
        "form": form,
        "asked": asked,
    }
    return beside_list(request, "chat/join.html", context)


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: MemberRequest, join_id: str) -> HttpResponse:
    """An invitation to a group: yes or no."""
    found = queries.invitation_for(request.account, join_id)
    if request.method == "POST":
        if request.POST.get("verb") == "accept":
            group = actions.accept_invitation(account=request.account, join_id=join_id)
            return redirect("chat:thread", group.public_id)
        actions.decline_invitation(account=request.account, join_id=join_id)
        return redirect("chat:invitation", join_id)
    context = {"invitation": found, "face": queries.group_face(found.conversation)}
    return beside_list(request, "chat/invitation.html", context)


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def join_requests(request: MemberRequest, conversation_id: str) -> HttpResponse:
    """Who asks to come in; the owner and admins answer."""
    seat = queries.group_seat_of(request.account, conversation_id)
    if request.method == "POST":
        answer = (
            actions.approve_join if request.POST.get("verb") == "approve" else actions.decline_join
        )
        answer(actor=request.account, join_id=request.POST.get("join", ""))
        return redirect("chat:join-requests", conversation_id)
    context = _details(request, seat) | {"waiting": list(queries.join_requests_for(seat)[:100])}
    return beside_list(request, "chat/join_requests.html", context)


@members_only
@require_safe
def picture(request: MemberRequest, conversation_id: str) -> Any:
    """A group's own picture, for its members and for whoever holds its code or an invitation."""
    stored = queries.group_picture_for(
        request.account, conversation_id, request.GET.get("code", "")
    )
    if stored is None:
        raise ConversationNotFound
    return media.serve(request, stored)
