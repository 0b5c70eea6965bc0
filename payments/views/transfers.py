"""Transfers and requests for money: sending them, and the page that says how they stand."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters

from accounts import queries as people
from accounts.guards import MemberRequest, members_only
from chat import queries as chats
from chat.models import Membership
from chat.states import ConversationKind
from payments import actions, queries
from payments.errors import CannotPayThem
from payments.forms import AmountForm, PayForm, TransferForm
from payments.views.beside import means_of, show
from superapp.kernel import time
from superapp.kernel.errors import Invalid
from superapp.kernel.pages import refusals_on

_DELAYED = gettext_lazy(
    "For your safety this arrives a day after it is accepted: it is large, or unlike what you usually pay."
)


def _pair(request: MemberRequest, conversation_id: str) -> Membership:
    """The viewer's seat in a chat of two. Raises ConversationNotFound, CannotPayThem."""
    seat = chats.active_seat_of(request.account, conversation_id)
    if seat.conversation.kind != ConversationKind.DIRECT or seat.peer is None:
        raise CannotPayThem
    return seat


@members_only
def transfer_to(request: MemberRequest, account_id: str) -> HttpResponse:
    """From a friend's page to the form, which stands in the chat with them."""
    friend = people.contact_for(request.account, account_id).other
    room = chats.direct_with(request.account, friend)
    if room is None:  # friends begin with a chat; where it is missing it is opened first
        return redirect("chat:with", account_id)
    return redirect("payments:transfer-send", room.public_id)


@members_only
@sensitive_post_parameters("password")
def transfer_send(request: MemberRequest, conversation_id: str) -> HttpResponse:
    seat = _pair(request, conversation_id)
    form = TransferForm(request.POST or None, account=request.account)
    if form.is_valid():
        given = dict(form.cleaned_data)
        means = means_of(request, given)
        with refusals_on(form):
            transfer = actions.send_transfer(
                sender=request.account, conversation_id=conversation_id, means=means, **given
            )
            if transfer.delay > given["delay"]:
                messages.info(request, _DELAYED)
            if transfer.shown_at is None:
                return redirect("payments:transfer", transfer.public_id)
            return redirect("chat:thread", conversation_id)
    assert seat.peer is not None
    context = {
        "form": form,
        "peer": seat.peer,
        "name": chats.title_for(seat),
        "check": queries.check_of(request.account, seat.peer),
    }
    return show(request, "payments/transfer_send.html", context, seat.conversation)


@members_only
def transfer(request: MemberRequest, transfer_id: str) -> HttpResponse:
    """The page of a transfer; its receiver accepts or returns it here."""
    if request.method == "POST":
        verb = {"accept": actions.accept_transfer, "return": actions.return_transfer}.get(
            request.POST.get("verb", "")
        )
        if verb is None:
            raise Invalid
        verb(receiver=request.account, transfer_id=transfer_id)
        return redirect("payments:transfer", transfer_id)
    found = queries.transfer_for(request.account, transfer_id)
    context = {
        "transfer": found,
        "status": queries.status_of(found, time.now()),
        "is_mine": found.sender == request.account,
        "step": queries.step_of(request.account, found.public_id),
        "names": queries.names_of(request.account, [found.sender, found.receiver]),
    }
    return show(request, "payments/transfer.html", context, found.conversation)


@members_only
def request_send(request: MemberRequest, conversation_id: str) -> HttpResponse:
    seat = _pair(request, conversation_id)
    form = AmountForm(request.POST or None)
    if form.is_valid():
        with refusals_on(form):
            actions.request_money(
                asker=request.account, conversation_id=conversation_id, **form.cleaned_data
            )
            return redirect("chat:thread", conversation_id)
    context = {"form": form, "peer": seat.peer, "name": chats.title_for(seat)}
    return show(request, "payments/request_send.html", context, seat.conversation)


@members_only
@sensitive_post_parameters("password")
def money_request(request: MemberRequest, request_id: str) -> HttpResponse:
    """The page of a request: who is asked pays or declines, who asks reminds or cancels."""
    found = queries.request_for(request.account, request_id)
    verb = request.POST.get("verb", "")
    paying = request.POST if verb == "pay" else None
    form = PayForm(paying, account=request.account)
    if request.method == "POST" and verb != "pay":
        return _answer_request(request, request_id, verb)
    if form.is_valid():
        means = means_of(request, dict(form.cleaned_data))
        with refusals_on(form):
            actions.pay_request(payer=request.account, request_id=request_id, means=means)
            return redirect("payments:request", request_id)
    context = {
        "form": form,
        "request_": found,
        "status": queries.request_status_of(found, time.now()),
        "is_mine": found.asker == request.account,
        "step": queries.step_of(request.account, found.public_id),
    }
    return show(request, "payments/request.html", context, found.conversation)


def _answer_request(request: MemberRequest, request_id: str, verb: str) -> HttpResponse:
    if verb == "decline":
        actions.decline_request(payer=request.account, request_id=request_id)
    elif verb == "cancel":
        actions.cancel_request(asker=request.account, request_id=request_id)
    elif verb == "remind":
        actions.remind_request(asker=request.account, request_id=request_id)
        messages.success(request, _("Reminded."))
    else:
        raise Invalid
    return redirect("payments:request", request_id)
