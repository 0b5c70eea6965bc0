"""What every page shares: the shell around it, refusals and errors as pages, headers, forms."""

from superapp.kernel.pages.answers import wants_json
from superapp.kernel.pages.forms import refusals_on
from superapp.kernel.pages.handlers import (
    bad_request,
    csrf_failure,
    page_not_found,
    permission_denied,
    server_error,
)
from superapp.kernel.pages.middleware import HeadersMiddleware, RefusalMiddleware
from superapp.kernel.pages.nav import NavItem, register_nav, shell

__all__ = [
    "HeadersMiddleware",
    "NavItem",
    "RefusalMiddleware",
    "bad_request",
    "csrf_failure",
    "page_not_found",
    "permission_denied",
    "refusals_on",
    "register_nav",
    "server_error",
    "shell",
    "wants_json",
]
