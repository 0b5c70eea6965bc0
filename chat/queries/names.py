"""What a viewer calls people and conversations."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from accounts import queries as people
from accounts.models import Account
from chat.models import Conversation, Membership
from chat.states import ConversationKind, MembershipStatus


def names_for(viewer: Account, accounts: Iterable[Account]) -> dict[str, str]:
    """public id → the viewer's remark or the account's name; the viewer themselves is ""."""
    found = {account.pk: account for account in accounts}
    remarks = people.remarks_of(viewer, list(found)) if found else {}
    names = {a.public_id: remarks.get(pk) or a.name for pk, a in found.items()}
    names[viewer.public_id] = ""
    return names


def aliases_in(conversation: Conversation) -> dict[int, str]:
    """account pk → the name chosen for this group."""
    if conversation.kind != ConversationKind.GROUP:
        return {}
    return dict(
        Membership.objects.filter(conversation=conversation)
        .exclude(alias="")
        .values_list("account_id", "alias")
    )


def faces_of(conversation_ids: Iterable[int]) -> dict[int, list[Account]]:
    """The first four active members of each group, for its picture."""
    ids = list(conversation_ids)
    if not ids:
        return {}
    rows = Membership.objects.raw(
        """
        SELECT m.* FROM unnest(%s::bigint[]) AS g (id)
        CROSS JOIN LATERAL (
            SELECT s.* FROM chat_membership s
            WHERE s.conversation_id = g.id AND s.status = 'active'
            ORDER BY s.joined_at, s.id LIMIT 4
        ) AS m
        """,
        [ids],
    ).prefetch_related("account__avatar")
    found: dict[int, list[Account]] = {}
    for seat in rows:
        found.setdefault(seat.conversation_id, []).append(seat.account)
    return found


def title_of(seat: Membership, *, remark: str = "", faces: Iterable[Account] = ()) -> str:
    """What the viewer sees on top of a conversation. `remark` is theirs for the other person."""
    conversation = seat.conversation
    if conversation.kind == ConversationKind.SELF:
        return _("File transfer")
    if seat.peer is not None:
        if seat.peer.closed_at is not None:
            return _("Deleted user")
        return remark or seat.peer.name
    return seat.remark or conversation.title or _(", ").join(face.name for face in faces)


def title_for(seat: Membership) -> str:
    """The same for one conversation, looking up what it needs."""
    remark = ""
    if seat.peer_id is not None:
        remark = people.remarks_of(seat.account, [seat.peer_id]).get(seat.peer_id, "")
    faces = faces_of([seat.conversation_id]).get(seat.conversation_id, [])
    return title_of(seat, remark=remark, faces=faces)


def owner_of(conversation: Conversation) -> Account:
    """Who owns a group; of another conversation, whoever has been in it longest."""
    seat = (
        Membership.objects.select_related("account")
        .filter(conversation=conversation, status=MembershipStatus.ACTIVE)
        .order_by("role", "joined_at")
    )
    owners = [s for s in seat if s.role == "owner"] or list(seat[:1])
    return owners[0].account
