"""Who sits where, and who may write: computed from rows, at the moment of asking."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection
from django.db.models import Q
from psycopg import Cursor
from psycopg.rows import class_row

from accounts.models import Account, Block, Contact
from chat.errors import ConversationNotFound
from chat.models import Conversation, Membership
from chat.states import MembershipStatus

# One row per (conversation, author); takes the conversation rows in id order, so that two batches
# that share conversations never wait for each other in a circle.
_SEATS = """
SELECT c.id AS conversation_id, c.public_id, c.kind, c.members_rev, c.is_greeting,
       c.disbanded_at IS NOT NULL AS is_disbanded,
       m.id AS membership_id, m.account_id, m.status, m.role, m.peer_id,
       c.greeter_id, c.last_seq,
       a.public_id AS author_id, a.name AS author_name, f.public_id AS author_avatar,
       p.closed_at IS NOT NULL AS is_peer_closed,
       m.peer_id IS NOT NULL AND EXISTS (
           SELECT FROM accounts_block b WHERE b.owner_id = m.peer_id AND b.other_id = m.account_id
       ) AS is_blocked,
       m.peer_id IS NOT NULL AND EXISTS (
           SELECT FROM accounts_block b WHERE b.owner_id = m.account_id AND b.other_id = m.peer_id
       ) AS has_blocked,
       m.peer_id IS NOT NULL AND EXISTS (
           SELECT FROM accounts_contact e
           WHERE e.owner_id = m.peer_id AND e.other_id = m.account_id
       ) AS is_in_peers_list,
       c.greeter_id = m.account_id AND EXISTS (
           SELECT FROM chat_message g
           WHERE g.conversation_id = c.id AND g.author_id = m.account_id AND g.kind <> 'system'
       ) AS has_greeted
FROM unnest(%s::text[], %s::bigint[]) AS i (conversation, account)
JOIN chat_conversation c ON c.public_id = i.conversation
JOIN chat_membership m ON m.conversation_id = c.id AND m.account_id = i.account
JOIN accounts_account a ON a.id = m.account_id
LEFT JOIN kernel_storedfile f ON f.id = a.avatar_id
LEFT JOIN accounts_account p ON p.id = m.peer_id
ORDER BY c.id
FOR UPDATE OF c
"""


@dataclass(frozen=True, slots=True)
class Seat:
    """What decides whether somebody may write somewhere, read under the conversation's lock."""

    conversation_id: int
    public_id: str
    kind: str
    members_rev: int
    is_greeting: bool
    is_disbanded: bool
    membership_id: int
    account_id: int
    status: str
    role: str
    peer_id: int | None
    greeter_id: int | None
    last_seq: int
    author_id: str
    author_name: str
    author_avatar: str | None
    is_peer_closed: bool
    is_blocked: bool
    has_blocked: bool
    is_in_peers_list: bool
    has_greeted: bool | None


def lock_seats(pairs: Sequence[tuple[str, int]]) -> dict[tuple[str, int], Seat]:
    """The seats of (conversation public id, account id) pairs; strangers' pairs are absent.

    Locks the conversations until the transaction ends: call it inside `atomic`.
    """
    wanted = sorted(set(pairs))
    with raw_cursor() as cursor:
        seats = Cursor(cursor.connection, row_factory=class_row(Seat))
        seats.execute(
            _SEATS, ([c for c, _ in wanted], [a for _, a in wanted]), prepare=True, binary=True
        )
        return {(seat.public_id, seat.account_id): seat for seat in seats}


def raw_cursor() -> Cursor:
    """A psycopg cursor in Django's current transaction: parameters stay on the server's side,
    so the statement is planned once per connection. For the few statements that run all day."""
    connection.ensure_connection()
    return Cursor(connection.connection)


def seat_of(viewer: Account, public_id: str) -> Membership:
    """The viewer's seat in a conversation, ended or not. Raises ConversationNotFound."""
    try:
        return Membership.objects.select_related("conversation", "peer__avatar").get(
            conversation__public_id=public_id, account=viewer
        )
    except Membership.DoesNotExist:
        raise ConversationNotFound from None


def conversation_for(viewer: Account, public_id: str) -> Conversation:
    """A conversation in which the viewer has (or had) a seat. Raises ConversationNotFound."""
    return seat_of(viewer, public_id).conversation


_recipients: dict[int, tuple[int, tuple[int, ...]]] = {}
_RECIPIENTS_MAX = 50_000


def recipients_of(conversation_id: int, members_rev: int) -> tuple[int, ...]:
    """Account ids of the active members at this revision; exact, because a list remembered by
    this process is used only when its revision is the one the row has now."""
    known = _recipients.get(conversation_id)
    if known is not None and known[0] == members_rev:
        return known[1]
    ids = tuple(
        Membership.objects.filter(
            conversation_id=conversation_id, status=MembershipStatus.ACTIVE
        )
        .order_by("account_id")
        .values_list("account_id", flat=True)
    )
    if len(_recipients) >= _RECIPIENTS_MAX:
        _recipients.clear()
    _recipients[conversation_id] = (members_rev, ids)
    return ids


def active_ids(conversation: Conversation) -> tuple[int, ...]:
    return recipients_of(conversation.pk, conversation.members_rev)


def may_reach(seat: Membership) -> bool:
    """Whether the other side of a direct chat wants to hear from this seat: friends without a
    block in either direction."""
    if seat.peer is None:
        return False
    blocks = Block.objects.filter(
        Q(owner=seat.peer_id, other=seat.account_id) | Q(owner=seat.account_id, other=seat.peer_id)
    )
    is_listed = Contact.objects.filter(owner=seat.peer_id, other=seat.account_id)
    return is_listed.exists() and not blocks.exists()
