"""The syntax of what is typed into the wallet's pages."""

from payments.forms.people import (
    AmountForm,
    CodePaymentForm,
    PacketForm,
    PayForm,
    ReceiveForm,
    SinglePacketForm,
    SplitForm,
    ThanksForm,
    TransferForm,
)
from payments.forms.saving import (
    ChangePotForm,
    PotForm,
    PotMoveForm,
    StandingForm,
)
from payments.forms.wallet import (
    BindForm,
    ChangePasswordForm,
    CheckoutForm,
    DoubtForm,
    IdentityForm,
    ResetPasswordForm,
    SetPasswordForm,
    StatementForm,
    TopUpForm,
    WithdrawForm,
    password_field,
)

__all__ = [
    "AmountForm",
    "BindForm",
    "ChangePasswordForm",
    "ChangePotForm",
    "CheckoutForm",
    "CodePaymentForm",
    "DoubtForm",
    "IdentityForm",
    "PacketForm",
    "PayForm",
    "PotForm",
    "PotMoveForm",
    "ReceiveForm",
    "ResetPasswordForm",
    "SetPasswordForm",
    "SinglePacketForm",
    "SplitForm",
    "StandingForm",
    "StatementForm",
    "ThanksForm",
    "TopUpForm",
    "TransferForm",
    "WithdrawForm",
    "password_field",
]
