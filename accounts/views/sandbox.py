"""What only the sandbox has: letters on a page, and signing in as somebody from the demo world."""

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from accounts import queries
from accounts.errors import BadAddress
from superapp.kernel.errors import NotFound


@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """Codes sent to one address; whoever knows the address may look, as nothing here is real."""
    _sandbox_only()
    typed = request.GET.get("to", "")
    try:
        to = str(queries.read_address(typed))
    except BadAddress:
        to = ""
    context = {"to": to, "typed": typed, "letters": queries.letters_to(to) if to else []}
    return render(request, "accounts/sandbox_inbox.html", context)


@require_safe
def attachment(request: HttpRequest, attachment_id: str) -> HttpResponse:
    """A file that came with a letter, to keep."""
    _sandbox_only()
    file = queries.sandbox_attachment(attachment_id)
    return HttpResponse(
        bytes(file.data),
        content_type=file.content_type,
        headers={
            "Content-Disposition": content_disposition_header(
                as_attachment=True, filename=file.name
            )
            or ""
        },
    )


@require_POST
@sensitive_post_parameters()
def sign_in(request: HttpRequest) -> HttpResponse:
    _sandbox_only()
    person = queries.demo_person(request.POST.get("account", ""))
    get_adapter().login(request, person)
    return redirect(settings.LOGIN_REDIRECT_URL)


def _sandbox_only() -> None:
    if not settings.SANDBOX:
        raise NotFound
