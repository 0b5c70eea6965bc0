"""How an error leaves the house: a page that looks like ours, or RFC 9457 JSON for programs."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template import TemplateDoesNotExist
from django.template.loader import render_to_string
from django.utils.translation import get_language, get_language_bidi

from superapp.kernel.errors import Refusal, TooMany

PROBLEM = "application/problem+json"
# Programs live here; they get JSON whatever they say they accept.
_PROGRAMS = ("/api/", "/ws/")


def wants_json(request: HttpRequest) -> bool:
    """A program is asking: an API address, or an Accept header that prefers JSON to HTML."""
    if request.path.startswith(_PROGRAMS):
        return True
    return request.get_preferred_type(["text/html", "application/json"]) == "application/json"


def refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """Answer a request that a rule of ours refused."""
    answer = failed(request, refusal.status, refusal.code, str(refusal), details=refusal.details)
    if isinstance(refusal, TooMany):
        answer["Retry-After"] = str(refusal.retry_after)
    return answer


def failed(
    request: HttpRequest,
    status: int,
    code: str,
    message: str,
    *,
    template: str = "",
    details: dict[str, Any] | None = None,
) -> HttpResponse:
    """An error page, or the same as problem details. Touches neither database nor session."""
    if wants_json(request):
        return _problem(status, code, message, details)
    context = {
        "status": status,
        "code": code,
        "message": message,
        "request_id": getattr(request, "request_id", ""),
        "address": request.path,
        # Context processors would read the session, which may be the very thing that failed.
        "LANGUAGE_CODE": get_language(),
        "LANGUAGE_BIDI": get_language_bidi(),
        "theme": theme_of(request),
    }
    try:
        body = render_to_string(template or f"errors/{status}.html", context)
    except TemplateDoesNotExist:
        body = render_to_string("errors/400.html", context)
    return HttpResponse(body, status=status)


def _problem(status: int, code: str, message: str, details: dict[str, Any] | None) -> HttpResponse:
    body = {"type": "about:blank", "title": message, "status": status, "code": code}
    if details:
        body["details"] = details
    return JsonResponse(body, status=status, content_type=PROBLEM)


def theme_of(request: HttpRequest) -> str:
    """The theme chosen in this browser ("light" or "dark"), or "" to follow the system."""
    chosen = request.COOKIES.get("theme", "")
    return chosen if chosen in {"light", "dark"} else ""
