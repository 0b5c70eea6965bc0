"""Opening red packets, and what becomes of shares nobody opened.

Whoever opens takes the packet's row lock and then the next share: a tap reserves nothing, nobody
is told "all gone" while shares are left, and the end of the time waits for the same lock.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction

from accounts.models import Account
from chat import queries as chats
from chat.models import Conversation
from payments import ledger
from payments.actions.billing import bill
from payments.actions.limiting import receive
from payments.actions.moving import send_back
from payments.actions.recovering import collect
from payments.actions.showing import refresh, say_line
from payments.errors import (
    AccountFrozen,
    NotOpened,
    PacketEmpty,
    PacketExpired,
    PacketNotFound,
    PacketNotYours,
)
from payments.ledger import Leg
from payments.models import PacketClaim, RedPacket
from payments.queries.packets import luckiest_of, may_open, packet_status_of, seconds_taken
from payments.queries.people import clean_note
from payments.states import PACKET_MOVES, BillKind, BillStatus, PacketStatus
from superapp.kernel import outbox, time
from superapp.kernel.money import Money
from superapp.kernel.transitions import move

CARD, ESCROW = "packet", "rp"
JOB = "payments.packet_due"
_P = PacketStatus
_HOUR = timedelta(hours=1)


@ledger.retried
def open_packet(*, opener: Account, packet_id: str) -> PacketClaim:
    """Take the next share; opening again gives the same one.

    Raises PacketNotFound, PacketNotYours, PacketEmpty, PacketExpired, LimitReached (the opener's
    own, for receiving) and AccountFrozen.
    """
    packet = _locked(packet_id)
    claim = packet.claims.filter(account=opener).first() if packet else None
    if packet is None or (claim is None and not _is_in_chat(opener, packet)):
        raise PacketNotFound
    if claim is not None:
        return claim
    _require_open(opener, packet)
    claim = _take_next(opener, packet)
    _pay_out(packet, claim)
    if packet.claimed == packet.count:
        _exhaust(packet)
    refresh(card=CARD, ref=packet.public_id)
    return claim


@transaction.atomic
def thank_for_packet(*, opener: Account, packet_id: str, text: str) -> PacketClaim:
    """Leave a line beside what one got, once or changed later. Raises PacketNotFound, NotOpened."""
    packet = _locked(packet_id)
    if packet is None:
        raise PacketNotFound
    claim = packet.claims.filter(account=opener).first()
    if claim is None:
        raise NotOpened if _is_in_chat(opener, packet) else PacketNotFound
    claim.thanks = clean_note(text, settings.PACKET_THANKS_MAX)
    claim.save(update_fields=["thanks"])
    refresh(card=CARD, ref=packet.public_id)
    return claim


@ledger.retried
def end_packet(*, packet_id: str) -> None:
    """Its time is over, or its group: exactly what nobody opened goes back. Repeats do nothing."""
    packet = _locked(packet_id)
    if packet is None or packet.status != _P.OPEN:
        return
    group = packet.conversation
    is_over = packet.due_at <= time.now() or (group is not None and group.disbanded_at is not None)
    if not is_over:
        return
    try:
        with transaction.atomic():
            give_rest_back(packet=packet)
    except AccountFrozen:  # kept for its owner; asked again
        soon = time.now() + _HOUR
        outbox.at(JOB, {"ref": packet.public_id}, due_at=soon)


def on_packet_due(payload: Mapping[str, Any]) -> None:
    """A job: its time may be over."""
    end_packet(packet_id=payload["ref"])


def on_group_disbanded(group: Conversation) -> None:
    """A job for each packet that is open there: a group's lock is not held over theirs."""
    rows = RedPacket.objects.filter(conversation=group, status=_P.OPEN)
    for public_id in rows.order_by("pk").values_list("public_id", flat=True):
        outbox.soon(JOB, {"ref": public_id})


def give_rest_back(*, packet: RedPacket) -> None:
    """What nobody opened returns to its sender. The packet's row is locked. Raises AccountFrozen."""
    rest = packet.total - packet.money(packet.taken)
    move(
        packet,
        _P.REFUNDED,
        allowed=PACKET_MOVES,
        refunded=rest.minor,
        ended_at=time.now(),
    )
    send_back(
        escrow=ESCROW,
        ref=packet.public_id,
        payer=packet.sender,
        amount=rest,
        fact=f"packet:{packet.public_id}:refunded",
        thing=packet,
    )
    bill(
        account=packet.sender,
        kind=BillKind.RED_PACKET,
        ref=packet.public_id,
        amount=-packet.total,
        status=BillStatus.RETURNED if rest == packet.total else BillStatus.REFUNDED,
        counterparty=packet.receiver,
        method=packet.method,
        note=packet.note,
    )
    bill(
        account=packet.sender,
        kind=BillKind.REFUND,
        ref=packet.public_id,
        amount=rest,
        counterparty=packet.receiver,
        note=packet.note,
    )
    if packet.shown_at is not None:
        say_line(author=packet.sender, thing=packet, code="packet_expired", amount=rest)
        refresh(card=CARD, ref=packet.public_id)


def _require_open(opener: Account, packet: RedPacket) -> None:
    status = packet_status_of(packet, time.now())
    if status == _P.EXHAUSTED:
        raise PacketEmpty
    if status != _P.OPEN:
        raise PacketExpired
    if not may_open(opener, packet):
        raise PacketNotYours


def _take_next(opener: Account, packet: RedPacket) -> PacketClaim:
    share = packet.shares[packet.claimed]
    packet.claimed += 1
    packet.taken += share
    packet.save(update_fields=["claimed", "taken"])
    return PacketClaim.objects.create(
        packet=packet, account=opener, number=packet.claimed, amount=share, at=time.now()
    )


def _pay_out(packet: RedPacket, claim: PacketClaim) -> None:
    opener, amount = claim.account, Money(claim.amount, packet.currency)
    receive(account=opener, amount=amount)
    waits = ledger.escrow(ESCROW, packet.public_id, packet.currency)
    ledger.post(
        key=f"packet:{packet.public_id}:claim:{claim.number}",
        kind="packet.opened",
        legs=[Leg(waits, ledger.user_available(opener, packet.currency), amount)],
        ref=packet.public_id,
        actor=opener,
    )
    ref = f"{packet.public_id}:{claim.number}"
    collect(account=opener, currency=packet.currency, ref=ref)
    bill(
        account=opener,
        kind=BillKind.RED_PACKET,
        # One's own packet has a row for what was put in: what was opened stands beside it.
        ref=f"{packet.public_id}+" if opener.pk == packet.sender_id else packet.public_id,
        amount=amount,
        counterparty=packet.sender,
        note=packet.note,
    )


def _exhaust(packet: RedPacket) -> None:
    move(packet, _P.EXHAUSTED, allowed=PACKET_MOVES, ended_at=time.now())
    ledger.close(ledger.escrow(ESCROW, packet.public_id, packet.currency))
    if packet.count == 1:
        _say_opened(packet, packet.claims.select_related("account").get())
        return
    luckiest = luckiest_of(packet)
    say_line(
        author=packet.sender,
        thing=packet,
        code="packet_taken",
        count=packet.count,
        seconds=seconds_taken(packet),
        luckiest=chats.name_card(luckiest.account) if luckiest else {},
    )


def _say_opened(packet: RedPacket, claim: PacketClaim) -> None:
    say_line(
        author=claim.account,
        thing=packet,
        code="packet_opened",
        target=chats.name_card(packet.sender),
    )


def _is_in_chat(account: Account, packet: RedPacket) -> bool:
    """In the chat now, and it was shown there: to others it does not exist."""
    seats = packet.conversation.memberships if packet.conversation else None
    is_in = seats is not None and seats.filter(account=account, status="active").exists()
    return packet.shown_at is not None and is_in


def _locked(public_id: str) -> RedPacket | None:
    rows = RedPacket.objects.select_for_update(of=("self",), no_key=True)
    found = rows.select_related("sender", "receiver", "conversation")
    return found.filter(public_id=public_id).first()
