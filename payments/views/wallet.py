"""The wallet's first page, its cards, and who its owner is."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.guards import MemberRequest, members_only
from payments import actions, queries
from payments.forms import BindForm, IdentityForm
from payments.models import Operation
from payments.views.frame import show
from superapp.kernel import pages


@members_only
def wallet(request: MemberRequest) -> HttpResponse:
    account = request.account
    first, *others = queries.balances_of(account)
    context = {
        "wallet": queries.wallet_for(account),
        "balance": first,
        "others": others,
        "cards": queries.cards_of(account),
        "bills": queries.latest_bills(account),
        "week": queries.spent_this_week(account),
    }
    return show(request, "payments/wallet.html", context)


@require_POST
@members_only
def amounts(request: MemberRequest) -> HttpResponse:
    """Hide the amounts on the first page, or show them again."""
    verb = actions.show_amounts if request.POST.get("verb") == "show" else actions.hide_amounts
    verb(account=request.account)
    return redirect("payments:wallet")


@members_only
def cards(request: MemberRequest) -> HttpResponse:
    found = queries.cards_of(request.account)
    context = {
        "cards": found,
        "count": sum(not card.is_bank for card in found),
        "wallet": queries.wallet_for(request.account),
    }
    return show(request, "payments/cards.html", context)


@members_only
def card_add(request: MemberRequest) -> HttpResponse:
    form = BindForm(request.POST or None)
    if form.is_valid():
        with pages.refusals_on(form):
            operation = actions.start_binding(account=request.account, **form.cleaned_data)
            return onwards(operation)
    return show(request, "payments/card_add.html", {"form": form})


@members_only
def card_remove(request: MemberRequest, card_id: str) -> HttpResponse:
    card = queries.card_of(request.account, card_id)
    if request.method == "POST":
        actions.remove_card(account=request.account, card_id=card_id)
        messages.success(request, _("Removed."))
        return redirect("payments:cards")
    return show(request, "payments/card_remove.html", {"card": card})


@require_POST
@members_only
def card_default(request: MemberRequest, card_id: str) -> HttpResponse:
    card = actions.make_default(account=request.account, card_id=card_id)
    messages.success(request, _("%(card)s is used first.") % {"card": card})
    return redirect("payments:cards")


@require_POST
@members_only
def card_move(request: MemberRequest, card_id: str) -> HttpResponse:
    """One place up or down in the order in which cards are tried."""
    is_up = request.POST.get("verb") == "up"
    verb = actions.move_card_up if is_up else actions.move_card_down
    verb(account=request.account, card_id=card_id)
    return redirect("payments:cards")


@members_only
def identity(request: MemberRequest) -> HttpResponse:
    """Levels: who the person is, and what they may move."""
    account = request.account
    wallet, case = queries.wallet_for(account), queries.last_case(account)
    needs_papers = wallet.level == 0
    form = IdentityForm(request.POST or None) if needs_papers else None
    if request.method == "POST" and (form is None or form.is_valid()):
        given = form.cleaned_data if form else {}
        if form is None:
            actions.ask_level(account=account, level=wallet.level + 1)
            return redirect("payments:identity")
        with pages.refusals_on(form):
            actions.ask_level(account=account, level=1, **given)
            return redirect("payments:identity")
    context = {
        "wallet": wallet,
        "case": case,
        "form": form,
        "limits": queries.limits_of(account),
        "has_card": bool(queries.cards_of(account)),
    }
    return show(request, "payments/identity.html", context)


def onwards(operation: Operation) -> HttpResponse:
    """Where the person goes after something was asked of the gateway.

    Straight to pages of ours; other sites stand behind a link, as forms may lead to us alone.
    """
    if operation.action_url.startswith("/"):
        return redirect(operation.action_url)
    return redirect("payments:operation", operation.public_id)
