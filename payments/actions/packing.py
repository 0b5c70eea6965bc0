"""Sending red packets: the shares are drawn, stored and bound before anybody can open one."""

import secrets
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction

from accounts.models import Account
from chat import queries as chats
from chat.models import Membership
from chat.states import ConversationKind
from payments import ledger
from payments.actions.billing import bill
from payments.actions.limiting import count as count_limit
from payments.actions.moving import Means, check_between, confirm, fund, payee_of
from payments.actions.payment import Payment
from payments.actions.showing import show_card
from payments.actions.unpacking import JOB, give_rest_back
from payments.errors import (
    BadPacket,
    CannotPayThem,
    CoverNotOffered,
    KeyReused,
    PacketExpired,
    ShareOutOfRange,
    TooManyShares,
)
from payments.models import RedPacket
from payments.queries.festival import festival
from payments.queries.limits import level_of
from payments.queries.packets import most_each
from payments.queries.people import clean_note
from payments.queries.sharing import commitment_of, draw_shares, equal_parts
from payments.states import PACKET_MOVES, BillKind, BillStatus, PacketKind, PacketStatus
from payments.wording import written
from superapp.kernel import limits, outbox, time
from superapp.kernel.errors import Refusal
from superapp.kernel.ids import new_id, new_token
from superapp.kernel.money import Money
from superapp.kernel.transitions import move

CARD, PURPOSE, ESCROW = "packet", "red_packet", "rp"
_K, _P = PacketKind, PacketStatus
_LUCK = secrets.SystemRandom()


def send_packet(
    *,
    sender: Account,
    conversation_id: str,
    amount: Money,
    client_id: str,
    means: Means,
    kind: str = "",
    count: int = 1,
    receiver_id: str = "",
    greeting: str = "",
    cover: str = "",
) -> RedPacket:
    """Put `amount` into a packet of `count` shares and bring it into the chat when it is paid.

    In a chat of two it is for the other one. In a group `kind` is "lucky", "identical" (the amount
    divides by the count) or "exclusive" (for the member `receiver_id`). `cover` is one that a
    campaign offers now, or "". A repeated client_id gives the first packet. Not inside a
    transaction where a password is given.

    Raises ConversationNotFound, CannotPayThem, BadPacket, CoverNotOffered, TooManyShares,
    ShareOutOfRange, KeyReused, LimitReached, TooMany and the refusals of `take`, of passwords and
    of chat.
    """
    seat = chats.active_seat_of(sender, conversation_id)
    wanted = RedPacket(
        public_id=new_id(ESCROW),
        sender=sender,
        conversation=seat.conversation,
        kind=_kind(seat, kind),
        amount=amount.minor,
        currency=amount.currency,
        count=count,
        note=clean_note(greeting, settings.PACKET_GREETING_MAX),
        cover=cover,
        client_id=client_id,
    )
    wanted.receiver = _receiver(seat, wanted, receiver_id)
    known = _known(wanted)
    if known is not None:
        return known
    _check(seat, wanted)
    limits.require(
        "packets",
        sender.pk,
        burst=settings.PACKET_BURST,
        per_second=settings.PACKET_BURST / settings.PACKET_BURST_SECONDS,
    )
    _draw(wanted)
    payment = Payment(
        purpose=PURPOSE,
        amount=amount,
        payee=wanted.receiver.public_id if wanted.receiver else "",
        ref=wanted.public_id,
        kind="packet.sent",
    )
    sure = confirm(payer=sender, payment=payment, means=means)
    return ledger.whole(lambda: _pay(wanted, payment, sure))


def on_packet_paid(ref: str) -> None:
    """The card paid: the packet appears now, and its time runs from now."""
    packet = _locked(ref)
    if packet.status != _P.PAYING:
        raise PacketExpired
    try:
        with transaction.atomic():
            _paid(packet)
    except Refusal:  # its sender may not write there any more
        packet.status = _P.PAYING
        give_rest_back(packet=packet)


def on_packet_failed(ref: str, reason: str) -> None:
    """The card was not charged: the packet never appears."""
    packet = _locked(ref)
    if packet.status == _P.PAYING:
        move(packet, _P.FAILED, allowed=PACKET_MOVES, ended_at=time.now())
        _bill(packet, BillStatus.FAILED)


def _pay(wanted: RedPacket, payment: Payment, means: Means) -> RedPacket:
    wanted.created_at = time.now()
    wanted.due_at = wanted.created_at + timedelta(seconds=settings.PACKET_SECONDS)
    RedPacket.objects.bulk_create([wanted], ignore_conflicts=True)
    packet = _known(wanted)
    if packet is None or packet.public_id != wanted.public_id:
        return packet or wanted
    cap = settings.PACKET_DAY_CAPS[level_of(packet.sender)]
    counted = count_limit(account=packet.sender, rule="packet_day", amount=packet.total, cap=cap)
    taken = fund(payer=packet.sender, payment=payment, escrow=ESCROW, thing=packet, means=means)
    packet.counted = [*packet.counted, counted.as_json()]
    packet.save(update_fields=["source", "method", "counted"])
    if taken.is_paid:
        _paid(packet)
    else:
        _bill(packet, BillStatus.WAITING)
    return packet


def _paid(packet: RedPacket) -> None:
    now = time.now()
    due = now + timedelta(seconds=settings.PACKET_SECONDS)
    move(packet, _P.OPEN, allowed=PACKET_MOVES, paid_at=now, due_at=due)
    outbox.at(JOB, {"ref": packet.public_id}, due_at=due)
    show_card(author=packet.sender, card=CARD, thing=packet, ref=packet.public_id)
    _bill(packet, BillStatus.DONE)


def _bill(packet: RedPacket, status: BillStatus) -> None:
    bill(
        account=packet.sender,
        kind=BillKind.RED_PACKET,
        ref=packet.public_id,
        amount=-packet.total,
        status=status,
        counterparty=packet.receiver,
        method=packet.method,
        note=packet.note,
    )


def _kind(seat: Membership, kind: str) -> str:
    """Which kind it is here. Raises BadPacket, CannotPayThem."""
    if seat.conversation.kind == ConversationKind.DIRECT:
        return _K.SINGLE
    if seat.conversation.kind != ConversationKind.GROUP:
        raise CannotPayThem
    if kind not in {_K.IDENTICAL, _K.LUCKY, _K.EXCLUSIVE}:
        raise BadPacket
    return kind


def _receiver(seat: Membership, packet: RedPacket, receiver_id: str) -> Account | None:
    """The one it is for, if it is for one. Raises CannotPayThem, NotAMember, BadPacket."""
    if packet.kind == _K.SINGLE:
        return payee_of(seat=seat)
    if packet.kind != _K.EXCLUSIVE:
        return None
    receiver = chats.member_in(seat, receiver_id)
    if receiver.pk == packet.sender.pk:
        raise BadPacket
    return receiver


def _check(seat: Membership, packet: RedPacket) -> None:
    """Raises CannotPayThem, TooManyShares, ShareOutOfRange, BadPacket, CoverNotOffered."""
    if packet.cover and packet.cover not in festival().covers:
        raise CoverNotOffered
    if packet.kind == _K.SINGLE and not chats.may_reach(seat):
        raise CannotPayThem
    many = packet.kind in {_K.IDENTICAL, _K.LUCKY}
    most_count = min(settings.PACKET_COUNT_MAX, seat.conversation.members_count) if many else 1
    if packet.count < 1:
        raise BadPacket
    if packet.count > most_count:
        raise TooManyShares(max=most_count)
    check_between(amount=packet.total, most=settings.TRANSFER_MAX)
    most = most_each(packet.currency, time.now())
    if not packet.count <= packet.amount <= packet.count * most.minor:
        raise ShareOutOfRange(min=written(Money(1, packet.currency)), max=written(most))
    if packet.kind == _K.IDENTICAL and packet.amount % packet.count:
        raise BadPacket


def _draw(packet: RedPacket) -> None:
    if packet.kind == _K.LUCKY:
        most = most_each(packet.currency, time.now()).minor
        packet.shares = draw_shares(packet.amount, packet.count, most, _LUCK)
    else:
        packet.shares = equal_parts(packet.amount, packet.count)
    packet.salt = new_token()
    packet.commitment = commitment_of(packet.public_id, packet.salt, packet.shares)


def _known(wanted: RedPacket) -> RedPacket | None:
    """What was made of this client_id before. Raises KeyReused when it was something else."""
    rows = RedPacket.objects.select_related("sender", "receiver", "conversation")
    known = rows.filter(sender=wanted.sender, client_id=wanted.client_id).first()
    same = (
        "conversation_id",
        "kind",
        "amount",
        "currency",
        "count",
        "receiver_id",
        "note",
        "cover",
    )
    if known is not None and any(getattr(known, n) != getattr(wanted, n) for n in same):
        raise KeyReused
    return known


def _locked(public_id: str) -> Any:
    rows = RedPacket.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("sender", "receiver", "conversation").get(public_id=public_id)
