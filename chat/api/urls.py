from django.urls.resolvers import URLPattern

app_name = "chat-api"
urlpatterns: list[URLPattern] = []
