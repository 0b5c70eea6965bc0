"""Pages that go wrong on purpose, beside the real shell, for the tests of the frame."""

from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import include, path

from superapp.kernel import errors, pages

REFUSALS = {
    403: errors.NotAllowed,
    404: errors.NotFound,
    409: errors.Conflict,
    413: errors.TooLarge,
    429: errors.TooMany,
}


def refused(request: HttpRequest, status: int) -> HttpResponse:
    raise REFUSALS[status]


def denied(request: HttpRequest) -> HttpResponse:
    raise PermissionDenied


def unreadable(request: HttpRequest) -> HttpResponse:
    raise BadRequest


def broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("secret of the house")


def plain(request: HttpRequest) -> HttpResponse:
    return render(request, "base.html")


def posted(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"{len(request.POST)} fields")


urlpatterns = [
    path("", include("superapp.kernel.pages.urls")),
    path("refused/<int:status>/", refused),
    path("api/v1/refused/<int:status>/", refused),
    path("denied/", denied),
    path("unreadable/", unreadable),
    path("broken/", broken),
    path("api/v1/broken/", broken),
    path("posted/", posted),
    path("chats/", plain),
    path("contacts/", plain),
    path("me/", plain),
    path("admin/", plain),
]

handler400 = pages.bad_request
handler403 = pages.permission_denied
handler404 = pages.page_not_found
handler500 = pages.server_error
