from django.urls.resolvers import URLPattern

app_name = "people-api"
urlpatterns: list[URLPattern] = []
