"""Red packets as one person sees them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts.models import Account
from chat.models import Membership
from payments.errors import PacketNotFound
from payments.models import PacketClaim, RedPacket
from payments.queries.limits import from_home
from payments.states import PacketStatus
from superapp.kernel.money import Money


def packet_status_of(packet: RedPacket, now: datetime) -> PacketStatus:
    """The status with the passing of time applied."""
    status = PacketStatus(packet.status)
    if status == PacketStatus.OPEN and packet.due_at <= now:
        return PacketStatus.REFUNDED
    return status


def most_each(currency: str, now: datetime) -> Money:
    """What one share may be today: more on the festive days."""
    today = f"{timezone.localtime(now):%m-%d}"
    is_festive = today in settings.PACKET_FESTIVE_DAYS
    most = settings.PACKET_EACH_MAX_FESTIVE if is_festive else settings.PACKET_EACH_MAX
    return from_home(most, currency)


def packets_seen_by(viewer: Account) -> QuerySet[RedPacket]:
    """One's own, those opened, and the shown ones of chats in which the viewer is now."""
    seat = Membership.objects.filter(
        conversation=OuterRef("conversation"), account=viewer, status="active"
    )
    claim = PacketClaim.objects.filter(packet=OuterRef("pk"), account=viewer)
    shown = Q(shown_at__isnull=False) & (Exists(seat) | Exists(claim))
    return RedPacket.objects.filter(Q(sender=viewer) | shown).select_related(
        "sender__avatar", "receiver__avatar", "conversation"
    )


def packet_for(viewer: Account, public_id: str) -> RedPacket:
    """A packet the viewer may look at. Raises PacketNotFound."""
    found = packets_seen_by(viewer).filter(public_id=public_id).first()
    if found is None:
        raise PacketNotFound
    return found


def claims_of(packet: RedPacket) -> list[PacketClaim]:
    """Who opened it, the latest first."""
    rows = packet.claims.select_related("account__avatar").order_by("-number")
    return list(rows[: settings.PACKET_CLAIMS_SHOWN])


def claim_of(viewer: Account, packet: RedPacket) -> PacketClaim | None:
    """What the viewer got of it."""
    return packet.claims.filter(account=viewer).first()


def claims_by_packet(viewer: Account, packets: Sequence[RedPacket]) -> dict[int, PacketClaim]:
    """packet pk → the viewer's own claim."""
    rows = PacketClaim.objects.filter(account=viewer, packet__in=[one.pk for one in packets])
    return {claim.packet_id: claim for claim in rows}


def luckiest_of(packet: RedPacket) -> PacketClaim | None:
    """Who got most of a lucky packet, known when all is taken; of equals the earliest."""
    if packet.kind != "lucky" or packet.status != PacketStatus.EXHAUSTED:
        return None
    rows = packet.claims.select_related("account")
    return rows.order_by("-amount", "number").first()


def seconds_taken(packet: RedPacket) -> int:
    """How long it took until the last share was opened, at least 1."""
    if packet.ended_at is None or packet.paid_at is None:
        return 0
    return max(1, round((packet.ended_at - packet.paid_at).total_seconds()))


@dataclass(frozen=True, slots=True)
class Tap:
    """What a tap finds, without reserving anything.

    `state` is "opened" (by the viewer), "ready", "taken", "expired" or "not_for_you".
    """

    state: str
    claim: PacketClaim | None = None


def tap(viewer: Account, packet: RedPacket, now: datetime) -> Tap:
    """The first of the two steps; whether opening succeeds is decided by opening."""
    claim = claim_of(viewer, packet)
    if claim is not None:
        return Tap("opened", claim)
    status = packet_status_of(packet, now)
    if status == PacketStatus.EXHAUSTED:
        return Tap("taken")
    if status != PacketStatus.OPEN:
        return Tap("expired")
    return Tap("ready" if may_open(viewer, packet) else "not_for_you")


def may_open(viewer: Account, packet: RedPacket) -> bool:
    """Whether it is for the viewer at all: in the chat now, and named if somebody is named."""
    if packet.receiver_id is not None and packet.receiver_id != viewer.pk:
        return False
    if packet.kind == "single" and packet.sender_id == viewer.pk:
        return False
    conversation = packet.conversation
    if conversation is None or conversation.disbanded_at is not None:
        return False
    return Membership.objects.filter(
        conversation=conversation, account=viewer, status="active"
    ).exists()
