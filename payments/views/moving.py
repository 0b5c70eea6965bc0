"""Top up, withdraw, and the page that says how it went."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters

from accounts.guards import MemberRequest, members_only
from payments import actions, queries
from payments.errors import FeeChanged
from payments.forms import TopUpForm, WithdrawForm
from payments.views.frame import session_of, show
from payments.views.wallet import onwards
from superapp.kernel import pages
from superapp.kernel.money import Money


@members_only
def top_up(request: MemberRequest) -> HttpResponse:
    cards = [card for card in queries.cards_of(request.account) if not card.is_bank]
    form = TopUpForm(request.POST or None, cards=cards, initial=_first(cards))
    if form.is_valid():
        with pages.refusals_on(form):
            return onwards(actions.top_up(account=request.account, **form.cleaned_data))
    context = {
        "form": form,
        "cards": cards,
        "balance": queries.balances_of(request.account)[0],
        "wallet": queries.wallet_for(request.account),
    }
    return show(request, "payments/top_up.html", context)


@members_only
@sensitive_post_parameters("password")
def withdraw(request: MemberRequest) -> HttpResponse:
    """First what and where to; then the fee is shown, and the payment password asked."""
    account = request.account
    cards = [card for card in queries.cards_of(account) if card.is_bank]
    form = WithdrawForm(request.POST or None, cards=cards, initial=_first(cards))
    fee: Money | None = None
    if form.is_valid():
        given = dict(form.cleaned_data)
        amount, shown = given["amount"], given.pop("fee")
        fee = queries.withdrawal_fee_for(account, amount)
        if shown is not None and given["password"]:
            with pages.refusals_on(form):
                if shown != fee.minor:
                    raise FeeChanged
                operation = actions.withdraw(
                    account=account, fee=fee, session=session_of(request), **given
                )
                return onwards(operation)
        form.show_fee(fee)
    context = {
        "form": form,
        "cards": cards,
        "fee": fee,
        "total": form.cleaned_data["amount"] + fee if fee is not None else None,
        "amount": form.cleaned_data.get("amount") if form.is_bound else None,
        "balance": queries.balances_of(account)[0],
        "wallet": queries.wallet_for(account),
    }
    return show(request, "payments/withdraw.html", context)


@members_only
def operation(request: MemberRequest, operation_id: str) -> HttpResponse:
    """How it went, or that it is still being looked into. Coming back from the bank looks at once."""
    found = actions.look_again(account=request.account, operation_id=operation_id)
    if found.purpose == "card" and found.status == "succeeded" and not found.reason:
        return redirect("payments:cards")
    bill = queries.bill_for(request.account, found.public_id)
    context: dict[str, Any] = {"operation": found, "bill": bill}
    if found.action_url.startswith("/") or found.action_url.startswith("https://"):
        context["action_url"] = found.action_url
    context["again"] = reverse("payments:operation", args=[operation_id])
    return show(request, "payments/operation.html", context)


def _first(cards: list[Any]) -> dict[str, str]:
    return {"card_id": cards[0].public_id} if cards else {}
