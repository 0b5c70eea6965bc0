"""Split bills as the members of their chat see them."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import Account
from chat.models import Membership
from payments.errors import SplitNotFound
from payments.models import Split, SplitShare
from payments.states import SplitStatus


def split_status_of(split: Split, now: datetime) -> SplitStatus:
    """The status with the passing of time applied."""
    status = SplitStatus(split.status)
    if status == SplitStatus.OPEN and split.due_at <= now:
        return SplitStatus.EXPIRED
    return status


def splits_seen_by(viewer: Account) -> QuerySet[Split]:
    """Of chats in which the viewer is now, and those they have a part in."""
    seat = Membership.objects.filter(
        conversation=OuterRef("conversation"), account=viewer, status="active"
    )
    part = SplitShare.objects.filter(split=OuterRef("pk"), account=viewer)
    return Split.objects.filter(Q(maker=viewer) | Exists(seat) | Exists(part)).select_related(
        "maker__avatar", "conversation"
    )


def split_for(viewer: Account, public_id: str) -> Split:
    """A split bill the viewer may look at. Raises SplitNotFound."""
    found = splits_seen_by(viewer).filter(public_id=public_id).first()
    if found is None:
        raise SplitNotFound
    return found


def shares_of(split: Split) -> list[SplitShare]:
    """Who owes what, in the order in which it was shared out."""
    return list(split.shares.select_related("account__avatar").order_by("pk"))


def shares_by_split(viewer: Account, splits: Sequence[Split]) -> dict[int, SplitShare]:
    """split pk → the viewer's own share."""
    rows = SplitShare.objects.filter(account=viewer, split__in=[split.pk for split in splits])
    return {share.split_id: share for share in rows}
