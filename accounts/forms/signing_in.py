"""Signing in and up: allauth's forms with one field for both kinds of address, and strict counts."""

from typing import Any

from allauth.account import forms as allauth
from allauth.account.adapter import get_adapter
from allauth.mfa.base import forms as allauth_mfa
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts import actions, queries
from accounts.errors import BadAddress
from accounts.models import Person
from superapp.kernel import search
from superapp.kernel.errors import TooMany

ADDRESS_LABEL = _("E-mail or phone")


class AddressField(forms.CharField):
    """An e-mail address or a phone number; cleans to queries.Address."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", ADDRESS_LABEL)
        kwargs.setdefault(
            "widget",
            forms.TextInput(
                attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
            ),
        )
        super().__init__(max_length=254, **kwargs)

    def clean(self, value: Any) -> queries.Address:
        typed = super().clean(value)
        try:
            return queries.read_address(typed)
        except BadAddress as refusal:
            raise ValidationError(str(refusal), code=refusal.code) from None


class PhoneField(forms.CharField):
    """A phone number; cleans to E.164."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Phone"))
        kwargs.setdefault(
            "widget", forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "dir": "ltr"})
        )
        super().__init__(max_length=30, **kwargs)

    def clean(self, value: Any) -> str:
        typed = super().clean(value)
        phone = queries.read_phone(typed) if typed else ""
        if typed and not phone:
            raise ValidationError(_("Enter a phone number, with its country code if it is abroad."))
        return phone


class LoginForm(allauth.LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"] = AddressField()
        self.fields["password"].widget.attrs.pop("placeholder", None)
        self.fields["password"].help_text = ""
        self.order_fields(["login", "password"])

    def clean_login(self) -> str:
        return str(self.cleaned_data["login"])


class SignupForm(allauth.SignupForm):
    name = forms.CharField(
        label=_("Name"),
        max_length=settings.NAME_MAX,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        help_text=_("What friends will see. You can change it at any time."),
    )
    login = AddressField(
        help_text=_("We send a code to it, and use it for nothing but signing in.")
    )
    field_order = ["name", "login", "password1"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["email"], self.fields["phone"]
        self.fields["password1"].widget.attrs.pop("placeholder", None)
        self.fields["password1"].help_text = _("At least 8 characters, and not an obvious one.")

    def clean_name(self) -> str:
        name = search.clean_line(self.cleaned_data["name"])
        if not name:
            raise ValidationError(_("A name needs at least one visible character."))
        return name

    def clean_login(self) -> queries.Address:
        address: queries.Address = self.cleaned_data["login"]
        self.cleaned_data["email"], self.cleaned_data["phone"] = address.email, address.phone
        if address.email:
            self.validate_unique_email(address.email)
        return address

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        if not self.errors:
            _count_code(str(cleaned["login"]))
        return cleaned

    def try_save(self, request: Any) -> Any:
        if self.account_already_exists:  # as slow as making one, or the clock would tell
            Person().set_password(self.cleaned_data["password1"])
        return super().try_save(request)


class RequestLoginCodeForm(forms.Form):
    """allauth reads `_user`, `email` and `phone`; a number travels as `email` (see the adapter)."""

    login = AddressField()

    def clean_login(self) -> str:
        address: queries.Address = self.cleaned_data["login"]
        self._user = queries.login_by_address(address)
        _count_code(str(address))
        self.cleaned_data["email"] = str(address)
        return str(address)


class ResetPasswordForm(allauth.ResetPasswordForm):
    email = AddressField()

    def clean_email(self) -> str:
        address: queries.Address = self.cleaned_data["email"]
        found = queries.login_by_address(address)
        self.users = [found] if found else []
        _count_code(str(address))
        return str(address)


def _count_code(address: str) -> None:
    """Count before sending, so that "too soon" stands on the form and not on an error page."""
    try:
        get_adapter().count_code(address)
    except TooMany as refusal:
        seconds = refusal.retry_after
        raise ValidationError(
            ngettext(
                "You can ask for another code in %(n)s second.",
                "You can ask for another code in %(n)s seconds.",
                seconds,
            )
            % {"n": seconds}
        ) from None


class _CountsTries:
    """Five guesses a code, however many arrive at once."""

    def clean_code(self) -> str:
        adapter = get_adapter()
        session = adapter.request.session.session_key
        expected = self.expected_code  # type: ignore[attr-defined]
        try:
            actions.count_code_try(attempt=f"{session}:{expected}")
        except TooMany:
            raise adapter.validation_error("too_many_login_attempts") from None
        return super().clean_code()  # type: ignore[misc, no-any-return]


_CODE = {"inputmode": "numeric", "maxlength": "12", "dir": "ltr", "placeholder": ""}


class ConfirmLoginCodeForm(_CountsTries, allauth.ConfirmLoginCodeForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs.update(_CODE)


class ConfirmEmailCodeForm(_CountsTries, allauth.ConfirmEmailVerificationCodeForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs.update(_CODE)


class ConfirmResetCodeForm(_CountsTries, allauth.ConfirmPasswordResetCodeForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs.update(_CODE)


class VerifyPhoneForm(_CountsTries, allauth.VerifyPhoneForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs.update(_CODE)


class _CountsSecondFactor:
    user: Person

    def clean_code(self) -> str:
        try:
            actions.count_second_factor_try(person_id=self.user.pk)
        except TooMany:
            raise get_adapter().validation_error("too_many_login_attempts") from None
        code: str = super().clean_code()  # type: ignore[misc]
        actions.forgive_second_factor_tries(person_id=self.user.pk)
        return code


class SecondFactorForm(_CountsSecondFactor, allauth_mfa.AuthenticateForm):
    pass


class SecondFactorAgainForm(_CountsSecondFactor, allauth_mfa.ReauthenticateForm):
    pass
