"""What the database breaks off for others is done again, a few times; then it is refused as a whole."""

from concurrent.futures import ThreadPoolExecutor
from time import sleep

import pytest
from django.db import IntegrityError, connection, transaction

from payments import actions, ledger, queries
from payments.errors import InsufficientFunds, TooBusy
from payments.models import Journal, LedgerAccount, Pot
from superapp.kernel.errors import Refusal
from superapp.kernel.money import Money
from tests.payments.money import give, has, pay
from tests.payments.saving import lies_in, pot_of
from tests.payments.test_between_api import caller

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]


@pytest.fixture
def pot(alice):
    give(alice, 1000)
    return pot_of(alice)


def run(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)


def elsewhere(step):
    """Run it on another connection, and wait for it."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(on_its_own, step).result()


def on_its_own(step):
    try:
        return step()
    except Refusal as refusal:
        return refusal
    finally:
        connection.close()


def meet(pot, step):
    """Run `step`, which locks the pot and then its owner's balance, against somebody who has the
    balance and wants the pot. The database ends the one that waited a second first: the step."""
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            run("SET LOCAL deadlock_timeout = '20s'")
            balance = LedgerAccount.objects.filter(owner=pot.account, kind="available")
            balance.select_for_update().get()
            doing = pool.submit(on_its_own, step)
            while not somebody_waits() and not doing.done():
                sleep(0.01)
            Pot.objects.select_for_update().get(pk=pot.pk)
        return doing.result()


def somebody_waits():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_locks l JOIN pg_database d ON d.oid = l.database"
            " WHERE d.datname = current_database() AND NOT l.granted) OR EXISTS (SELECT FROM pg_locks"
            " w JOIN pg_locks h USING (transactionid) WHERE NOT w.granted AND h.pid = pg_backend_pid())"
        )
        return cursor.fetchone()[0]


def put_in(pot, client_id="c1"):
    amount = Money(300, "CNY")
    return actions.put_in(
        owner=pot.account, pot_id=pot.public_id, amount=amount, client_id=client_id
    )


def test_an_action_that_a_deadlock_ended_is_done_once(alice, pot, settings):
    settings.LEDGER_TRIES = 2
    assert meet(pot, lambda: put_in(pot)).amount == 300
    assert (has(alice), lies_in(pot)) == (700, 300)
    assert pot.moves.count() == 1
    assert queries.check_books().is_green


def test_without_tries_left_nothing_moved(alice, pot, settings):
    settings.LEDGER_TRIES = 1
    refused = meet(pot, lambda: put_in(pot))
    assert (type(refused), refused.code, refused.status) == (TooBusy, "ledger.too_busy", 503)
    assert (has(alice), lies_in(pot), pot.moves.count()) == (1000, 0, 0)
    assert put_in(pot).amount == 300
    assert queries.check_books().is_green


def test_a_program_hears_it_and_asks_again_with_the_same_key(alice, pot, settings):
    ask = caller(alice)
    body = {"way": "in", "amount": 300, "currency": "CNY"}

    def move():
        return ask("POST", f"pots/{pot.public_id}/moves/", body, key="k1")

    settings.LEDGER_TRIES = 1
    status, told = meet(pot, move)
    assert (status, told["code"]) == (503, "ledger.too_busy")
    assert (has(alice), lies_in(pot)) == (1000, 0)
    settings.LEDGER_TRIES = 2
    first = meet(pot, move)
    assert (first[0], has(alice), lies_in(pot)) == (201, 700, 300)
    assert move() == first
    assert pot.moves.count() == 1
    assert queries.check_books().is_green


def disturbed(alice, bob, tries, *, times):
    """A payment that reads first, while somebody else changes what it read, so many times."""

    def step():
        run("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        tries.append(has(alice))
        if len(tries) <= times:
            elsewhere(lambda: give(alice, 10, key=f"more:{len(tries)}"))
        return pay("gift:1", alice, bob, 300)

    return step


def test_a_payment_whose_ground_moved_is_done_again(alice, bob):
    give(alice, 1000)
    tries = []
    assert ledger.whole(disturbed(alice, bob, tries, times=1)).created
    assert tries == [1000, 1010]
    assert (has(alice), has(bob)) == (710, 300)
    assert queries.check_books().is_green


def test_it_gives_up_after_so_many_tries(alice, bob, settings):
    give(alice, 1000)
    tries = []
    with pytest.raises(TooBusy):
        ledger.whole(disturbed(alice, bob, tries, times=99))
    assert len(tries) == settings.LEDGER_TRIES == 3
    assert (has(alice), has(bob)) == (1030, 0)
    assert not Journal.objects.filter(key="gift:1").exists()
    assert queries.check_books().is_green


def test_only_the_outermost_begins_again(alice, bob, settings):
    """Who holds the locks gives them up; inside it is no refusal that somebody could answer."""
    give(alice, 1000)
    tries, refusals = [], []

    def outer():
        try:
            return ledger.whole(step)
        except Refusal as refusal:
            refusals.append(refusal)
            raise

    def step():
        return pay("gift:1", alice, bob, 1)

    def first():
        run("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        tries.append(has(alice))
        elsewhere(lambda: give(alice, 10, key=f"more:{len(tries)}"))
        return outer()

    with pytest.raises(TooBusy):
        ledger.whole(first)
    assert (len(tries), refusals) == (settings.LEDGER_TRIES, [])
    assert has(bob) == 0
    assert queries.check_books().is_green


@pytest.mark.parametrize("error", [InsufficientFunds, IntegrityError, ZeroDivisionError])
def test_what_was_not_broken_off_is_not_repeated(alice, error):
    tries = []

    @ledger.retried
    def action(amount, *, key):
        tries.append(key)
        give(alice, amount, key=key)
        raise error

    with pytest.raises(error):
        action(100, key="given:1")
    assert (tries, has(alice)) == (["given:1"], 0)
    assert queries.check_books().is_green
