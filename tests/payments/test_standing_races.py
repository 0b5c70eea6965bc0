"""Workers and owners at once: a period is paid once, and what was cancelled is not paid after."""

from datetime import timedelta

import pytest

from payments import actions
from payments.models import Transfer
from payments.queries.audit import check_books
from superapp.kernel import outbox
from superapp.kernel.errors import Refusal
from tests.accounts.test_races import at_once
from tests.payments.between import rich
from tests.payments.saving import at, into, is_right, lies_in, pot_of, run_jobs, runs, start
from tests.payments.wallets import has

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]


@pytest.mark.parametrize("to_pot", [True, False], ids=["pot", "friend"])
def test_eight_workers_pay_a_period_once(alice, bob, to_pot):
    saver = rich(alice)
    with at("2027-01-15"):
        pot = pot_of(saver)
        to = {"pot_id": pot.public_id} if to_pot else {"receiver_id": bob.public_id}
        standing = start(saver, **to)
        for _number in range(3):
            outbox.at("payments.standing_due", {"ref": standing.public_id}, due_at=standing.due_at)
    with at("2027-01-31"):
        at_once(
            8,
            lambda n: run_jobs() if n % 2 else actions.run_standing(standing_id=standing.public_id),
        )
    assert runs(standing) == [("2027-01-31", "done")]
    assert has(saver) == 99_000
    assert lies_in(pot) + sum(one.amount for one in Transfer.objects.all()) == 1000
    assert check_books().is_green
    assert is_right()


@pytest.mark.parametrize("turn", range(3))
def test_a_run_and_a_cancelling_at_once_have_an_order(alice, turn):
    saver = rich(alice)
    with at("2027-01-15"):
        pot = pot_of(saver)
        standing = into(saver, pot)

    def step(number):
        if number == turn:
            return actions.cancel_standing(owner=saver, standing_id=standing.public_id)
        if number == 3:
            return actions.close_pot(owner=saver, pot_id=pot.public_id)
        return actions.run_standing(standing_id=standing.public_id)

    with at("2027-01-31"):
        answers = at_once(4, step)
    standing.refresh_from_db(), pot.refresh_from_db()
    assert [answer for answer in answers if isinstance(answer, Refusal)] == []
    assert (standing.status, pot.status) == ("cancelled", "closed")
    assert runs(standing) in ([], [("2027-01-31", "done")])
    # Whoever was first: it was paid once at most, and the pot gave back what it held.
    assert (has(saver), lies_in(pot)) == (100_000, 0)
    moved = [move.amount for move in pot.moves.order_by("pk")]
    assert moved == ([1000, -1000] if runs(standing) else [])
    assert timedelta(0) < standing.ended_at - standing.created_at
    assert check_books().is_green
    assert is_right()
