from django.urls import path

from payments.views import bills, moving, password, sandbox, wallet, webhooks

app_name = "payments"
urlpatterns = [
    path("wallet/", wallet.wallet, name="wallet"),
    path("wallet/amounts/", wallet.amounts, name="amounts"),
    path("wallet/cards/", wallet.cards, name="cards"),
    path("wallet/cards/add/", wallet.card_add, name="card-add"),
    path("wallet/cards/<str:card_id>/default/", wallet.card_default, name="card-default"),
    path("wallet/cards/<str:card_id>/remove/", wallet.card_remove, name="card-remove"),
    path("wallet/identity/", wallet.identity, name="identity"),
    path("wallet/top-up/", moving.top_up, name="top-up"),
    path("wallet/withdraw/", moving.withdraw, name="withdraw"),
    path("wallet/operations/<str:operation_id>/", moving.operation, name="operation"),
    path("wallet/password/", password.password, name="password"),
    path("wallet/password/reset/", password.password_reset, name="password-reset"),
    path("wallet/bills/", bills.bills, name="bills"),
    path("wallet/bills/<str:bill_id>/", bills.bill, name="bill"),
    path("wallet/statement/", bills.statement, name="statement"),
    path("wallet/statement/export/<slug:kind>/", bills.export, name="export"),
    path("webhooks/gateway/", webhooks.webhook, name="webhook"),
    path("sandbox/checkout/<str:session_id>/", sandbox.checkout, name="sandbox-checkout"),
    path("sandbox/checkout/<str:session_id>/back/", sandbox.abandon, name="sandbox-abandon"),
    path("sandbox/confirm/<str:charge_id>/", sandbox.confirm, name="sandbox-confirm"),
]
