"""Saying something: one way in for pages, the API, bots, timers and sockets.

A batch is stored in one transaction. The first statement locks the conversations and reads who
may write; the second advances `seq` and inserts. So `seq` has no holes, a repeated client_id
returns the first message, and a member removed a moment ago can no longer write or hear.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import msgspec
from django.conf import settings
from django.db import IntegrityError, connection, transaction

from accounts.models import Account
from chat import bodies, events, queries
from chat.actions import enriching
from chat.bodies import Draft
from chat.errors import (
    AwaitingAnswer,
    BadMessage,
    ConversationNotFound,
    GreetingTooRich,
    GroupClosed,
    NotAMember,
    NotFriends,
    NotReachable,
    Rejected,
    YouBlocked,
)
from chat.models import Conversation, Message
from chat.queries import Seat
from chat.states import ConversationKind, MembershipStatus, MessageKind
from superapp.kernel import ops, push, search, time
from superapp.kernel.errors import Refusal


@dataclass(frozen=True, slots=True)
class Sent:
    """A stored message as its sender needs to know it."""

    message_id: int
    conversation_id: str
    client_id: str
    seq: int
    sent_at: datetime
    is_repeat: bool = False

    def repeated(self) -> "Sent":
        return replace(self, is_repeat=True)


Outcome = Sent | Refusal


def send_message(
    *,
    author: Account,
    conversation_id: str,
    client_id: str,
    kind: str = MessageKind.TEXT,
    text: str = "",
    body: dict[str, object] | None = None,
    quote_seq: int | None = None,
    mentions: Sequence[str] = (),
    attachment_id: str = "",
) -> Message:
    """Say one thing in one of the author's conversations; raises the refusal, if any.

    A repeated client_id returns the first message, so a browser may retry blindly.
    """
    (outcome,) = send_messages(
        drafts=[
            Draft(
                author_id=author.pk,
                conversation_id=conversation_id,
                client_id=client_id,
                kind=kind,
                text=text,
                body=body or {},
                quote_seq=quote_seq,
                mentions=tuple(mentions),
                attachment_id=attachment_id,
            )
        ]
    )
    if isinstance(outcome, Refusal):
        raise outcome
    return Message.objects.select_related("author", "conversation").get(pk=outcome.message_id)


def send_messages(*, drafts: Sequence[Draft]) -> list[Outcome]:
    """Store a batch in one transaction; one outcome per draft, in order.

    A draft that breaks a rule is refused alone. Two drafts with one (author, client_id) say it
    once. When a client_id was used in another conversation at the same instant, the batch is
    stored draft by draft.
    """
    try:
        with transaction.atomic():
            return _store(drafts)
    except IntegrityError:
        if len(drafts) == 1:
            return [BadMessage()]
        return [outcome for draft in drafts for outcome in send_messages(drafts=[draft])]


def post_notice(*, conversation: Conversation, author: Account, code: str, **facts: object) -> None:
    """A system line, such as "Alice joined". `code` and `facts` are put into words per viewer.

    Runs in the caller's transaction, which has decided that it may be said.
    """
    notice = Draft(
        author_id=author.pk,
        conversation_id=conversation.public_id,
        client_id=events.new_client_id(),
        kind=MessageKind.SYSTEM,
        body={"code": code, **facts},
    )
    seats = queries.lock_seats([(conversation.public_id, author.pk)])
    seat = seats[conversation.public_id, author.pk]
    _insert([(notice, seat)], time.now())


def _store(drafts: Sequence[Draft]) -> list[Outcome]:
    seats = queries.lock_seats([(d.conversation_id, d.author_id) for d in drafts])
    outcomes: list[Outcome | None] = [None] * len(drafts)
    accepted: list[tuple[Draft, Seat]] = []
    places: dict[tuple[int, str], list[int]] = {}
    for place, draft in enumerate(drafts):
        try:
            seat = seats.get((draft.conversation_id, draft.author_id))
            checked = _permitted(bodies.checked(draft), seat)
        except Refusal as refusal:
            outcomes[place] = refusal
            continue
        assert seat is not None
        key = (draft.author_id, draft.client_id)
        if key not in places:
            accepted.append((checked, seat))
        places.setdefault(key, []).append(place)
    accepted, refused = enriching.enrich(accepted)
    stored = _insert(accepted, time.now()) if accepted else {}
    for key, found in places.items():
        for position, place in enumerate(found):
            outcomes[place] = refused.get(key) or (
                stored[key].repeated() if position else stored[key]
            )
    return [outcome for outcome in outcomes if outcome is not None]


def _permitted(draft: Draft, seat: Seat | None) -> Draft:
    """The one place that decides who may write where. Raises the rule that says no."""
    if seat is None:
        raise ConversationNotFound
    if seat.is_disbanded:
        raise GroupClosed
    if seat.status != MembershipStatus.ACTIVE:
        raise NotAMember
    if seat.peer_id is not None:
        _permitted_to_peer(draft, seat)
    return draft


def _permitted_to_peer(draft: Draft, seat: Seat) -> None:
    if seat.is_peer_closed:
        raise NotReachable
    if seat.is_blocked:
        raise Rejected
    if seat.has_blocked:
        raise YouBlocked
    if seat.kind == ConversationKind.SERVICE or seat.is_in_peers_list:
        return
    if not seat.is_greeting:
        raise NotFriends
    if seat.has_greeted:
        raise AwaitingAnswer
    if seat.greeter_id == seat.account_id and _is_rich(draft):
        raise GreetingTooRich


def _is_rich(draft: Draft) -> bool:
    return (
        draft.kind != MessageKind.TEXT
        or len(draft.text) > settings.GREETING_TEXT_MAX
        or bodies.has_link(draft.text)
    )


def _insert(accepted: Sequence[tuple[Draft, Seat]], now: datetime) -> dict[tuple[int, str], Sent]:
    """Store checked drafts and announce the new ones. Returns what is stored, by author and id."""
    given = msgspec.json.encode(
        [
            {
                "conv": seat.conversation_id,
                "author": draft.author_id,
                "client": draft.client_id,
                "kind": draft.kind,
                "text": draft.text,
                "body": draft.body,
                "quote": draft.quote_seq,
                "words": search.vector_of(enriching.searchable(draft)),
            }
            for draft, seat in accepted
        ]
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM chat_store(%s, %s)", [given.decode(), now])
        rows = {(author, client): (pk, seq) for pk, author, client, seq in cursor.fetchall()}
    new = [
        (d, s, *rows[d.author_id, d.client_id])
        for d, s in accepted
        if (d.author_id, d.client_id) in rows
    ]
    _after(new, now)
    stored = {
        (d.author_id, d.client_id): Sent(pk, s.public_id, d.client_id, seq, now)
        for d, s, pk, seq in new
    }
    missing = [d for d, _ in accepted if (d.author_id, d.client_id) not in rows]
    return stored | _first_messages(missing)


def _after(new: Sequence[tuple[Draft, Seat, int, int]], now: datetime) -> None:
    enriching.attach(new)
    _answer_greetings(seat for _, seat, _, _ in new)
    ops.MESSAGES.inc(len(new))
    ops.BATCH.observe(len(new))
    push.many(
        [
            push.item(
                queries.recipients_of(seat.conversation_id, seat.members_rev),
                events.message_sent(draft, seat, seq=seq, sent_at=now),
                skip=draft.client_id,
            )
            for draft, seat, _, seq in new
        ]
    )


def _answer_greetings(seats: Iterable[Seat]) -> None:
    """An answer to a greeting opens the conversation for both."""
    answered = {s.conversation_id for s in seats if s.greeter_id not in {None, s.account_id}}
    if not answered:
        return
    Conversation.objects.filter(pk__in=answered).update(greeter=None)
    for conversation in Conversation.objects.filter(pk__in=answered):
        told = queries.active_ids(conversation)
        push.to_accounts(told, events.conversation_changed(conversation))


def _first_messages(drafts: Sequence[Draft]) -> dict[tuple[int, str], Sent]:
    """What was stored when these client_ids were first used."""
    if not drafts:
        return {}
    found = Message.objects.filter(
        author__in={d.author_id for d in drafts}, client_id__in={d.client_id for d in drafts}
    ).select_related("conversation")
    return {
        (m.author_id, m.client_id): Sent(
            m.pk, m.conversation.public_id, m.client_id, m.seq, m.sent_at, is_repeat=True
        )
        for m in found
    }
