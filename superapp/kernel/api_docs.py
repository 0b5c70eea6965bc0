"""The API describes itself: /api/schema/ for programs, /api/docs/ for people, both offline."""

from django.urls import path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.permissions import AllowAny

_anybody = {"authentication_classes": [], "permission_classes": [AllowAny]}

urlpatterns = [
    path("schema/", SpectacularAPIView.as_view(**_anybody), name="api-schema"),
    # Split: Swagger's start-up script has its own address, so no inline script is needed.
    path(
        "docs/",
        SpectacularSwaggerSplitView.as_view(url_name="api-schema", **_anybody),
        name="api-docs",
    ),
]
