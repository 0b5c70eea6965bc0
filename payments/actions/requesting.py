"""Asking a friend for money."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction

from accounts.models import Account
from chat import queries as chats
from chat.states import ConversationKind
from payments.actions.billing import bill
from payments.actions.moving import (
    Means,
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
    AlreadyPaid,
    BeingPaid,
    CannotPayThem,
    KeyReused,
    RemindedAlready,
    RequestNotFound,
    RequestOver,
)
from payments.models import MoneyRequest
from payments.queries.people import clean_note
from payments.queries.transfers import request_status_of
from payments.states import REQUEST_MOVES, BillKind, BillStatus, RequestStatus
from superapp.kernel import outbox, time
from superapp.kernel.errors import Refusal
from superapp.kernel.ids import new_id
from superapp.kernel.money import Money
from superapp.kernel.transitions import move

CARD, PURPOSE, ESCROW = "request", "request", "rq"
JOB = "payments.request_due"
_R = RequestStatus
_LATER = timedelta(hours=1)


@transaction.atomic
def request_money(
    *, asker: Account, conversation_id: str, amount: Money, client_id: str, note: str = ""
) -> MoneyRequest:
    """Ask the other one of a chat of two. A repeated client_id gives the first request.

    Raises ConversationNotFound, CannotPayThem, AmountOutOfRange, KeyReused and what chat refuses.
    """
    seat = chats.active_seat_of(asker, conversation_id)
    if seat.conversation.kind != ConversationKind.DIRECT:
        raise CannotPayThem
    payer = payee_of(seat=seat)
    check_between(amount=amount, most=settings.TRANSFER_MAX)
    now = time.now()
    wanted = MoneyRequest(
        public_id=new_id(ESCROW),
        asker=asker,
        payer=payer,
        conversation=seat.conversation,
        amount=amount.minor,
        currency=amount.currency,
        note=clean_note(note, settings.TRANSFER_NOTE_MAX),
        client_id=client_id,
        created_at=now,
        due_at=now + timedelta(seconds=settings.REQUEST_SECONDS),
    )
    MoneyRequest.objects.bulk_create([wanted], ignore_conflicts=True)
    request = MoneyRequest.objects.select_related("asker", "payer", "conversation").get(
        asker=asker, client_id=client_id
    )
    if request.public_id != wanted.public_id:
        same = ("payer_id", "conversation_id", "amount", "currency", "note")
        if any(getattr(request, name) != getattr(wanted, name) for name in same):
            raise KeyReused
        return request
    show_card(author=asker, card=CARD, thing=request, ref=request.public_id)
    outbox.at(JOB, {"ref": request.public_id}, due_at=request.due_at)
    return request


def pay_request(*, payer: Account, request_id: str, means: Means) -> MoneyRequest:
    """Pay what was asked for: it reaches the asker at once, or when the card has paid.

    Not inside a transaction where a password is given. Raises RequestNotFound, RequestOver,
    AlreadyPaid, BeingPaid, CannotReceive and the refusals of `take` and of passwords.
    """
    request = _of(payer, request_id, MoneyRequest.objects.all())
    payment = Payment(
        purpose=PURPOSE,
        amount=request.total,
        payee=request.asker.public_id,
        ref=request.public_id,
        kind="request.paid",
    )
    _require_open(request)
    sure = confirm(payer=payer, payment=payment, means=means)
    return straight(
        payer=payer, payee=request.asker, step=lambda: _pay(payer, request_id, payment, sure)
    )


def on_request_paid(ref: str) -> None:
    """The card paid: it reaches the asker, or the payer's balance when they may not have it."""
    request = _lock().get(public_id=ref)
    if request.status != _R.PAYING:
        raise RequestOver(state=request.status)
    try:
        with transaction.atomic():
            _paid(request)
    except Refusal:
        request.status = _R.PAYING
        send_back(
            **_way(request), payer=request.payer, fact=f"request:{ref}:returned", thing=request
        )
        move(request, _R.CANCELLED, allowed=REQUEST_MOVES, answered_at=time.now())
        _changed(request)


def on_request_failed(ref: str, reason: str) -> None:
    """The card was not charged: it can be paid in another way."""
    request = _lock().get(public_id=ref)
    if request.status == _R.PAYING:
        _reopen(request)


@transaction.atomic
def decline_request(*, payer: Account, request_id: str) -> MoneyRequest:
    """Say no. Raises RequestNotFound, RequestOver, AlreadyPaid, BeingPaid."""
    request = _of(payer, request_id, _lock())
    if request.status != _R.DECLINED:
        _require_open(request)
        _over(request, _R.DECLINED)
        say_line(author=payer, thing=request, code="request_declined", amount=request.total)
    return request


@transaction.atomic
def cancel_request(*, asker: Account, request_id: str) -> MoneyRequest:
    """Ask no longer. Raises RequestNotFound, RequestOver, AlreadyPaid, BeingPaid."""
    request = _asked(asker, request_id)
    if request.status != _R.CANCELLED:
        _require_open(request)
        _over(request, _R.CANCELLED)
    return request


@transaction.atomic
def remind_request(*, asker: Account, request_id: str) -> MoneyRequest:
    """Ask again, at most once in REMIND_SECONDS. Raises RemindedAlready and like `cancel`."""
    request = _asked(asker, request_id)
    _require_open(request)
    now = time.now()
    since = timedelta(seconds=settings.REMIND_SECONDS)
    if request.reminded_at is not None and request.reminded_at + since > now:
        raise RemindedAlready
    request.reminded_at = now
    request.save(update_fields=["reminded_at"])
    say_line(author=asker, thing=request, code="request_reminded", amount=request.total)
    refresh(card=CARD, ref=request.public_id)
    return request


@transaction.atomic
def end_request(*, request_id: str) -> None:
    """Its time is over. One that is just being paid is looked at again. Repeats do nothing."""
    request = _lock().get(public_id=request_id)
    if request.status == _R.PAYING:
        later = time.now() + _LATER
        outbox.at(JOB, {"ref": request.public_id}, due_at=later)
    elif request.status == _R.OPEN and request.due_at <= time.now():
        _over(request, _R.EXPIRED)


def on_request_due(payload: Mapping[str, Any]) -> None:
    """A job: its time may be over."""
    end_request(request_id=payload["ref"])


def _pay(payer: Account, request_id: str, payment: Payment, means: Means) -> MoneyRequest:
    request = _of(payer, request_id, _lock())
    _require_open(request)
    taken = fund(payer=payer, payment=payment, escrow=ESCROW, thing=request, means=means)
    request.save(update_fields=["source", "method", "counted"])
    if taken.is_paid:
        _paid(request)
    else:
        move(request, _R.PAYING, allowed=REQUEST_MOVES)
        _changed(request)
    return request


def _paid(request: MoneyRequest) -> None:
    move(request, _R.PAID, allowed=REQUEST_MOVES, answered_at=time.now())
    arrive_unasked(
        **_way(request), payee=request.asker, fact=f"request:{request.public_id}:arrived"
    )
    _changed(request)


def _reopen(request: MoneyRequest) -> None:
    move(request, _R.OPEN, allowed=REQUEST_MOVES)
    _changed(request)


def _over(request: MoneyRequest, to: RequestStatus) -> None:
    move(request, to, allowed=REQUEST_MOVES, answered_at=time.now())
    refresh(card=CARD, ref=request.public_id)


def _changed(request: MoneyRequest) -> None:
    refresh(card=CARD, ref=request.public_id)
    status = _BILLED[RequestStatus(request.status)]
    about: dict[str, Any] = {
        "kind": BillKind.REQUEST,
        "ref": request.public_id,
        "status": status,
        "note": request.note,
    }
    bill(
        account=request.payer,
        amount=-request.total,
        counterparty=request.asker,
        method=request.method,
        **about,
    )
    if request.status == _R.PAID:
        bill(account=request.asker, amount=request.total, counterparty=request.payer, **about)


def _way(request: MoneyRequest) -> dict[str, Any]:
    return {"escrow": ESCROW, "ref": request.public_id, "amount": request.total}


def _require_open(request: MoneyRequest) -> None:
    shown = request_status_of(request, time.now())
    if shown == _R.PAID:
        raise AlreadyPaid
    if shown == _R.PAYING:
        raise BeingPaid
    if shown != _R.OPEN:
        raise RequestOver(state=shown)


def _lock() -> Any:
    rows = MoneyRequest.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("asker", "payer", "conversation")


def _of(payer: Account, public_id: str, rows: Any) -> MoneyRequest:
    found: MoneyRequest | None = (
        rows.select_related("asker", "payer", "conversation")
        .filter(payer=payer, public_id=public_id)
        .first()
    )
    if found is None:
        raise RequestNotFound
    return found


def _asked(asker: Account, public_id: str) -> MoneyRequest:
    found: MoneyRequest | None = _lock().filter(asker=asker, public_id=public_id).first()
    if found is None:
        raise RequestNotFound
    return found


_BILLED = {
    _R.PAYING: BillStatus.WAITING,
    _R.PAID: BillStatus.DONE,
    _R.OPEN: BillStatus.FAILED,
    _R.CANCELLED: BillStatus.RETURNED,
}
