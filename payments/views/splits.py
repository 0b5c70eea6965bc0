"""Split bills: sharing one out, and the page that says who paid."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from accounts.guards import MemberRequest, members_only
from chat import queries as chats
from payments import actions, queries
from payments.forms import PayForm, SplitForm
from payments.views.beside import means_of, show
from superapp.kernel import time
from superapp.kernel.errors import Invalid
from superapp.kernel.pages import refusals_on


@members_only
def split_send(request: MemberRequest, conversation_id: str) -> HttpResponse:
    seat = chats.group_seat_of(request.account, conversation_id)
    members = list(chats.members_of(seat)[: settings.SPLIT_PEOPLE_MAX])
    form = SplitForm(request.POST or None, members=members)
    if form.is_valid():
        given = dict(form.cleaned_data)
        is_equal, people = given.pop("is_equal"), given.pop("people")
        given |= {"maker": request.account, "conversation_id": conversation_id}
        with refusals_on(form):
            if is_equal:
                actions.split_equally(people=people, **given)
            else:
                actions.split_by_parts(**given)
            return redirect("chat:thread", conversation_id)
    return show(request, "payments/split_send.html", {"form": form}, seat.conversation)


@members_only
@sensitive_post_parameters("password")
def split(request: MemberRequest, split_id: str) -> HttpResponse:
    """Who owes what; members pay their part here, its maker reminds or closes it."""
    found = queries.split_for(request.account, split_id)
    verb = request.POST.get("verb", "")
    form = PayForm(request.POST if verb == "pay" else None, account=request.account)
    if request.method == "POST" and verb != "pay":
        return _answer(request, split_id, verb)
    if form.is_valid():
        means = means_of(request, dict(form.cleaned_data))
        with refusals_on(form):
            actions.pay_share(payer=request.account, split_id=split_id, means=means)
            return redirect("payments:split", split_id)
    shares = queries.shares_of(found)
    own = next((share for share in shares if share.account == request.account), None)
    context = {
        "form": form,
        "split": found,
        "status": queries.split_status_of(found, time.now()),
        "rows": [(share, found.money(share.amount)) for share in shares],
        "own": own,
        "own_amount": found.money(own.amount) if own else None,
        "own_part": found.money(found.own_part),
        "is_mine": found.maker == request.account,
        "step": queries.step_of(request.account, own.public_id) if own else "",
    }
    return show(request, "payments/split.html", context, found.conversation)


def _answer(request: MemberRequest, split_id: str, verb: str) -> HttpResponse:
    if verb == "remind":
        actions.remind_split(maker=request.account, split_id=split_id)
        messages.success(request, _("Reminded."))
    elif verb == "close":
        actions.close_split(maker=request.account, split_id=split_id)
    else:
        raise Invalid
    return redirect("payments:split", split_id)
