"""People and official accounts: the thread of the two, and who speaks for the account."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from accounts import actions as official_actions
from accounts import ports as people_ports
from accounts import queries as people
from accounts.errors import NotFollowing, WindowClosed
from accounts.models import (
    Account,
    Article,
    AutoReply,
    Follow,
    OfficialAccount,
    TemplateMessage,
)
from accounts.ports import EventKind, OfficialEvent
from accounts.states import OfficialKind, StaffMay
from chat import events, queries
from chat.actions.changing import refresh_card
from chat.actions.opening import open_pair
from chat.actions.reading import mark_read
from chat.actions.sending import send_message, send_messages
from chat.bodies import Draft
from chat.errors import FollowerLeft
from chat.models import Attachment, Conversation, Membership, Message, SpokenBy
from chat.queries import Seat
from chat.states import ConversationKind, MessageKind
from superapp.kernel import push, time


@dataclass(frozen=True, slots=True)
class Voice:
    """Who speaks for an account: one of its staff, or a program that its door has recognised.

    A program that writes first spends its window (OA-13); `is_reply` is a program's answer to what
    the person has just done, which costs nothing.
    """

    staff: Account | None = None
    is_reply: bool = False


TEMPLATE_CARD = "template"
PROGRAM = Voice()
REPLY = Voice(is_reply=True)


@transaction.atomic
def open_service(*, viewer: Account, official: OfficialAccount) -> Conversation:
    """The one thread of a person with an account; made for whoever follows it.

    Raises NotFollowing when there is none yet and the person does not follow.
    """
    found = queries.direct_with(viewer, official.account)
    if found is not None:
        return found
    if not people.is_following(viewer, official):
        raise NotFollowing
    return _thread(viewer, official)


def _thread(person: Account, official: OfficialAccount) -> Conversation:
    conversation = open_pair(one=person, other=official.account, kind=ConversationKind.SERVICE)
    if official.kind == OfficialKind.SUBSCRIPTION:
        Membership.objects.filter(
            conversation=conversation, account=person, is_subscription=False
        ).update(is_subscription=True)
    return conversation


@transaction.atomic
def speak_as(
    *,
    official: OfficialAccount,
    follow: Follow,
    voice: Voice,
    client_id: str,
    kind: str = MessageKind.TEXT,
    text: str = "",
    body: dict[str, object] | None = None,
    quote_seq: int | None = None,
    attachment_id: str = "",
) -> Message:
    """Say something to a follower in the account's name. A repeated client_id returns the first.

    Staff need a role that answers, and 48 hours (WINDOW_SECONDS) since the person last did
    something; programs spend the window's messages too. Raises OfficialNotFound, NotAllowed,
    FollowerLeft, WindowClosed, WindowSpent, and whatever sending refuses.
    """
    if voice.staff is not None:
        people.require_staff(voice.staff, official, StaffMay.ANSWER)
    said = Message.objects.filter(author=official.account, client_id=client_id).first()
    if said is None:
        if not follow.is_following or follow.official_id != official.pk:
            raise FollowerLeft
        _require_window(follow, voice)
    message = send_message(
        author=official.account,
        conversation_id=_thread(follow.person, official).public_id,
        client_id=client_id,
        kind=kind,
        text=text,
        body=body,
        quote_seq=quote_seq,
        attachment_id=attachment_id,
    )
    if voice.staff is not None and said is None:
        SpokenBy.objects.create(message=message, staff=voice.staff)
        Follow.objects.filter(pk=follow.pk, handed_over_at__isnull=False).update(
            handed_over_at=None, handed_over_to=""
        )
    _tell_staff([(official.account, official.pk, message.conversation.public_id)])
    return message


def tell_staff_of(*, official: OfficialAccount, follow: Follow) -> None:
    """Those who answer for the account look at this follower's conversation again."""
    thread = _thread(follow.person, official)
    _tell_staff([(official.account, official.pk, thread.public_id)])


def _require_window(follow: Follow, voice: Voice) -> None:
    if voice.is_reply:
        return
    if voice.staff is None:
        official_actions.spend_window(follow=follow)
    elif follow.window_ends_at is None or follow.window_ends_at <= time.now():
        raise WindowClosed


@transaction.atomic
def read_as(*, official: OfficialAccount, staff: Account, conversation_id: str, seq: int) -> None:
    """One of the staff has read so far: it is read for all of them. Raises NotAllowed,
    ConversationNotFound."""
    people.require_staff(staff, official, StaffMay.ANSWER)
    queries.seat_of(official.account, conversation_id)
    mark_read(account_id=official.account_id, conversation_id=conversation_id, seq=seq)
    _tell_staff([(official.account, official.pk, conversation_id)])


def on_service_heard(new: Sequence[tuple[Draft, Seat, int, int]]) -> None:
    """People wrote to official accounts: windows open, programs and auto-replies hear of it,
    and those who answer see it at once."""
    pairs = {(seat.peer_id, seat.account_id) for _draft, seat, _pk, _seq in new if seat.peer_id}
    follows = people.follows_by_pair(pairs)
    heard = [(row, follows.get((row[1].peer_id or 0, row[1].account_id))) for row in new]
    said = [(row, follow) for row, follow in heard if follow is not None]
    if not said:
        return
    official_actions.open_windows(follows=[follow for _row, follow in said])
    moment = time.now()
    files = _files_of([draft for (draft, *_rest), follow in said if follow.official.is_server_mode])
    people_ports.official_events(
        [
            OfficialEvent(
                EventKind.MESSAGE,
                follow.official,
                follow,
                moment,
                {
                    "message": pk,
                    "conversation": seat.public_id,
                    "seq": seq,
                    "type": draft.kind,
                    "text": draft.text,
                    "body": draft.body,
                    "file": files.get(draft.body.get("attachment_pk")),
                },
            )
            for (draft, seat, pk, seq), follow in said
        ]
    )
    _tell_staff(
        [
            (follow.official.account, follow.official_id, seat.public_id)
            for (_draft, seat, _pk, _seq), follow in said
        ]
    )


def _files_of(drafts: Sequence[Draft]) -> dict[int | None, int]:
    """attachment pk → its stored file's; one question where there are any."""
    pks = {draft.body["attachment_pk"] for draft in drafts if "attachment_pk" in draft.body}
    if not pks:
        return {}
    return dict(Attachment.objects.filter(pk__in=pks).values_list("pk", "file_id"))


def on_official_events(happened: Sequence[OfficialEvent]) -> None:
    """A new follower finds a thread; rules of the account answer unless a program does."""
    for event in happened:
        if event.kind == EventKind.SUBSCRIBE:
            _thread(event.follow.person, event.official)
    rules = _rules_of({e.official.pk for e in happened if not e.official.is_server_mode})
    drafts = [
        Draft(
            author_id=event.official.account_id,
            conversation_id=_thread(event.follow.person, event.official).public_id,
            client_id=events.new_client_id(),
            text=answer["text"],
        )
        for event in happened
        for answer in _answers(event, rules.get(event.official.pk, []))
    ]
    if drafts:
        send_messages(drafts=drafts)


def on_template_sent(message: TemplateMessage) -> None:
    """A form that a program filled in stands in its follower's thread."""
    speak_as(
        official=message.official,
        follow=message.follow,
        voice=REPLY,
        client_id=message.public_id,
        kind=MessageKind.CARD,
        body={"card": TEMPLATE_CARD, "ref": message.public_id},
    )


def on_previewed(official: OfficialAccount, follow: Follow, card: str, ref: str) -> None:
    """Something unpublished stands in the thread of whoever is to look at it."""
    send_message(
        author=official.account,
        conversation_id=_thread(follow.person, official).public_id,
        client_id=events.new_client_id(),
        kind=MessageKind.CARD,
        body={"card": card, "ref": ref},
    )


def on_article_changed(article: Article) -> None:
    """Cards of it are fetched again by whoever sees them."""
    refresh_card(card="article", ref=article.public_id)


def _rules_of(official_ids: set[int]) -> dict[int, list[AutoReply]]:
    found: dict[int, list[AutoReply]] = {}
    if official_ids:
        for rule in AutoReply.objects.filter(official__in=official_ids, is_on=True).order_by("pk"):
            found.setdefault(rule.official_id, []).append(rule)
    return found


def _answers(event: OfficialEvent, rules: list[AutoReply]) -> list[Mapping[str, Any]]:
    if event.kind == EventKind.SUBSCRIBE:
        return official_actions.answers_to_follow(rules=rules)
    if event.kind == EventKind.MESSAGE:
        return official_actions.answers_to(rules=rules, text=event.facts["text"])
    if event.kind == EventKind.CLICK and event.facts["type"] == "text":
        # Words of the menu are said, whoever else answers.
        return [{"text": event.facts["value"]}]
    return []


def _tell_staff(told: Sequence[tuple[Account, int, str]]) -> None:
    """(account, its official pk, conversation) each: for those whose role answers."""
    staff = people.staff_ids({official_id for _account, official_id, _c in told}, StaffMay.ANSWER)
    push.many(
        [
            push.item(staff[official_id], events.service_message(account, conversation_id))
            for account, official_id, conversation_id in dict.fromkeys(told)
            if official_id in staff
        ]
    )
