"""Amounts of money: whole minor units and a currency, never a float."""

import re
from dataclasses import dataclass
from decimal import Decimal

from babel.numbers import format_currency, get_currency_precision

from superapp.kernel.errors import Refusal

_TYPED = re.compile(r"[0-9]{1,15}(?:\.[0-9]{1,6})?")


class CurrencyMismatch(Refusal):
    code = "money.currency_mismatch"


class BadAmount(Refusal):
    code = "money.bad_amount"


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in the currency's smallest unit: Money(1250, "CNY") is 12.50 yuan.

    The number of decimals is the ISO 4217 exponent (JPY 0, CNY 2, BHD 3).
    """

    minor: int
    currency: str

    @classmethod
    def parse(cls, text: str, currency: str) -> "Money":
        """Read what a person typed ("12.5"). Refuses fractions of the minor unit, signs, exponents
        and digits of other scripts: 1e3 and １０ are not how amounts are written."""
        if not _TYPED.fullmatch(text):
            raise BadAmount
        scaled = Decimal(text).scaleb(get_currency_precision(currency))
        if scaled != scaled.to_integral_value():
            raise BadAmount
        return cls(int(scaled), currency)

    @property
    def major(self) -> Decimal:
        return Decimal(self.minor).scaleb(-get_currency_precision(self.currency))

    def format(self, locale: str) -> str:
        """The amount as the locale writes it; `locale` is a Babel name such as zh_Hans_CN."""
        return format_currency(self.major, self.currency, locale=locale)

    def __add__(self, other: "Money") -> "Money":
        return Money(self.minor + self._same(other), self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.minor - self._same(other), self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.minor, self.currency)

    def __lt__(self, other: "Money") -> bool:
        return self.minor < self._same(other)

    def __le__(self, other: "Money") -> bool:
        return self.minor <= self._same(other)

    def _same(self, other: "Money") -> int:
        if other.currency != self.currency:
            raise CurrencyMismatch
        return other.minor
