"""Amounts in words of the reader's language."""

from babel.numbers import format_currency, get_currency_symbol
from django.utils.translation import get_language

from superapp.kernel.money import Money

MINUS, PLUS = "\u2212", "+"


def locale() -> str:
    """The reader's language as Babel names it: zh-hans is zh_Hans."""
    language, _dash, script = (get_language() or "en").partition("-")
    return f"{language}_{script.title()}" if script else language


def written(money: Money) -> str:
    """The amount as the reader's language writes it, without a sign of its own direction."""
    return format_currency(money.major, money.currency, locale=locale()).replace("-", MINUS)


def signed(money: Money) -> str:
    """With + for what came in and − for what went out; nothing stands before zero."""
    sign = PLUS if money.minor > 0 else MINUS if money.minor < 0 else ""
    absolute = Money(abs(money.minor), money.currency)
    return f"{sign}{format_currency(absolute.major, money.currency, locale=locale())}"


def symbol(currency: str) -> str:
    """¥, $, €: as the reader's language writes it."""
    return str(get_currency_symbol(currency, locale=locale()))
