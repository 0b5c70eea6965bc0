"""Who works for an official account: invitations to scan, roles, and an end."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction

from accounts import queries
from accounts.actions.official import log_official
from accounts.errors import (
    AlreadyStaff,
    InvitationNotFound,
    OwnerStays,
    PersonNotFound,
    TooManyStaff,
)
from accounts.models import Account, OfficialAccount, Staff, StaffInvitation
from accounts.states import INVITATION_MOVES, InvitationStatus, StaffMay, StaffRole
from superapp.kernel import search, time
from superapp.kernel.errors import Conflict, Invalid
from superapp.kernel.transitions import move

# Nobody is invited to own: that is who applied.
INVITED_ROLES = tuple(role for role in StaffRole if role != StaffRole.OWNER)


@transaction.atomic
def invite_staff(*, official: OfficialAccount, actor: Account, role: str) -> StaffInvitation:
    """A code for one person, good for STAFF_INVITATION_SECONDS. Raises NotAllowed, Invalid,
    TooManyStaff."""
    queries.require_staff(actor, official, StaffMay.STAFF)
    if role not in INVITED_ROLES:
        raise Invalid
    _require_room(official)
    moment = time.now()
    invitation = StaffInvitation.objects.create(
        official=official,
        role=role,
        inviter=actor,
        created_at=moment,
        due_at=moment + timedelta(seconds=settings.STAFF_INVITATION_SECONDS),
    )
    log_official(official=official, actor=actor, what="invitation", before="", after=role)
    return invitation


@transaction.atomic
def withdraw_invitation(*, official: OfficialAccount, actor: Account, invitation_id: str) -> None:
    """The code no longer works. Raises InvitationNotFound."""
    queries.require_staff(actor, official, StaffMay.STAFF)
    waiting = queries.staff_invitations_of(official).filter(public_id=invitation_id).first()
    if waiting is None:
        raise InvitationNotFound
    move(waiting, InvitationStatus.WITHDRAWN, allowed=INVITATION_MOVES)
    log_official(official=official, actor=actor, what="invitation", before=waiting.role, after="")


@transaction.atomic
def accept_staff_invitation(*, person: Account, token: str) -> Staff:
    """Work for the account from now on. Raises InvitationNotFound, AlreadyStaff, TooManyStaff."""
    invitation = queries.invitation_by_token(token)
    official = invitation.official
    if queries.role_in(person, official) is not None:
        raise AlreadyStaff
    _require_room(official)
    try:
        move(invitation, InvitationStatus.ACCEPTED, allowed=INVITATION_MOVES, accepted_by=person)
    except Conflict:  # somebody else was faster
        raise InvitationNotFound from None
    staff = Staff.objects.create(
        official=official, person=person, role=invitation.role, joined_at=time.now()
    )
    log_official(official=official, actor=person, what="staff", before="", after=staff.role)
    return staff


@transaction.atomic
def change_role(*, official: OfficialAccount, actor: Account, person_id: str, role: str) -> Staff:
    """Another role for somebody. Raises OwnerStays, PersonNotFound, Invalid."""
    staff = _member(official, actor, person_id)
    if role not in INVITED_ROLES:
        raise Invalid
    before, staff.role = staff.role, role
    staff.save(update_fields=["role"])
    _log(official, actor, staff, before, role)
    return staff


@transaction.atomic
def remove_staff(*, official: OfficialAccount, actor: Account, person_id: str) -> None:
    """Nothing of the account from the next request on. Raises OwnerStays, PersonNotFound."""
    staff = _member(official, actor, person_id)
    _log(official, actor, staff, staff.role, "")
    staff.delete()


@transaction.atomic
def leave_staff(*, official: OfficialAccount, person: Account) -> None:
    """Stop working for the account. Raises OwnerStays, OfficialNotFound."""
    staff = queries.staff_role(person, official)
    if staff.role == StaffRole.OWNER:
        raise OwnerStays
    _log(official, person, staff, staff.role, "")
    staff.delete()


@transaction.atomic
def set_nickname(*, official: OfficialAccount, person: Account, nickname: str) -> Staff:
    """What customers read beside one's own answers; empty: the account's name alone."""
    staff = queries.staff_role(person, official)
    staff.nickname = search.clean_line(nickname)[: settings.STAFF_NICKNAME_MAX]
    staff.save(update_fields=["nickname"])
    return staff


def _member(official: OfficialAccount, actor: Account, person_id: str) -> Staff:
    queries.require_staff(actor, official, StaffMay.STAFF)
    staff = queries.staff_of(official).filter(person__public_id=person_id).first()
    if staff is None:
        raise PersonNotFound
    if staff.role == StaffRole.OWNER:
        raise OwnerStays
    return staff


def _require_room(official: OfficialAccount) -> None:
    limit = settings.STAFF_MAX
    if Staff.objects.filter(official=official).count() >= limit:
        raise TooManyStaff(limit=limit)


def _log(official: OfficialAccount, actor: Account, staff: Staff, before: str, after: str) -> None:
    log_official(
        official=official,
        actor=actor,
        what=f"role of {staff.person.name}",
        before=before,
        after=after,
    )
