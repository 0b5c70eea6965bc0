"""Being paid by a code of one's own, and paying by somebody's."""

from django.conf import settings
from django.db import transaction

from accounts.models import Account
from payments.actions.moving import Means, check_between
from payments.actions.transferring import pay_transfer
from payments.errors import AmountOutOfRange, CannotPayThem, CodeNotFound
from payments.models import ReceiveCode, Transfer
from payments.queries.codes import receive_code_by
from payments.queries.people import clean_note
from payments.wording import written
from superapp.kernel import limits, time
from superapp.kernel.ids import new_id, new_token
from superapp.kernel.money import Money


@transaction.atomic
def own_receive_code(*, owner: Account) -> ReceiveCode:
    """The person's code without an amount; made when they have none."""
    ReceiveCode.objects.bulk_create(
        [_code(owner, Money(0, settings.HOME_CURRENCY), "")], ignore_conflicts=True
    )
    return ReceiveCode.objects.get(account=owner, is_live=True, amount=0)


@transaction.atomic
def renew_receive_code(*, owner: Account) -> ReceiveCode:
    """A fresh code without an amount: pictures of the old one stop working."""
    rows = ReceiveCode.objects.filter(account=owner, is_live=True, amount=0)
    for old in rows.select_for_update():
        old.is_live = False
        old.save(update_fields=["is_live"])
    return own_receive_code(owner=owner)


@transaction.atomic
def set_receive_amount(*, owner: Account, amount: Money, note: str = "") -> ReceiveCode:
    """A code for this amount; those made before keep working until they are dropped.

    Raises CurrencyNotHeld, AmountOutOfRange, TooMany.
    """
    check_between(amount=amount, most=settings.TRANSFER_MAX)
    limits.require("receive-codes", owner.pk, burst=60, per_second=0.1)
    code = _code(owner, amount, clean_note(note, settings.TRANSFER_NOTE_MAX))
    code.save()
    return code


@transaction.atomic
def drop_receive_code(*, owner: Account, code_id: str) -> None:
    """A code with an amount stops working. Raises CodeNotFound."""
    rows = ReceiveCode.objects.filter(account=owner, public_id=code_id, is_live=True)
    if not rows.exclude(amount=0).update(is_live=False):
        raise CodeNotFound


def pay_by_code(
    *,
    payer: Account,
    token: str,
    amount: Money,
    client_id: str,
    means: Means,
    note: str = "",
) -> Transfer:
    """Pay the owner of a code at once; an amount that the code carries is the one to pay.

    A printed code can be pasted over with another, so by those one payer pays at most
    RECEIVE_CODE_PER_DAY. Not inside a transaction where a password is given.

    Raises CodeNotFound, CannotPayThem, CannotReceive, AmountOutOfRange, LimitReached, KeyReused
    and the refusals of `take` and of passwords.
    """
    code = receive_code_by(token)
    if code.account_id == payer.pk or code.account.kind != Account.Kind.PERSON:
        raise CannotPayThem
    if code.amount and amount != code.total:
        raise AmountOutOfRange(min=written(code.total), max=written(code.total))
    check_between(amount=amount, most=settings.TRANSFER_MAX)
    wanted = Transfer(
        public_id=new_id("tr"),
        sender=payer,
        receiver=code.account,
        code=code,
        amount=amount.minor,
        currency=amount.currency,
        note=clean_note(note or code.note, settings.TRANSFER_NOTE_MAX),
        client_id=client_id,
    )
    return pay_transfer(wanted=wanted, means=means)


def _code(owner: Account, amount: Money, note: str) -> ReceiveCode:
    return ReceiveCode(
        account=owner,
        token=new_token(),
        amount=amount.minor,
        currency=amount.currency,
        note=note,
        created_at=time.now(),
    )
