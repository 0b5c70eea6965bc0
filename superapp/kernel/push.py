"""The loudspeaker: telling open browsers what happened.

Recipients are account ids computed from rows at the moment of the event. Events are hints, rows
are the truth: losing one is repaired by the next sync, so a sick Valkey never fails a saved row.
"""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import msgspec
from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.db import transaction
from redis.exceptions import RedisError

Event = dict[str, Any]
GROUP = "push"

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Item:
    """One event for some accounts. `frame` is JSON, encoded once for everybody.

    `skip` names the client_id of a send: the connection that sent it gets the ack instead.
    """

    account_ids: tuple[int, ...]
    frame: bytes
    skip: str = ""
    # Not for browsers but for the sockets themselves: "drop" closes those of these sessions
    # (all of the account's when none is named).
    control: str = ""
    sessions: tuple[str, ...] = ()


class Speaker(Protocol):
    """A process that holds sockets: it tells its own at once, and the other processes."""

    def speak(self, items: Sequence[Item]) -> None: ...


_speaker: Speaker | None = None


def set_speaker(speaker: Speaker | None) -> Speaker | None:
    """Who speaks for this process; returns who did before."""
    global _speaker
    before, _speaker = _speaker, speaker
    return before


def item(account_ids: Iterable[int], event: Event, *, skip: str = "") -> Item:
    return Item(tuple(account_ids), msgspec.json.encode({"t": "event", **event}), skip)


def to_accounts(account_ids: Iterable[int], event: Event) -> None:
    """Tell every open browser of these accounts, once the transaction commits."""
    many([item(sorted(set(account_ids)), event)])


def many(items: Sequence[Item]) -> None:
    """Tell several events at once, in order, once the transaction commits."""
    if items:
        # robust: the rows are committed, so nothing that fails here may turn them into a 500.
        transaction.on_commit(lambda: send(items), robust=True)


def send(items: Sequence[Item]) -> None:
    if _speaker is not None:
        _speaker.speak(items)
        return
    try:
        async_to_sync(publish)(items, origin="")
    except (OSError, RedisError) as error:
        log.warning("push lost: %s", type(error).__name__)


def drop_sessions(account_id: int, session_keys: Iterable[str] = ()) -> None:
    """Close the sockets of these sessions, or all of the account's, once the transaction commits."""
    many([Item((account_id,), b"", control="drop", sessions=tuple(session_keys))])


async def publish(items: Sequence[Item], *, origin: str) -> None:
    """One publication for all processes. `origin` lets a process ignore its own."""
    layer = get_channel_layer()
    assert layer is not None, "CHANNEL_LAYERS is not set"
    await layer.group_send(
        GROUP,
        {
            "type": "push.batch",
            "origin": origin,
            "items": [
                [list(i.account_ids), i.frame, i.skip, i.control, list(i.sessions)] for i in items
            ],
        },
    )


def unpack(message: dict[str, Any]) -> list[Item]:
    """What another process published."""
    return [
        Item(tuple(ids), frame, skip, control, tuple(sessions))
        for ids, frame, skip, control, sessions in message["items"]
    ]
