"""Opening a conversation with somebody, with oneself, or from an official account."""

from django.db import transaction

from accounts import queries as people
from accounts.models import Account, Person
from chat import events
from chat.actions.sending import post_notice
from chat.errors import NotReachable, Rejected, YouBlocked
from chat.models import Conversation, Membership
from chat.states import SECURITY_HANDLE, ConversationKind
from superapp.kernel import push


@transaction.atomic
def open_direct(*, viewer: Account, other: Account) -> Conversation:
    """The one conversation of two people; made when it does not exist yet.

    Between people who are not friends it begins as a greeting, which needs a group in common and
    that the other can be found that way. Raises Rejected, YouBlocked or NotReachable.
    """
    if viewer.pk == other.pk:
        return open_self(viewer=viewer)
    if other.closed_at is not None:
        raise NotReachable
    found = Conversation.objects.filter(pair_key=_pair_key(viewer, other)).first()
    if found is not None:
        return found
    is_greeting = not people.are_friends(viewer, other)
    if is_greeting:
        _require_greetable(viewer, other)
    return _pair(viewer, other, ConversationKind.DIRECT, greeter=viewer if is_greeting else None)


@transaction.atomic
def open_self(*, viewer: Account) -> Conversation:
    """The chat with oneself ("File transfer"): the same on every device."""
    conversation, is_new = Conversation.objects.get_or_create(
        pair_key=f"{viewer.pk}:self",
        defaults={"kind": ConversationKind.SELF, "members_count": 1},
    )
    if is_new:
        Membership.objects.create(conversation=conversation, account=viewer)
        push.to_accounts([viewer.pk], events.conversation_changed(conversation))
    return conversation


def on_friendship_formed(one: Account, other: Account, note: str) -> None:
    """New friends find a chat that says so; what was a greeting is now an ordinary chat."""
    conversation = Conversation.objects.filter(pair_key=_pair_key(one, other)).first()
    if conversation is None:
        conversation = _pair(one, other, ConversationKind.DIRECT, greeter=None)
    Conversation.objects.filter(pk=conversation.pk).update(greeter=None)
    post_notice(conversation=conversation, author=other, code="friends", note=note)
    push.to_accounts([one.pk, other.pk], events.conversation_changed(conversation))


def on_new_device_seen(person: Person, device: str) -> None:
    """The "Security" official account tells people about sign-ins they may not know of."""
    tell_person(
        account=person.account,
        handle=SECURITY_HANDLE,
        name="Security",
        code="new_device",
        device=device,
    )


def tell_person(*, account: Account, handle: str, name: str, code: str, **facts: object) -> None:
    """A line from an account of the house to one person, in the caller's transaction.

    `handle` names the account, which is made when it first speaks; `chat.ports.house_accounts` says
    what readers call it. `code` and `facts` are put into words per viewer.
    """
    house, _new = Account.objects.get_or_create(
        handle=handle, defaults={"kind": Account.Kind.OFFICIAL, "name": name}
    )
    conversation = Conversation.objects.filter(pair_key=_pair_key(account, house)).first() or _pair(
        account, house, ConversationKind.SERVICE, greeter=None
    )
    post_notice(conversation=conversation, author=house, code=code, **facts)


def open_pair(*, one: Account, other: Account, kind: ConversationKind) -> Conversation:
    """The one conversation of two accounts, made where there is none. Part of other actions,
    which have decided that it may be."""
    return _pair(one, other, kind, greeter=None)


def _pair_key(one: Account, other: Account) -> str:
    low, high = sorted((one.pk, other.pk))
    return f"{low}:{high}"


def _pair(
    one: Account, other: Account, kind: ConversationKind, *, greeter: Account | None
) -> Conversation:
    conversation, is_new = Conversation.objects.get_or_create(
        pair_key=_pair_key(one, other),
        defaults={
            "kind": kind,
            "members_count": 2,
            "greeter": greeter,
            "is_greeting": greeter is not None,
        },
    )
    if is_new:
        Membership.objects.bulk_create(
            [
                Membership(conversation=conversation, account=one, peer=other),
                Membership(conversation=conversation, account=other, peer=one),
            ]
        )
        push.to_accounts([one.pk, other.pk], events.conversation_changed(conversation))
    return conversation


def _require_greetable(viewer: Account, other: Account) -> None:
    if people.has_blocked(other, viewer):
        raise Rejected
    if people.has_blocked(viewer, other):
        raise YouBlocked
    mine = Membership.objects.filter(account=viewer, status="active", conversation__kind="group")
    shared = Membership.objects.filter(
        account=other, status="active", conversation__in=mine.values("conversation")
    )
    if other.kind != Account.Kind.PERSON or not shared.exists():
        raise NotReachable
    if not Person.objects.filter(account=other, is_found_by_group=True).exists():
        raise NotReachable
