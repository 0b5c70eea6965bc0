"""Settings: language, privacy, ways in, devices, tokens, appearance."""

from typing import Any

from django import forms
from django.conf import settings as house
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import actions, queries
from accounts.forms import (
    AudienceForm,
    ChatPreferencesForm,
    LanguageForm,
    ThemeForm,
    TokenForm,
    WaysToFindForm,
)
from accounts.guards import MemberRequest, members_only
from accounts.models import Person
from accounts.views.frame import show_me
from superapp.kernel.pages import refusals_on

_YEAR = 365 * 24 * 3600


def _known(form: type[forms.Form], person: Person) -> dict[str, Any]:
    return {name: getattr(person, name) for name in form.base_fields}


def _back(request: MemberRequest, name: str) -> HttpResponse:
    messages.success(request, _("Saved."))
    return redirect(name)


@members_only
def settings(request: MemberRequest) -> HttpResponse:
    return show_me(request, "accounts/settings.html", {"person": request.account.person})


@members_only
def language(request: MemberRequest) -> HttpResponse:
    known = _known(LanguageForm, request.account.person)
    form = LanguageForm(request.POST or None, initial=known)
    if form.is_valid():
        with refusals_on(form):
            actions.set_language(account=request.account, **form.cleaned_data)
            return _back(request, "accounts:settings-language")
    return show_me(
        request, "accounts/settings_form.html", {"form": form, "title": _("Language and time")}
    )


@members_only
def finding(request: MemberRequest) -> HttpResponse:
    known = _known(WaysToFindForm, request.account.person)
    form = WaysToFindForm(request.POST or None, initial=known)
    if form.is_valid():
        with refusals_on(form):
            actions.set_ways_to_find(account=request.account, choices=form.cleaned_data)
            return _back(request, "accounts:settings-finding")
    return show_me(
        request, "accounts/settings_form.html", {"form": form, "title": _("Ways to find me")}
    )


@members_only
def privacy(request: MemberRequest) -> HttpResponse:
    known = _known(AudienceForm, request.account.person)
    form = AudienceForm(request.POST or None, initial=known)
    if form.is_valid():
        with refusals_on(form):
            actions.set_audiences(account=request.account, audiences=form.cleaned_data)
            return _back(request, "accounts:settings-privacy")
    return show_me(
        request, "accounts/settings_form.html", {"form": form, "title": _("Who sees my profile")}
    )


@members_only
def chats(request: MemberRequest) -> HttpResponse:
    known = _known(ChatPreferencesForm, request.account.person)
    form = ChatPreferencesForm(request.POST or None, initial=known)
    if form.is_valid():
        with refusals_on(form):
            actions.set_chat_preferences(account=request.account, choices=form.cleaned_data)
            return _back(request, "accounts:settings-chats")
    return show_me(request, "accounts/settings_form.html", {"form": form, "title": _("Chats")})


@members_only
def theme(request: MemberRequest) -> HttpResponse:
    form = ThemeForm(request.POST or None, initial={"theme": request.COOKIES.get("theme", "")})
    if form.is_valid():
        response = _back(request, "accounts:settings-theme")
        # The shell reads it before the first paint; scripts change it too, so it is no secret.
        response.set_cookie(
            "theme",
            form.cleaned_data["theme"],
            max_age=_YEAR if form.cleaned_data["theme"] else 0,
            secure=house.SESSION_COOKIE_SECURE,
            samesite="Lax",
        )
        return response
    return show_me(request, "accounts/settings_form.html", {"form": form, "title": _("Appearance")})


@members_only
def security(request: MemberRequest) -> HttpResponse:
    context = {"person": request.user, "has_second_factor": queries.has_second_factor(request.user)}
    return show_me(request, "accounts/security.html", context)


@members_only
def devices(request: MemberRequest) -> HttpResponse:
    here = request.session.session_key or ""
    context = {"devices": queries.devices_of(request.user, current_key=here)}
    return show_me(request, "accounts/devices.html", context)


@require_POST
@members_only
def device_end(request: MemberRequest, session_id: str) -> HttpResponse:
    actions.end_session(person=request.user, session_id=session_id)
    messages.success(request, _("That device is signed out."))
    return redirect("accounts:settings-devices")


@require_POST
@members_only
def devices_end(request: MemberRequest) -> HttpResponse:
    actions.end_other_sessions(person=request.user, keep=request.session.session_key or "")
    messages.success(request, _("All other devices are signed out."))
    return redirect("accounts:settings-devices")


@members_only
def tokens(request: MemberRequest) -> HttpResponse:
    form, secret = TokenForm(request.POST or None), ""
    if form.is_valid():
        with refusals_on(form, "name"):
            _token, secret = actions.create_token(person=request.user, **form.cleaned_data)
            form = TokenForm()
    context = {"form": form, "secret": secret, "tokens": queries.tokens_of(request.user)}
    return show_me(request, "accounts/tokens.html", context)


@require_POST
@members_only
def token_revoke(request: MemberRequest, token_id: str) -> HttpResponse:
    actions.revoke_token(person=request.user, token_id=token_id)
    messages.success(request, _("The token opens nothing any more."))
    return redirect("accounts:settings-tokens")


@members_only
def blocked(request: MemberRequest) -> HttpResponse:
    context = {"blocks": queries.blocks_of(request.account)[:200]}
    return show_me(request, "accounts/blocked.html", context)
