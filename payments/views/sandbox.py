"""Pages that are the gateway's, not ours: the sandbox has its own. Nothing here is real money."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.guards import MemberRequest, members_only
from payments import actions
from payments.forms import CheckoutForm
from payments.gateways import sandbox
from payments.views.frame import show
from superapp.kernel import pages, time
from superapp.kernel.errors import Invalid, NotFound


def checkout(request: HttpRequest, session_id: str) -> HttpResponse:
    """Takes a test number; whoever has the address is the one who was sent here."""
    _sandbox_only()
    session = sandbox.session_of(session_id)
    is_bank = "card" not in session["payment_method_types"]
    form = CheckoutForm(request.POST or None, is_bank=is_bank)
    if form.is_valid():
        with pages.refusals_on(form):
            try:
                back = sandbox.complete_session(session_id, **form.cleaned_data)
            except Invalid:
                form.add_error("number", _("The sandbox knows only the numbers listed here."))
            else:
                return redirect(back)
    numbers = sandbox.BANKS if is_bank else sandbox.CARDS
    context: dict[str, Any] = {"form": form, "numbers": numbers.values(), "is_bank": is_bank}
    return render(request, "payments/sandbox_checkout.html", context | {"session": session})


@require_POST
def abandon(request: HttpRequest, session_id: str) -> HttpResponse:
    _sandbox_only()
    return redirect(sandbox.abandon_session(session_id))


def confirm(request: HttpRequest, charge_id: str) -> HttpResponse:
    """The bank's page of 3-D Secure."""
    _sandbox_only()
    charge = sandbox.challenge_of(charge_id)
    if request.method == "POST":
        is_confirmed = request.POST.get("answer") == "yes"
        return redirect(sandbox.answer_challenge(charge_id, is_confirmed=is_confirmed))
    amount = sandbox.amount_of(charge)
    return render(request, "payments/sandbox_confirm.html", {"amount": amount, "id": charge_id})


@members_only
def clock(request: MemberRequest) -> HttpResponse:
    """Staff let time pass."""
    if not settings.SANDBOX_CLOCK or not request.user.is_staff:
        raise NotFound
    if request.method == "POST":
        actions.move_sandbox_clock(staff=request.user, step=request.POST.get("step", ""))
        messages.success(request, _("Time has passed."))
        return redirect("payments:clock")
    return show(request, "payments/sandbox_clock.html", {"now": time.now()})


def _sandbox_only() -> None:
    if settings.GATEWAY_KEY or not settings.SANDBOX:
        raise NotFound
