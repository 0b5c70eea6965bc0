"""Broadcasts: composed, looked at, agreed to by a second person, planned, sent, taken back.

Sending writes one row, and in it whom it reaches (reaching.py).
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction

from accounts import events, queries
from accounts.actions.official import log_official
from accounts.actions.publishing.blocks import clean_words
from accounts.actions.publishing.previews import send_previews
from accounts.actions.publishing.reaching import reach
from accounts.errors import BadBroadcast, ReviewOver, SecondPersonNeeded
from accounts.models import Account, Broadcast, FollowerTag, OfficialAccount
from accounts.states import (
    BROADCAST_MOVES,
    ArticleStatus,
    BroadcastAim,
    BroadcastStatus,
    OfficialStatus,
    StaffMay,
)
from superapp.kernel import outbox, push, time
from superapp.kernel.errors import Conflict
from superapp.kernel.idempotency import KeyReused
from superapp.kernel.transitions import move

SEND_JOB = "accounts.broadcast"
LAPSE_JOB = "accounts.broadcast_review"
TELL_JOB = "accounts.broadcast_told"
_CLIENT_ID_MAX = 64


@dataclass(frozen=True, slots=True)
class Message:
    """A text or articles (public ids, in order), for everybody or the followers with a tag (its
    number). `due_at`: when to send it; None as soon as it is agreed to."""

    text: str = ""
    articles: Sequence[str] = ()
    tag: int | None = None
    due_at: datetime | None = None

    def fingerprint(self) -> str:
        """The same for the same message said again, whatever became of its draft."""
        due_at = self.due_at and self.due_at.timestamp()
        said = (self.text, list(self.articles), self.tag, due_at)
        return hashlib.sha256(repr(said).encode()).hexdigest()


@transaction.atomic
def compose_broadcast(
    *, official: OfficialAccount, actor: Account, message: Message, client_id: str = ""
) -> Broadcast:
    """A draft. A client_id of the account with the same message again gives the first one.

    Raises NotAllowed, BadBroadcast, ArticleNotFound, FollowerTagNotFound, KeyReused when the
    client_id stands for another message.
    """
    queries.require_staff(actor, official, StaffMay.CONTENT)
    broadcast = Broadcast(
        official=official,
        client_id=client_id[:_CLIENT_ID_MAX],
        fingerprint=message.fingerprint(),
        made_by=actor,
        created_at=time.now(),
    )
    if (found := _known(broadcast)) is not None:
        return found
    _fill(broadcast, message)
    try:
        with transaction.atomic():
            broadcast.save()
    except IntegrityError:  # the same client_id at the same instant
        found = _known(broadcast)
        assert found is not None
        return found
    log_official(
        official=official, actor=actor, what="broadcast", before="", after=broadcast.headline
    )
    return broadcast


@transaction.atomic
def change_broadcast(
    *, official: OfficialAccount, actor: Account, broadcast_id: str, message: Message
) -> Broadcast:
    """The whole draft anew. Raises NotAllowed, BroadcastNotFound, Conflict once it was handed in,
    BadBroadcast, ArticleNotFound, FollowerTagNotFound."""
    queries.require_staff(actor, official, StaffMay.CONTENT)
    broadcast = _own(official, broadcast_id)
    if broadcast.status != BroadcastStatus.DRAFT:
        raise Conflict
    _fill(broadcast, message)
    broadcast.save()
    return broadcast


@transaction.atomic
def preview_broadcast(
    *, official: OfficialAccount, actor: Account, broadcast_id: str, handles: Sequence[str]
) -> list[Account]:
    """Show it to these people, by their IDs (handles); none: to oneself. They must follow the account.

    Raises NotAllowed, BroadcastNotFound, PersonNotFound, PreviewerNotFollowing, TooManyPreviews.
    """
    queries.require_staff(actor, official, StaffMay.CONTENT)
    broadcast = _own(official, broadcast_id)
    return send_previews(
        official=official, actor=actor, card="broadcast", ref=broadcast.public_id, handles=handles
    )


@transaction.atomic
def submit_broadcast(*, official: OfficialAccount, actor: Account, broadcast_id: str) -> Broadcast:
    """Hand it in. Somebody else has BROADCAST_REVIEW_SECONDS to agree; an account with fewer than
    BROADCAST_SECOND_FROM followers needs nobody else.

    Raises NotAllowed, BroadcastNotFound, BadBroadcast, Conflict.
    """
    queries.require_staff(actor, official, StaffMay.CONTENT)
    broadcast = _own(official, broadcast_id)
    _require_sendable(broadcast)
    moment = time.now()
    if queries.followers_of(official).count() < settings.BROADCAST_SECOND_FROM:
        return _plan(broadcast, actor, submitted_by=actor)
    until = moment + timedelta(seconds=settings.BROADCAST_REVIEW_SECONDS)
    move(
        broadcast,
        BroadcastStatus.REVIEW,
        allowed=BROADCAST_MOVES,
        submitted_by=actor,
        review_until=until,
    )
    outbox.at(LAPSE_JOB, {"broadcast": broadcast.pk}, due_at=until, key=broadcast.public_id)
    _log(broadcast, actor)
    return broadcast


@transaction.atomic
def approve_broadcast(*, official: OfficialAccount, actor: Account, broadcast_id: str) -> Broadcast:
    """The second person agrees: it is sent at its time, or now.

    Raises NotAllowed, BroadcastNotFound, SecondPersonNeeded for whoever handed it in, ReviewOver,
    BadBroadcast, Conflict.
    """
    queries.require_staff(actor, official, StaffMay.CONTENT)
    broadcast = _own(official, broadcast_id)
    if broadcast.status != BroadcastStatus.REVIEW:
        raise Conflict
    if broadcast.submitted_by_id in {actor.pk, None}:
        raise SecondPersonNeeded
    if broadcast.review_until is None or broadcast.review_until <= time.now():
        raise ReviewOver
    _require_sendable(broadcast)
    return _plan(broadcast, actor)


@transaction.atomic
def return_broadcast(
    *, official: OfficialAccount, actor: Account, broadcast_id: str, reason: str
) -> Broadcast:
    """Not like this: it is a draft again. Also how whoever handed it in takes it back.

    Raises NotAllowed, BroadcastNotFound, Conflict.
    """
    queries.require_staff(actor, official, StaffMay.CONTENT)
    broadcast = _own(official, broadcast_id)
    move(broadcast, BroadcastStatus.DRAFT, allowed=BROADCAST_MOVES, review_until=None)
    outbox.cancel(LAPSE_JOB, broadcast.public_id)
    _log(broadcast, actor, reason)
    return broadcast


@transaction.atomic
def cancel_broadcast(*, official: OfficialAccount, actor: Account, broadcast_id: str) -> Broadcast:
    """It is not sent. Raises NotAllowed, BroadcastNotFound, Conflict once it was sent."""
    queries.require_staff(actor, official, StaffMay.CONTENT)
    broadcast = _own(official, broadcast_id)
    move(broadcast, BroadcastStatus.CANCELLED, allowed=BROADCAST_MOVES)
    for kind in (SEND_JOB, LAPSE_JOB):
        outbox.cancel(kind, broadcast.public_id)
    _log(broadcast, actor)
    return broadcast


@transaction.atomic
def recall_broadcast(*, official: OfficialAccount, actor: Account, broadcast_id: str) -> Broadcast:
    """Its words and cards leave every thread; a line says that it was taken back. It stays counted
    against the quota. Raises NotAllowed, BroadcastNotFound, Conflict unless it was sent."""
    queries.require_staff(actor, official, StaffMay.CONTENT)
    broadcast = _own(official, broadcast_id)
    move(broadcast, BroadcastStatus.RECALLED, allowed=BROADCAST_MOVES, recalled_at=time.now())
    _log(broadcast, actor)
    outbox.soon(TELL_JOB, {"broadcast": broadcast.pk, "after": 0})
    return broadcast


def send_broadcast(*, broadcast_id: int) -> None:
    """Send what is scheduled and due. The job's work: may run twice.

    One row; in the same transaction those left out are listed: over their quota, or not to be heard.
    """
    with transaction.atomic():
        broadcast = (
            Broadcast.objects.select_for_update(of=("self",))
            .select_related("official__account", "tag")
            .get(pk=broadcast_id)
        )
        moment = time.now()
        if broadcast.status != BroadcastStatus.SCHEDULED:
            return
        if broadcast.due_at is not None and broadcast.due_at > moment:
            return
        refusal = _stopped_by(broadcast)
        if refusal:
            move(broadcast, BroadcastStatus.FAILED, allowed=BROADCAST_MOVES, refusal=refusal)
            return
        # Two broadcasts of one account are sent one after the other, or both would pass the quota.
        OfficialAccount.objects.select_for_update().only("pk").get(pk=broadcast.official_id)
        counts = reach(broadcast, moment)
        move(broadcast, BroadcastStatus.SENT, allowed=BROADCAST_MOVES, sent_at=moment, **counts)
        outbox.soon(TELL_JOB, {"broadcast": broadcast.pk, "after": 0})


def on_broadcast_due(payload: Mapping[str, Any]) -> None:
    """Its time has come."""
    send_broadcast(broadcast_id=payload["broadcast"])


def on_review_over(payload: Mapping[str, Any]) -> None:
    """Nobody agreed in time: it is a draft again."""
    broadcast = Broadcast.objects.get(pk=payload["broadcast"])
    until = broadcast.review_until
    if broadcast.status == BroadcastStatus.REVIEW and until is not None and until <= time.now():
        move(broadcast, BroadcastStatus.DRAFT, allowed=BROADCAST_MOVES, review_until=None)


def on_tell(payload: Mapping[str, Any]) -> None:
    """Open browsers of some thousand followers look again; then those of the next."""
    broadcast = Broadcast.objects.select_related("official__account").get(pk=payload["broadcast"])
    size = settings.BROADCAST_TOLD_AT_ONCE
    found = queries.publishing.followers_after(broadcast.official, payload["after"], size)
    if not found:
        return
    push.to_accounts([person for _pk, person in found], events.broadcast_changed(broadcast))
    if len(found) == size:
        outbox.soon(TELL_JOB, {**payload, "after": found[-1][0]})


def _known(wanted: Broadcast) -> Broadcast | None:
    """What was made of this client_id before. Raises KeyReused when it was something else."""
    if not wanted.client_id:
        return None
    rows = queries.publishing.broadcasts_of(wanted.official)
    known = rows.filter(client_id=wanted.client_id).first()
    if known is not None and known.fingerprint not in {wanted.fingerprint, ""}:
        raise KeyReused
    return known


def _own(official: OfficialAccount, broadcast_id: str) -> Broadcast:
    return queries.publishing.broadcast_of(official, broadcast_id)


def _fill(broadcast: Broadcast, message: Message) -> None:
    official = broadcast.official
    text = clean_words(text=message.text, is_long=True)
    if bool(text) == bool(message.articles) or len(text) > settings.BROADCAST_TEXT_MAX:
        raise BadBroadcast(what="text")
    if len(message.articles) > settings.BROADCAST_ARTICLES_MAX:
        raise BadBroadcast(what="articles")
    found = [queries.publishing.article_of(official, ref) for ref in message.articles]
    if len({article.pk for article in found}) != len(found):
        raise BadBroadcast(what="articles")
    tag = _tag(official, message.tag)
    broadcast.text, broadcast.article_ids = text, [article.pk for article in found]
    broadcast.headline = found[0].title if found else " ".join(text.split())[:64]
    broadcast.aim = BroadcastAim.ALL if tag is None else BroadcastAim.TAG
    broadcast.tag, broadcast.tag_name = tag, tag.name if tag else ""
    broadcast.due_at = _planned(message.due_at)


def _tag(official: OfficialAccount, number: int | None) -> FollowerTag | None:
    return None if number is None else queries.follower_tag_for(official, number)


def _planned(due_at: datetime | None) -> datetime | None:
    if due_at is None:
        return None
    ahead = (due_at - time.now()).total_seconds()
    if not 0 < ahead <= settings.BROADCAST_AHEAD_SECONDS:
        raise BadBroadcast(what="due_at")
    return due_at


def _require_sendable(broadcast: Broadcast) -> None:
    if refusal := _stopped_by(broadcast):
        raise BadBroadcast(what=refusal)


def _stopped_by(broadcast: Broadcast) -> str:
    """What forbids to send it now, or ""."""
    if broadcast.official.status != OfficialStatus.APPROVED:
        return "account"
    if broadcast.aim == BroadcastAim.TAG and broadcast.tag is None:
        return "tag"
    found = queries.publishing.articles_in([broadcast])
    is_whole = len(found) == len(broadcast.article_ids)
    if not is_whole or any(a.status != ArticleStatus.PUBLISHED for a in found.values()):
        return "articles"
    return ""


def _plan(broadcast: Broadcast, actor: Account, **changes: Any) -> Broadcast:
    moment = time.now()
    move(
        broadcast, BroadcastStatus.SCHEDULED, allowed=BROADCAST_MOVES, approved_by=actor, **changes
    )
    outbox.cancel(LAPSE_JOB, broadcast.public_id)
    due_at = max(broadcast.due_at or moment, moment)
    outbox.at(SEND_JOB, {"broadcast": broadcast.pk}, due_at=due_at, key=broadcast.public_id)
    _log(broadcast, actor)
    return broadcast


def _log(broadcast: Broadcast, actor: Account, reason: str = "") -> None:
    after = f"{broadcast.status}: {reason}" if reason else broadcast.status
    log_official(
        official=broadcast.official,
        actor=actor,
        what=f"broadcast {broadcast.headline}",
        before="",
        after=after,
    )
