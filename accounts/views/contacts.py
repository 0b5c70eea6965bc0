"""The address book, and everybody's page."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import actions, ports, queries
from accounts.forms import ContactForm
from accounts.guards import MemberRequest, members_only
from accounts.views.frame import show_contacts
from superapp.kernel.pages import refusals_on

_TOGGLES = {
    "star": actions.star_contact,
    "unstar": actions.unstar_contact,
    "limit": actions.limit_to_chat,
    "lift": actions.lift_chat_limit,
}


@members_only
def contacts(request: MemberRequest) -> HttpResponse:
    return show_contacts(request, "accounts/contacts.html", {})


@members_only
def person(request: MemberRequest, account_id: str) -> HttpResponse:
    profile = queries.profile_for(request.account, account_id, request.GET.get("way", ""))
    context = {
        "profile": profile,
        "cells": ports.cells_for(ports.person_cells, profile.account) if profile.contact else [],
        "current_id": profile.account.public_id,
    }
    return show_contacts(request, "accounts/person.html", context)


@members_only
def contact(request: MemberRequest, account_id: str) -> HttpResponse:
    queries.contact_for(request.account, account_id)
    return person(request, account_id)


@members_only
def contact_edit(request: MemberRequest, account_id: str) -> HttpResponse:
    row = queries.contact_for(request.account, account_id)
    known = {
        "remark": row.remark,
        "phones": "\n".join(row.phones),
        "note": row.note,
        "tag_ids": [tag.public_id for tag in row.tags.all()],
    }
    form = ContactForm(request.POST or None, initial=known, tags=queries.tags_of(request.account))
    if form.is_valid():
        with refusals_on(form):
            told = dict(form.cleaned_data)
            tag_ids = told.pop("tag_ids")
            actions.describe_contact(
                owner=request.account, contact_id=account_id, tag_ids=tag_ids, **told
            )
            return redirect("accounts:contact", account_id)
    return show_contacts(request, "accounts/contact_edit.html", {"form": form, "contact": row})


@require_POST
@members_only
def contact_mark(request: MemberRequest, account_id: str, mark: str) -> HttpResponse:
    _TOGGLES[mark](owner=request.account, contact_id=account_id)
    return redirect("accounts:contact", account_id)


@members_only
def contact_delete(request: MemberRequest, account_id: str) -> HttpResponse:
    row = queries.contact_for(request.account, account_id)
    if request.method == "POST":
        actions.delete_contact(owner=request.account, contact_id=account_id)
        messages.success(request, _("Deleted from your contacts."))
        return redirect("accounts:contacts")
    return show_contacts(request, "accounts/contact_delete.html", {"contact": row})


@members_only
def block(request: MemberRequest, account_id: str) -> HttpResponse:
    profile = queries.profile_for(request.account, account_id)
    if request.method == "POST":
        actions.block_account(owner=request.account, account_id=account_id)
        messages.success(request, _("Blocked."))
        return redirect("accounts:person", account_id)
    return show_contacts(request, "accounts/block.html", {"profile": profile})


@require_POST
@members_only
def unblock(request: MemberRequest, account_id: str) -> HttpResponse:
    actions.unblock_account(owner=request.account, account_id=account_id)
    messages.success(request, _("Unblocked."))
    return redirect("accounts:person", account_id)
