"""What a person does in the thread with an official account, beside writing."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from accounts import actions as people
from accounts.guards import MemberRequest, members_only
from chat import queries
from superapp.kernel.errors import NotFound


@members_only
@require_http_methods(["GET", "POST"])
def press(request: MemberRequest, conversation_id: str, path: str) -> HttpResponse:
    """A button of the account's menu: leads to the address that the account gave it, or says
    something and comes back. An address is followed by a link, everything else by a form."""
    service = queries.service_of(queries.seat_of(request.account, conversation_id))
    if service is None:
        raise NotFound
    leads_away = people.leads_away(menu=service.menu, path=path)
    if leads_away != (request.method == "GET"):
        raise NotFound
    pressed = people.press_menu(person=request.account, official=service.official, path=path)
    if pressed.url:
        return redirect(pressed.url)
    return redirect(f"{service.address}#latest")
