"""Forms of the console's pages about the books."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from payments.models.ledger import HOUSE_ACCOUNTS
from superapp.kernel.errors import Refusal
from superapp.kernel.money import Money


class AdjustmentForm(forms.Form):
    """How much by hand, from or to where, and why; the second person decides."""

    direction = forms.ChoiceField(
        label=_("Direction"),
        choices=[("give", _("Give to the account")), ("take", _("Take from the account"))],
        widget=UnfoldAdminSelectWidget,
    )
    amount = forms.CharField(
        label=_("Amount"), max_length=20, widget=UnfoldAdminTextInputWidget(attrs={"dir": "ltr"})
    )
    house = forms.ChoiceField(
        label=_("Account of the house"),
        choices=[(name, name) for name in HOUSE_ACCOUNTS],
        widget=UnfoldAdminSelectWidget,
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=200,
        help_text=_("Kept in the audit log, for whoever asks later."),
        widget=UnfoldAdminTextInputWidget,
    )

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.currency = currency
        self.fields["amount"].help_text = currency

    def clean_amount(self) -> Money:
        """Above zero; the direction says the sign."""
        try:
            amount = Money.parse(self.cleaned_data["amount"].strip(), self.currency)
        except Refusal as refusal:
            raise forms.ValidationError(str(refusal)) from None
        if amount.minor <= 0:
            raise forms.ValidationError(_("Type an amount above zero."))
        return amount

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if "amount" in said and said.get("direction") == "take":
            said["amount"] = -said["amount"]
        return said
