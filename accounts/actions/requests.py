"""Finding people and asking them to be friends."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction

from accounts import events, queries
from accounts.actions.contacts import add_edge, befriend
from accounts.actions.tags import assign_tags
from accounts.errors import (
    AlreadyFriends,
    Blocked,
    CannotAddYourself,
    PersonNotFound,
    RequestExpired,
)
from accounts.models import Account, Contact, FriendRequest
from accounts.states import FRIEND_REQUEST_MOVES, FriendRequestStatus
from superapp.kernel import limits, outbox, push, search, time
from superapp.kernel.errors import Conflict
from superapp.kernel.transitions import move

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Found:
    """Somebody, and the proof of how they were found (queries.way_to)."""

    account: Account
    way: str


def find_person(*, viewer: Account, words: str) -> Found:
    """Look somebody up by ID or phone number. Raises PersonNotFound, TooMany.

    Every look-up counts, found or not, so that numbers cannot be tried one after the other.
    """
    limits.count(f"lookup:{viewer.pk}", limit=settings.LOOKUPS_PER_DAY, window=_DAY)
    typed = words.strip()
    found = queries.people_by_handle(typed[:60]).first()
    source = Contact.Source.HANDLE
    if found is None and (phone := queries.read_phone(typed)):
        found, source = queries.people_by_phone(phone).first(), Contact.Source.PHONE
    if found is None:
        raise PersonNotFound
    return Found(found, queries.way_to(viewer, found, source))


def scan_person(*, viewer: Account, token: str) -> Found:
    """Whose personal code was scanned. Counts as a look-up. Raises PersonNotFound, TooMany."""
    limits.count(f"lookup:{viewer.pk}", limit=settings.LOOKUPS_PER_DAY, window=_DAY)
    found = queries.person_by_qr(token[:60])
    return Found(found, queries.way_to(viewer, found, Contact.Source.QR))


@dataclass(frozen=True, slots=True)
class Asked:
    """What came of asking: friends already, or a request that waits."""

    is_friend: bool
    request: FriendRequest | None = None


@dataclass(frozen=True, slots=True)
class Wish:
    """What the asker writes and wants: kept with the request until it is answered."""

    note: str = ""
    remark: str = ""
    is_chat_only: bool = False

    def cleaned(self) -> "Wish":
        return Wish(
            search.clean_line(self.note)[: settings.FRIEND_REQUEST_NOTE_MAX],
            search.clean_line(self.remark)[: settings.REMARK_MAX],
            self.is_chat_only,
        )


def ask_friend(*, sender: Account, receiver_id: str, way: str, wish: Wish) -> Asked:
    """Ask somebody to be friends, by a way that is open (queries.source_of).

    Those still in the sender's own list need no way.

    Instant when they let everybody in, still have the sender in their list, or have asked the
    sender themselves. Otherwise it waits FRIEND_REQUEST_DAYS; asking again renews it. Raises
    PersonNotFound, CannotAddYourself, AlreadyFriends, Blocked, WayClosed, TooManyFriends and
    TooMany (per pair and per day). Somebody who blocked the sender is never told; the sender
    cannot tell the difference.
    """
    receiver = queries.person_for(sender, receiver_id)
    if not receiver.person.is_active:
        raise PersonNotFound
    _refuse_hopeless(sender, receiver)
    has_sender = queries.edge_of(receiver, sender) is not None
    source = _source(sender, receiver, way, has_sender=has_sender)
    _count_request(sender, receiver)
    return _ask(sender, receiver, source, wish.cleaned(), has_sender=has_sender)


def _source(sender: Account, receiver: Account, way: str, *, has_sender: bool) -> str:
    known = queries.edge_of(sender, receiver)  # still listed: they took the sender out of theirs
    if known is not None:
        return known.source
    return "" if has_sender else queries.source_of(sender, receiver, way)


def _refuse_hopeless(sender: Account, receiver: Account) -> None:
    if sender.pk == receiver.pk:
        raise CannotAddYourself
    if queries.are_friends(sender, receiver):
        raise AlreadyFriends
    if queries.has_blocked(sender, receiver):
        raise Blocked


def _count_request(sender: Account, receiver: Account) -> None:
    per_pair, per_day = settings.FRIEND_REQUESTS_PER_PAIR_PER_DAY, settings.FRIEND_REQUESTS_PER_DAY
    limits.count(f"friend:{sender.pk}:{receiver.pk}", limit=per_pair, window=_DAY)
    limits.count(f"friend:{sender.pk}", limit=per_day, window=_DAY)


@transaction.atomic
def _ask(sender: Account, receiver: Account, source: str, wish: Wish, *, has_sender: bool) -> Asked:
    if queries.has_blocked(receiver, sender):
        unheard = _renew(sender, receiver, source, wish, FriendRequestStatus.IGNORED)
        _tell_changed(sender)
        return Asked(is_friend=False, request=unheard)
    if has_sender:
        add_edge(owner=sender, other=receiver, remark=wish.remark, is_chat_only=wish.is_chat_only)
        return Asked(is_friend=True)
    mutual = queries.open_request(receiver, sender)
    if mutual is not None:
        move(mutual, FriendRequestStatus.ACCEPTED, allowed=FRIEND_REQUEST_MOVES)
        _tell_changed(mutual.receiver)
        push.to_accounts([mutual.sender_id], events.friend_request_accepted(mutual))
    if mutual is not None or not receiver.person.approves_friends:
        befriend(
            asker=sender,
            accepter=receiver,
            note=wish.note,
            source=source,
            asker_remark=wish.remark,
            is_chat_only_for_asker=wish.is_chat_only,
        )
        return Asked(is_friend=True)
    request = _renew(sender, receiver, source, wish, FriendRequestStatus.PENDING)
    waiting = queries.requests_waiting(receiver)
    push.to_accounts([receiver.pk], events.friend_request_received(request, waiting=waiting))
    _tell_changed(sender)
    return Asked(is_friend=False, request=request)


def _renew(
    sender: Account, receiver: Account, source: str, wish: Wish, status: FriendRequestStatus
) -> FriendRequest:
    """The request of this pair that still waits, with what was said now; else a new one."""
    moment = time.now()
    pair = FriendRequest.objects.select_for_update().filter(sender=sender, receiver=receiver)
    for overdue in pair.filter(status=FriendRequestStatus.PENDING, due_at__lte=moment):
        move(overdue, FriendRequestStatus.EXPIRED, allowed=FRIEND_REQUEST_MOVES)
    request = pair.filter(status=status, due_at__gt=moment).order_by("-pk").first()
    if request is None:
        request = FriendRequest(sender=sender, receiver=receiver, status=status, created_at=moment)
    request.note, request.remark, request.source = wish.note, wish.remark, source
    request.is_chat_only, request.is_seen = wish.is_chat_only, False
    request.due_at = moment + timedelta(days=settings.FRIEND_REQUEST_DAYS)
    try:
        with transaction.atomic():
            request.save()
    except IntegrityError:  # asked in two tabs at once; the other one stands
        raise Conflict from None
    payload = {"request": request.pk}
    outbox.at("accounts.expire_request", payload, due_at=request.due_at, key=request.public_id)
    return request


@transaction.atomic
def accept_friend_request(
    *,
    receiver: Account,
    request_id: str,
    remark: str = "",
    tag_ids: Collection[str] = (),
    is_chat_only: bool = False,
) -> FriendRequest:
    """Become friends, and say in the same step who they are to the receiver.

    Raises RequestNotFound, RequestExpired, TagNotFound, TooManyFriends, and Conflict when the
    request was answered already.
    """
    request = queries.request_for(receiver, request_id)
    if request.due_at <= time.now():
        raise RequestExpired
    move(request, FriendRequestStatus.ACCEPTED, allowed=FRIEND_REQUEST_MOVES)
    befriend(
        asker=request.sender,
        accepter=receiver,
        note=request.note,
        source=request.source,
        asker_remark=request.remark,
        is_chat_only_for_asker=request.is_chat_only,
    )
    _describe_new_friend(receiver, request.sender, remark, tag_ids, is_chat_only=is_chat_only)
    _tell_changed(request.receiver)
    push.to_accounts([request.sender_id], events.friend_request_accepted(request))
    return request


def _describe_new_friend(
    owner: Account, other: Account, remark: str, tag_ids: Collection[str], *, is_chat_only: bool
) -> None:
    contact = Contact.objects.select_related("other").get(owner=owner, other=other)
    called = search.clean_line(remark)[: settings.REMARK_MAX]
    if called:
        contact.remark, contact.sort_key = called, search.sort_key(called)
        contact.search_keys = queries.search_text(contact)
    contact.is_chat_only = is_chat_only
    contact.save(update_fields=["remark", "sort_key", "search_keys", "is_chat_only"])
    assign_tags(contact=contact, tag_ids=tag_ids)


@transaction.atomic
def ignore_friend_request(*, receiver: Account, request_id: str) -> FriendRequest:
    """Say nothing to it. The sender is not told. Raises RequestNotFound, Conflict."""
    request = queries.request_for(receiver, request_id)
    if request.due_at <= time.now():
        raise RequestExpired
    move(request, FriendRequestStatus.IGNORED, allowed=FRIEND_REQUEST_MOVES)
    _tell_changed(request.receiver)
    return request


def _tell_changed(account: Account) -> None:
    """The account's own browsers: it asked or answered, here or on another device."""
    waiting = queries.requests_waiting(account)
    push.to_accounts([account.pk], events.friend_requests_changed(waiting=waiting))


def see_friend_requests(*, receiver: Account) -> int:
    """The receiver has looked at them: the badge goes. Returns how many were new."""
    seen = FriendRequest.objects.filter(receiver=receiver, is_seen=False).update(is_seen=True)
    if seen:
        push.to_accounts([receiver.pk], events.friend_requests_changed(waiting=0))
    return seen


def expire_friend_request(*, request_id: int) -> None:
    """What nobody answered is over. Safe to run twice, and late: every read applies it anyway."""
    request = FriendRequest.objects.filter(pk=request_id, due_at__lte=time.now()).first()
    if request is None or request.status != FriendRequestStatus.PENDING:
        return
    try:
        move(request, FriendRequestStatus.EXPIRED, allowed=FRIEND_REQUEST_MOVES)
    except Conflict:  # answered in this very moment
        return


def on_expire_request(payload: Mapping[str, Any]) -> None:
    """The job that ends a request nobody answered."""
    expire_friend_request(request_id=payload["request"])
