"""Fixtures about people: which sockets were told to close."""

import pytest

from superapp.kernel import push


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
