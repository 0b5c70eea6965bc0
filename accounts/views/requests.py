"""Finding people, asking them, and answering."""

from urllib.parse import urlsplit

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import actions, queries
from accounts.actions import Wish
from accounts.forms import AcceptForm, AskForm, FindForm
from accounts.guards import MemberRequest, members_only
from accounts.views.frame import absolute, show_contacts
from superapp.kernel.errors import NotFound
from superapp.kernel.pages import refusals_on


@members_only
def find(request: MemberRequest) -> HttpResponse:
    """Look-ups are POSTs: they are counted, and what was typed stays out of the history."""
    form = FindForm(request.POST or None)
    if form.is_valid():
        with refusals_on(form, "q"):
            found = actions.find_person(viewer=request.account, words=form.cleaned_data["q"])
            return redirect(f"{found.account.get_absolute_url()}?way={found.way}")
    return show_contacts(request, "accounts/find.html", {"form": form})


@members_only
def scan(request: MemberRequest) -> HttpResponse:
    """Read a code: one of ours opens at once, anything else is only shown."""
    code = request.POST.get("code", "").strip()[:500]
    path = _own_path(request, code)
    if path:
        return redirect(path)
    return show_contacts(request, "accounts/scan.html", {"code": code})


def _own_path(request: HttpRequest, code: str) -> str:
    """Where a code leads inside this site; "" for every other site and for pages there are not."""
    try:
        parts, home = urlsplit(code), urlsplit(absolute(request, "/"))
        resolve(parts.path)
    except (ValueError, Resolver404):
        return ""
    if (parts.scheme, parts.netloc) != (home.scheme, home.netloc):
        return ""
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def card(request: HttpRequest, token: str) -> HttpResponse:
    """Where a personal code leads. Strangers to the house learn nothing but that it is here."""
    if not request.user.is_authenticated:
        return render(request, "accounts/card.html", {"next": request.get_full_path()})
    return _scanned(request, token)


@members_only
def _scanned(request: MemberRequest, token: str) -> HttpResponse:
    found = actions.scan_person(viewer=request.account, token=token)
    return redirect(f"{found.account.get_absolute_url()}?way={found.way}")


@members_only
def ask(request: MemberRequest, account_id: str) -> HttpResponse:
    profile = queries.profile_for(request.account, account_id)
    known = {
        "way": request.GET.get("way", ""),
        "note": _("I'm %(name)s") % {"name": request.account.name},
    }
    form = AskForm(request.POST or None, initial=known)
    if form.is_valid():
        told = dict(form.cleaned_data)
        way = told.pop("way")
        with refusals_on(form):
            asked = actions.ask_friend(
                sender=request.account, receiver_id=account_id, way=way, wish=Wish(**told)
            )
            if asked.is_friend:
                messages.success(request, _("You are friends now."))
                return redirect("accounts:contact", account_id)
            messages.success(request, _("Request sent."))
            return redirect(f"{reverse('accounts:requests')}?show=sent")
    return show_contacts(request, "accounts/ask.html", {"form": form, "profile": profile})


@members_only
def requests(request: MemberRequest) -> HttpResponse:
    is_sent = request.GET.get("show") == "sent"
    listed = queries.requests_sent if is_sent else queries.requests_received
    rows, older = queries.requests_page(listed(request.account), request.GET.get("before", ""))
    context = {
        "requests": rows,
        "older": older,
        "is_sent": is_sent,
        "has_new": any(not row.is_seen for row in rows) and not is_sent,
    }
    return show_contacts(request, "accounts/requests.html", context)


@require_POST
@members_only
def requests_seen(request: MemberRequest) -> HttpResponse:
    actions.see_friend_requests(receiver=request.account)
    return redirect("accounts:requests")


@members_only
def accept(request: MemberRequest, request_id: str) -> HttpResponse:
    row = queries.request_for(request.account, request_id)
    if row.shown == "accepted":  # type: ignore[attr-defined]  # annotated by the query
        return redirect("accounts:person", row.sender.public_id)
    if row.shown != "pending":  # type: ignore[attr-defined]
        raise NotFound
    form = AcceptForm(
        request.POST or None,
        initial={"remark": ""},
        tags=queries.tags_of(request.account),
    )
    if form.is_valid():
        with refusals_on(form):
            actions.accept_friend_request(
                receiver=request.account, request_id=request_id, **form.cleaned_data
            )
            messages.success(request, _("You are friends now."))
            return redirect("accounts:contact", row.sender.public_id)
    return show_contacts(request, "accounts/accept.html", {"form": form, "asked": row})


@require_POST
@members_only
def ignore(request: MemberRequest, request_id: str) -> HttpResponse:
    actions.ignore_friend_request(receiver=request.account, request_id=request_id)
    return redirect("accounts:requests")
