"""What Django calls when it gives up on a request (handler400 … handler500, CSRF)."""

from django.core.exceptions import (
    RequestDataTooBig,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from superapp.kernel.errors import NotAllowed, NotFound, TooLarge
from superapp.kernel.pages.answers import failed, refused

_TOO_LARGE = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if isinstance(exception, _TOO_LARGE):
        return refused(request, TooLarge())
    return failed(request, 400, "bad_request", _("We couldn't read that request."))


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return refused(request, NotAllowed())


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return refused(request, NotFound())


def server_error(request: HttpRequest) -> HttpResponse:
    return failed(request, 500, "broken", _("Something broke on our side."))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """CSRF_FAILURE_VIEW: nearly always a page left open across a sign-in, so say how to go on."""
    return failed(
        request,
        403,
        "csrf_failed",
        _("This page was open for too long, or cookies are off."),
        template="errors/403_csrf.html",
    )
