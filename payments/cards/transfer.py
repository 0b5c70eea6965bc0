"""The card of a transfer, for its two people."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import Account
from chat.errors import BadMessage
from payments.models import Transfer
from payments.queries.people import names_of
from payments.queries.transfers import status_of, transfers_seen_by
from superapp.kernel import time


class TransferCard:
    template = "payments/cards/_transfer.html"

    def share(self, author: Account, ref: str) -> str:
        """Only the action that sends it shows it, once: a copy elsewhere would promise money."""
        transfer = Transfer.objects.filter(public_id=ref, sender=author, shown_at=None).first()
        if transfer is None or transfer.code_id is not None:
            raise BadMessage
        return transfer.note

    def load(self, viewer: Account, refs: Sequence[str]) -> Mapping[str, Mapping[str, Any]]:
        found = list(transfers_seen_by(viewer).filter(public_id__in=refs))
        names = names_of(viewer, [one.receiver for one in found])
        now = time.now()
        return {
            transfer.public_id: {
                "transfer": transfer,
                "status": status_of(transfer, now),
                "is_mine": transfer.sender_id == viewer.pk,
                "receiver": names[transfer.receiver_id],
            }
            for transfer in found
        }

    def preview(self, title: str) -> str:
        label = _("[Transfer]")
        return f"{label} {title}".rstrip()

    def may_forward(self) -> bool:
        return False
