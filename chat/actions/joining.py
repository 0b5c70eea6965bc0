"""Ways into a group: added by a friend, invited, let in by an admin, or by its QR code (GRP-01…04).

Up to GROUP_INSTANT_MAX members people are added at once; beyond it the invited person has to
accept, and beyond GROUP_VERIFIED_ABOVE they need a verified identity.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from accounts import queries as people
from accounts.models import Account, Person
from chat import bodies, events, queries
from chat.actions.membership import announce_change, lock_group, require_admin, seat_people
from chat.actions.sending import post_notice, send_message
from chat.errors import (
    AlreadyMember,
    ConversationNotFound,
    GroupFull,
    JoinRequestNotFound,
    NotFriends,
    NotVerified,
    QRExpired,
)
from chat.models import Conversation, JoinRequest, Membership
from chat.states import JOIN_MOVES, JoinStatus, MembershipStatus, MessageKind, Role
from superapp.kernel import push, time
from superapp.kernel.errors import Refusal
from superapp.kernel.transitions import move

INVITATION_CARD = "group_invitation"


@transaction.atomic
def add_people(
    *, actor: Account, conversation_id: str, people: Sequence[Account], reason: str = ""
) -> list[JoinRequest]:
    """Bring friends into a group. Returns the invitations that wait for somebody's answer.

    Raises NotFriends when one of them is not the actor's friend, GroupFull beyond GROUP_MAX;
    then nobody is added.
    """
    group, seat = lock_group(actor, conversation_id)
    newcomers = _newcomers(group, actor, people)
    if group.members_count + len(newcomers) > settings.GROUP_MAX:
        raise GroupFull(limit=settings.GROUP_MAX)
    is_admin = seat.role in {Role.OWNER, Role.ADMIN}
    if group.needs_approval and not is_admin:
        return [_ask(group, actor, person, reason, JoinStatus.ASKED) for person in newcomers]
    free = max(0, settings.GROUP_INSTANT_MAX - group.members_count)
    instant, invited = newcomers[:free], newcomers[free:]
    _seat_and_tell(group, actor, instant)
    return [_invite(group, actor, person, reason) for person in invited]


@transaction.atomic
def accept_invitation(*, account: Account, join_id: str) -> Conversation:
    """The invited person says yes. Raises NotVerified where the group's size asks for it."""
    request = _open_request(join_id, account=account, status=JoinStatus.INVITED)
    group = Conversation.objects.select_for_update().get(pk=request.conversation_id)
    _require_room(group)
    _require_verified(group, account)
    move(request, JoinStatus.JOINED, allowed=JOIN_MOVES, answered_by=account)
    _seat_and_tell(group, request.inviter or account, [account])
    push.to_accounts([account.pk], events.join_requests_changed(group))
    return group


@transaction.atomic
def decline_invitation(*, account: Account, join_id: str) -> None:
    """The invited person says no."""
    request = _open_request(join_id, account=account, status=JoinStatus.INVITED)
    move(request, JoinStatus.DECLINED, allowed=JOIN_MOVES, answered_by=account)
    push.to_accounts([account.pk], events.join_requests_changed(request.conversation))


@transaction.atomic
def join_by_qr(*, account: Account, token: str, reason: str = "") -> JoinRequest | Conversation:
    """Come in with the group's code, or ask to when the group wants that.

    The code is good for GROUP_QR_SECONDS and up to GROUP_QR_MEMBERS_MAX members.
    """
    group = queries.group_by_qr(token)
    group = Conversation.objects.select_for_update().get(pk=group.pk)
    if group.members_count >= settings.GROUP_QR_MEMBERS_MAX:
        raise QRExpired
    if _is_member(group, account):
        raise AlreadyMember
    _require_verified(group, account)
    if group.needs_approval:
        return _ask(group, None, account, reason, JoinStatus.ASKED)
    seat_people(group, [account])
    _notice(group, account, "joined_by_qr", [account])
    announce_change(group)
    return group


@transaction.atomic
def approve_join(*, actor: Account, join_id: str) -> None:
    """The owner or an admin lets somebody in; in a large group they are now invited."""
    request, group = _asked_of(actor, join_id)
    _require_room(group)
    inviter = request.inviter or actor
    if request.inviter is not None and group.members_count >= settings.GROUP_INSTANT_MAX:
        move(request, JoinStatus.INVITED, allowed=JOIN_MOVES, answered_by=actor)
        _send_card(inviter, request)
        push.to_accounts([request.account_id], events.join_requests_changed(group))
    else:
        move(request, JoinStatus.JOINED, allowed=JOIN_MOVES, answered_by=actor)
        _seat_and_tell(group, inviter, [request.account])
    push.to_accounts(queries.admin_ids(group), events.join_requests_changed(group))


@transaction.atomic
def decline_join(*, actor: Account, join_id: str) -> None:
    """The owner or an admin says no to somebody who asked."""
    request, group = _asked_of(actor, join_id)
    move(request, JoinStatus.DECLINED, allowed=JOIN_MOVES, answered_by=actor)
    push.to_accounts(queries.admin_ids(group), events.join_requests_changed(group))


def _asked_of(actor: Account, join_id: str) -> tuple[JoinRequest, Conversation]:
    """A request that the actor may answer, and its group; to strangers there is no such request."""
    request = _open_request(join_id, status=JoinStatus.ASKED)
    try:
        group, seat = lock_group(actor, request.conversation.public_id)
    except ConversationNotFound:
        raise JoinRequestNotFound from None
    require_admin(seat)
    return request, group


def _newcomers(group: Conversation, actor: Account, wanted: Sequence[Account]) -> list[Account]:
    seated = set(
        Membership.objects.filter(
            conversation=group, account__in=wanted, status=MembershipStatus.ACTIVE
        ).values_list("account_id", flat=True)
    )
    newcomers = list({p.pk: p for p in wanted if p.pk not in seated and p != actor}.values())
    friends = people.friend_ids(actor)
    if any(person.pk not in friends for person in newcomers):
        raise NotFriends
    return newcomers


def _seat_and_tell(group: Conversation, inviter: Account, newcomers: Sequence[Account]) -> None:
    seated = seat_people(group, newcomers)
    if seated:
        _notice(group, inviter, "joined", seated)
        announce_change(group)


def _notice(group: Conversation, inviter: Account, code: str, newcomers: Sequence[Account]) -> None:
    speaker = inviter if _is_member(group, inviter) else newcomers[0]
    post_notice(
        conversation=group,
        author=speaker,
        code=code,
        actor=queries.name_card(inviter),
        people=[queries.name_card(person) for person in newcomers],
    )


def _invite(group: Conversation, inviter: Account, person: Account, reason: str) -> JoinRequest:
    request = _ask(group, inviter, person, reason, JoinStatus.INVITED)
    _send_card(inviter, request)
    return request


def _ask(
    group: Conversation,
    inviter: Account | None,
    person: Account,
    reason: str,
    status: JoinStatus,
) -> JoinRequest:
    now = time.now()
    _expire_overdue(group, person, now)
    request, is_new = JoinRequest.objects.get_or_create(
        conversation=group,
        account=person,
        status__in=[JoinStatus.INVITED, JoinStatus.ASKED],
        defaults={
            "inviter": inviter,
            "reason": bodies.clean_text(reason)[:100],
            "status": status,
            "created_at": now,
            "due_at": now + timedelta(seconds=settings.GROUP_INVITE_SECONDS),
        },
    )
    if is_new:
        told = queries.admin_ids(group) if status == JoinStatus.ASKED else [person.pk]
        push.to_accounts(told, events.join_requests_changed(group))
    return request


def _send_card(inviter: Account, request: JoinRequest) -> None:
    """The invitation arrives in the chat of the two, when they may write to each other."""
    conversation = Conversation.objects.filter(
        pair_key=":".join(str(pk) for pk in sorted((inviter.pk, request.account_id)))
    ).first()
    if conversation is None:
        return
    try:
        send_message(
            author=inviter,
            conversation_id=conversation.public_id,
            client_id=f"invite-{request.public_id}",
            kind=MessageKind.CARD,
            body={"card": INVITATION_CARD, "ref": request.public_id},
        )
    except Refusal:
        # The invitation itself stands: they find it among their join requests.
        return


def _expire_overdue(group: Conversation, person: Account, now: datetime) -> None:
    overdue = JoinRequest.objects.filter(
        conversation=group,
        account=person,
        status__in=[JoinStatus.INVITED, JoinStatus.ASKED],
        due_at__lte=now,
    )
    for request in overdue:
        move(request, JoinStatus.EXPIRED, allowed=JOIN_MOVES)


def _open_request(join_id: str, **which: object) -> JoinRequest:
    request = (
        JoinRequest.objects.select_for_update(of=("self",))
        .select_related("conversation", "account", "inviter")
        .filter(public_id=join_id, due_at__gt=time.now(), **which)
        .first()
    )
    if request is None:
        raise JoinRequestNotFound
    return request


def _is_member(group: Conversation, account: Account) -> bool:
    return Membership.objects.filter(
        conversation=group, account=account, status=MembershipStatus.ACTIVE
    ).exists()


def _require_room(group: Conversation) -> None:
    if group.members_count >= settings.GROUP_MAX:
        raise GroupFull(limit=settings.GROUP_MAX)


def _require_verified(group: Conversation, account: Account) -> None:
    if group.members_count < settings.GROUP_VERIFIED_ABOVE:
        return
    if not Person.objects.filter(account=account, verified_at__isnull=False).exists():
        raise NotVerified
