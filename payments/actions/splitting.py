"""A bill that members of a group share. What each pays goes straight to its maker."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F

from accounts.models import Account
from chat import queries as chats
from chat.models import Membership
from payments.actions.billing import bill
from payments.actions.moving import (
    Means,
    arrive_unasked,
    check_between,
    confirm,
    fund,
    send_back,
    straight,
)
from payments.actions.payment import Payment
from payments.actions.showing import refresh, say_line, show_card
from payments.errors import (
    AlreadyPaid,
    BadParts,
    BeingPaid,
    KeyReused,
    NobodyToSplit,
    RemindedAlready,
    SplitNotFound,
    SplitOver,
)
from payments.models import Split, SplitShare
from payments.queries.people import clean_note
from payments.queries.sharing import equal_parts
from payments.queries.splits import split_status_of
from payments.states import (
    SHARE_MOVES,
    SPLIT_MOVES,
    BillKind,
    BillStatus,
    ShareStatus,
    SplitStatus,
)
from superapp.kernel import outbox, time
from superapp.kernel.errors import Refusal
from superapp.kernel.ids import new_id
from superapp.kernel.money import Money
from superapp.kernel.transitions import move

CARD, PURPOSE, ESCROW = "split", "split", "sp"
JOB = "payments.split_due"


def split_equally(
    *,
    maker: Account,
    conversation_id: str,
    amount: Money,
    people: Sequence[str],
    client_id: str,
    note: str = "",
) -> Split:
    """Share an amount as equally as can be: leftover units go to the first names of `people`.

    `people` are public ids of members; the maker among them has a part that nobody pays. A
    repeated client_id gives the first split. Raises ConversationNotFound, NobodyToSplit,
    BadParts, AmountOutOfRange, KeyReused and what chat refuses.
    """
    named = list(dict.fromkeys(people))
    if not named or amount.minor < len(named):
        raise BadParts if named else NobodyToSplit
    parts = dict(zip(named, equal_parts(amount.minor, len(named)), strict=True))
    return split_by_parts(
        maker=maker,
        conversation_id=conversation_id,
        amount=amount,
        parts=parts,
        client_id=client_id,
        note=note,
    )


@transaction.atomic
def split_by_parts(
    *,
    maker: Account,
    conversation_id: str,
    amount: Money,
    parts: Mapping[str, int],
    client_id: str,
    note: str = "",
) -> Split:
    """Share an amount in these parts (minor units by public id), which must add up to it.

    Like split_equally otherwise.
    """
    seat = chats.group_seat_of(maker, conversation_id)
    check_between(amount=amount, most=settings.TRANSFER_MAX)
    if sum(parts.values()) != amount.minor or any(part < 1 for part in parts.values()):
        raise BadParts
    members = _members(seat, parts)
    payers = [member for member in members if member.pk != maker.pk]
    if not payers:
        raise NobodyToSplit
    now = time.now()
    wanted = Split(
        public_id=new_id(ESCROW),
        maker=maker,
        conversation=seat.conversation,
        amount=amount.minor,
        own_part=parts.get(maker.public_id, 0),
        currency=amount.currency,
        people=len(payers),
        note=clean_note(note, settings.TRANSFER_NOTE_MAX),
        client_id=client_id,
        created_at=now,
        due_at=now + timedelta(seconds=settings.SPLIT_SECONDS),
    )
    Split.objects.bulk_create([wanted], ignore_conflicts=True)
    split = Split.objects.select_related("maker", "conversation").get(
        maker=maker, client_id=client_id
    )
    if split.public_id != wanted.public_id:
        same = ("conversation_id", "amount", "own_part", "currency", "people", "note")
        if any(getattr(split, name) != getattr(wanted, name) for name in same):
            raise KeyReused
        return split
    SplitShare.objects.bulk_create(
        [SplitShare(split=split, account=one, amount=parts[one.public_id]) for one in payers]
    )
    show_card(author=maker, card=CARD, thing=split, ref=split.public_id)
    outbox.at(JOB, {"ref": split.public_id}, due_at=split.due_at)
    return split


def pay_share(*, payer: Account, split_id: str, means: Means) -> Split:
    """Pay one's own share: it reaches the maker at once, or when the card has paid.

    Not inside a transaction where a password is given. Raises SplitNotFound, SplitOver,
    AlreadyPaid, BeingPaid, CannotReceive and the refusals of `take` and of passwords.
    """
    share = _share(payer, split_id, SplitShare.objects.all())
    _require_unpaid(share)
    payment = Payment(
        purpose=PURPOSE,
        amount=_amount(share),
        payee=share.split.maker.public_id,
        ref=share.public_id,
        kind="split.paid",
    )
    sure = confirm(payer=payer, payment=payment, means=means)
    return straight(
        payer=payer, payee=share.split.maker, step=lambda: _pay(payer, split_id, payment, sure)
    )


def on_share_paid(ref: str) -> None:
    """The card paid: it reaches the maker, also when the split was closed meanwhile."""
    share = _by_ref(ref)
    if share.status != ShareStatus.PAYING:
        raise AlreadyPaid
    try:
        with transaction.atomic():
            _paid(share)
    except Refusal:
        share.status = ShareStatus.PAYING
        send_back(**_way(share), payer=share.account, fact=f"split:{ref}:returned", thing=share)
        move(share, ShareStatus.CLOSED, allowed=SHARE_MOVES)
        _changed(share)


def on_share_failed(ref: str, reason: str) -> None:
    """The card was not charged: it can be paid in another way while the split is open."""
    share = _by_ref(ref)
    if share.status == ShareStatus.PAYING:
        is_open = split_status_of(share.split, time.now()) == SplitStatus.OPEN
        to = ShareStatus.OPEN if is_open else ShareStatus.CLOSED
        move(share, to, allowed=SHARE_MOVES)
        _changed(share)


@transaction.atomic
def remind_split(*, maker: Account, split_id: str) -> Split:
    """Name those who have not paid, at most once in REMIND_SECONDS.

    Raises SplitNotFound, SplitOver, RemindedAlready.
    """
    split = _made(maker, split_id)
    _require_open(split)
    now = time.now()
    since = timedelta(seconds=settings.REMIND_SECONDS)
    if split.reminded_at is not None and split.reminded_at + since > now:
        raise RemindedAlready
    split.reminded_at = now
    split.save(update_fields=["reminded_at"])
    waiting = split.shares.filter(status=ShareStatus.OPEN).select_related("account")
    late = [share.account for share in waiting.order_by("pk")]
    say_line(
        author=maker,
        thing=split,
        code="split_reminded",
        people=[chats.name_card(account) for account in late],
        mention_pks=[account.pk for account in late],
    )
    refresh(card=CARD, ref=split.public_id)
    return split


@transaction.atomic
def close_split(*, maker: Account, split_id: str) -> Split:
    """Collect no more; what was paid stays paid. Raises SplitNotFound, SplitOver."""
    split = _made(maker, split_id)
    if split.status != SplitStatus.CLOSED:
        _require_open(split)
        _close(split, SplitStatus.CLOSED)
    return split


@transaction.atomic
def end_split(*, split_id: str) -> None:
    """Its time is over. Repeats do nothing."""
    split = _locked(split_id)
    if split.status == SplitStatus.OPEN and split.due_at <= time.now():
        _close(split, SplitStatus.EXPIRED)


def on_split_due(payload: Mapping[str, Any]) -> None:
    """A job: its time may be over."""
    end_split(split_id=payload["ref"])


def _close(split: Split, to: SplitStatus) -> None:
    move(split, to, allowed=SPLIT_MOVES)
    for share in split.shares.filter(status=ShareStatus.OPEN):
        move(share, ShareStatus.CLOSED, allowed=SHARE_MOVES)
    refresh(card=CARD, ref=split.public_id)


def _pay(payer: Account, split_id: str, payment: Payment, means: Means) -> Split:
    split = _locked(split_id)
    share = _share(payer, split_id, SplitShare.objects.all())
    share.split = split
    _require_unpaid(share)
    taken = fund(payer=payer, payment=payment, escrow=ESCROW, thing=share, means=means)
    share.save(update_fields=["source", "method", "counted"])
    if taken.is_paid:
        _paid(share)
    else:
        move(share, ShareStatus.PAYING, allowed=SHARE_MOVES)
        _changed(share)
    return split


def _paid(share: SplitShare) -> None:
    """Call it with the split's row locked."""
    split = share.split
    move(share, ShareStatus.PAID, allowed=SHARE_MOVES, paid_at=time.now())
    fact = f"split:{share.public_id}:arrived"
    arrive_unasked(**_way(share), payee=split.maker, fact=fact)
    Split.objects.filter(pk=split.pk).update(paid=F("paid") + 1)
    split.paid += 1
    if split.paid == split.people:
        move(split, SplitStatus.SETTLED, allowed=SPLIT_MOVES)
        say_line(author=split.maker, thing=split, code="split_settled", amount=split.total)
    _changed(share)


def _changed(share: SplitShare) -> None:
    split = share.split
    refresh(card=CARD, ref=split.public_id)
    about: dict[str, Any] = {
        "kind": BillKind.SPLIT,
        "ref": share.public_id,
        "status": _BILLED[ShareStatus(share.status)],
        "note": split.note,
    }
    bill(
        account=share.account,
        amount=-_amount(share),
        counterparty=split.maker,
        method=share.method,
        **about,
    )
    if share.status == ShareStatus.PAID:
        bill(account=split.maker, amount=_amount(share), counterparty=share.account, **about)


def _members(seat: Membership, parts: Mapping[str, int]) -> list[Account]:
    """The members named, in the order of the parts. Raises NobodyToSplit."""
    if len(parts) > settings.SPLIT_PEOPLE_MAX:
        raise NobodyToSplit
    rows = chats.members_of(seat).filter(account__public_id__in=list(parts))
    found = {row.account.public_id: row.account for row in rows}
    if set(found) != set(parts):
        raise NobodyToSplit
    return [found[public_id] for public_id in parts]


def _amount(share: SplitShare) -> Money:
    return Money(share.amount, share.split.currency)


def _way(share: SplitShare) -> dict[str, Any]:
    return {"escrow": ESCROW, "ref": share.public_id, "amount": _amount(share)}


def _require_open(split: Split) -> None:
    if split_status_of(split, time.now()) != SplitStatus.OPEN:
        raise SplitOver


def _require_unpaid(share: SplitShare) -> None:
    if share.status == ShareStatus.PAID:
        raise AlreadyPaid
    if share.status == ShareStatus.PAYING:
        raise BeingPaid
    _require_open(share.split)


def _locked(public_id: str) -> Split:
    rows = Split.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("maker", "conversation").get(public_id=public_id)


def _made(maker: Account, public_id: str) -> Split:
    rows = Split.objects.select_for_update(of=("self",), no_key=True)
    found = rows.select_related("maker", "conversation").filter(maker=maker, public_id=public_id)
    split = found.first()
    if split is None:
        raise SplitNotFound
    return split


def _share(payer: Account, split_id: str, rows: Any) -> SplitShare:
    found: SplitShare | None = (
        rows.select_related("split__maker", "split__conversation", "account")
        .filter(account=payer, split__public_id=split_id)
        .first()
    )
    if found is None:
        raise SplitNotFound
    return found


def _by_ref(ref: str) -> SplitShare:
    share = SplitShare.objects.select_related("split", "account").get(public_id=ref)
    split = _locked(share.split.public_id)
    share.refresh_from_db(fields=["status"])
    share.split = split
    return share


_BILLED = {
    ShareStatus.OPEN: BillStatus.FAILED,
    ShareStatus.PAYING: BillStatus.WAITING,
    ShareStatus.PAID: BillStatus.DONE,
    ShareStatus.CLOSED: BillStatus.RETURNED,
}
