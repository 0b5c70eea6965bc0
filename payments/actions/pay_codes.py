"""The code a person shows to pay: made for one browser, good for a minute, used once."""

import secrets
from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError, transaction

from accounts import queries as accounts
from accounts.models import Account
from payments.errors import PasswordNeeded, PayCodeInvalid
from payments.models import PayCodeUse, PayDevice
from payments.queries.codes import PREFIX, PayCode, pay_code_at, step_of_code
from payments.queries.limits import from_home
from superapp.kernel import limits, time
from superapp.kernel.errors import TooMany
from superapp.kernel.money import Money

_MINUTE, _DAY = timedelta(minutes=1), timedelta(days=1)
_LENGTH = 18


def show_pay_code(*, account: Account, session_key: str) -> PayCode:
    """The code that this browser shows now. Needs a session: a token shows none."""
    device = _device(account, accounts.session_id(session_key))
    return pay_code_at(device, time.now())


def use_pay_code(*, digits: str) -> Account:
    """Whose code was scanned; with that it is used up, also for whoever scans it at once too.

    Tries are counted for each device, so that six digits cannot be guessed: call it outside a
    transaction. Raises PayCodeInvalid, TooMany.
    """
    if len(digits) != _LENGTH or not digits.isascii() or not digits.isdigit():
        raise PayCodeInvalid
    device = PayDevice.objects.select_related("account__person").filter(number=digits[2:12]).first()
    if device is None or digits[:2] != PREFIX:
        raise PayCodeInvalid
    limits.count(f"pay-code:{device.pk}", limit=settings.PAY_CODE_TRIES_PER_MINUTE, window=_MINUTE)
    now = time.now()
    step = step_of_code(device, digits, now)
    if step is None or not _is_alive(device):
        raise PayCodeInvalid
    try:
        with transaction.atomic():
            PayCodeUse.objects.create(device=device, step=step, used_at=now)
    except IntegrityError:
        raise PayCodeInvalid from None
    return device.account


def pay_unasked(*, account: Account, amount: Money) -> None:
    """Count a payment by a shown code that asks for no password. Raises PasswordNeeded."""
    if not amount <= from_home(settings.PAY_CODE_EACH, amount.currency):
        raise PasswordNeeded
    try:
        limits.count(f"pay-unasked:{account.pk}", limit=settings.PAY_CODE_PER_DAY, window=_DAY)
    except TooMany:
        raise PasswordNeeded from None


def forget_old_pay_codes() -> None:
    """Hourly: uses no code can repeat, and devices that are signed out."""
    PayCodeUse.objects.filter(used_at__lt=time.now() - _DAY).delete()
    for device in PayDevice.objects.filter(created_at__lt=time.now() - _DAY)[:1000]:
        if not _is_alive(device):
            device.delete()


def _is_alive(device: PayDevice) -> bool:
    """Whether its person is still signed in there, and may be."""
    person = device.account.person
    keys = accounts.session_keys_of(person)
    live = {accounts.session_id(key) for key in accounts.live_session_keys(keys)}
    return person.is_active and device.session_id in live


def _device(account: Account, session_id: str) -> PayDevice:
    known = PayDevice.objects.filter(account=account, session_id=session_id).first()
    if known is not None:
        return known
    PayDevice.objects.bulk_create(
        [
            PayDevice(
                account=account,
                session_id=session_id,
                number=f"{secrets.randbelow(10**10):010}",
                created_at=time.now(),
            )
        ],
        ignore_conflicts=True,
    )
    return PayDevice.objects.get(account=account, session_id=session_id)
