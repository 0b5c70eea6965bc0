"""Broadcasts of the tests, from composing to sent."""

from accounts.actions import publishing
from superapp.kernel import outbox


def compose(official, actor, text="Dumplings today", *, client_id="", **more):
    message = publishing.Message(text="" if more.get("articles") else text, **more)
    return publishing.compose_broadcast(
        official=official, actor=actor, message=message, client_id=client_id
    )


def agree(official, broadcast, actor, second):
    """Handed in by one, agreed to by another."""
    place = {"official": official, "broadcast_id": broadcast.public_id}
    publishing.submit_broadcast(actor=actor, **place)
    return publishing.approve_broadcast(actor=second, **place)


def cast(official, actor, second, text="Dumplings today", **more):
    """A broadcast that was sent."""
    broadcast = compose(official, actor, text, **more)
    agree(official, broadcast, actor, second)
    outbox.run_due(outbox.DEFAULT, limit=10)
    broadcast.refresh_from_db()
    return broadcast
