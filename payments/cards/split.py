"""The card of a split bill: how many paid, and what the viewer owes."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import Account
from chat.errors import BadMessage
from payments.models import Split
from payments.queries.splits import shares_by_split, split_status_of, splits_seen_by
from superapp.kernel import time
from superapp.kernel.money import Money


class SplitCard:
    template = "payments/cards/_split.html"

    def share(self, author: Account, ref: str) -> str:
        """Only the action that splits shows it, once."""
        split = Split.objects.filter(public_id=ref, maker=author, shown_at=None).first()
        if split is None:
            raise BadMessage
        return split.note

    def load(self, viewer: Account, refs: Sequence[str]) -> Mapping[str, Mapping[str, Any]]:
        found = list(splits_seen_by(viewer).filter(public_id__in=refs))
        shares, now = shares_by_split(viewer, found), time.now()
        return {
            split.public_id: {
                "split": split,
                "status": split_status_of(split, now),
                "share": shares.get(split.pk),
                "owes": Money(shares[split.pk].amount, split.currency)
                if split.pk in shares
                else None,
            }
            for split in found
        }

    def preview(self, title: str) -> str:
        label = _("[Split bill]")
        return f"{label} {title}".rstrip()

    def may_forward(self) -> bool:
        return False
