"""The sandbox's clock: staff move it, for everybody, forward only."""

import pytest
from django.test import Client

from payments import actions
from payments.models import Operation
from superapp.kernel import time
from superapp.kernel.errors import Invalid, NotFound
from superapp.kernel.models import SandboxClock
from tests.payments import wallets
from tests.payments.wallets import bind, has, run_gateway, top_up, verify

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock(settings):
    settings.SANDBOX_CLOCK = True
    yield
    SandboxClock.objects.all().delete()
    time._read_at = float("-inf")


@pytest.fixture
def staff(carol):
    carol.person.is_staff = True
    carol.person.save()
    return carol.person


def test_what_falls_due_happens(clock, staff, alice):
    verify(alice)
    top_up(alice, 5000, bind(alice, wallets.LATE))
    assert has(alice) == 0
    client = Client()
    client.force_login(staff)
    client.post("/sandbox/clock/", {"step": "minute"})
    run_gateway()
    assert has(alice) == 5000
    assert Operation.objects.get(kind="charge").status == "succeeded"


def test_only_staff_and_only_forward(clock, staff, alice):
    before = SandboxClock.offset()
    for person, step, why in ((alice.person, "day", NotFound), (staff, "-day", Invalid)):
        with pytest.raises(why):
            actions.move_sandbox_clock(staff=person, step=step)
    assert SandboxClock.offset() == before


def test_outside_the_sandbox_there_is_none(settings, staff):
    settings.SANDBOX_CLOCK = False
    with pytest.raises(NotFound):
        actions.move_sandbox_clock(staff=staff, step="day")
