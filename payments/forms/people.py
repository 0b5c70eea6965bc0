"""Forms of money between people: how much, for whom, from what, confirmed by what."""

from functools import partial
from typing import Any

from django import forms
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from chat.models import Membership
from payments import queries
from payments.forms.wallet import MoneyForm, amount_field, password_field
from payments.states import Cover, PacketKind
from payments.wording import written
from superapp.kernel.errors import Refusal
from superapp.kernel.ids import new_id
from superapp.kernel.money import Money

_DELAYS = {
    0: _("At once"),
    7200: _("2 hours after accepting"),
    86400: _("24 hours after accepting"),
}


def press_field() -> forms.SlugField:
    """Made when the form is drawn: a second press finds what the first began."""
    return forms.SlugField(
        max_length=40, widget=forms.HiddenInput, initial=partial(new_id, "press")
    )


def note_field(label: Any, most: int) -> forms.CharField:
    """One line, in any script."""
    return forms.CharField(
        label=label,
        max_length=most,
        required=False,
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
    )


class PayForm(forms.Form):
    """From what it is paid, shown before paying, and the payment password."""

    source = forms.ChoiceField(label=_("Pay from"), widget=forms.RadioSelect)
    password = password_field()

    def __init__(self, *args: Any, account: Account, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        balances = " · ".join(written(one.available) for one in queries.balances_of(account))
        cards = [card for card in queries.cards_of(account) if not card.is_bank]
        source: Any = self.fields["source"]
        source.choices = [
            ("balance", _("Balance: %(amount)s") % {"amount": balances}),
            *((card.public_id, str(card)) for card in cards),
        ]
        self.fields["source"].initial = "balance"
        self.fields["password"].required = False
        self.fields["password"].help_text = _("Not needed for small amounts.")


class AmountForm(MoneyForm):
    note = note_field(_("Note"), settings.TRANSFER_NOTE_MAX)
    client_id = press_field()


class TransferForm(AmountForm, PayForm):
    delay = forms.TypedChoiceField(
        label=_("Arrives"),
        coerce=int,
        choices=[(seconds, _DELAYS.get(seconds, seconds)) for seconds in settings.TRANSFER_DELAYS],
        initial=0,
    )
    field_order = ("amount", "currency", "note", "delay", "source", "password")


class CodePaymentForm(AmountForm, PayForm):
    field_order = ("amount", "currency", "note", "source", "password")


class FestiveForm(MoneyForm, PayForm):
    """What campaigns offer now: covers to choose from, greetings to begin with."""

    cover = forms.ChoiceField(label=_("Cover"), required=False, widget=forms.RadioSelect)
    greeting = note_field(_("Greeting"), settings.PACKET_GREETING_MAX)
    client_id = press_field()

    def __init__(self, *args: Any, festival: queries.Festival, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not festival.covers:
            del self.fields["cover"]
        else:
            cover: Any = self.fields["cover"]
            cover.choices = [(code, _cover(code)) for code in [*festival.covers, ""]]
            cover.initial = festival.covers[0]
            cover.widget.attrs["class"] = "covers"
        if festival.greetings:
            self.fields["greeting"].widget.attrs["list"] = "greetings"
            self.fields["greeting"].initial = festival.greetings[0]


def _cover(code: str) -> str:
    """A cover to choose: how it looks, and what it is called."""
    return render_to_string(
        "payments/parts/_cover_choice.html",
        {"cover": code, "name": Cover(code).label if code else _("Plain red")},
    )


class PacketForm(FestiveForm):
    """In a group; `amount` is of each share where all are the same, else of the whole packet."""

    kind = forms.ChoiceField(
        label=_("Kind"),
        widget=forms.RadioSelect,
        choices=[choice for choice in PacketKind.choices if choice[0] != PacketKind.SINGLE],
        initial=PacketKind.LUCKY,
    )
    count = forms.IntegerField(
        label=_("Number of shares"), min_value=1, max_value=settings.PACKET_COUNT_MAX, initial=1
    )
    receiver_id = forms.ChoiceField(label=_("Only for"), required=False)
    field_order = (
        *("kind", "amount", "currency", "count", "receiver_id", "greeting", "cover", "source"),
        "password",
    )

    def __init__(self, *args: Any, members: list[Membership], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["amount"].help_text = _("Of each share where all are the same, else in all.")
        receiver: Any = self.fields["receiver_id"]
        receiver.choices = [
            ("", _("Everybody")),
            *((seat.account.public_id, seat.alias or seat.account.name) for seat in members),
        ]

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        amount = given.get("amount")
        if isinstance(amount, Money) and given.get("kind") == PacketKind.IDENTICAL:
            given["amount"] = Money(amount.minor * (given.get("count") or 1), amount.currency)
        if given.get("kind") == PacketKind.EXCLUSIVE:
            given["count"] = 1
            if not given.get("receiver_id"):
                self.add_error("receiver_id", _("Choose who it is for."))
        else:
            given["receiver_id"] = ""
        return given


class SinglePacketForm(FestiveForm):
    """In a chat of two."""

    field_order = ("amount", "currency", "greeting", "cover", "source", "password")


class ThanksForm(forms.Form):
    text = note_field(_("Say thank you"), settings.PACKET_THANKS_MAX)


class ReceiveForm(MoneyForm):
    note = note_field(_("Note"), settings.TRANSFER_NOTE_MAX)
    field_order = ("amount", "currency", "note")


class SplitForm(AmountForm):
    """Who shares the bill: equally, or with a part typed for each."""

    is_equal = forms.TypedChoiceField(
        label=_("How"),
        coerce=lambda value: value == "equal",
        choices=[("equal", _("Equal parts")), ("own", _("A part for each"))],
        widget=forms.RadioSelect,
        initial="equal",
    )
    people = forms.MultipleChoiceField(
        label=_("Who shares it"), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, members: list[Membership], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people: Any = self.fields["people"]
        people.choices = [
            (seat.account.public_id, seat.alias or seat.account.name) for seat in members
        ]
        people.initial = [seat.account.public_id for seat in members]
        for seat in members:
            part = amount_field(seat.alias or seat.account.name)
            part.required = False
            self.fields[f"part_{seat.account.public_id}"] = part

    def parts(self) -> Any:
        """The fields of the typed parts, to be drawn apart."""
        return [self[name] for name in self.fields if name.startswith("part_")]

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        typed = {name: given.pop(name) for name in list(given) if name.startswith("part_")}
        amount = given.get("amount")
        if not isinstance(amount, Money) or given.get("is_equal", True):
            return given
        given["parts"] = {}
        for public_id in given.get("people", ()):
            try:
                part = Money.parse(typed.get(f"part_{public_id}") or "0", amount.currency)
            except Refusal:
                self.add_error(f"part_{public_id}", _("Write an amount like 12.50."))
                continue
            given["parts"][public_id] = part.minor
        return given
