"""The card of a red packet: unopened, opened by the viewer, all taken, expired."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import Account
from chat.errors import BadMessage
from payments.models import RedPacket
from payments.queries.packets import claims_by_packet, packet_status_of, packets_seen_by
from superapp.kernel import time
from superapp.kernel.money import Money


class PacketCard:
    template = "payments/cards/_packet.html"

    def share(self, author: Account, ref: str) -> str:
        """Only the action that sends it shows it, once: elsewhere nobody could open it."""
        packet = RedPacket.objects.filter(public_id=ref, sender=author, shown_at=None).first()
        if packet is None:
            raise BadMessage
        return packet.note

    def load(self, viewer: Account, refs: Sequence[str]) -> Mapping[str, Mapping[str, Any]]:
        found = list(packets_seen_by(viewer).filter(public_id__in=refs))
        claims, now = claims_by_packet(viewer, found), time.now()
        return {
            packet.public_id: {
                "packet": packet,
                "status": packet_status_of(packet, now),
                "claim": claims.get(packet.pk),
                "got": Money(claims[packet.pk].amount, packet.currency)
                if packet.pk in claims
                else None,
                "is_for_viewer": packet.receiver_id in {None, viewer.pk},
            }
            for packet in found
        }

    def preview(self, title: str) -> str:
        label, words = _("[Red packet]"), title or _("Best wishes")
        return f"{label} {words}"

    def may_forward(self) -> bool:
        return False
