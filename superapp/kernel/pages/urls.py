from django.urls import include, path

from superapp.kernel.pages import views

urlpatterns = [
    path("manifest.webmanifest", views.manifest, name="manifest"),
    path("sw.js", views.service_worker, name="service-worker"),
    path("offline/", views.offline, name="offline"),
    path("ui/", views.components, name="gallery"),
    path("i18n/js/", views.Words.as_view(), name="javascript-catalog"),
    path("i18n/", include("django.conf.urls.i18n")),
]
