"""Pages and files of the shell itself: manifest, service worker, offline page, JS words, gallery."""

import json
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language, get_language_bidi, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django.views.i18n import JavaScriptCatalog

from superapp.kernel.errors import NotFound
from superapp.kernel.pages import assets, gallery

_YEAR = 365 * 24 * 3600


@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """The web app manifest in the reader's language."""
    icons = [
        {"src": static(f"img/icon-{size}.png"), "sizes": f"{size}x{size}", "type": "image/png"}
        for size in (192, 512)
    ]
    masked = [
        {
            "src": static(f"img/icon-maskable-{size}.png"),
            "sizes": f"{size}x{size}",
            "type": "image/png",
            "purpose": "maskable",
        }
        for size in (192, 512)
    ]
    body = {
        "id": "/",
        "name": "Superapp",
        "short_name": "Superapp",
        "description": _("Chat, friends and everything around them."),
        "lang": get_language(),
        "dir": "rtl" if get_language_bidi() else "ltr",
        "start_url": "/?source=app",
        "scope": "/",
        "display": "standalone",
        "background_color": "#e9edeb",
        "theme_color": "#0d7f55",
        "categories": ["social"],
        "icons": icons + masked,
        "shortcuts": [{"name": str(name), "url": url} for name, url in settings.APP_SHORTCUTS],
    }
    answer = JsonResponse(body, content_type="application/manifest+json")
    answer["Cache-Control"] = "private, max-age=3600"
    return answer


@require_safe
def service_worker(request: HttpRequest) -> HttpResponse:
    """/sw.js: what this build precaches, then the worker itself.

    The text changes with any precached file, which is how a browser learns of a new version.
    """
    build = {
        "version": assets.version(),
        "language": get_language(),
        "offline": reverse("offline"),
        "assets": assets.precached(),
        "static": settings.STATIC_URL,
        # Hashed names never change their content; plain ones must be asked for again.
        "hashed": settings.PRODUCTION,
        "pages": settings.OFFLINE_AFTER_MS,
        "private": settings.NEVER_CACHED,
    }
    code = f'self.BUILD = {json.dumps(build)};\nimportScripts("{static("js/shell/worker.js")}");\n'
    answer = HttpResponse(code, content_type="text/javascript; charset=utf-8")
    answer["Cache-Control"] = "no-cache"
    return answer


@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """Shown by the service worker when the network is away: holds nothing personal."""
    answer = render(request, "shell/offline.html")
    answer["Cache-Control"] = "private, max-age=3600"
    return answer


class Words(JavaScriptCatalog):
    """Translations for static/js, from locale/ only; the address names language and version."""

    domain = "djangojs"
    packages = ["superapp"]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        language = request.GET.get("lang", "")
        if language not in dict(settings.LANGUAGES):
            language = settings.LANGUAGE_CODE
        with override(language):
            answer = super().get(request, *args, **kwargs)
        is_current = request.GET.get("v") == assets.words_version(language)
        answer["Cache-Control"] = (
            f"public, max-age={_YEAR}, immutable" if is_current else "public, max-age=300"
        )
        return answer

    def get_paths(self, packages: list[str]) -> list[str]:
        return [str(path) for path in settings.LOCALE_PATHS]


@require_safe
def components(request: HttpRequest) -> HttpResponse:
    """/ui/: every component in every state, from the partials that pages use."""
    if not (settings.UI_GALLERY or getattr(request.user, "is_staff", False)):
        raise NotFound
    return render(request, "shell/gallery.html", gallery.samples())
