"""Forms of pots and standing payments."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from payments.forms.people import note_field, press_field
from payments.forms.wallet import MoneyForm, amount_field, password_field
from payments.models import Pot
from payments.states import Every
from payments.wording import WEEKDAYS
from superapp.kernel.errors import Refusal
from superapp.kernel.money import Money

_DATE = {"type": "date"}
_WEEKDAYS = list(enumerate(WEEKDAYS, start=1))


class PotForm(MoneyForm):
    """`amount` becomes the goal; nothing typed is none, and zero of the currency."""

    name = forms.CharField(
        label=_("Name"),
        max_length=settings.POT_NAME_MAX,
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
    )
    amount = amount_field(_("Goal"))
    client_id = press_field()
    field_order = ("name", "amount", "currency")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["amount"].required = False
        self.fields["amount"].help_text = _("Leave it empty to save without one.")

    def clean(self) -> dict[str, Any]:
        currency = self.cleaned_data.get("currency", settings.HOME_CURRENCY)
        given = super().clean()
        goal = given.pop("amount", "")
        given["goal"] = goal if isinstance(goal, Money) else Money(0, currency)
        return given


class ChangePotForm(PotForm):
    """Of one that has its currency."""

    def __init__(self, *args: Any, pot: Pot, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["currency"]
        field.choices = [(pot.currency, pot.currency)]
        field.widget = forms.HiddenInput()
        del self.fields["client_id"]
        goal = f"{pot.target.major.normalize():f}" if pot.goal else ""
        self.initial = {"name": pot.name, "amount": goal, "currency": pot.currency}


class PotMoveForm(forms.Form):
    """How much goes in or out, in the pot's own currency."""

    amount = amount_field()
    client_id = press_field()

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.currency = currency

    def clean_amount(self) -> Money:
        try:
            return Money.parse(self.cleaned_data["amount"], self.currency)
        except Refusal:
            raise forms.ValidationError(
                _("Write an amount like 12.50, with no other signs.")
            ) from None


class StandingForm(MoneyForm):
    """To whom, how much, how often. `to` is "pot:…" or a friend's id."""

    to = forms.ChoiceField(label=_("To"))
    note = note_field(_("Note"), settings.TRANSFER_NOTE_MAX)
    every = forms.ChoiceField(
        label=_("How often"), choices=Every.choices, widget=forms.RadioSelect, initial=Every.MONTH
    )
    day = forms.TypedChoiceField(
        label=_("Day of the month"),
        coerce=int,
        choices=[(number, number) for number in range(1, 32)],
        initial=1,
        help_text=_("In months that are shorter it is the last day."),
    )
    weekday = forms.TypedChoiceField(
        label=_("Day of the week"), coerce=int, choices=_WEEKDAYS, initial=1
    )
    starts_on = forms.DateField(
        label=_("First day"), required=False, widget=forms.DateInput(attrs=_DATE)
    )
    ends_on = forms.DateField(
        label=_("Last day"),
        required=False,
        widget=forms.DateInput(attrs=_DATE),
        help_text=_("Empty: until you cancel it."),
    )
    count = forms.IntegerField(
        label=_("Number of payments"),
        required=False,
        min_value=1,
        max_value=settings.STANDING_COUNT_MAX,
        help_text=_("Empty: no limit."),
    )
    password = password_field()
    client_id = press_field()
    field_order = (
        *("to", "amount", "currency", "note", "every", "day", "weekday"),
        *("starts_on", "ends_on", "count", "password"),
    )

    def __init__(
        self, *args: Any, pots: list[Pot], friends: list[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        own = [(f"pot:{pot.public_id}", f"{pot.name} ({pot.currency})") for pot in pots]
        groups = [(_("Your pots"), own), (_("Friends"), friends)]
        field: Any = self.fields["to"]
        field.choices = [group for group in groups if group[1]]
        self.fields["day"].required = self.fields["weekday"].required = False

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        weekday, to = given.pop("weekday", None), given.pop("to", "")
        if given.get("every") == Every.WEEK:
            given["day"] = weekday
        if not given.get("day"):
            self.add_error("weekday" if given.get("every") == Every.WEEK else "day", _("Choose."))
        is_pot = to.startswith("pot:")
        given["pot_id"] = to.removeprefix("pot:") if is_pot else ""
        given["receiver_id"] = "" if is_pot else to
        return given
