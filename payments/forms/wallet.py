"""Forms of the wallet: amounts as people type them, six digits, names and numbers."""

from functools import partial
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from payments.models import Card
from superapp.kernel.errors import Refusal
from superapp.kernel.ids import new_id
from superapp.kernel.money import Money

_AMOUNT_MAX = 20


def password_field(label: Any = None, *, is_new: bool = False) -> forms.CharField:
    """Six digits of the payment password."""
    return forms.CharField(
        label=label or _("Payment password"),
        min_length=6,
        max_length=6,
        strip=False,
        widget=forms.PasswordInput(
            attrs={
                "inputmode": "numeric",
                "autocomplete": "new-password" if is_new else "current-password",
                "dir": "ltr",
                "class": "pin",
            }
        ),
    )


class DoubtForm(forms.Form):
    """What is not right with a bill."""

    text = forms.CharField(
        label=_("What is not right?"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )


class StatementForm(forms.Form):
    """A statement by e-mail: months like 2026-11. A second press with one key sends nothing more."""

    first = forms.RegexField(
        r"^[0-9]{4}-[0-9]{2}$",
        label=_("First month"),
        widget=forms.TextInput(attrs={"type": "month"}),
    )
    last = forms.RegexField(
        r"^[0-9]{4}-[0-9]{2}$",
        label=_("Last month"),
        widget=forms.TextInput(attrs={"type": "month"}),
    )
    kind = forms.ChoiceField(
        label=_("File"), choices=[("pdf", "PDF"), ("csv", "CSV"), ("ofx", "OFX")]
    )
    client_key = forms.SlugField(
        max_length=40, widget=forms.HiddenInput, initial=partial(new_id, "press")
    )


def amount_field(label: Any = None) -> forms.CharField:
    """An amount in whole units, with a point: "12.50"."""
    return forms.CharField(
        label=label or _("Amount"),
        max_length=_AMOUNT_MAX,
        widget=forms.TextInput(
            attrs={"inputmode": "decimal", "autocomplete": "off", "dir": "ltr", "class": "amount"}
        ),
    )


class MoneyForm(forms.Form):
    """`amount` and `currency` become one Money in `cleaned_data["amount"]`."""

    amount = amount_field()
    currency = forms.ChoiceField(label=_("Currency"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["currency"]
        field.choices = [(code, code) for code in settings.WALLET_CURRENCIES]

    def clean(self) -> dict[str, Any]:
        given = dict(super().clean() or self.cleaned_data)
        text, currency = given.get("amount", ""), given.pop("currency", "")
        if text and currency:
            try:
                given["amount"] = Money.parse(text, currency)
            except Refusal:
                self.add_error("amount", _("Write an amount like 12.50, with no other signs."))
        self.cleaned_data = given
        return given


class TopUpForm(MoneyForm):
    """`client_key` is made when the form is drawn: a second press finds what the first began."""

    card_id = forms.ChoiceField(label=_("From"), widget=forms.RadioSelect)
    client_key = forms.SlugField(
        max_length=40, widget=forms.HiddenInput, required=False, initial=partial(new_id, "press")
    )

    def __init__(self, *args: Any, cards: list[Card], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["card_id"]
        field.choices = [(card.public_id, str(card)) for card in cards]


class WithdrawForm(TopUpForm):
    """Two steps: what and where to; then the fee is shown and the password asked. `fee` is the one
    that was shown, in minor units."""

    fee = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)
    password = password_field()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["card_id"].label = _("To")
        self.fields["password"].required = False

    def show_fee(self, fee: Money) -> None:
        """Draw the form with the fee that is asked for now."""
        kept = {name: self.data.get(name, "") for name in self.fields if name != "password"}
        self.data = {**kept, "fee": str(fee.minor)}


class BindForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("What do you want to add?"),
        choices=[("card", _("A bank card")), ("bank", _("A bank account"))],
        widget=forms.RadioSelect,
        initial="card",
    )


class SetPasswordForm(forms.Form):
    password = password_field(_("New payment password"), is_new=True)
    again = password_field(_("The same once more"), is_new=True)

    def clean(self) -> dict[str, Any]:
        given = dict(super().clean() or self.cleaned_data)
        if given.get("password") and given.pop("again", "") != given["password"]:
            self.add_error("again", _("The two are not the same."))
        return given


class ChangePasswordForm(SetPasswordForm):
    old = password_field(_("Old payment password"))
    field_order = ("old", "password", "again")


class ResetPasswordForm(SetPasswordForm):
    document = forms.CharField(
        label=_("Number of your document"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "ltr"}),
    )
    card_last4 = forms.CharField(
        label=_("Last four digits of a card or account of yours"),
        min_length=4,
        max_length=4,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric", "dir": "ltr"}),
    )
    field_order = ("document", "card_last4", "password", "again")


class IdentityForm(forms.Form):
    legal_name = forms.CharField(
        label=_("Your name, as in your papers"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "name", "dir": "auto"}),
    )
    document = forms.CharField(
        label=_("Number of your document"),
        max_length=40,
        help_text=_("Identity card or passport. We keep a sum of it to compare, not the number."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "ltr"}),
    )


class CheckoutForm(forms.Form):
    """The sandbox's hosted page. Real numbers never come here."""

    holder = forms.CharField(
        label=_("Name on it"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "auto"}),
    )
    number = forms.CharField(
        label=_("Test number"),
        max_length=23,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric", "dir": "ltr"}),
    )
    month = forms.IntegerField(label=_("Month"), min_value=1, max_value=12, initial=12)
    year = forms.IntegerField(label=_("Year"), min_value=2026, max_value=2060, initial=2030)

    def __init__(self, *args: Any, is_bank: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_bank:
            for name in ("month", "year"):
                self.fields[name].required = False
                self.fields[name].widget = forms.HiddenInput()
