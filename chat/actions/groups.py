"""The life of a group: made, named, led, left, disbanded."""

from collections.abc import Sequence
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Case, IntegerField, Value, When

from accounts.models import Account
from chat import bodies, events, ports, queries
from chat.actions.joining import add_people
from chat.actions.membership import (
    announce_change,
    end_seat,
    lock_group,
    require_admin,
    require_owner,
)
from chat.actions.sending import post_notice
from chat.errors import AdminsOnly, NotAMember, TooManyAdmins
from chat.models import AnnouncementVersion, Conversation, Membership
from chat.states import ConversationKind, MembershipStatus, Role
from superapp.kernel import images, limits, media, push, time
from superapp.kernel.ids import new_token


@transaction.atomic
def create_group(*, owner: Account, members: Sequence[Account], title: str = "") -> Conversation:
    """A new group of the owner and some friends. People beyond the instant size are invited."""
    group = Conversation.objects.create(
        kind=ConversationKind.GROUP,
        title=bodies.clean_text(title)[: settings.GROUP_TITLE_MAX],
        members_count=1,
    )
    Membership.objects.create(conversation=group, account=owner, role=Role.OWNER)
    post_notice(conversation=group, author=owner, code="group_made", actor=queries.name_card(owner))
    add_people(actor=owner, conversation_id=group.public_id, people=members)
    announce_change(group)
    group.refresh_from_db()
    return group


@transaction.atomic
def rename_group(*, actor: Account, conversation_id: str, title: str) -> None:
    """Any member of a small group may name it; above the instant size only admins."""
    group, seat = lock_group(actor, conversation_id)
    if group.members_count > settings.GROUP_INSTANT_MAX:
        require_admin(seat)
    group.title = bodies.clean_text(title)[: settings.GROUP_TITLE_MAX]
    group.save(update_fields=["title"])
    post_notice(
        conversation=group,
        author=actor,
        code="group_renamed",
        actor=queries.name_card(actor),
        title=group.title,
    )
    announce_change(group)


@transaction.atomic
def set_group_picture(*, actor: Account, conversation_id: str, picture: bytes) -> None:
    """Owner and admins. Raises the refusals of kernel.images for anything but a picture."""
    group, seat = lock_group(actor, conversation_id)
    require_admin(seat)
    square = images.read(picture).square(settings.GROUP_PICTURE_SIDE)
    group.avatar = media.store(square.data, square.content_type)
    group.save(update_fields=["avatar"])
    announce_change(group)


@transaction.atomic
def ask_approval(*, actor: Account, conversation_id: str) -> None:
    """From now on invitations by members wait for the owner or an admin (GRP-04)."""
    _set_approval(actor, conversation_id, needs_approval=True)


@transaction.atomic
def waive_approval(*, actor: Account, conversation_id: str) -> None:
    """From now on friends of members come in at once again."""
    _set_approval(actor, conversation_id, needs_approval=False)


def _set_approval(actor: Account, conversation_id: str, *, needs_approval: bool) -> None:
    group, seat = lock_group(actor, conversation_id)
    require_admin(seat)
    if group.needs_approval == needs_approval:
        return
    group.needs_approval = needs_approval
    group.save(update_fields=["needs_approval"])
    post_notice(
        conversation=group,
        author=actor,
        code="approval_on" if needs_approval else "approval_off",
        actor=queries.name_card(actor),
    )
    announce_change(group)


@transaction.atomic
def announce(*, actor: Account, conversation_id: str, text: str) -> None:
    """Owner and admins put a text on top until each member has seen it; it is said to @all.

    What it said before stays in the history. An empty text takes it down quietly.
    """
    group, seat = lock_group(actor, conversation_id)
    require_admin(seat)
    now = time.now()
    group.announcement = bodies.clean_text(text)[: settings.ANNOUNCEMENT_MAX]
    group.announced_at, group.announced_by = now, actor
    group.save(update_fields=["announcement", "announced_at", "announced_by"])
    AnnouncementVersion.objects.create(
        conversation=group, text=group.announcement, author=actor, created_at=now
    )
    if group.announcement:
        limits.count(
            f"mention-all:{group.pk}:{actor.pk}",
            limit=settings.MENTION_ALL_PER_DAY,
            window=timedelta(days=1),
        )
        post_notice(
            conversation=group,
            author=actor,
            code="announced",
            actor=queries.name_card(actor),
            text=group.announcement,
            mention_pks=[None],
        )
    announce_change(group)


@transaction.atomic
def acknowledge_announcement(*, viewer: Account, conversation_id: str) -> None:
    """ "Got it": the viewer no longer sees the announcement on top."""
    seat = queries.seat_of(viewer, conversation_id)
    Membership.objects.filter(pk=seat.pk).update(announcement_seen_at=time.now())
    push.to_accounts([viewer.pk], events.seat_changed(seat.conversation))


@transaction.atomic
def renew_group_qr(*, actor: Account, conversation_id: str) -> Conversation:
    """A fresh code for joining, good for GROUP_QR_SECONDS; an older picture stops working."""
    group, _seat = lock_group(actor, conversation_id)
    group.qr_token = new_token()
    group.qr_expires_at = time.now() + timedelta(seconds=settings.GROUP_QR_SECONDS)
    group.save(update_fields=["qr_token", "qr_expires_at"])
    announce_change(group)
    return group


@transaction.atomic
def appoint_admin(*, actor: Account, conversation_id: str, member: Account) -> None:
    """The owner makes a member an admin; at most GROUP_ADMINS_MAX. Raises OwnerOnly, NotAMember."""
    group, seat = lock_group(actor, conversation_id)
    require_owner(seat)
    admins = Membership.objects.filter(conversation=group, role=Role.ADMIN)
    if admins.exclude(account=member).count() >= settings.GROUP_ADMINS_MAX:
        raise TooManyAdmins(limit=settings.GROUP_ADMINS_MAX)
    _set_role(group, actor, member, Role.ADMIN, "admin_appointed")


@transaction.atomic
def dismiss_admin(*, actor: Account, conversation_id: str, member: Account) -> None:
    """The owner makes an admin an ordinary member again. Raises OwnerOnly, NotAMember."""
    group, seat = lock_group(actor, conversation_id)
    require_owner(seat)
    _set_role(group, actor, member, Role.MEMBER, "admin_dismissed")


@transaction.atomic
def transfer_group(*, actor: Account, conversation_id: str, member: Account) -> None:
    """The owner hands the group over and becomes a member."""
    group, seat = lock_group(actor, conversation_id)
    require_owner(seat)
    _set_role(group, actor, member, Role.OWNER, "group_transferred")
    Membership.objects.filter(pk=seat.pk).update(role=Role.MEMBER)
    announce_change(group)


def _set_role(group: Conversation, actor: Account, member: Account, role: Role, code: str) -> None:
    found = Membership.objects.filter(
        conversation=group, account=member, status=MembershipStatus.ACTIVE
    ).exclude(role__in=[Role.OWNER, role])
    if not found.update(role=role):
        raise NotAMember
    post_notice(
        conversation=group,
        author=actor,
        code=code,
        actor=queries.name_card(actor),
        target=queries.name_card(member),
    )
    announce_change(group)


@transaction.atomic
def remove_member(*, actor: Account, conversation_id: str, member: Account) -> None:
    """Admins remove members; the owner also admins. They keep what they have read."""
    group, seat = lock_group(actor, conversation_id)
    require_admin(seat)
    target = Membership.objects.filter(
        conversation=group, account=member, status=MembershipStatus.ACTIVE
    ).first()
    if target is None:
        raise NotAMember
    if target.role == Role.OWNER or (target.role == Role.ADMIN and seat.role != Role.OWNER):
        raise AdminsOnly
    end_seat(group, target, MembershipStatus.REMOVED)
    announce_change(group, also=[member.pk])


@transaction.atomic
def leave_group(*, member: Account, conversation_id: str) -> None:
    """Quietly: only the owner and admins can see who left. An owner hands over first (GRP-12)."""
    group, seat = lock_group(member, conversation_id)
    was_owner = seat.role == Role.OWNER
    end_seat(group, seat, MembershipStatus.LEFT)
    if was_owner:
        _succeed(group)
    announce_change(group, also=[member.pk])


@transaction.atomic
def disband_group(*, actor: Account, conversation_id: str) -> None:
    """The owner closes the group for good; its history stays readable."""
    group, seat = lock_group(actor, conversation_id)
    require_owner(seat)
    post_notice(conversation=group, author=actor, code="disbanded", actor=queries.name_card(actor))
    Conversation.objects.filter(pk=group.pk).update(disbanded_at=time.now(), qr_token=None)
    ports.group_disbanded(group)
    announce_change(group)


def on_account_closing(account: Account) -> None:
    """An owner who is gone for good is followed by the oldest admin, else the earliest member."""
    owned = Membership.objects.filter(
        account=account, role=Role.OWNER, status=MembershipStatus.ACTIVE
    ).select_related("conversation")
    for seat in owned:
        leave_group(member=account, conversation_id=seat.conversation.public_id)


def _succeed(group: Conversation) -> None:
    rank = Case(When(role=Role.ADMIN, then=Value(0)), default=Value(1), output_field=IntegerField())
    heir = (
        Membership.objects.filter(conversation=group, status=MembershipStatus.ACTIVE)
        .select_related("account")
        .order_by(rank, "joined_at", "pk")
        .first()
    )
    if heir is None:
        Conversation.objects.filter(pk=group.pk).update(disbanded_at=time.now(), qr_token=None)
        ports.group_disbanded(group)
        return
    Membership.objects.filter(pk=heir.pk).update(role=Role.OWNER)
    post_notice(
        conversation=group,
        author=heir.account,
        code="group_inherited",
        target=queries.name_card(heir.account),
    )
