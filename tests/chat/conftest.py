"""Rooms of the chat tests."""

import itertools

import pytest

from chat import actions
from chat.models import Conversation, Membership
from chat.states import ConversationKind, Role
from tests import cast

_ids = itertools.count(1)


def say(author, conversation, text="hello", **more):
    """Say something, as every door does."""
    more.setdefault("client_id", f"test-{next(_ids)}")
    return actions.send_message(
        author=author, conversation_id=conversation.public_id, text=text, **more
    )


@pytest.fixture
def room(alice, bob):
    """The direct chat of Alice and Bob."""
    room = Conversation.objects.create(
        kind=ConversationKind.DIRECT, pair_key=f"{alice.pk}:{bob.pk}", members_count=2
    )
    for account, peer in ((alice, bob), (bob, alice)):
        Membership.objects.create(conversation=room, account=account, peer=peer)
    return room


@pytest.fixture
def group(alice, bob):
    """A group: Alice owns it, Bob and Dora are in it."""
    dora = cast.make_person("Dora")
    group = Conversation.objects.create(
        kind=ConversationKind.GROUP, title="Supper club", members_count=3
    )
    for account, role in ((alice, Role.OWNER), (bob, Role.MEMBER), (dora, Role.MEMBER)):
        Membership.objects.create(conversation=group, account=account, role=role)
    return group
