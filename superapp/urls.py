"""Every address of the product, by the app that answers it."""

from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from accounts.admin import business_site
from accounts.wechat.urls import sites
from chat.urls import answering
from superapp.kernel import ops, pages

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="chat:inbox"), name="home"),
    path("", include("superapp.kernel.pages.urls")),
    path("", include("accounts.urls")),
    path("chats/", include("chat.urls")),
    path("", include("payments.urls")),
    path("api/v1/", include("accounts.api.urls")),
    path("api/v1/", include("chat.api.urls")),
    path("api/v1/", include("payments.api.urls")),
    path("api/", include("superapp.kernel.api_docs")),
    path("cgi-bin/", include("chat.wechat.urls")),
    path("cgi-bin/", include("accounts.wechat.urls")),
    path("sns/", include(sites)),
    # Ours: the console's own would leave other sessions, tokens and sockets open.
    path(
        "admin/password_change/",
        RedirectView.as_view(pattern_name="account_change_password"),
        name="console-password",
    ),
    path(
        "admin/logout/", RedirectView.as_view(pattern_name="account_logout"), name="console-logout"
    ),
    path("admin/", admin.site.urls),
    path(
        "business/password_change/",
        RedirectView.as_view(pattern_name="account_change_password"),
        name="business-password",
    ),
    path(
        "business/logout/",
        RedirectView.as_view(pattern_name="account_logout"),
        name="business-logout",
    ),
    path("business/", include(answering)),
    path("business/", business_site.urls),
    path("healthz", ops.healthz, name="healthz"),
    path("readyz", ops.readyz, name="readyz"),
    path("metrics", ops.metrics, name="metrics"),
]

handler400 = pages.bad_request
handler403 = pages.permission_denied
handler404 = pages.page_not_found
handler500 = pages.server_error
