"""Money for a friend: it leaves at once, waits for their yes, and else comes back.

Accepting, returning and the end of the time each lock the transfer first: one of them wins, the
others are told where it ended. Jobs are never taken back: whoever runs one holds its row and waits
for the transfer's, so who holds the transfer's must not wait for the job's.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction

from accounts.models import Account
from chat import queries as chats
from chat.states import ConversationKind
from payments import ledger
from payments.actions.billing import bill
from payments.actions.limiting import count
from payments.actions.moving import (
    Means,
    arrive,
    arrive_unasked,
    check_between,
    confirm,
    fund,
    payee_of,
    send_back,
    straight,
)
from payments.actions.payment import Payment
from payments.actions.showing import refresh, say_line, show_card
from payments.errors import (
    AccountFrozen,
    BadDelay,
    CannotPayThem,
    KeyReused,
    LimitReached,
    TransferNotFound,
    TransferOver,
)
from payments.models import Transfer
from payments.queries.people import clean_note
from payments.queries.transfers import status_of
from payments.states import TRANSFER_MOVES, BillKind, BillStatus, TransferStatus
from superapp.kernel import outbox, time
from superapp.kernel.errors import Refusal
from superapp.kernel.ids import new_id
from superapp.kernel.money import Money
from superapp.kernel.transitions import move

CARD, PURPOSE, ESCROW = "transfer", "transfer", "tr"
JOB = "payments.transfer_due"
_T = TransferStatus
_HOUR = timedelta(hours=1)
_CANNOT_HAVE = (AccountFrozen, LimitReached)


def send_transfer(
    *,
    sender: Account,
    conversation_id: str,
    amount: Money,
    client_id: str,
    means: Means,
    note: str = "",
    delay: int = 0,
) -> Transfer:
    """Send money to the other one of a chat of two; a card pays it later, and then it is shown.

    `delay` (seconds, one of TRANSFER_DELAYS) is how long after being accepted it arrives. A
    repeated client_id gives the first transfer. Not inside a transaction where a password is
    given. Raises ConversationNotFound, CannotPayThem, BadDelay, AmountOutOfRange, KeyReused and
    the refusals of `take`, of passwords and of chat.
    """
    seat = chats.active_seat_of(sender, conversation_id)
    if seat.conversation.kind != ConversationKind.DIRECT:
        raise CannotPayThem
    receiver = payee_of(seat=seat)
    wanted = Transfer(
        public_id=new_id(ESCROW),
        sender=sender,
        receiver=receiver,
        conversation=seat.conversation,
        amount=amount.minor,
        currency=amount.currency,
        note=clean_note(note, settings.TRANSFER_NOTE_MAX),
        delay=delay,
        client_id=client_id,
    )
    known = _known(wanted)
    if known is not None:
        return known
    if not chats.may_reach(seat):
        raise CannotPayThem
    if delay not in settings.TRANSFER_DELAYS:
        raise BadDelay
    check_between(amount=amount, most=settings.TRANSFER_MAX)
    return pay_transfer(wanted=wanted, means=means)


def pay_transfer(*, wanted: Transfer, means: Means) -> Transfer:
    """Store a transfer and take its money. Raises the refusals of `take` and KeyReused."""
    payment = Payment(
        purpose=PURPOSE,
        amount=wanted.total,
        payee=wanted.receiver.public_id,
        ref=wanted.public_id,
        kind="transfer.sent",
    )
    sure = confirm(payer=wanted.sender, payment=payment, means=means)
    if wanted.code is None:
        return ledger.whole(lambda: _pay(wanted, payment, sure))
    return straight(
        payer=wanted.sender, payee=wanted.receiver, step=lambda: _pay(wanted, payment, sure)
    )


def on_transfer_paid(ref: str) -> None:
    """The money is there: the receiver sees it now, and the time runs from now."""
    transfer = _locked(ref)
    if transfer.status != _T.PAYING:
        raise TransferOver(state=transfer.status)
    transfer.due_at = time.now() + timedelta(seconds=settings.TRANSFER_SECONDS)
    transfer.save(update_fields=["due_at"])
    try:
        with transaction.atomic():
            _paid(transfer)
    except Refusal:  # they fell out while the card was asked, or the payee may not have it
        transfer.status = _T.PAYING
        _go_back(transfer, _T.RETURNED)


def on_transfer_failed(ref: str, reason: str) -> None:
    """The card was not charged: nobody ever saw it but its sender."""
    transfer = _locked(ref)
    if transfer.status == _T.PAYING:
        move(transfer, _T.FAILED, allowed=TRANSFER_MOVES, answered_at=time.now())
        _bill(transfer)


@ledger.retried
def accept_transfer(*, receiver: Account, transfer_id: str) -> Transfer:
    """Take it: the money arrives now, or later when its sender chose so.

    A second yes changes nothing. Raises TransferNotFound, TransferOver, LimitReached.
    """
    transfer = _received(receiver, transfer_id)
    if transfer.status in {_T.ACCEPTED, _T.DELAYED}:
        return transfer
    _require_pending(transfer)
    now = time.now()
    if transfer.delay:
        arrives = now + timedelta(seconds=transfer.delay)
        move(transfer, _T.DELAYED, allowed=TRANSFER_MOVES, answered_at=now, arrives_at=arrives)
        outbox.at(JOB, {"ref": transfer.public_id}, due_at=arrives)
        _changed(transfer)
        return transfer
    move(transfer, _T.ACCEPTED, allowed=TRANSFER_MOVES, answered_at=now, arrives_at=now)
    arrive(**_way(transfer), payee=receiver, fact=f"transfer:{transfer.public_id}:accepted")
    _changed(transfer)
    return transfer


@ledger.retried
def return_transfer(*, receiver: Account, transfer_id: str) -> Transfer:
    """Give it back before accepting it. Raises TransferNotFound, TransferOver, AccountFrozen."""
    transfer = _received(receiver, transfer_id)
    if transfer.status == _T.RETURNED:
        return transfer
    _require_pending(transfer)
    _go_back(transfer, _T.RETURNED)
    say_line(author=receiver, thing=transfer, code="transfer_returned", amount=transfer.total)
    return transfer


@ledger.retried
def end_transfer(*, transfer_id: str) -> None:
    """Its time is over: a waiting one goes back, an accepted one arrives. Repeats do nothing."""
    transfer = _locked(transfer_id)
    try:
        with transaction.atomic():
            _end(transfer)
    except AccountFrozen:  # kept for its owner; asked again
        soon = time.now() + _HOUR
        outbox.at(JOB, {"ref": transfer.public_id}, due_at=soon)


def on_transfer_due(payload: Mapping[str, Any]) -> None:
    """A job: its time may be over."""
    end_transfer(transfer_id=payload["ref"])


def _end(transfer: Transfer) -> None:
    now = time.now()
    if transfer.status == _T.PENDING and transfer.due_at <= now:
        _go_back(transfer, _T.EXPIRED)
        say_line(
            author=transfer.sender, thing=transfer, code="transfer_expired", amount=transfer.total
        )
    elif transfer.status == _T.DELAYED and transfer.arrives_at and transfer.arrives_at <= now:
        _arrive_late(transfer)


def _arrive_late(transfer: Transfer) -> None:
    """Whoever may not have it any more, frozen or beyond their limit, gives it back."""
    fact = f"transfer:{transfer.public_id}:accepted"
    try:
        with transaction.atomic():
            move(transfer, _T.ACCEPTED, allowed=TRANSFER_MOVES)
            arrive(**_way(transfer), payee=transfer.receiver, fact=fact)
    except _CANNOT_HAVE:
        transfer.status = _T.DELAYED
        _go_back(transfer, _T.RETURNED)
        return
    _changed(transfer)


def _go_back(transfer: Transfer, to: TransferStatus) -> None:
    move(transfer, to, allowed=TRANSFER_MOVES, answered_at=time.now())
    send_back(
        **_way(transfer),
        payer=transfer.sender,
        fact=f"transfer:{transfer.public_id}:returned",
        thing=transfer,
    )
    _changed(transfer)


def _pay(wanted: Transfer, payment: Payment, means: Means) -> Transfer:
    if wanted.code is None:
        wanted.delay = max(wanted.delay, means.delay)
    wanted.created_at = time.now()
    wanted.due_at = wanted.created_at + timedelta(seconds=settings.TRANSFER_SECONDS)
    Transfer.objects.bulk_create([wanted], ignore_conflicts=True)
    known = _known(wanted)
    if known is None or known.public_id != wanted.public_id:
        return known or wanted
    static = _count_static(known)
    taken = fund(payer=known.sender, payment=payment, escrow=ESCROW, thing=known, means=means)
    known.counted = [*known.counted, *static]
    known.save(update_fields=["source", "method", "counted"])
    if taken.is_paid:
        _paid(known)
    else:
        _bill(known)
    return known


def _paid(transfer: Transfer) -> None:
    if transfer.code_id is not None:
        _paid_to_code(transfer)
        return
    move(transfer, _T.PENDING, allowed=TRANSFER_MOVES, paid_at=time.now())
    outbox.at(JOB, {"ref": transfer.public_id}, due_at=transfer.due_at)
    show_card(author=transfer.sender, card=CARD, thing=transfer, ref=transfer.public_id)
    _bill(transfer)


def _count_static(transfer: Transfer) -> list[dict[str, Any]]:
    """By codes that carry no amount, which a thief could paste over, only so much in a day."""
    if transfer.code is None or transfer.code.amount:
        return []
    cap = settings.RECEIVE_CODE_PER_DAY
    counted = count(account=transfer.sender, rule="static_day", amount=transfer.total, cap=cap)
    return [counted.as_json()]


def _paid_to_code(transfer: Transfer) -> None:
    now = time.now()
    move(
        transfer,
        _T.ACCEPTED,
        allowed=TRANSFER_MOVES,
        paid_at=now,
        answered_at=now,
        arrives_at=now,
    )
    fact = f"transfer:{transfer.public_id}:accepted"
    arrive_unasked(**_way(transfer), payee=transfer.receiver, fact=fact)
    _bill(transfer)


def _changed(transfer: Transfer) -> None:
    refresh(card=CARD, ref=transfer.public_id)
    _bill(transfer)


def _bill(transfer: Transfer) -> None:
    """A line for each side; the receiver has one as soon as the money is theirs."""
    status = _BILLED[TransferStatus(transfer.status)]
    about: dict[str, Any] = {
        "kind": BillKind.TRANSFER,
        "ref": transfer.public_id,
        "status": status,
        "note": transfer.note,
    }
    bill(
        account=transfer.sender,
        amount=-transfer.total,
        counterparty=transfer.receiver,
        method=transfer.method,
        **about,
    )
    if transfer.status in {_T.DELAYED, _T.ACCEPTED} or transfer.arrives_at:
        bill(
            account=transfer.receiver,
            amount=transfer.total,
            counterparty=transfer.sender,
            **about,
        )


def _way(transfer: Transfer) -> dict[str, Any]:
    return {"escrow": ESCROW, "ref": transfer.public_id, "amount": transfer.total}


def _require_pending(transfer: Transfer) -> None:
    shown = status_of(transfer, time.now())
    if shown != _T.PENDING:
        raise TransferOver(state=shown)


def _locked(public_id: str) -> Transfer:
    rows = Transfer.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("sender", "receiver", "conversation").get(public_id=public_id)


def _received(receiver: Account, public_id: str) -> Transfer:
    rows = Transfer.objects.select_for_update(of=("self",), no_key=True)
    found = (
        rows.select_related("sender", "receiver", "conversation")
        .filter(receiver=receiver, public_id=public_id, code=None)
        .exclude(status__in=[_T.PAYING, _T.FAILED])
        .first()
    )
    if found is None:
        raise TransferNotFound
    return found


def _known(wanted: Transfer) -> Transfer | None:
    """What was made of this client_id before. Raises KeyReused when it was something else."""
    rows = Transfer.objects.select_related("sender", "receiver", "conversation", "code")
    known = rows.filter(sender=wanted.sender, client_id=wanted.client_id).first()
    same = ("receiver_id", "conversation_id", "code_id", "amount", "currency", "note")
    if known is None:
        return None
    # The risk rules may have made it arrive later than its sender asked.
    is_other = known.delay not in {wanted.delay, settings.RISK_DELAY_SECONDS}
    if is_other or any(getattr(known, n) != getattr(wanted, n) for n in same):
        raise KeyReused
    return known


_BILLED = {
    _T.PAYING: BillStatus.WAITING,
    _T.PENDING: BillStatus.WAITING,
    _T.DELAYED: BillStatus.WAITING,
    _T.ACCEPTED: BillStatus.DONE,
    _T.RETURNED: BillStatus.RETURNED,
    _T.EXPIRED: BillStatus.RETURNED,
    _T.FAILED: BillStatus.FAILED,
}
