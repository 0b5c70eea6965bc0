"""Official accounts as people meet them: the directory, their pages, following and leaving."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import actions, ports, queries
from accounts.forms import ApplyForm
from accounts.guards import MemberRequest, members_only
from accounts.models import Account, Follow, OfficialAccount
from accounts.views.frame import absolute, qr_picture, show_contacts
from superapp.kernel.api import position
from superapp.kernel.pages import refusals_on

# Ways to an account that a page may name.
_SOURCES = {Follow.Source.SEARCH, Follow.Source.CARD, Follow.Source.ARTICLE}


@members_only
@require_safe
def directory(request: MemberRequest) -> HttpResponse:
    """Every published account: by name, also mistyped, in pinyin or initials, and by category."""
    words = request.GET.get("words", "").replace("\0", "")[:60]
    category = request.GET.get("category", "")
    category = category if category in OfficialAccount.Category.values else ""
    start = position(request.GET.get("start") or "0")
    found, following = queries.directory_page(words=words, category=category, start=start)
    context = {
        "found": found,
        "typed": words,
        "category": category,
        "categories": OfficialAccount.Category.choices,
        "next": following,
        "source": "search" if words else "profile",
    }
    return show_contacts(request, "accounts/official/directory.html", context)


@members_only
@require_safe
def following(request: MemberRequest) -> HttpResponse:
    """The accounts that the person follows."""
    context = {"follows": list(queries.followed_by(request.account))}
    return show_contacts(request, "accounts/official/following.html", context)


@members_only
@require_safe
def profile(request: MemberRequest, account_id: str) -> HttpResponse:
    """An account's page: who it is, and tabs of what it offers."""
    official = queries.official_for(request.account, account_id)
    return _profile(request, official, source=request.GET.get("from", ""))


def _profile(
    request: MemberRequest, official: OfficialAccount, *, source: str = "", ticket: str = ""
) -> HttpResponse:
    chosen = request.GET.get("tab", "")
    tabs = [*_tabs(official, request.account), *_pages(official, chosen)]
    tab = next((tab for tab in tabs if tab["key"] == chosen), tabs[0] if tabs else None)
    context = {
        "official": official,
        "follow": queries.follow_of(request.account, official),
        "past_names": list(official.past_names.order_by("-pk")[:10]),
        "tabs": tabs,
        "tab": tab,
        "source": source if source in _SOURCES else "",
        "ticket": ticket,
        "staff": queries.role_in(request.account, official),
    }
    return show_contacts(request, "accounts/official/profile.html", context)


def _tabs(official: OfficialAccount, viewer: Account) -> list[dict[str, Any]]:
    """The registered tabs that have something to show."""
    tabs = sorted(ports.official_tabs, key=lambda pair: pair[1].order)
    return [
        {"key": key, "label": tab.label, "template": tab.template, "context": context}
        for key, tab in tabs
        if (context := tab.context(official, viewer)) is not None
    ]


def _pages(official: OfficialAccount, chosen: str) -> list[dict[str, Any]]:
    """Pages that the account put among its tabs; the body only of the one that is open."""
    made = []
    for page in queries.publishing.tab_pages_of(official):
        key = f"page-{page.slug}"
        blocks = queries.publishing.shown_blocks(official, page.published) if key == chosen else []
        context = {"page": page, "blocks": blocks}
        template = "accounts/publishing/_page_tab.html"
        made.append({"key": key, "label": page.title, "template": template, "context": context})
    return made


@members_only
@require_safe
def code(request: MemberRequest, account_id: str) -> HttpResponse:
    """A QR code that leads to the account's page."""
    official = queries.official_for(request.account, account_id)
    address = absolute(request, reverse("accounts:official", args=[account_id]))
    context = {"official": official, "picture": qr_picture(address), "address": address}
    return show_contacts(request, "accounts/official/code.html", context)


@members_only
@require_POST
def follow(request: MemberRequest, account_id: str) -> HttpResponse:
    official = queries.official_for(request.account, account_id)
    source = request.POST.get("source", "")
    source = source if source in _SOURCES else Follow.Source.PROFILE
    actions.follow_official(person=request.account, official=official, source=source)
    return redirect("chat:with", account_id)


@members_only
@require_POST
def unfollow(request: MemberRequest, account_id: str) -> HttpResponse:
    official = queries.official_known_to(request.account, account_id)
    actions.unfollow_official(person=request.account, official=official)
    messages.success(request, _("You no longer follow this account."))
    return redirect("accounts:following")


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def scan(request: MemberRequest, ticket: str) -> HttpResponse:
    """Where a code of an account leads: its page, whose button also says which code it was."""
    scene = queries.scene_by_ticket(ticket)
    if request.method == "POST":
        actions.scan_scene(person=request.account, scene=scene)
        return redirect("chat:with", scene.official.account.public_id)
    return _profile(request, scene.official, ticket=ticket)


@members_only
@require_safe
def mine(request: MemberRequest) -> HttpResponse:
    """The accounts that the person works for."""
    context = {"roles": list(queries.roles_of(request.account))}
    return show_contacts(request, "accounts/official/mine.html", context)


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def apply(request: MemberRequest) -> HttpResponse:
    """Begin an application; its papers are filled in in the business console."""
    form = ApplyForm(request.POST or None)
    if form.is_valid():
        with refusals_on(form):
            actions.apply_official(owner=request.account, **form.cleaned_data)
            return redirect("accounts:official-mine")
    return show_contacts(request, "accounts/official/apply.html", {"form": form})


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def join_staff(request: MemberRequest, token: str) -> HttpResponse:
    """Where the code of an invitation leads."""
    invitation = queries.invitation_by_token(token)
    if request.method == "POST":
        actions.accept_staff_invitation(person=request.account, token=token)
        messages.success(request, _("You work for this account now."))
        return redirect("accounts:official-mine")
    return show_contacts(request, "accounts/official/join.html", {"invitation": invitation})
