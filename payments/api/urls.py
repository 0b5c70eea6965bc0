from django.urls import path

from payments.api import between, wallet

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
    path("transfers/", between.Transfers.as_view(), name="transfers"),
    path("transfers/<str:transfer_id>/", between.OneTransfer.as_view(), name="transfer"),
    path(
        "transfers/<str:transfer_id>/answer/",
        between.TransferAnswer.as_view(),
        name="transfer-answer",
    ),
    path("money-requests/", between.MoneyRequests.as_view(), name="money-requests"),
    path(
        "money-requests/<str:request_id>/",
        between.OneMoneyRequest.as_view(),
        name="money-request",
    ),
    path(
        "money-requests/<str:request_id>/pay/",
        between.PayMoneyRequest.as_view(),
        name="money-request-pay",
    ),
    path(
        "money-requests/<str:request_id>/answer/",
        between.MoneyRequestAnswer.as_view(),
        name="money-request-answer",
    ),
    path("splits/", between.Splits.as_view(), name="splits"),
    path("splits/<str:split_id>/", between.OneSplit.as_view(), name="split"),
    path("splits/<str:split_id>/pay/", between.PayShare.as_view(), name="split-pay"),
    path("splits/<str:split_id>/answer/", between.SplitAnswer.as_view(), name="split-answer"),
    path("packets/", between.Packets.as_view(), name="packets"),
    path("packets/<str:packet_id>/", between.OnePacket.as_view(), name="packet"),
    path("packets/<str:packet_id>/tap/", between.TapPacket.as_view(), name="packet-tap"),
    path("packets/<str:packet_id>/open/", between.OpenPacket.as_view(), name="packet-open"),
    path("packets/<str:packet_id>/thanks/", between.ThankForPacket.as_view(), name="packet-thank"),
    path("receive-codes/", between.ReceiveCodes.as_view(), name="receive-codes"),
    path("receive-codes/<str:code_id>/", between.OneReceiveCode.as_view(), name="receive-code"),
    path("code-payments/", between.CodePayments.as_view(), name="code-payments"),
]
