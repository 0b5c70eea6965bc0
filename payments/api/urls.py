from django.urls import path

from payments.api import wallet

app_name = "payments-api"
urlpatterns = [
    path("wallet/", wallet.Wallet.as_view(), name="wallet"),
    path("cards/", wallet.Cards.as_view(), name="cards"),
    path("cards/<str:card_id>/", wallet.OneCard.as_view(), name="card"),
    path("cards/<str:card_id>/default/", wallet.DefaultCard.as_view(), name="card-default"),
    path("operations/<str:operation_id>/", wallet.OneOperation.as_view(), name="operation"),
    path("top-ups/", wallet.TopUps.as_view(), name="top-ups"),
    path("withdrawals/", wallet.Withdrawals.as_view(), name="withdrawals"),
    path("withdrawals/fee/", wallet.WithdrawalFee.as_view(), name="withdrawal-fee"),
    path("pay-auths/", wallet.PayAuths.as_view(), name="pay-auths"),
    path("bills/", wallet.Bills.as_view(), name="bills"),
    path("bills/<str:bill_id>/", wallet.OneBill.as_view(), name="bill"),
    path("statements/", wallet.Statements.as_view(), name="statements"),
    path("identity-checks/", wallet.IdentityChecks.as_view(), name="identity-checks"),
]
