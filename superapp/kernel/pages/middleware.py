"""Refusals become answers, and every answer carries the headers that keep a page safe."""

from collections.abc import Callable, Mapping, Sequence

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from superapp.kernel.errors import Invalid, NotFound, Refusal
from superapp.kernel.pages.answers import refused

GetResponse = Callable[[HttpRequest], HttpResponse]


class RefusalMiddleware:
    """A refusal that no form showed becomes a page (or problem details) with its own status."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # PostgreSQL keeps no NUL in texts: a look-up with one would be a server error.
        if "\0" in request.path_info:
            return refused(request, NotFound())
        if "%00" in request.META.get("QUERY_STRING", ""):
            return refused(request, Invalid())
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exc: Exception) -> HttpResponse | None:
        return refused(request, exc) if isinstance(exc, Refusal) else None


class HeadersMiddleware:
    """Content security, permissions, and no copies of personal pages.

    Each header is set only where the view did not set it. Keep it outside everything that can
    answer by itself, so that error pages are covered too.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        self.policy = _policy(settings.CONTENT_SECURITY_POLICY)
        self.exceptions = {
            prefix: _policy({**settings.CONTENT_SECURITY_POLICY, **changes})
            for prefix, changes in settings.CONTENT_SECURITY_POLICY_UNDER.items()
        }

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", self._policy_for(request.path))
        response.headers.setdefault("Permissions-Policy", settings.PERMISSIONS_POLICY)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        # A shared computer's back button must not show a signed-out person's messages.
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    def _policy_for(self, path: str) -> str:
        for prefix, policy in self.exceptions.items():
            if path.startswith(prefix):
                return policy
        return self.policy


def _policy(directives: Mapping[str, Sequence[str]]) -> str:
    return "; ".join(f"{name} {' '.join(sources)}" for name, sources in directives.items())
