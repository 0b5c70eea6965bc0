"""What official accounts said to many, merged into a thread and a list when somebody reads them.

A broadcast is one row of accounts, with no seq and no row per follower. It stands in a thread by the
time at which it was sent. The seat holds how far its owner read, cleared and hid them.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings

from accounts import queries as people
from accounts.models import Account, Broadcast
from accounts.queries.publishing import REACHES
from accounts.states import BroadcastStatus
from chat.models import Membership, Message
from chat.states import ConversationKind, MessageKind

# Of a seat s in the conversation c: k, the newest broadcast that its owner got there.
_GOT = f"""
    FROM accounts_officialaccount o
    JOIN accounts_follow f ON f.official_id = o.id AND f.person_id = s.account_id
    JOIN accounts_broadcast b ON b.official_id = o.id AND b.status = 'sent'
    WHERE c.kind = 'service' AND o.account_id = s.peer_id
      AND b.sent_at > coalesce(s.broadcasts_cleared_at, '-infinity')
      AND {REACHES.replace("%", "%%")}
"""
NEWEST = f"""
LEFT JOIN LATERAL (SELECT b.id, b.sent_at {_GOT} ORDER BY b.sent_at DESC LIMIT 1) AS k ON true
"""
# Those its owner has not read, each a row, up to %(cap)s.
UNREAD = f"""
    SELECT {_GOT} AND b.sent_at > coalesce(s.broadcasts_read_at, '-infinity') LIMIT %(cap)s
"""
IS_NEW = "k.sent_at > coalesce(s.broadcasts_read_at, '-infinity')"


def is_merged(seat: Membership) -> bool:
    """Whether the seat is a person's in the thread with an official account."""
    is_service = seat.conversation.kind == ConversationKind.SERVICE
    return is_service and seat.peer is not None and seat.peer.kind == Account.Kind.OFFICIAL


def broadcasts_in(
    seat: Membership, *, after: datetime | None = None, until: datetime | None = None
) -> list[Broadcast]:
    """What its owner got between two moments and has not cleared, the oldest first: at most a page,
    the newest ones. One query with the account; none in other conversations."""
    official = people.official_of(seat.peer) if is_merged(seat) and seat.peer else None
    if official is None:
        return []
    cleared = seat.broadcasts_cleared_at
    after = max((moment for moment in (after, cleared) if moment is not None), default=None)
    found = people.publishing.received(
        seat.account_id, official.pk, after=after, until=until, limit=settings.THREAD_PAGE
    )
    for broadcast in found:
        broadcast.official = official
    return found


def unread_in(seat: Membership) -> list[Broadcast]:
    """What its owner has not read yet."""
    found = broadcasts_in(seat, after=seat.broadcasts_read_at)
    return [broadcast for broadcast in found if broadcast.status == BroadcastStatus.SENT]


def as_message(seat: Membership, broadcast: Broadcast) -> Message:
    """A message that is not stored: it has no seq, and nothing is done to it."""
    assert seat.peer is not None
    assert broadcast.sent_at is not None
    return Message(
        conversation=seat.conversation,
        seq=0,
        author=seat.peer,
        kind=MessageKind.CARD if broadcast.article_ids else MessageKind.TEXT,
        text=broadcast.text,
        sent_at=broadcast.sent_at,
        body={"card": "broadcast", "ref": broadcast.public_id, "title": broadcast.headline},
    )


def cards_of(broadcasts: Sequence[Broadcast]) -> dict[str, Mapping[str, Any]]:
    """What each shows, by public id; one query for all articles, none without."""
    articles = people.publishing.articles_in(broadcasts)
    return {
        broadcast.public_id: {
            "broadcast": broadcast,
            "articles": [articles[pk] for pk in broadcast.article_ids if pk in articles],
            "is_gone": broadcast.status == BroadcastStatus.RECALLED,
        }
        for broadcast in broadcasts
    }
