"""The plain pages behind the "+" tiles: what each adds to a chat, without scripts."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts import queries as people
from accounts.guards import MemberRequest, members_only
from chat import actions, events, queries
from chat.forms import LocationForm, ScheduleForm, UploadForm
from chat.states import MessageKind
from chat.views.frame import beside_list
from superapp.kernel.errors import NotFound
from superapp.kernel.pages import refusals_on


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: MemberRequest, conversation_id: str, what: str) -> HttpResponse:
    page = _PAGES.get(what)
    if page is None:
        raise NotFound
    queries.active_seat_of(request.account, conversation_id)
    return page(request, conversation_id)


def _show(
    request: MemberRequest, conversation_id: str, template: str, **context: Any
) -> HttpResponse:
    seat = queries.seat_of(request.account, conversation_id)
    shown = {
        "conversation": seat.conversation,
        "current": conversation_id,
        "title": queries.title_for(seat),
        "client_id": events.new_client_id().replace("srv", "page"),
        **context,
    }
    return beside_list(request, template, shown)


def _upload(kind: MessageKind, heading: Callable[[], str]) -> Callable[..., HttpResponse]:
    def page(request: MemberRequest, conversation_id: str) -> HttpResponse:
        form = UploadForm(request.POST or None, request.FILES or None)
        if form.is_valid():
            with refusals_on(form, "file"):
                _send_file(request, conversation_id, kind, form.cleaned_data["file"])
                return redirect("chat:thread", conversation_id)
        return _show(
            request,
            conversation_id,
            "chat/form.html",
            form=form,
            heading=heading(),
            verb=_("Send"),
        )

    return page


def _send_file(request: MemberRequest, conversation_id: str, kind: MessageKind, file: Any) -> None:
    if kind == MessageKind.IMAGE and (file.content_type or "").startswith("video/"):
        kind = MessageKind.VIDEO
    attachment = actions.upload(
        owner=request.account, kind=kind, content=file, size=file.size, name=file.name
    )
    actions.send_message(
        author=request.account,
        conversation_id=conversation_id,
        client_id=f"up-{attachment.public_id}",
        kind=kind,
        attachment_id=attachment.public_id,
    )


def _location(request: MemberRequest, conversation_id: str) -> HttpResponse:
    form = LocationForm(request.POST or None)
    if form.is_valid():
        with refusals_on(form):
            actions.send_message(
                author=request.account,
                conversation_id=conversation_id,
                client_id=request.POST.get("client_id", ""),
                kind=MessageKind.LOCATION,
                body=form.cleaned_data,
            )
            return redirect("chat:thread", conversation_id)
    return _show(request, conversation_id, "chat/location.html", form=form)


def _contact(request: MemberRequest, conversation_id: str) -> HttpResponse:
    if request.method == "POST":
        actions.send_message(
            author=request.account,
            conversation_id=conversation_id,
            client_id=request.POST.get("client_id", ""),
            kind=MessageKind.CARD,
            body={"card": "contact", "ref": request.POST.get("account", "")},
        )
        return redirect("chat:thread", conversation_id)
    contacts = people.contacts_of(request.account)[:500]
    return _show(request, conversation_id, "chat/pick_contact.html", contacts=contacts)


def _favourite(request: MemberRequest, conversation_id: str) -> HttpResponse:
    return redirect(f"/chats/favourites/?to={conversation_id}")


def _schedule(request: MemberRequest, conversation_id: str) -> HttpResponse:
    form = ScheduleForm(request.POST or None)
    if form.is_valid():
        with refusals_on(form):
            actions.schedule_message(
                author=request.account, conversation_id=conversation_id, **form.cleaned_data
            )
            return redirect("chat:scheduled")
    return _show(
        request,
        conversation_id,
        "chat/form.html",
        form=form,
        heading=_("Send later"),
        verb=_("Schedule"),
    )


_PAGES: dict[str, Callable[[MemberRequest, str], HttpResponse]] = {
    "photo": _upload(MessageKind.IMAGE, lambda: _("Send a photo or video")),
    "camera": _upload(MessageKind.IMAGE, lambda: _("Send a photo or video")),
    "file": _upload(MessageKind.FILE, lambda: _("Send a file")),
    "location": _location,
    "contact": _contact,
    "favourite": _favourite,
    "schedule": _schedule,
}
