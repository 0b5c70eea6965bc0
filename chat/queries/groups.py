"""Groups: their members, who leads them, who waits to come in."""

from django.conf import settings
from django.db.models import Case, IntegerField, QuerySet, Value, When

from accounts.models import Account
from chat.errors import JoinRequestNotFound, NotAMember, QRExpired
from chat.models import AnnouncementVersion, Conversation, JoinRequest, Membership
from chat.queries.faces import GroupFace
from chat.queries.names import faces_of
from chat.states import ConversationKind, JoinStatus, MembershipStatus, Role
from superapp.kernel import time
from superapp.kernel.models import StoredFile

_RANK = Case(
    When(role=Role.OWNER, then=Value(0)),
    When(role=Role.ADMIN, then=Value(1)),
    default=Value(2),
    output_field=IntegerField(),
)


def members_of(seat: Membership) -> QuerySet[Membership]:
    """The active members, owner and admins first. A seat that ended sees nobody."""
    if seat.status != MembershipStatus.ACTIVE:
        return Membership.objects.none()
    return (
        Membership.objects.filter(conversation=seat.conversation_id, status=MembershipStatus.ACTIVE)
        .select_related("account__avatar")
        .order_by(_RANK, "joined_at", "pk")
    )


def share_group(one: Account, other: Account) -> bool:
    """Whether two people sit in the same group now: they may then ask each other to be friends."""
    seats = Membership.objects.filter(
        status=MembershipStatus.ACTIVE, conversation__kind=ConversationKind.GROUP
    )
    mine = seats.filter(account=one).values("conversation")
    return seats.filter(account=other, conversation__in=mine).exists()


def members_matching(seat: Membership, words: str) -> list[Membership]:
    """Members for the @ picker: by name, alias or pinyin initials."""
    text = words.strip().casefold()
    rows = members_of(seat)
    if text:
        by_name = rows.filter(account__name_keys__contains=text)
        by_alias = rows.filter(alias__icontains=text)
        rows = by_name | by_alias
    return list(rows[:20])


def former_members_of(seat: Membership) -> list[Membership]:
    """Who left or was removed, newest first; for the owner and admins (GRP-07)."""
    if seat.role not in {Role.OWNER, Role.ADMIN} or seat.status != MembershipStatus.ACTIVE:
        return []
    return list(
        Membership.objects.filter(conversation=seat.conversation_id)
        .exclude(status=MembershipStatus.ACTIVE)
        .select_related("account__avatar")
        .order_by("-ended_at")[:50]
    )


def member_in(seat: Membership, public_id: str) -> Account:
    """An active member by id. Raises NotAMember."""
    found = members_of(seat).filter(account__public_id=public_id).first()
    if found is None:
        raise NotAMember
    return found.account


def admin_ids(group: Conversation) -> list[int]:
    """Account ids of the owner and admins: who hears of requests to join."""
    return list(
        Membership.objects.filter(
            conversation=group,
            status=MembershipStatus.ACTIVE,
            role__in=[Role.OWNER, Role.ADMIN],
        ).values_list("account_id", flat=True)
    )


def group_by_qr(token: str) -> Conversation:
    """The group whose code this is, while the code is good. Raises QRExpired."""
    group = (
        Conversation.objects.select_related("avatar")
        .filter(
            qr_token=token,
            qr_expires_at__gt=time.now(),
            kind=ConversationKind.GROUP,
            disbanded_at=None,
            members_count__lt=settings.GROUP_QR_MEMBERS_MAX,
        )
        .first()
    )
    if group is None:
        raise QRExpired
    return group


def join_requests_for(seat: Membership) -> QuerySet[JoinRequest]:
    """Who asks to come in; for the owner and admins."""
    if seat.role not in {Role.OWNER, Role.ADMIN} or seat.status != MembershipStatus.ACTIVE:
        return JoinRequest.objects.none()
    return (
        JoinRequest.objects.filter(
            conversation=seat.conversation_id, status=JoinStatus.ASKED, due_at__gt=time.now()
        )
        .select_related("account__avatar", "inviter")
        .order_by("-pk")
    )


def invitations_of(account: Account) -> QuerySet[JoinRequest]:
    """Groups that wait for this account's yes."""
    return (
        JoinRequest.objects.filter(
            account=account, status=JoinStatus.INVITED, due_at__gt=time.now()
        )
        .select_related("conversation__avatar", "inviter")
        .order_by("-pk")
    )


def invitation_for(account: Account, public_id: str) -> JoinRequest:
    """One invitation of this account, answered or not. Raises JoinRequestNotFound."""
    found = (
        JoinRequest.objects.select_related("conversation__avatar", "inviter__avatar")
        .filter(public_id=public_id, account=account)
        .first()
    )
    if found is None:
        raise JoinRequestNotFound
    return found


def announcement_history(seat: Membership) -> list[AnnouncementVersion]:
    """What was announced before, newest first."""
    return list(
        AnnouncementVersion.objects.filter(conversation=seat.conversation_id)
        .select_related("author")
        .order_by("-pk")[:50]
    )


def saved_groups_of(viewer: Account) -> QuerySet[Membership]:
    """Groups kept among the contacts."""
    return (
        Membership.objects.filter(
            account=viewer,
            status=MembershipStatus.ACTIVE,
            is_saved=True,
            conversation__kind="group",
        )
        .select_related("conversation__avatar", "account")
        .order_by("conversation__title", "pk")
    )


def is_code_good(group: Conversation) -> bool:
    """Whether the group's QR code still lets people in."""
    return (
        group.qr_expires_at is not None
        and group.qr_expires_at > time.now()
        and group.members_count < settings.GROUP_QR_MEMBERS_MAX
        and group.disbanded_at is None
    )


def group_face(group: Conversation, *, code: str = "") -> GroupFace:
    """The picture of a group that the viewer is not in (yet): they hold `code` or an invitation."""
    faces = faces_of([group.pk]).get(group.pk, [])
    url = f"/chats/{group.public_id}/picture/" if group.avatar_id else ""
    url += f"?code={code}" if url and code else ""
    name = group.title or ", ".join(face.name for face in faces)
    return GroupFace(group.pk, name, url, faces)


def group_picture_for(viewer: Account, public_id: str, code: str) -> StoredFile | None:
    """A group's picture for its members, its invited people and whoever holds its code."""
    group = Conversation.objects.select_related("avatar").filter(public_id=public_id).first()
    if group is None:
        return None
    is_member = Membership.objects.filter(
        conversation=group, account=viewer, status=MembershipStatus.ACTIVE
    ).exists()
    is_invited = JoinRequest.objects.filter(conversation=group, account=viewer).exists()
    has_code = bool(code) and code == group.qr_token and is_code_good(group)
    return group.avatar if is_member or is_invited or has_code else None
