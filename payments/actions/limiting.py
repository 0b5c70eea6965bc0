"""Limits: rows that one guarded UPDATE changes, in the transaction of what they limit.

Amounts are counted in minor units of the home currency, rounded up; windows are calendar days and
years of the house's time zone.
"""

from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import F

from accounts.models import Account
from payments.errors import LimitReached, VerifyFirst
from payments.models import LimitUse
from payments.queries.limits import home_minor, level_of, window_of
from payments.wording import written
from superapp.kernel import time
from superapp.kernel.money import Money

_COUNT = """
INSERT INTO limit_use AS u (account_id, rule, "window", used, cap) VALUES (%s, %s, %s, %s, %s)
ON CONFLICT (account_id, rule, "window") DO UPDATE
    SET used = u.used + excluded.used, cap = excluded.cap
    WHERE u.used + excluded.used <= excluded.cap
RETURNING used
"""


@dataclass(frozen=True, slots=True)
class Counted:
    """What was counted, to give it back to the window it was taken from."""

    rule: str
    window: str
    amount: int

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def count(*, account: Account, rule: str, amount: Money, cap: int) -> Counted:
    """Count an amount against a cap in whole home units. Raises LimitReached, nothing counted."""
    window, minor = window_of(rule, time.now()), home_minor(amount)
    most = home_minor(Money.parse(str(cap), settings.HOME_CURRENCY))
    done = minor <= most
    if done:
        with connection.cursor() as cursor:
            cursor.execute(_COUNT, [account.pk, rule, window, minor, most])
            done = cursor.fetchone() is not None
    if not done:
        raise LimitReached(left=_left(account, rule, window, most))
    return Counted(rule, window.isoformat(), minor)


def spend(*, account: Account, amount: Money) -> list[Counted]:
    """Count a payment from the balance. Raises VerifyFirst, LimitReached."""
    level = level_of(account)
    cap = settings.PAY_CAPS[level]
    if not cap:
        raise VerifyFirst
    rule = "pay_life" if level == 1 else "pay_year"
    return [
        count(account=account, rule=rule, amount=amount, cap=cap),
        count(account=account, rule="pay_day", amount=amount, cap=settings.PAY_PER_DAY),
    ]


def receive(*, account: Account, amount: Money) -> Counted:
    """Count money somebody gets from others. Raises LimitReached."""
    cap = settings.RECEIVE_CAPS[level_of(account)]
    return count(account=account, rule="receive_year", amount=amount, cap=cap)


def draw(*, account: Account, rule: str, amount: Money, cap: int) -> Counted:
    """Use up what is left of a quota, at most `amount`; the answer says how much it was."""
    window, wanted = window_of(rule, time.now()), home_minor(amount)
    most = home_minor(Money.parse(str(cap), settings.HOME_CURRENCY))
    LimitUse.objects.bulk_create(
        [LimitUse(account=account, rule=rule, window=window, used=0, cap=most)],
        ignore_conflicts=True,
    )
    row = LimitUse.objects.select_for_update().get(account=account, rule=rule, window=window)
    part = max(0, min(wanted, most - row.used))
    row.used, row.cap = row.used + part, max(most, row.used)
    row.save(update_fields=["used", "cap"])
    return Counted(rule, window.isoformat(), part)


def give_back(*, account: Account, counted: list[dict[str, Any]]) -> None:
    """Nothing came of it: free what was counted, in the windows it was counted in."""
    for one in counted:
        LimitUse.objects.filter(
            account=account,
            rule=one["rule"],
            window=datetime.fromisoformat(one["window"]).astimezone(UTC),
            used__gte=one["amount"],
        ).update(used=F("used") - one["amount"])


def _left(account: Account, rule: str, window: datetime, most: int) -> str:
    used = LimitUse.objects.filter(account=account, rule=rule, window=window)
    left = most - (used.values_list("used", flat=True).first() or 0)
    return written(Money(max(0, left), settings.HOME_CURRENCY))
