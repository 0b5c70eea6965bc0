"""The customer-service inbox: those who answer for an official account, also on a phone.

The account is a viewer like any other; what this adds is who may look through its eyes.
"""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts import queries as people
from accounts.guards import MemberRequest, members_only
from accounts.models import Follow, OfficialAccount
from accounts.states import ROLE_MAY, StaffMay
from chat import actions, events, queries
from chat.forms import AnswerForm
from chat.states import MessageKind
from superapp.kernel import media
from superapp.kernel.errors import NotFound, Refusal

_CHOSEN = "business_account"


def _official(request: MemberRequest, account_id: str) -> OfficialAccount:
    official = people.staffed_official(request.account, account_id)
    people.require_staff(request.account, official, StaffMay.ANSWER)
    return official


@members_only
@require_safe
def inbox(request: MemberRequest) -> HttpResponse:
    """The inbox of the account that the console is about, or of the first that may be answered for."""
    roles = [
        role for role in people.roles_of(request.account) if StaffMay.ANSWER in ROLE_MAY[role.role]
    ]
    chosen = request.session.get(_CHOSEN, "")
    roles.sort(key=lambda role: role.official.account.public_id != chosen)
    if not roles:
        raise NotFound
    return redirect("service:account", roles[0].official.account.public_id)


@members_only
@require_safe
def account_inbox(request: MemberRequest, account_id: str) -> HttpResponse:
    """Who wrote to the account, the latest first."""
    official = _official(request, account_id)
    return _beside(request, official, "chat/business/inbox.html", {})


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def thread(request: MemberRequest, account_id: str, conversation_id: str) -> HttpResponse:
    """One conversation; posting answers in the account's name."""
    official = _official(request, account_id)
    seat = queries.seat_of(official.account, conversation_id)
    form = AnswerForm(request.POST or None, request.FILES or None)
    status = 200
    if seat.peer is None or (follow := people.follow_of(seat.peer, official)) is None:
        raise NotFound
    if form.is_valid():
        try:
            _answer(request, official, follow, form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
            status = refusal.status
        else:
            return redirect(f"{request.path}#latest")
    page = queries.newest_page(seat)
    if request.method == "GET" and page.rows and seat.read_seq < page.rows[-1].message.seq:
        actions.read_as(
            official=official,
            staff=request.account,
            conversation_id=conversation_id,
            seq=page.rows[-1].message.seq,
        )
    context = {
        "seat": seat,
        "follow": follow,
        "rows": page.rows,
        "speakers": queries.speakers_of([row.message for row in page.rows]),
        "form": form,
        "client_id": events.new_client_id().replace("srv", "page"),
        "current": conversation_id,
        "title": follow.remark or seat.peer.name,
    }
    return _beside(request, official, "chat/business/thread.html", context, status=status)


def _answer(
    request: MemberRequest, official: OfficialAccount, follow: Follow, said: dict[str, Any]
) -> None:
    """Words, or a picture with the words under it."""
    picture, kind, attachment_id = said["picture"], MessageKind.TEXT, ""
    if picture is not None:
        kept = actions.upload(
            owner=official.account,
            kind=MessageKind.IMAGE,
            content=picture,
            size=picture.size,
            name=picture.name,
        )
        kind, attachment_id = MessageKind.IMAGE, kept.public_id
    actions.speak_as(
        official=official,
        follow=follow,
        voice=actions.Voice(staff=request.account),
        client_id=said["client_id"],
        kind=kind,
        text=said["text"],
        attachment_id=attachment_id,
    )


@members_only
@require_safe
def attachment(
    request: MemberRequest, account_id: str, conversation_id: str, attachment_id: str
) -> Any:
    """A file that was sent to the account or by it."""
    official = _official(request, account_id)
    queries.seat_of(official.account, conversation_id)
    found = queries.attachment_for(official.account, attachment_id)
    is_download = found.kind == MessageKind.FILE
    return media.serve(request, found.file, download_name=found.name if is_download else None)


def _beside(
    request: MemberRequest,
    official: OfficialAccount,
    template: str,
    context: dict[str, Any],
    *,
    status: int = 200,
) -> HttpResponse:
    rows, cursor = queries.inbox_page(official.account, cursor=request.GET.get("cursor", ""))
    beside = {
        "tab": "me",
        "official": official,
        "inbox": rows,
        "inbox_cursor": cursor,
        "heading": _("Messages to %(name)s") % {"name": official.account.name},
    }
    return render(request, template, beside | context, status=status)
