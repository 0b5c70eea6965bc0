"""What limits are, how much of them is used, and what a withdrawal costs."""

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import ROUND_UP, Decimal
from zoneinfo import ZoneInfo

from babel.numbers import get_currency_precision
from django.conf import settings

from accounts.models import Account
from payments.models import LimitUse, Wallet
from superapp.kernel import time
from superapp.kernel.money import Money

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def level_of(account: Account) -> int:
    """How far somebody has proved who they are: 0 to 3."""
    return Wallet.objects.filter(account=account).values_list("level", flat=True).first() or 0


def home_minor(amount: Money) -> int:
    """An amount in minor units of the home currency, rounded up: for limits, never for paying."""
    if amount.currency == settings.HOME_CURRENCY:
        return amount.minor
    rates = settings.LIMIT_RATES
    units = amount.major * Decimal(rates[settings.HOME_CURRENCY]) / Decimal(rates[amount.currency])
    scaled = units.scaleb(get_currency_precision(settings.HOME_CURRENCY))
    return int(scaled.to_integral_value(ROUND_UP))


def from_home(units: str | int, currency: str) -> Money:
    """A limit in whole home units, as about so much in another currency."""
    rates = settings.LIMIT_RATES
    value = Decimal(units) * Decimal(rates[currency]) / Decimal(rates[settings.HOME_CURRENCY])
    scaled = value.scaleb(get_currency_precision(currency))
    return Money(int(scaled.to_integral_value(ROUND_UP)), currency)


def window_of(rule: str, moment: datetime) -> datetime:
    """When the rule's window around `moment` began, in UTC; "…_day", "…_year", or a lifetime."""
    if not rule.endswith(("_day", "_year")):
        return _EPOCH
    local = moment.astimezone(ZoneInfo(settings.HOME_TIME_ZONE))
    day = local.replace(hour=0, minute=0, second=0, microsecond=0)
    if rule.endswith("_year"):
        day = day.replace(month=1, day=1)
    return day.astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Limit:
    """One limit of somebody; home currency."""

    rule: str
    used: Money
    cap: Money


def limits_of(account: Account) -> list[Limit]:
    """What may be paid, topped up, withdrawn and received, and how much of it is used."""
    level, moment = level_of(account), time.now()
    caps = {
        "pay_life" if level < 2 else "pay_year": settings.PAY_CAPS[level],
        "pay_day": settings.PAY_PER_DAY,
        "topup_day": settings.TOPUP_PER_DAY,
        "withdraw_day": settings.WITHDRAW_PER_DAY,
        "withdraw_free": settings.WITHDRAW_FREE,
        "receive_year": settings.RECEIVE_CAPS[level],
    }
    used = {
        (use.rule, use.window): use.used
        for use in LimitUse.objects.filter(account=account, rule__in=caps)
    }
    home = settings.HOME_CURRENCY
    return [
        Limit(
            rule,
            Money(used.get((rule, window_of(rule, moment)), 0), home),
            Money.parse(str(cap), home),
        )
        for rule, cap in caps.items()
    ]


def withdrawal_fee(amount: Money, free_home: int) -> Money:
    """What withdrawing costs when `free_home` (home minor units) of it is free."""
    whole = home_minor(amount)
    if free_home >= whole:
        return Money(0, amount.currency)
    charged = amount.minor - amount.minor * free_home // whole
    fee = -(-charged * settings.WITHDRAW_FEE_BP // 10_000)
    least = Decimal(settings.WITHDRAW_FEE_MIN_MINOR).scaleb(
        -get_currency_precision(settings.HOME_CURRENCY)
    )
    return Money(max(fee, from_home(str(least), amount.currency).minor), amount.currency)


def withdrawal_fee_for(account: Account, amount: Money) -> Money:
    """What it would cost now; asking uses nothing up."""
    used = LimitUse.objects.filter(account=account, rule="withdraw_free", window=_EPOCH)
    free = home_minor(Money.parse(str(settings.WITHDRAW_FREE), settings.HOME_CURRENCY)) - (
        used.values_list("used", flat=True).first() or 0
    )
    return withdrawal_fee(amount, max(0, min(free, home_minor(amount))))
