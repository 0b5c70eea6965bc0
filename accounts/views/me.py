"""Me: who I am to others."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import actions, queries
from accounts.forms import HandleForm, PictureForm, ProfileForm
from accounts.guards import MemberRequest, members_only
from accounts.views.frame import absolute, qr_picture, show_me
from superapp.kernel.pages import refusals_on


@members_only
def me(request: MemberRequest) -> HttpResponse:
    profile = queries.profile_for(request.account, request.account.public_id)
    return show_me(request, "accounts/me.html", {"profile": profile})


@members_only
def profile(request: MemberRequest) -> HttpResponse:
    account, person = request.account, request.account.person
    known = {
        "name": account.name,
        "gender": person.gender,
        "region": person.region,
        "signature": person.signature,
    }
    form = ProfileForm(request.POST or None, initial=known)
    if form.is_valid():
        with refusals_on(form):
            actions.edit_profile(account=account, **form.cleaned_data)
            messages.success(request, _("Saved."))
            return redirect("accounts:profile")
    return show_me(request, "accounts/profile.html", {"form": form, "person": person})


@members_only
def handle(request: MemberRequest) -> HttpResponse:
    account = request.account
    form = HandleForm(request.POST or None, initial={"handle": account.handle})
    if form.is_valid():
        with refusals_on(form, "handle"):
            actions.set_handle(account=account, **form.cleaned_data)
            messages.success(request, _("Saved."))
            return redirect("accounts:profile")
    changes_at = queries.handle_changes_at(account)
    return show_me(request, "accounts/handle.html", {"form": form, "changes_at": changes_at})


@members_only
def avatar(request: MemberRequest) -> HttpResponse:
    form = PictureForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        with refusals_on(form, "picture"):
            actions.set_avatar(account=request.account, picture=form.content())
            return redirect("accounts:profile")
    return show_me(request, "accounts/avatar.html", {"form": form})


@require_POST
@members_only
def avatar_remove(request: MemberRequest) -> HttpResponse:
    actions.remove_avatar(account=request.account)
    return redirect("accounts:profile")


@members_only
def cover(request: MemberRequest) -> HttpResponse:
    form = PictureForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        with refusals_on(form, "picture"):
            actions.set_cover(account=request.account, picture=form.content())
            return redirect("accounts:profile")
    context = {"form": form, "person": request.account.person}
    return show_me(request, "accounts/cover.html", context)


@require_POST
@members_only
def cover_remove(request: MemberRequest) -> HttpResponse:
    actions.remove_cover(account=request.account)
    return redirect("accounts:profile")


@members_only
def qr(request: MemberRequest) -> HttpResponse:
    token = request.account.person.qr_token
    address = absolute(request, reverse("accounts:card", args=[token]))
    context = {"picture": qr_picture(address), "address": address}
    return show_me(request, "accounts/qr.html", context)


@require_POST
@members_only
def qr_reset(request: MemberRequest) -> HttpResponse:
    actions.reset_qr(account=request.account)
    messages.success(request, _("Your old code no longer works."))
    return redirect("accounts:qr")
