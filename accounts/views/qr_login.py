"""Signing in by confirming on a phone: the waiting browser, and the phone."""

from contextlib import suppress

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import record_authentication
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import actions, guards, queries
from accounts.errors import NotConfirmedYet, QRLoginNotFound
from accounts.guards import MemberRequest, members_only
from accounts.models import Person, QRLogin
from accounts.states import QRLoginStatus
from accounts.views.frame import absolute, qr_picture, show_me
from superapp.kernel.errors import Conflict

_KEPT = "qr_login"  # {"token", "secret", "next"} in the session of the waiting browser


@require_POST
def start(request: HttpRequest) -> HttpResponse:
    """A POST, because it makes something: prefetching browsers and robots make no codes."""
    name = queries.device_name(request.headers.get("User-Agent", ""))
    ip = guards.ip_of(request)
    row, secret = actions.start_qr_login(device=name, place=queries.place_of(ip), ip=ip)
    kept = {"token": row.token, "secret": secret, "next": request.POST.get("next", "")[:500]}
    request.session[_KEPT] = kept
    return redirect("accounts:qr-login-wait")


@require_safe
def wait(request: HttpRequest) -> HttpResponse:
    """The code, and what the phone has done with it. Reloads itself even without scripts."""
    row = _waiting(request)
    if row is None:
        return render(request, "accounts/qr_login_over.html", {})
    address = absolute(request, reverse("accounts:qr-login", args=[row.token]))
    context = {"picture": qr_picture(address), "address": address, "login": row}
    return render(request, "accounts/qr_login_wait.html", context)


@require_safe
def status(request: HttpRequest) -> HttpResponse:
    row = _waiting(request)
    return JsonResponse({"status": row.status if row else QRLoginStatus.EXPIRED})


def _waiting(request: HttpRequest) -> QRLogin | None:
    kept = request.session.get(_KEPT)
    try:
        return queries.qr_login(kept["token"]) if kept else None
    except QRLoginNotFound:
        return None


@require_POST
def claim(request: HttpRequest) -> HttpResponse:
    """The waiting browser asks to be let in."""
    kept = request.session.get(_KEPT)
    if not kept:
        return redirect("account_login")
    try:
        person = actions.claim_qr_login(token=kept["token"], secret=kept["secret"])
    except NotConfirmedYet as refusal:
        messages.info(request, str(refusal))
        return redirect("accounts:qr-login-wait")
    except (QRLoginNotFound, Conflict):
        return redirect("accounts:qr-login-wait")
    del request.session[_KEPT]
    return _let_in(request, person, kept["next"])


def _let_in(request: HttpRequest, person: Person, target: str) -> HttpResponse:
    # The phone was signed in with whatever second factor there is: confirming there stands for it.
    get_adapter().login(request, person)
    record_authentication(request, person, method="qr")
    is_ours = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    response = HttpResponseRedirect(target if target and is_ours else "/")
    if not guards.is_known_device(request, person):
        actions.greet_device(person=person, device=guards.device_of(request))
    guards.remember_device(request, person, response)
    return response


@require_POST
def withdraw(request: HttpRequest) -> HttpResponse:
    kept = request.session.pop(_KEPT, None)
    if kept:
        with suppress(QRLoginNotFound, Conflict):  # over already, one way or the other
            actions.withdraw_qr_login(token=kept["token"], secret=kept["secret"])
    return redirect("account_login")


@members_only
def phone(request: MemberRequest, token: str) -> HttpResponse:
    """What the phone shows after scanning: who wants to get in, from where."""
    row = queries.qr_login(token)
    if row.person_id not in {None, request.user.pk}:
        raise QRLoginNotFound
    return show_me(request, "accounts/qr_login_phone.html", {"login": row})


@require_POST
@members_only
def scanned(request: MemberRequest, token: str) -> HttpResponse:
    """Sent by the phone's page as it opens, so that the other screen can say "scanned"."""
    row = actions.scan_qr_login(person=request.user, token=token)
    return JsonResponse({"status": row.status})


@require_POST
@members_only
def answer(request: MemberRequest, token: str) -> HttpResponse:
    if request.POST.get("answer") == "confirm":
        actions.confirm_qr_login(person=request.user, token=token)
        messages.success(request, _("The other device is signed in."))
    else:
        actions.cancel_qr_login(person=request.user, token=token)
        messages.success(request, _("The other device was not let in."))
    return redirect("accounts:settings-devices")
