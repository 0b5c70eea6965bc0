"""What staff may do to people: with a reason, with a trace, at once."""

import pytest
from allauth.usersessions.models import UserSession
from auditlog.models import LogEntry
from django.contrib.sessions.models import Session

from accounts import actions, queries
from accounts.errors import CannotSuspend
from accounts.models import Person, PersonalToken
from superapp.kernel.errors import Invalid
from tests.accounts.devices import sign_in


@pytest.fixture
def staff(carol):
    carol.person.is_staff = True
    carol.person.save()
    return carol.person


def test_a_suspended_person_loses_everything_that_is_open_at_once(alice, staff, dropped):
    key = sign_in(alice)
    _token, secret = actions.create_token(person=alice.person, name="x")
    with dropped.during():
        actions.suspend_person(person=alice.person, staff=staff, reason="spam")
    assert not Session.objects.exists()
    assert not UserSession.objects.exists()
    assert queries.token_for(secret) is None
    assert dropped == [(alice.pk, {key, ""}), (alice.pk, set())]  # those named, then all
    entry = LogEntry.objects.get()
    assert (entry.actor, entry.changes, entry.additional_data) == (
        staff,
        {"is_active": ["True", "False"]},
        {"reason": "spam"},
    )
    actions.reinstate_person(person=alice.person, staff=staff, reason="a mistake")
    person = Person.objects.get(pk=alice.person.pk)
    assert (person.is_active, person.suspended_at, person.suspension_reason) == (True, None, "")


def test_staff_give_a_reason_and_do_not_suspend_staff(alice, staff, dropped):
    token, _secret = actions.create_token(person=alice.person, name="x")
    with dropped.during():
        for step in (
            lambda: actions.suspend_person(person=alice.person, staff=staff, reason=" "),
            lambda: actions.reinstate_person(person=alice.person, staff=staff, reason=""),
            lambda: actions.sign_out_everywhere(person=alice.person, staff=staff, reason=""),
            lambda: actions.revoke_token_of(token=token, staff=staff, reason=""),
        ):
            with pytest.raises(Invalid):
                step()
        with pytest.raises(CannotSuspend):
            actions.suspend_person(person=staff, staff=staff, reason="oops")
    assert PersonalToken.objects.exists()
    assert not LogEntry.objects.exists()
    assert dropped == []


def test_staff_end_sessions_and_tokens_with_a_trace(alice, staff):
    sign_in(alice)
    token, _secret = actions.create_token(person=alice.person, name="Script")
    actions.revoke_token_of(token=token, staff=staff, reason="leaked")
    actions.sign_out_everywhere(person=alice.person, staff=staff, reason="stolen phone")
    assert not Session.objects.exists()
    assert [e.additional_data for e in LogEntry.objects.order_by("pk")] == [
        {"reason": "leaked"},
        {"reason": "stolen phone"},
    ]
