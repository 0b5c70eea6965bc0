"""Tags: private groups of contacts."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import actions, queries
from accounts.forms import TagForm, TagMembersForm
from accounts.guards import MemberRequest, members_only
from accounts.views.frame import show_contacts
from superapp.kernel.pages import refusals_on


@members_only
def tags(request: MemberRequest) -> HttpResponse:
    form = TagForm(request.POST or None)
    if form.is_valid():
        with refusals_on(form, "name"):
            tag = actions.create_tag(owner=request.account, **form.cleaned_data)
            return redirect("accounts:tag", tag.public_id)
    context = {"form": form, "tags": queries.tags_of(request.account)}
    return show_contacts(request, "accounts/tags.html", context)


@members_only
def tag(request: MemberRequest, tag_id: str) -> HttpResponse:
    row = queries.tag_for(request.account, tag_id)
    members = {c.other.public_id for c in queries.contacts_tagged(request.account, row)}
    form = TagMembersForm(
        request.POST or None,
        initial={"account_ids": members},
        contacts=queries.contacts_of(request.account),
    )
    if request.method == "POST" and form.is_valid():
        actions.set_tag_members(owner=request.account, tag_id=tag_id, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("accounts:tag", tag_id)
    return show_contacts(request, "accounts/tag.html", {"tag_row": row, "form": form})


@members_only
def tag_rename(request: MemberRequest, tag_id: str) -> HttpResponse:
    row = queries.tag_for(request.account, tag_id)
    form = TagForm(request.POST or None, initial={"name": row.name})
    if form.is_valid():
        with refusals_on(form, "name"):
            actions.rename_tag(owner=request.account, tag_id=tag_id, **form.cleaned_data)
            return redirect("accounts:tag", tag_id)
    return show_contacts(request, "accounts/tag_rename.html", {"tag_row": row, "form": form})


@require_POST
@members_only
def tag_delete(request: MemberRequest, tag_id: str) -> HttpResponse:
    actions.delete_tag(owner=request.account, tag_id=tag_id)
    messages.success(request, _("The tag is gone; the contacts are still there."))
    return redirect("accounts:tags")
