"""Standing payments: agreed once, paid on their days, each period once."""

from datetime import date
from itertools import islice
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction

from accounts import actions as people
from chat.models import Message
from payments import actions, queries
from payments.actions import Means
from payments.errors import (
    AmountOutOfRange,
    BadPlan,
    CannotPayThem,
    KeyReused,
    NoPassword,
    PasswordNeeded,
    PotClosed,
    PotNotFound,
    StandingNotFound,
    StandingOver,
    TooManyStandings,
    WrongPassword,
)
from payments.models import Bill, LimitUse, Standing, StandingRun, Transfer
from payments.queries.audit import check_books
from payments.queries.saving_audit import AUDITS
from payments.queries.standings import days_of
from superapp.kernel import time
from superapp.kernel.models import Job
from superapp.kernel.money import CurrencyMismatch, Money
from tests.chat.conftest import room
from tests.payments.between import rich
from tests.payments.money import give
from tests.payments.saving import at, into, is_right, lies_in, pot_of, run_jobs, runs, start
from tests.payments.wallets import PASSWORD, has

__all__ = ["room"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def saver(alice):
    return rich(alice)


def days(every, day, since, count):
    return [f"{on:%Y-%m-%d}" for on in islice(days_of(every, day, since), count)]


def test_the_31st_is_the_last_day_of_a_shorter_month():
    assert days("month", 31, date(2026, 12, 5), 5) == [
        *("2026-12-31", "2027-01-31", "2027-02-28", "2027-03-31", "2027-04-30")
    ]
    assert days("month", 30, date(2028, 2, 1), 2) == ["2028-02-29", "2028-03-30"]
    assert days("month", 5, date(2027, 1, 6), 2) == ["2027-02-05", "2027-03-05"]
    assert days("week", 7, date(2027, 1, 1), 2) == ["2027-01-03", "2027-01-10"]
    assert days("week", 5, date(2027, 1, 1), 1) == ["2027-01-01"]


def test_a_pot_is_filled_on_the_last_day_of_february(saver):
    with at("2027-01-15"):
        pot = pot_of(saver)
        standing = into(saver, pot)
        assert (str(standing.on), run_jobs(), lies_in(pot)) == ("2027-01-31", 0, 0)
    with at("2027-01-31"):
        run_jobs()
    with at("2027-02-27"):
        run_jobs()
        assert lies_in(pot) == 1000
    with at("2027-02-28", hour=8):
        run_jobs()
        assert lies_in(pot) == 1000
    with at("2027-02-28", hour=9):
        run_jobs()
        run_jobs()
    standing.refresh_from_db()
    assert (has(saver), lies_in(pot), str(standing.on)) == (98_000, 2000, "2027-03-31")
    assert runs(standing) == [("2027-01-31", "done"), ("2027-02-28", "done")]
    assert is_right()
    assert check_books().is_green


def test_a_friend_gets_a_transfer_to_accept(saver, bob):
    with at("2027-01-30"):
        standing = start(saver, 30_000, receiver_id=bob.public_id, note="rent")
    with at("2027-01-31"):
        run_jobs()
        transfer = Transfer.objects.get()
        assert (transfer.status, transfer.amount, transfer.note) == ("pending", 30_000, "rent")
        assert (transfer.source, transfer.receiver) == ("balance", bob)
        actions.accept_transfer(receiver=bob, transfer_id=transfer.public_id)
    assert (has(saver), has(bob)) == (70_000, 30_000)
    assert standing.runs.get().transfer == transfer
    assert is_right()


def test_it_is_agreed_to_with_the_payment_password(saver, bob):
    given = {"receiver_id": bob.public_id, "day": 1}
    with pytest.raises(PasswordNeeded):
        start(saver, 1, means=Means(), **given)
    with pytest.raises(WrongPassword):
        start(saver, 1, means=Means(password="864209"), **given)
    with pytest.raises(NoPassword):
        start(bob, 1, receiver_id=saver.public_id, day=1, means=Means())
    assert (Standing.objects.count(), Job.objects.filter(kind="payments.standing_due").count()) == (
        *(0, 0),
    )
    auth = actions.authorise(
        account=saver,
        password=PASSWORD,
        payment=actions.Payment("standing", Money(500, "CNY"), bob.public_id),
        session="",
    )
    assert start(saver, 500, means=Means(auth=auth), **given).status == "active"


def test_a_run_does_not_use_up_what_is_free_of_the_password(saver, bob):
    with at("2027-01-30"):
        start(saver, 10_000, receiver_id=bob.public_id)
    with at("2027-01-31"):
        run_jobs()
    assert Transfer.objects.count() == 1
    assert not LimitUse.objects.filter(rule="free_day").exists()
    assert LimitUse.objects.get(rule="pay_day").used == 10_000


def test_only_friends_and_own_pots(saver, bob, carol):
    for stranger in (carol.public_id, saver.public_id, "acc_nobody"):
        with pytest.raises(CannotPayThem):
            start(saver, receiver_id=stranger)
    theirs = pot_of(rich(bob))
    with pytest.raises(PotNotFound):
        into(saver, theirs)
    own = pot_of(saver)
    for both in ({}, {"receiver_id": bob.public_id, "pot_id": own.public_id}):
        with pytest.raises(CannotPayThem):
            start(saver, **both)
    actions.close_pot(owner=saver, pot_id=own.public_id)
    with pytest.raises(PotClosed):
        into(saver, own)
    with pytest.raises(CurrencyMismatch):
        into(saver, pot_of(saver, currency="USD"))
    assert Standing.objects.count() == 0


@pytest.mark.parametrize(
    "plan",
    [
        {"day": 0},
        {"day": 32},
        {"every": "week", "day": 8},
        {"count": 0},
        {"count": 1201},
        {"starts_on": date(2026, 12, 31)},
        {"starts_on": date(2028, 2, 1)},
        {"ends_on": date(2027, 1, 30)},
    ],
)
def test_plans_that_are_none(saver, bob, plan):
    with at("2027-01-01"), pytest.raises(BadPlan):
        start(saver, receiver_id=bob.public_id, **plan)
    assert Standing.objects.count() == 0


def test_amounts_that_are_none(saver, bob):
    for minor in (0, -1, 5_000_001):
        with pytest.raises(AmountOutOfRange):
            start(saver, minor, receiver_id=bob.public_id)


def test_one_press_starts_once(saver, bob):
    given = {"receiver_id": bob.public_id, "client_id": "press"}
    assert start(saver, **given).pk == start(saver, **given).pk
    with pytest.raises(KeyReused):
        start(saver, 999, **given)
    assert Standing.objects.count() == 1


def test_there_are_so_many(saver, bob, settings):
    settings.STANDING_MAX = 1
    start(saver, receiver_id=bob.public_id)
    with pytest.raises(TooManyStandings):
        start(saver, receiver_id=bob.public_id)


def test_it_ends_after_so_many_and_after_its_last_day(saver):
    with at("2027-01-01"):
        pot = pot_of(saver)
        twice = into(saver, pot, every="week", day=5, count=2)
        until = into(saver, pot, every="week", day=5, ends_on=date(2027, 1, 9))
        assert [str(on) for on in queries.upcoming(twice)] == ["2027-01-01", "2027-01-08"]
        assert str(queries.last_on(until)) == "2027-01-08"
    with at("2027-02-20"):
        run_jobs()
    for standing in (twice, until):
        standing.refresh_from_db()
        assert (standing.status, standing.on, standing.periods) == ("ended", None, 2)
        assert runs(standing) == [("2027-01-01", "done"), ("2027-01-08", "done")]
    assert lies_in(pot) == 4000


def test_days_that_were_slept_through_are_paid_once_each(saver):
    """The clock of the sandbox jumps a quarter."""
    with at("2027-01-15"):
        pot = pot_of(saver)
        standing = into(saver, pot)
    with at("2027-04-15"):
        run_jobs()
        run_jobs()
    assert runs(standing) == [
        *(("2027-01-31", "done"), ("2027-02-28", "done"), ("2027-03-31", "done")),
    ]
    assert lies_in(pot) == 3000


def test_where_money_is_missing_it_is_tried_again_then_missed(saver, settings):
    settings.STANDING_TRIES = 3
    with at("2027-01-15"):
        pot = pot_of(saver)
        standing = into(saver, pot, 200_000)
    for day, tries in (("2027-01-31", 1), ("2027-02-01", 2)):
        with at(day):
            run_jobs()
            run_jobs()
            run = standing.runs.get()
            assert (run.status, run.tries, run.reason) == (
                *("waiting", tries, "ledger.insufficient_funds"),
            )
    assert Bill.objects.filter(account=saver, status="failed").count() == 0
    with at("2027-02-02"):
        run_jobs()
    standing.refresh_from_db()
    assert (runs(standing), standing.status) == ([("2027-01-31", "missed")], "active")
    assert (str(standing.on), has(saver), lies_in(pot)) == ("2027-02-28", 100_000, 0)
    bill = Bill.objects.get(account=saver, status="failed")
    assert (bill.kind, bill.amount, bill.note) == ("pot", -200_000, "Holiday")
    said = Message.objects.get(body__code="payments.standing_missed")
    assert said.author.handle == "wallet"
    assert said.conversation.memberships.filter(account=saver).exists()
    assert is_right()


def test_money_that_comes_the_next_day_is_in_time(saver):
    with at("2027-01-15"):
        pot = pot_of(saver)
        standing = into(saver, pot, 200_000)
    with at("2027-01-31"):
        run_jobs()
    give(saver, 150_000)
    with at("2027-02-01"):
        run_jobs()
    standing.refresh_from_db()
    assert runs(standing) == [("2027-01-31", "done")]
    assert (str(standing.on), lies_in(pot)) == ("2027-02-28", 200_000)


def test_a_friend_who_left_is_not_paid(saver, bob):
    with at("2027-01-30"):
        standing = start(saver, receiver_id=bob.public_id)
    people.delete_contact(owner=bob, contact_id=saver.public_id)
    for day in ("2027-01-31", "2027-02-01", "2027-02-02"):
        with at(day):
            run_jobs()
    assert runs(standing) == [("2027-01-31", "missed")]
    assert (Transfer.objects.count(), has(saver)) == (0, 100_000)


def test_somebody_who_is_suspended_pays_nothing(saver):
    with at("2027-01-30"):
        pot = pot_of(saver)
        standing = into(saver, pot)
    saver.person.is_active = False
    saver.person.save()
    with at("2027-01-31"):
        run_jobs()
    assert standing.runs.get().reason == "not_allowed"
    assert lies_in(pot) == 0


def test_pausing_skips_and_resuming_goes_on(saver):
    with at("2027-01-15"):
        pot = pot_of(saver)
        standing = into(saver, pot)
        name = {"owner": saver, "standing_id": standing.public_id}
        actions.pause_standing(**name)
        assert queries.upcoming(actions.pause_standing(**name)) == []
    with at("2027-02-15"):
        run_jobs()
        assert (runs(standing), lies_in(pot)) == ([], 0)
        resumed = actions.resume_standing(**name)
        assert str(actions.resume_standing(**name).on) == str(resumed.on) == "2027-02-28"
    with at("2027-02-28"):
        run_jobs()
    assert (runs(standing), lies_in(pot)) == ([("2027-02-28", "done")], 1000)


def test_what_waits_for_tomorrow_is_skipped_by_a_pause(saver):
    with at("2027-01-15"):
        standing = into(saver, pot_of(saver), 200_000)
    with at("2027-01-31"):
        run_jobs()
        name = {"owner": saver, "standing_id": standing.public_id}
        actions.pause_standing(**name)
        assert str(actions.resume_standing(**name).on) == "2027-02-28"
    give(saver, 150_000)
    with at("2027-02-01"):
        run_jobs()
    assert runs(standing) == [("2027-01-31", "skipped")]


def test_what_is_cancelled_is_never_paid(saver, bob):
    with at("2027-01-15"):
        standing = start(saver, receiver_id=bob.public_id)
        name = {"owner": saver, "standing_id": standing.public_id}
        actions.cancel_standing(**name)
        assert actions.cancel_standing(**name).status == "cancelled"
        for call in (actions.pause_standing, actions.resume_standing):
            with pytest.raises(StandingOver):
                call(**name)
    with at("2027-01-31"):
        run_jobs()
    assert (Transfer.objects.count(), StandingRun.objects.count()) == (0, 0)


def test_only_its_owner_decides(saver, bob, carol):
    standing = start(saver, receiver_id=bob.public_id)
    for somebody in (bob, carol):
        for call in (actions.pause_standing, actions.resume_standing, actions.cancel_standing):
            with pytest.raises(StandingNotFound):
                call(owner=somebody, standing_id=standing.public_id)
        with pytest.raises(StandingNotFound):
            queries.standing_for(somebody, standing.public_id)
    standing.refresh_from_db()
    assert standing.status == "active"


def test_the_day_is_the_owners(saver, bob):
    """In New York it is nine when it is late in the evening in Shanghai."""
    york = ZoneInfo("America/New_York")
    people.set_language(account=saver, language="en", time_zone="America/New_York")
    with at("2027-01-15", zone=york):
        standing = into(saver, pot_of(saver), 100)
        assert standing.due_at.astimezone(york).isoformat() == "2027-01-31T09:00:00-05:00"
    with at("2027-01-31", hour=20):
        run_jobs()
        assert runs(standing) == []
    with at("2027-01-31", hour=23):
        run_jobs()
    assert runs(standing) == [("2027-01-31", "done")]


def test_whoever_travels_west_is_not_too_early(saver):
    with at("2027-01-15"):
        standing = into(saver, pot_of(saver))
    people.set_language(account=saver, language="en", time_zone="America/New_York")
    with at("2027-01-31", hour=10):
        run_jobs()
        assert runs(standing) == [("2027-01-31", "waiting")]
    with at("2027-01-31", hour=23):
        run_jobs()
    assert runs(standing) == [("2027-01-31", "done")]


def test_a_lost_job_is_woken(saver):
    with at("2027-01-15"):
        pot = pot_of(saver)
        into(saver, pot)
        Job.objects.filter(kind="payments.standing_due").delete()
    with at("2027-01-31"):
        run_jobs()
        assert lies_in(pot) == 0
        actions.wake_standings()
        run_jobs()
    assert lies_in(pot) == 1000


def test_the_audit_sees_a_run_that_paid_something_else(saver):
    with at("2027-01-30"):
        standing = into(saver, pot_of(saver))
    with at("2027-01-31"):
        run_jobs()
    assert is_right()
    Standing.objects.filter(pk=standing.pk).update(amount=999)
    (fault,) = AUDITS["I19"].faults()
    assert fault.startswith(f"{standing.public_id} 2027-01-31: ")


def test_a_period_has_one_row(saver):
    with at("2027-01-30"):
        standing = into(saver, pot_of(saver))
    with at("2027-01-31"):
        run_jobs()
        with pytest.raises(IntegrityError), transaction.atomic():
            StandingRun.objects.create(standing=standing, on=date(2027, 1, 31), tried_at=time.now())
