"""What is held of somebody: for whom, how much, until when."""

from django.http import HttpResponse

from accounts.guards import MemberRequest, members_only
from payments import queries
from payments.views.frame import show
from superapp.kernel.api import position


@members_only
def holds(request: MemberRequest) -> HttpResponse:
    asked = request.GET.get("before", "")
    before = position(asked) if asked else None
    rows, older = queries.holds_page(request.account, before)
    context = {
        "rows": rows,
        "older_url": f"?before={older}" if older else "",
        "newer_url": "?" if before is not None else "",
    }
    return show(request, "payments/holds.html", context)
