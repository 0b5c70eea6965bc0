"""Codes to be paid by, and codes to pay with."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Sum

from accounts.models import Account
from payments.errors import CodeNotFound
from payments.models import PayDevice, ReceiveCode, Transfer
from payments.states import TransferStatus
from superapp.kernel.money import Money

# Wallets of others begin so: a till that reads digits knows what they are.
PREFIX = "12"
_DIGITS = 6


def receive_code_by(token: str) -> ReceiveCode:
    """The code a picture carries, while its owner can be paid. Raises CodeNotFound."""
    rows = ReceiveCode.objects.select_related("account__avatar")
    found = rows.filter(token=token[:60], is_live=True, account__closed_at=None).first()
    if found is None:
        raise CodeNotFound
    return found


def receive_code_for(owner: Account, code_id: str) -> ReceiveCode:
    """One's own code. Raises CodeNotFound."""
    found = ReceiveCode.objects.filter(account=owner, public_id=code_id, is_live=True).first()
    if found is None:
        raise CodeNotFound
    return found


def open_code_of(owner: Account) -> ReceiveCode | None:
    """The one without an amount, if they ever asked for one."""
    return ReceiveCode.objects.filter(account=owner, is_live=True, amount=0).first()


def payments_to(code: ReceiveCode) -> list[Transfer]:
    """Who paid by a code, the latest first."""
    rows = Transfer.objects.filter(code=code, status=TransferStatus.ACCEPTED)
    return list(
        rows.select_related("sender__avatar").order_by("-pk")[: settings.RECEIVE_CODE_PAYERS]
    )


def received_by(code: ReceiveCode) -> Money:
    """All that came in by a code, in its currency."""
    rows = Transfer.objects.filter(
        code=code, status=TransferStatus.ACCEPTED, currency=code.currency
    )
    return Money(int(rows.aggregate(total=Sum("amount"))["total"] or 0), code.currency)


@dataclass(frozen=True, slots=True)
class PayCode:
    """18 digits that pay: the prefix, the device's number, and six that change with the time."""

    digits: str
    seconds_left: int

    @property
    def grouped(self) -> str:
        """In fours, as people read it out."""
        return " ".join(self.digits[at : at + 4] for at in range(0, len(self.digits), 4))


def step_at(moment: datetime) -> int:
    """The step of the clock that a code belongs to."""
    return int(moment.timestamp()) // settings.PAY_CODE_STEP


def pay_code_at(device: PayDevice, moment: datetime) -> PayCode:
    """What a device shows: good until its step and the one after are over."""
    step = step_at(moment)
    digits = f"{PREFIX}{device.number}{_changing(device, step)}"
    passed = int(moment.timestamp()) - step * settings.PAY_CODE_STEP
    return PayCode(digits, settings.PAY_CODE_SECONDS - passed)


def step_of_code(device: PayDevice, digits: str, moment: datetime) -> int | None:
    """The step whose code this is: the present one or a neighbour; None for every other."""
    now, given = step_at(moment), digits[-_DIGITS:]
    found = None
    for step in (now, now - 1, now + 1):
        if hmac.compare_digest(given, _changing(device, step)):
            found = step if found is None else found
    return found


def _changing(device: PayDevice, step: int) -> str:
    """Six digits from a keyed sum; the key is the house's, so the rows alone make no codes."""
    said = f"pay-code:{device.number}:{device.session_id}:{step}".encode()
    digest = hmac.new(settings.PAYMENT_PEPPER.encode(), said, hashlib.sha256).digest()
    return f"{int.from_bytes(digest[:8]) % 10**_DIGITS:0{_DIGITS}}"
