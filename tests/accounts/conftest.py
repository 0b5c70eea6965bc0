"""Fixtures about people: which sockets were told to close, and two who can sign in."""

import pytest
from django.core.cache import cache

from accounts import actions
from superapp.kernel import push
from tests.accounts.signing import MAIL, PASSWORD, PHONE


class Dropped(list):
    """Which sockets were told to close: (account id, session keys)."""

    def speak(self, items):
        self.extend((i.account_ids[0], set(i.sessions)) for i in items if i.control == "drop")


@pytest.fixture
def dropped(django_capture_on_commit_callbacks):
    told = Dropped()
    push.set_speaker(told)
    told.during = lambda: django_capture_on_commit_callbacks(execute=True)
    yield told
    push.set_speaker(None)


@pytest.fixture
def letters_are_kept(settings):
    """Letters go to the sandbox, and no soft limit remembers the test before."""
    settings.EMAIL_BACKEND = "accounts.senders.SandboxEmail"
    cache.clear()


@pytest.fixture
def eve(db):
    """Signs in with an e-mail address."""
    return actions.enrol_person(name="Eve", password=PASSWORD, email=MAIL)


@pytest.fixture
def mallory(db):
    """Signs in with a phone number."""
    return actions.enrol_person(name="Mallory", password=PASSWORD, phone=PHONE)
