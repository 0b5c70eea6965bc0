"""What of a conversation a seat may see."""

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Greatest

from accounts.models import Account
from chat.errors import MessageNotFound
from chat.models import HiddenMessage, Membership, Message


def visible_to(seat: Membership) -> QuerySet[Message]:
    """The messages this seat sees: since it joined or cleared, until it ended, not deleted by
    its owner for themselves. Every read of messages starts here."""
    rows = Message.objects.filter(
        conversation_id=seat.conversation_id, seq__gt=max(seat.first_seq, seat.cleared_seq)
    )
    if seat.last_visible_seq is not None:
        rows = rows.filter(seq__lte=seat.last_visible_seq)
    hidden = HiddenMessage.objects.filter(account=seat.account_id, message=OuterRef("pk"))
    return rows.filter(~Exists(hidden))


def seen_by(viewer: Account) -> QuerySet[Message]:
    """Every message in the windows of the viewer's seats."""
    hidden = HiddenMessage.objects.filter(account=viewer, message=OuterRef("pk"))
    seat = "conversation__memberships__"
    return Message.objects.filter(
        ~Exists(hidden),
        Q(**{f"{seat}last_visible_seq": None}) | Q(seq__lte=F(f"{seat}last_visible_seq")),
        conversation__memberships__account=viewer,
        seq__gt=Greatest(F(f"{seat}first_seq"), F(f"{seat}cleared_seq")),
    )


def message_for(seat: Membership, seq: int) -> Message:
    """One message that this seat sees. Raises MessageNotFound."""
    try:
        return visible_to(seat).select_related("author", "conversation").get(seq=seq)
    except Message.DoesNotExist:
        raise MessageNotFound from None


def name_card(account: Account) -> dict[str, str]:
    """How a notice names somebody: the id lets each viewer see their own remark instead."""
    return {"id": account.public_id, "name": account.name}
