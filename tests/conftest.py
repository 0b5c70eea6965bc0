"""Fixtures of the whole suite: the cast, and what browsers were told."""

import gc
import os
from contextlib import contextmanager

import msgspec
import pytest
from django.conf import settings

from superapp.kernel import outbox, push
from tests import cast, database


def pytest_collection_finish():
    """What is loaded stays: the collector need not walk through it again and again."""
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def pytest_configure():
    """Tests side by side share one Valkey: each worker has a database of its own in it, or one
    would clear the cache under the other, and channels of its own, or it would hear the other."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    if worker:
        options = settings.CACHES["default"]["OPTIONS"]
        options["db"] = int(worker.removeprefix("gw")) + 1
        settings.CHANNEL_LAYERS["default"]["CONFIG"]["prefix"] = f"{worker}-"


@pytest.fixture(scope="session", autouse=True)
def _fast_flush():
    database.flush_fast()


@pytest.fixture(scope="session", autouse=True)
def _no_bell():
    """Jobs run when a test says so: no worker of another test is woken for them."""
    outbox.set_bell(None)


@pytest.fixture
def alice(db):
    return cast.make_person("Alice")


@pytest.fixture
def bob(db, alice):
    bob = cast.make_person("Bob")
    cast.make_friends(alice, bob)
    return bob


@pytest.fixture
def carol(db):
    return cast.make_person("Carol")


class Heard(list):
    """(account ids, event) pairs in the order in which browsers would hear them."""

    def speak(self, items):
        for item in items:
            self.append((item.account_ids, msgspec.json.decode(item.frame)))

    def kinds(self):
        return [event["kind"] for _ids, event in self]


@pytest.fixture
def heard(django_capture_on_commit_callbacks):
    """Who was told what: `with heard.during(): …` runs on-commit callbacks at the end."""
    told = Heard()

    @contextmanager
    def during():
        with django_capture_on_commit_callbacks(execute=True):
            yield

    told.during = during
    before = push.set_speaker(told)
    yield told
    push.set_speaker(before)


@pytest.fixture
def django_assert_num_queries(django_assert_num_queries, settings):
    """Literal counts, without the sandbox clock: it is read once a second, whoever asks."""
    settings.SANDBOX_CLOCK = False
    return django_assert_num_queries
