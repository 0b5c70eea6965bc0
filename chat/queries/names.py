"""What a viewer calls people and conversations."""

from collections.abc import Iterable

from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts import queries as people
from accounts.models import Account
from chat.models import Conversation, Membership, Message
from chat.ports import house_accounts
from chat.states import SECURITY_HANDLE, ConversationKind, MembershipStatus


class Circle:
    """The people one page speaks of, as its viewer calls them: each is read once."""

    def __init__(self, viewer: Account) -> None:
        self.viewer = viewer
        self.accounts: dict[int, Account] = {viewer.pk: viewer}
        self._names: dict[str, str] = {viewer.public_id: ""}

    def meet(self, pks: Iterable[int]) -> None:
        """Read those who are not known yet, in two queries at most."""
        new = set(pks) - self.accounts.keys()
        if not new:
            return
        found = people.accounts_by_pk(new)
        self.accounts |= found
        self._names |= names_for(self.viewer, found.values())

    def introduce(self, messages: Iterable[Message]) -> None:
        """Give messages their authors: a page has many messages of few people."""
        messages = list(messages)
        self.meet(
            {m.author_id for m in messages}
            | {m.recalled_by_id for m in messages if m.recalled_by_id is not None}
        )
        for message in messages:
            message.author = self.accounts[message.author_id]
            if message.recalled_by_id is not None:
                message.recalled_by = self.accounts[message.recalled_by_id]

    @property
    def names(self) -> dict[str, str]:
        """public id → the viewer's remark or the account's name; the viewer themselves is ""."""
        return self._names


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


def first_members(conversation_ids: Iterable[int]) -> dict[int, list[int]]:
    """The account pks of the first four active members of each group, for its picture."""
    ids = list(conversation_ids)
    if not ids:
        return {}
    found: dict[int, list[int]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT g.id, m.account_id FROM unnest(%s::bigint[]) AS g (id)
            CROSS JOIN LATERAL (
                SELECT s.account_id FROM chat_membership s
                WHERE s.conversation_id = g.id AND s.status = 'active'
                ORDER BY s.joined_at, s.id LIMIT 4
            ) AS m
            """,
            [ids],
        )
        for conversation_id, account_id in cursor.fetchall():
            found.setdefault(conversation_id, []).append(account_id)
    return found


def faces_of(conversation_ids: Iterable[int]) -> dict[int, list[Account]]:
    """The same with the accounts themselves."""
    found = first_members(conversation_ids)
    accounts = people.accounts_by_pk(pk for pks in found.values() for pk in pks)
    return {conversation: [accounts[pk] for pk in pks] for conversation, pks in found.items()}


def title_of(seat: Membership, *, remark: str = "", faces: Iterable[Account] = ()) -> str:
    """What the viewer sees on top of a conversation. `remark` is theirs for the other person."""
    conversation = seat.conversation
    if conversation.kind == ConversationKind.SELF:
        return _("File transfer")
    if seat.peer is not None:
        if seat.peer.closed_at is not None:
            return _("Deleted user")
        if seat.peer.handle == SECURITY_HANDLE:
            return pgettext("the account that warns of sign-ins", "Security")
        house = house_accounts.get(seat.peer.handle or "")
        if house is not None:
            return house()
        return remark or seat.peer.name
    if seat.ended_at is not None and seat.ended_title:
        return seat.remark or seat.ended_title
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
