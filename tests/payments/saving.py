"""Words of the tests about pots and standing payments."""

from datetime import datetime
from zoneinfo import ZoneInfo

import time_machine

from payments import actions, ledger
from payments.actions.authorising import set_password
from payments.queries.saving_audit import AUDITS
from superapp.kernel import outbox
from superapp.kernel.money import Money
from tests.payments.between import key, means
from tests.payments.wallets import PASSWORD

SHANGHAI = ZoneInfo("Asia/Shanghai")


def at(day, hour=12, zone=SHANGHAI):
    """It is noon of that day; time stands still."""
    year, month, number = map(int, day.split("-"))
    return time_machine.travel(datetime(year, month, number, hour, tzinfo=zone), tick=False)


def pot_of(owner, name="Holiday", goal=0, currency="CNY", minor=0):
    pot = actions.open_pot(owner=owner, name=name, goal=Money(goal, currency), client_id=key())
    if minor:
        actions.put_in(
            owner=owner, pot_id=pot.public_id, amount=Money(minor, currency), client_id=key()
        )
        pot.refresh_from_db()
    return pot


def lies_in(pot):
    return ledger.balance(ledger.pot(pot.account, pot.public_id, pot.currency)).minor


def into(owner, pot, minor=1000, **more):
    return start(owner, minor, pot_id=pot.public_id, **more)


def start(owner, minor=1000, **more):
    given = {"every": "month", "day": 31, "client_id": key(), "means": means(), **more}
    return actions.start_standing(owner=owner, amount=Money(minor, "CNY"), **given)


def run_jobs():
    return outbox.run_due(outbox.DEFAULT, limit=200)


def runs(standing):
    """What became of its periods, in order."""
    return [(str(run.on), run.status) for run in standing.runs.order_by("on")]


def is_right():
    return [fault for audit in AUDITS.values() for fault in audit.faults()] == []


def filled_saving(alice):
    """Ids of a pot of Alice's with a little in it, and of what is paid into it."""
    if not alice.wallet.password_hash:
        set_password(account=alice, password=PASSWORD)
    pot = pot_of(alice, minor=500)
    standing = into(alice, pot)
    return {"pot_id": pot.public_id, "pot": pot.public_id, "standing_id": standing.public_id}
