"""Businesses of the tests: Mei runs a restaurant, Lin a clinic; Root reviews for the platform."""

from accounts import actions
from accounts.actions import Papers
from accounts.models import OfficialAccount
from tests import cast

PAPERS = Papers(
    legal_name="Mei Noodles Ltd",
    licence_no="91310000MA1FL0000X",
    contact_name="Mei Chen",
    contact_phone="+8613800138000",
    contact_email="mei@example.com",
    settlement_holder="Mei Noodles Ltd",
    settlement_bank="Bank of Shanghai",
    settlement_number="6222020000000001",
)


def make_reviewer():
    root = cast.make_person("Root").person
    root.is_staff = root.is_superuser = True
    root.save()
    return root


def draft_of(owner, name, **more) -> OfficialAccount:
    """An application that was begun."""
    more = {"kind": "service", "category": "food", **more}
    return actions.apply_official(owner=owner, name=name, **more)


def publish(owner, name, reviewer, **more) -> OfficialAccount:
    """A published account."""
    official = draft_of(owner, name, **more)
    actions.fill_papers(official=official, actor=owner, papers=PAPERS)
    actions.submit_official(official=official, actor=owner)
    return actions.approve_official(official=official, staff=reviewer)


def hire(official, owner, person, role):
    """Somebody works for it, by the invitation that the owner showed."""
    invitation = actions.invite_staff(official=official, actor=owner, role=role)
    return actions.accept_staff_invitation(person=person, token=invitation.token)
