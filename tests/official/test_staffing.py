"""Who works for an account, and what each role may."""

from datetime import timedelta

import pytest

from accounts import actions, queries
from accounts.errors import (
    AlreadyStaff,
    InvitationNotFound,
    OfficialNotFound,
    OwnerStays,
    TooManyStaff,
)
from accounts.states import ROLE_MAY, StaffMay, StaffRole
from superapp.kernel import time
from superapp.kernel.errors import Invalid, NotAllowed
from tests.official.businesses import hire


def role_of(person, official):
    staff = queries.role_in(person, official)
    return staff and staff.role


def test_whoever_scans_the_invitation_works_there_once(alice, bob, mei, noodles):
    invitation = actions.invite_staff(official=noodles, actor=mei, role="agent")
    actions.accept_staff_invitation(person=alice, token=invitation.token)
    assert role_of(alice, noodles) == "agent"
    with pytest.raises(InvitationNotFound):
        actions.accept_staff_invitation(person=bob, token=invitation.token)
    assert role_of(bob, noodles) is None


def test_invitations_end_and_are_withdrawn(alice, mei, noodles):
    late = actions.invite_staff(official=noodles, actor=mei, role="agent")
    with time.pretend(time.now() + timedelta(days=2)), pytest.raises(InvitationNotFound):
        actions.accept_staff_invitation(person=alice, token=late.token)
    actions.withdraw_invitation(official=noodles, actor=mei, invitation_id=late.public_id)
    with pytest.raises(InvitationNotFound):
        actions.accept_staff_invitation(person=alice, token=late.token)
    assert role_of(alice, noodles) is None


def test_nobody_is_invited_to_own_or_twice(mei, noodles, alice, settings):
    with pytest.raises(Invalid):
        actions.invite_staff(official=noodles, actor=mei, role="owner")
    again = actions.invite_staff(official=noodles, actor=mei, role="agent")
    with pytest.raises(AlreadyStaff):
        actions.accept_staff_invitation(person=mei, token=again.token)
    settings.STAFF_MAX = 1
    with pytest.raises(TooManyStaff):
        actions.accept_staff_invitation(person=alice, token=again.token)


def test_roles_change_and_end(alice, bob, mei, noodles):
    hire(noodles, mei, alice, "agent")
    actions.change_role(official=noodles, actor=mei, person_id=alice.public_id, role="operator")
    assert role_of(alice, noodles) == "operator"
    actions.set_nickname(official=noodles, person=alice, nickname="Ali")
    actions.remove_staff(official=noodles, actor=mei, person_id=alice.public_id)
    with pytest.raises(OfficialNotFound):
        queries.require_staff(alice, noodles, StaffMay.ANSWER)
    hire(noodles, mei, bob, "finance")
    actions.leave_staff(official=noodles, person=bob)
    assert [s.person for s in queries.staff_of(noodles)] == [mei]


def test_the_owner_stays(alice, mei, noodles):
    hire(noodles, mei, alice, "admin")
    for act in (
        lambda: actions.remove_staff(official=noodles, actor=alice, person_id=mei.public_id),
        lambda: actions.change_role(
            official=noodles, actor=alice, person_id=mei.public_id, role="agent"
        ),
        lambda: actions.leave_staff(official=noodles, person=mei),
    ):
        with pytest.raises(OwnerStays):
            act()
    assert role_of(mei, noodles) == "owner"


@pytest.mark.parametrize("role", [r for r in StaffRole.values if r != "owner"])
@pytest.mark.parametrize("what", StaffMay.values)
def test_each_role_may_what_its_table_says(alice, mei, noodles, clinic, role, what):
    hire(noodles, mei, alice, role)
    assert queries.may(alice, noodles, what) == (what in ROLE_MAY[role])
    if what not in ROLE_MAY[role]:
        with pytest.raises(NotAllowed):
            queries.require_staff(alice, noodles, what)
    with pytest.raises(OfficialNotFound):  # another business is not there at all
        queries.require_staff(alice, clinic, what)


def test_only_who_may_invites(alice, mei, noodles):
    hire(noodles, mei, alice, "operator")
    with pytest.raises(NotAllowed):
        actions.invite_staff(official=noodles, actor=alice, role="agent")
    assert queries.staff_invitations_of(noodles).count() == 0
