"""Alice leads a group and has a chat with Bob; everybody in her group is her friend.

Mia was removed from the group, Carol is a stranger to all, Finn is a friend outside.
"""

from types import SimpleNamespace

from django.test import Client

from accounts import actions as people
from accounts import queries
from accounts.actions import Wish
from chat import actions
from tests import cast
from tests.chat.conftest import say

NAMES = ("alice", "bob", "dora", "mia", "finn", "carol")


class World(SimpleNamespace):
    """`alice` … are accounts; `room` is the chat of Alice and Bob, `group` the group."""

    @property
    def viewers(self):
        return {name: getattr(self, name) for name in NAMES}

    def here(self, who="alice", place=None):
        """The arguments of actions on one's own seat."""
        place = place or self.group
        return {"viewer": getattr(self, who), "conversation_id": place.public_id}

    def lead(self, who="alice", **more):
        return {"actor": getattr(self, who), "conversation_id": self.group.public_id, **more}

    def at(self, seq, who="alice"):
        return {"actor": getattr(self, who), "conversation_id": self.room.public_id, "seq": seq}

    def said(self, text="hello", who="alice", **more):
        return say(getattr(self, who), self.room, text, **more)

    def signs_in(self, who):
        """Another browser of theirs; returns the key of its session."""
        client = Client()
        client.force_login(getattr(self, who).person)
        client.get("/settings/")
        return client.session.session_key

    def asks(self, sender, receiver):
        one, other = getattr(self, sender), getattr(self, receiver)
        way = queries.way_to(one, other, "qr")
        wish = Wish(note="hi")
        return people.ask_friend(sender=one, receiver_id=other.public_id, way=way, wish=wish)


def make():
    world = World(**{name: cast.make_person(name.capitalize()) for name in NAMES})
    for friend in (world.bob, world.dora, world.mia, world.finn):
        cast.make_friends(world.alice, friend)
    cast.make_friends(world.bob, world.finn)
    world.room = actions.open_direct(viewer=world.alice, other=world.bob)
    world.group = actions.create_group(
        owner=world.alice, members=[world.bob, world.dora, world.mia], title="Supper club"
    )
    actions.remove_member(**world.lead(member=world.mia))
    for who in ("alice", "bob"):
        say(getattr(world, who), world.room, f"from {who}")
        say(getattr(world, who), world.group, f"from {who}")
    return world
