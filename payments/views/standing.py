"""Standing payments: all of them, a new one, and one of them."""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.debug import sensitive_post_parameters

from accounts import queries as people
from accounts.guards import MemberRequest, members_only
from payments import actions, queries
from payments.actions import Means
from payments.forms import StandingForm
from payments.views.frame import session_of, show
from superapp.kernel.errors import Invalid
from superapp.kernel.pages import refusals_on

_VERBS = {
    "pause": actions.pause_standing,
    "resume": actions.resume_standing,
    "cancel": actions.cancel_standing,
}


@members_only
def standings(request: MemberRequest) -> HttpResponse:
    context = {
        "live": queries.standings_live(request.account),
        "over": queries.standings_over(request.account),
    }
    return show(request, "payments/standings.html", context)


@members_only
@sensitive_post_parameters("password")
def standing_new(request: MemberRequest) -> HttpResponse:
    account, to = request.account, request.GET.get("to", "")
    contacts = people.contacts_of(account)[: settings.STANDING_FRIENDS_SHOWN]
    friends = [(one.other.public_id, one.remark or one.other.name) for one in contacts]
    pots = queries.pots_of(account)
    form = StandingForm(
        request.POST or None,
        pots=pots,
        friends=friends,
        initial={"to": to, "starts_on": queries.today_of(account)},
    )
    if form.is_valid():
        given = dict(form.cleaned_data)
        means = Means(password=given.pop("password"), session=session_of(request))
        with refusals_on(form):
            made = actions.start_standing(owner=account, means=means, **given)
            return redirect("payments:standing", made.public_id)
    context = {
        "form": form,
        "has_somebody": bool(pots or friends),
        "wallet": queries.wallet_for(account),
    }
    return show(request, "payments/standing_new.html", context)


@members_only
def standing(request: MemberRequest, standing_id: str) -> HttpResponse:
    """A plan, its days to come and what became of the others; its owner pauses or cancels it."""
    if request.method == "POST":
        verb = _VERBS.get(request.POST.get("verb", ""))
        if verb is None:
            raise Invalid
        verb(owner=request.account, standing_id=standing_id)
        return redirect("payments:standing", standing_id)
    found = queries.standing_for(request.account, standing_id)
    context = {
        "standing": found,
        "upcoming": queries.upcoming(found),
        "last": queries.last_on(found),
        "runs": queries.runs_of(found),
        "is_asking": request.GET.get("ask") == "cancel",
    }
    return show(request, "payments/standing.html", context)
