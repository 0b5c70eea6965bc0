from django.urls import include, path
from django.urls.resolvers import URLPattern

people: list[URLPattern] = []

urlpatterns = [
    path("accounts/", include("allauth.urls")),
    path("", include((people, "accounts"))),
]
