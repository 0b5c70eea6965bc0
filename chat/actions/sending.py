"""Saying something: one way in for pages, the API, bots, timers and sockets.

A batch is stored in one transaction. The first statement locks the conversations and reads who
may write; the second advances `seq` and inserts. So `seq` has no holes, a repeated client_id
returns the first message, and a member removed a moment ago can no longer write or hear.
"""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import nullcontext
from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, connection, transaction

from accounts.errors import NotFollowing, NotPublished
from accounts.models import Account
from chat import bodies, events, ports, queries
from chat.actions import enriching, storing
from chat.actions.storing import Accepted, Sent
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
from superapp.kernel import push, time
from superapp.kernel.errors import Refusal

Outcome = Sent | Refusal
Key = tuple[int, str]
_SERVICE_REFUSALS: dict[str, type[Refusal]] = {
    "closed": NotPublished,
    "unfollowed": NotFollowing,
    "blacklisted": Rejected,
}


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

    What only says something, where this process knows the seats, is stored by one question that
    looks at the seats again (chat_say). Everything else is looked up, decided and stored in steps.

    A draft that breaks a rule is refused alone. Two drafts with one (author, client_id) say it
    once. When a client_id was used in another conversation at the same instant, the batch is
    stored draft by draft.
    """
    outcomes = _say(drafts)
    if outcomes is not None:
        return outcomes
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


def _say(drafts: Sequence[Draft]) -> list[Outcome] | None:
    """Store plain drafts on remembered seats, or None where that does not do: somebody is refused,
    asks for more, or something has changed."""
    if not all(enriching.is_plain(draft) for draft in drafts):
        return None
    seats = queries.remembered_seats((d.conversation_id, d.author_id) for d in drafts)
    if seats is None or not all(map(_is_simple, seats.values())):
        return None
    batch = _Batch(drafts, seats)
    if batch.is_refusing:
        return None
    now = time.now()
    try:
        # A question of its own is a transaction of its own; inside a caller's it is a part of that.
        with transaction.atomic() if connection.in_atomic_block else nullcontext():
            kept = storing.say(batch.accepted, seats.values(), now)
    except IntegrityError:
        return None
    return None if kept is None else batch.outcomes(storing.announced(kept))


def _is_simple(seat: Seat) -> bool:
    """Nothing but storing follows from saying something here."""
    return seat.greeter_id is None and seat.kind != ConversationKind.SERVICE


def _store(drafts: Sequence[Draft]) -> list[Outcome]:
    batch = _Batch(drafts, queries.lock_seats((d.conversation_id, d.author_id) for d in drafts))
    accepted, refused = enriching.enrich(batch.accepted)
    stored: dict[Key, Sent] = _insert(accepted, time.now()) if accepted else {}
    return batch.outcomes({**stored, **refused})


def _insert(accepted: Sequence[Accepted], now: datetime) -> dict[Key, Sent]:
    """Store checked drafts and announce the new ones. Returns what is stored, by author and id."""
    kept = storing.store(accepted, now)
    enriching.attach(kept.new)
    _answer_greetings(seat for _, seat, _, _ in kept.new)
    stored = storing.announced(kept)
    # Last, so that answers which come by themselves are told after what they answer.
    if heard := [row for row in kept.new if row[1].kind == ConversationKind.SERVICE]:
        ports.service_heard(heard)
    return stored


class _Batch:
    """Drafts as the rules see them: who may say what, and which of them say the same thing twice."""

    def __init__(self, drafts: Sequence[Draft], seats: Mapping[tuple[str, int], Seat]) -> None:
        self._outcomes: list[Outcome | None] = [None] * len(drafts)
        self._places: dict[Key, list[int]] = {}
        self.accepted: list[Accepted] = []
        self.is_refusing = False
        for place, draft in enumerate(drafts):
            seat = seats.get((draft.conversation_id, draft.author_id))
            try:
                checked = _permitted(bodies.checked(draft), seat)
            except Refusal as refusal:
                self._outcomes[place] = refusal
                self.is_refusing = True
                continue
            assert seat is not None
            key = (draft.author_id, draft.client_id)
            if key not in self._places:
                self.accepted.append((checked, seat))
            self._places.setdefault(key, []).append(place)

    def outcomes(self, told: Mapping[Key, Outcome]) -> list[Outcome]:
        """One per draft, in order, given what became of each accepted (author, client_id)."""
        for key, places in self._places.items():
            outcome = told[key]
            for position, place in enumerate(places):
                if position and isinstance(outcome, Sent):
                    outcome = outcome.repeated()
                self._outcomes[place] = outcome
        return [outcome for outcome in self._outcomes if outcome is not None]


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
    if seat.kind == ConversationKind.SERVICE:
        _permitted_to_service(seat)
    elif not seat.is_in_peers_list:
        _permitted_to_greet(draft, seat)


def _permitted_to_greet(draft: Draft, seat: Seat) -> None:
    if not seat.is_greeting:
        raise NotFriends
    if seat.has_greeted:
        raise AwaitingAnswer
    if seat.greeter_id == seat.account_id and _is_rich(draft):
        raise GreetingTooRich


def _permitted_to_service(seat: Seat) -> None:
    """Either way between a follower and a published account."""
    if seat.service != "open":
        raise _SERVICE_REFUSALS.get(seat.service, NotReachable)


def _is_rich(draft: Draft) -> bool:
    return (
        draft.kind != MessageKind.TEXT
        or len(draft.text) > settings.GREETING_TEXT_MAX
        or bodies.has_link(draft.text)
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
