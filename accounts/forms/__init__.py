"""The syntax of what people type about themselves and each other."""

from accounts.forms.signing_in import (
    AddressField,
    ConfirmEmailCodeForm,
    ConfirmLoginCodeForm,
    ConfirmResetCodeForm,
    LoginForm,
    PhoneField,
    RequestLoginCodeForm,
    ResetPasswordForm,
    SecondFactorAgainForm,
    SecondFactorForm,
    SignupForm,
    VerifyPhoneForm,
)

__all__ = [
    "AddressField",
    "ConfirmEmailCodeForm",
    "ConfirmLoginCodeForm",
    "ConfirmResetCodeForm",
    "LoginForm",
    "PhoneField",
    "RequestLoginCodeForm",
    "ResetPasswordForm",
    "SecondFactorAgainForm",
    "SecondFactorForm",
    "SignupForm",
    "VerifyPhoneForm",
]
