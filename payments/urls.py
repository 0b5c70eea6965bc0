from django.urls import path

from payments.views import sandbox, webhooks

app_name = "payments"
urlpatterns = [
    path("webhooks/gateway/", webhooks.webhook, name="webhook"),
    path("sandbox/checkout/<str:session_id>/", sandbox.checkout, name="sandbox-checkout"),
    path("sandbox/checkout/<str:session_id>/back/", sandbox.abandon, name="sandbox-abandon"),
    path("sandbox/confirm/<str:charge_id>/", sandbox.confirm, name="sandbox-confirm"),
]
