"""What of a conversation a seat may see."""

from django.db.models import Exists, OuterRef, QuerySet

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
