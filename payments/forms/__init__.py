"""The syntax of what is typed into the wallet's pages."""

from payments.forms.wallet import (
    BindForm,
    ChangePasswordForm,
    CheckoutForm,
    IdentityForm,
    ResetPasswordForm,
    SetPasswordForm,
    TopUpForm,
    WithdrawForm,
    password_field,
)

__all__ = [
    "BindForm",
    "ChangePasswordForm",
    "CheckoutForm",
    "IdentityForm",
    "ResetPasswordForm",
    "SetPasswordForm",
    "TopUpForm",
    "WithdrawForm",
    "password_field",
]
