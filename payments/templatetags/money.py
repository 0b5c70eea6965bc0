"""Amounts on pages: {% load money %}, {{ amount|money }}, {{ amount|signed_money }}."""

from django import template

from payments import wording
from superapp.kernel.money import Money

register = template.Library()


@register.filter
def money(amount: Money) -> str:
    """As the reader's language writes it: ¥12.50, BHD 1.250."""
    return wording.written(amount)


@register.filter
def signed_money(amount: Money) -> str:
    """With + or −."""
    return wording.signed(amount)
