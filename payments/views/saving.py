"""Pots: all of them, one of them, and what goes in and out."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from accounts.guards import MemberRequest, members_only
from payments import actions, queries
from payments.forms import ChangePotForm, PotForm, PotMoveForm
from payments.views.frame import show
from superapp.kernel.api import position
from superapp.kernel.pages import refusals_on


@members_only
def pots(request: MemberRequest) -> HttpResponse:
    found = queries.pots_of(request.account)
    return show(request, "payments/pots.html", {"pots": found, "saved": queries.saved_in(found)})


@members_only
def pot_new(request: MemberRequest) -> HttpResponse:
    form = PotForm(request.POST or None)
    if form.is_valid():
        with refusals_on(form):
            made = actions.open_pot(owner=request.account, **form.cleaned_data)
            return redirect("payments:pot", made.public_id)
    return show(request, "payments/pot_new.html", {"form": form})


@members_only
def pot(request: MemberRequest, pot_id: str) -> HttpResponse:
    """A pot; its two forms move money in and out, told apart by the button's "verb"."""
    found = queries.pot_for(request.account, pot_id)
    verb = request.POST.get("verb", "")
    forms = {
        way: PotMoveForm(request.POST if verb == way else None, currency=found.currency, prefix=way)
        for way in ("in", "out")
    }
    form = forms.get(verb)
    if form is not None and form.is_valid():
        act = actions.put_in if verb == "in" else actions.take_out
        with refusals_on(form):
            act(owner=request.account, pot_id=pot_id, **form.cleaned_data)
            messages.success(request, _("Done."))
            return redirect("payments:pot", pot_id)
    before = position(request.GET["before"]) if request.GET.get("before") else None
    moves, older = queries.moves_page(found, before)
    context = {
        "pot": found,
        "form_in": forms["in"],
        "form_out": forms["out"],
        "available": queries.available(request.account, found.currency),
        "moves": moves,
        "standings": queries.standings_into(found),
        "older_url": f"?before={older}" if older else "",
        "newer_url": "?" if before is not None else "",
    }
    return show(request, "payments/pot.html", context)


@members_only
def pot_change(request: MemberRequest, pot_id: str) -> HttpResponse:
    found = queries.pot_for(request.account, pot_id)
    form = ChangePotForm(request.POST or None, pot=found)
    if form.is_valid():
        with refusals_on(form):
            actions.change_pot(owner=request.account, pot_id=pot_id, **form.cleaned_data)
            return redirect("payments:pot", pot_id)
    return show(request, "payments/pot_change.html", {"form": form, "pot": found})


@members_only
def pot_close(request: MemberRequest, pot_id: str) -> HttpResponse:
    """Asks first: what is to be paid into it ends too."""
    found = queries.pot_for(request.account, pot_id)
    if request.method == "POST":
        actions.close_pot(owner=request.account, pot_id=pot_id)
        messages.success(request, _("The pot is closed. What was in it is in your balance."))
        return redirect("payments:pots")
    context = {"pot": found, "standings": queries.standings_into(found)}
    return show(request, "payments/pot_close.html", context)
