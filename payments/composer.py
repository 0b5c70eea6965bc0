"""The tiles of money in the "+" panel."""

from collections.abc import Callable

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from chat.composer import Entry
from chat.models import Membership
from chat.states import ConversationKind


def _is_pair(seat: Membership) -> bool:
    is_direct = seat.conversation.kind == ConversationKind.DIRECT
    return is_direct and seat.peer is not None and seat.peer.kind == Account.Kind.PERSON


def _is_group(seat: Membership) -> bool:
    return seat.conversation.kind == ConversationKind.GROUP


def _page(name: str, *fits: Callable[[Membership], bool]) -> Callable[[Membership], str | None]:
    def url(seat: Membership) -> str | None:
        if not any(fit(seat) for fit in fits):
            return None
        return reverse(f"payments:{name}", args=[seat.conversation.public_id])

    return url


ENTRIES = {
    "packet": Entry(_("Red packet"), "gift", 0, _page("packet-send", _is_pair, _is_group)),
    "transfer": Entry(_("Transfer"), "transfer", 150, _page("transfer-send", _is_pair)),
    "request": Entry(_("Request money"), "wallet", 210, _page("request-send", _is_pair)),
    "split": Entry(_("Split bill"), "split", 90, _page("split-send", _is_group)),
}
