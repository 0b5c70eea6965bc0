"""One scenario for each action on pots and standing payments: their owner's browsers look again."""

from datetime import timedelta

import time_machine

from payments import actions
from superapp.kernel import time
from superapp.kernel.money import Money
from tests.payments.between import key, rich
from tests.payments.saving import into, pot_of

SCENARIOS = {}
YUAN = Money(100, "CNY")


def scenario(make):
    def steps(w):
        rich(w.alice)
        yield from make(w)

    SCENARIOS[make.__name__] = steps
    return make


def _of(pot):
    return {"owner": pot.account, "pot_id": pot.public_id}


def _plan(standing):
    return {"owner": standing.account, "standing_id": standing.public_id}


@scenario
def open_pot(w):
    yield
    pot_of(w.alice)


@scenario
def change_pot(w):
    pot = pot_of(w.alice)
    yield
    actions.change_pot(**_of(pot), name="Car", goal=YUAN)


@scenario
def put_in(w):
    pot = pot_of(w.alice)
    yield
    actions.put_in(**_of(pot), amount=YUAN, client_id=key())


@scenario
def take_out(w):
    pot = pot_of(w.alice, minor=500)
    yield
    actions.take_out(**_of(pot), amount=YUAN, client_id=key())


@scenario
def close_pot(w):
    pot = pot_of(w.alice, minor=500)
    into(w.alice, pot)
    yield
    actions.close_pot(**_of(pot))


@scenario
def start_standing(w):
    pot = pot_of(w.alice)
    yield
    into(w.alice, pot)


@scenario
def pause_standing(w):
    standing = into(w.alice, pot_of(w.alice))
    yield
    actions.pause_standing(**_plan(standing))


@scenario
def resume_standing(w):
    standing = into(w.alice, pot_of(w.alice))
    actions.pause_standing(**_plan(standing))
    yield
    actions.resume_standing(**_plan(standing))


@scenario
def cancel_standing(w):
    standing = into(w.alice, pot_of(w.alice))
    yield
    actions.cancel_standing(**_plan(standing))


def _due(w, minor):
    standing = into(w.alice, pot_of(w.alice), minor)
    clock = time_machine.travel(standing.due_at + timedelta(minutes=1), tick=False)
    return standing, clock


@scenario
def run_standing(w):
    standing, clock = _due(w, 1000)
    with clock:
        yield
        actions.run_standing(standing_id=standing.public_id)


@scenario
def run_standing_without_money(w):
    """Tried today; then missed, which the wallet's own account says."""
    standing, clock = _due(w, 900_000)
    with clock:
        yield
        actions.run_standing(standing_id=standing.public_id)
        for _day in range(2):
            standing.refresh_from_db()
            with time_machine.travel(standing.due_at + timedelta(seconds=1), tick=False):
                assert standing.due_at <= time.now()
                actions.run_standing(standing_id=standing.public_id)
