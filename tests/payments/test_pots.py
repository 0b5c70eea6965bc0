"""Pots: put aside, taken back, closed; in the books as on the page."""

import pytest
from django.db import IntegrityError, connection, transaction

from payments import actions, ledger, queries
from payments.errors import (
    AccountFrozen,
    BadPosting,
    CurrencyNotHeld,
    InsufficientFunds,
    KeyReused,
    NameMissing,
    PotClosed,
    PotNotFound,
    TooManyPots,
    WalletNotEmpty,
)
from payments.models import Bill, Journal, LedgerAccount, Pot, PotMove
from payments.queries.audit import check_books
from payments.queries.saving_audit import AUDITS
from superapp.kernel.errors import Refusal
from superapp.kernel.money import CurrencyMismatch, Money
from tests.accounts.test_races import at_once
from tests.payments.between import key, rich
from tests.payments.saving import into, is_right, lies_in, pot_of
from tests.payments.wallets import has

pytestmark = pytest.mark.django_db


@pytest.fixture
def saver(alice):
    return rich(alice)


def cny(minor):
    return Money(minor, "CNY")


def put(owner, pot, minor, client_id=""):
    return actions.put_in(
        owner=owner, pot_id=pot.public_id, amount=cny(minor), client_id=client_id or key()
    )


def take(owner, pot, minor, client_id=""):
    return actions.take_out(
        owner=owner, pot_id=pot.public_id, amount=cny(minor), client_id=client_id or key()
    )


def test_money_goes_into_a_pot_and_comes_back(saver):
    pot = pot_of(saver, goal=50_000)
    put(saver, pot, 10_000)
    pot.refresh_from_db()
    assert (has(saver), lies_in(pot), pot.amount, pot.percent) == (90_000, 10_000, 10_000, 20)
    take(saver, pot, 4000)
    pot.refresh_from_db()
    assert (has(saver), lies_in(pot), pot.amount) == (94_000, 6000, 6000)
    assert [move.amount for move in queries.moves_of(pot).order_by("pk")] == [10_000, -4000]
    bills = Bill.objects.filter(account=saver).order_by("pk").values_list("kind", "amount", "note")
    assert list(bills) == [("pot", -10_000, "Holiday"), ("pot", 4000, "Holiday")]
    assert is_right()


def test_what_is_put_aside_is_not_spent(saver):
    put(saver, pot_of(saver), 10_000)
    assert queries.spent_this_week(saver).total.minor == 0
    month = queries.statement(saver, "CNY", queries.month_of(""))
    assert [one.kind for one in month.categories if one.kind == "pot"] == ["pot"]


def test_one_press_moves_once(saver):
    pot = pot_of(saver)
    first, second = put(saver, pot, 1000, "press"), put(saver, pot, 1000, "press")
    assert first.pk == second.pk
    assert lies_in(pot) == 1000
    with pytest.raises(KeyReused):
        put(saver, pot, 2000, "press")
    one = actions.open_pot(owner=saver, name="Car", goal=cny(0), client_id="same")
    again = actions.open_pot(owner=saver, name="Car", goal=cny(0), client_id="same")
    assert one.pk == again.pk


@pytest.mark.parametrize(
    ("amount", "why"),
    [
        (cny(0), BadPosting),
        (cny(-1), BadPosting),
        (cny(10**15 + 1), BadPosting),
        (cny(100_001), InsufficientFunds),
        (Money(1, "USD"), CurrencyMismatch),
    ],
)
def test_what_can_not_go_in(saver, amount, why):
    pot = pot_of(saver, minor=1000)
    with pytest.raises(why):
        actions.put_in(owner=saver, pot_id=pot.public_id, amount=amount, client_id=key())
    assert (has(saver), lies_in(pot), PotMove.objects.count()) == (99_000, 1000, 1)


def test_no_more_comes_out_than_is_in(saver):
    pot = pot_of(saver, minor=1000)
    with pytest.raises(InsufficientFunds):
        take(saver, pot, 1001)
    assert (has(saver), lies_in(pot)) == (99_000, 1000)


def test_others_find_no_pot(saver, bob, carol):
    pot = pot_of(saver, minor=1000)
    for somebody in (bob, carol):
        rich(somebody)
        for call in (
            lambda who: put(who, pot, 1),
            lambda who: take(who, pot, 1),
            lambda who: actions.close_pot(owner=who, pot_id=pot.public_id),
            lambda who: queries.pot_for(who, pot.public_id),
            lambda who: actions.change_pot(
                owner=who, pot_id=pot.public_id, name="Mine", goal=cny(0)
            ),
        ):
            with pytest.raises(PotNotFound):
                call(somebody)
    pot.refresh_from_db()
    assert (pot.name, pot.amount, lies_in(pot)) == ("Holiday", 1000, 1000)


def test_closing_gives_back_the_rest_and_ends_what_was_to_come(saver):
    pot = pot_of(saver, minor=1000)
    standing = into(saver, pot)
    actions.close_pot(owner=saver, pot_id=pot.public_id)
    again = actions.close_pot(owner=saver, pot_id=pot.public_id)
    standing.refresh_from_db()
    account = LedgerAccount.objects.get(kind="pot")
    assert (again.status, again.amount, has(saver)) == ("closed", 0, 100_000)
    assert (account.status, standing.status) == ("closed", "cancelled")
    for call in (put, take):
        with pytest.raises(PotClosed):
            call(saver, pot, 1)
    assert queries.pots_of(saver) == []
    assert is_right()


def test_a_pot_that_held_nothing_closes(saver):
    pot = pot_of(saver)
    assert actions.close_pot(owner=saver, pot_id=pot.public_id).status == "closed"
    assert is_right()


def test_there_are_so_many_pots_and_they_have_names(saver, settings):
    settings.POTS_MAX = 2
    pot_of(saver), pot_of(saver)
    with pytest.raises(TooManyPots):
        pot_of(saver)
    Pot.objects.update(status="closed", closed_at="2026-01-01T00:00Z")
    with pytest.raises(NameMissing):
        pot_of(saver, name=" \u200b ")
    with pytest.raises(CurrencyNotHeld):
        pot_of(saver, currency="XXX")
    with pytest.raises(BadPosting):
        pot_of(saver, goal=-1)
    assert Pot.objects.filter(status="open").count() == 0


def test_another_name_and_goal(saver):
    pot = pot_of(saver)
    actions.change_pot(owner=saver, pot_id=pot.public_id, name="Car", goal=cny(500))
    with pytest.raises(CurrencyMismatch):
        actions.change_pot(owner=saver, pot_id=pot.public_id, name="X", goal=Money(5, "USD"))
    pot.refresh_from_db()
    assert (pot.name, pot.goal) == ("Car", 500)


def test_what_is_owed_can_not_be_hidden_in_a_pot(saver):
    """Money that comes out of a pot pays what its owner owes, before they can spend it."""
    pot = pot_of(saver, minor=1000)
    owed = ledger.user_receivable(saver, "CNY")
    with transaction.atomic():
        ledger.post(
            key="debt",
            kind="debt",
            legs=[ledger.Leg(owed, ledger.system("promo", "CNY"), cny(400))],
        )
        ledger.freeze_out(ledger.user_available(saver, "CNY"))
    with pytest.raises(AccountFrozen):
        put(saver, pot, 1)
    take(saver, pot, 1000)
    assert (ledger.balance(owed).minor, has(saver)) == (0, 99_600)


def test_an_account_with_money_in_a_pot_does_not_close(saver):
    pot = pot_of(saver, minor=1000)
    with pytest.raises(WalletNotEmpty):
        actions.on_account_closing(saver)
    empty = pot_of(saver)
    standing = into(saver, empty)
    take(saver, pot, 1000)
    actions.on_account_closing(saver)
    standing.refresh_from_db()
    assert standing.status == "cancelled"


def test_the_audit_sees_a_pot_that_lies(saver):
    pot = pot_of(saver, minor=1000)
    assert list(AUDITS["I18"].faults()) == []
    Pot.objects.filter(pk=pot.pk).update(amount=999)
    assert len(list(AUDITS["I18"].faults())) == 1
    PotMove.objects.update(amount=999)
    (fault,) = AUDITS["I18"].faults()
    assert fault.endswith("says 999, was given 999 and holds 1000")


def test_the_database_keeps_a_closed_pot_empty(saver):
    pot = pot_of(saver, minor=1000)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE payments_pot SET status = 'closed', closed_at = now() WHERE id = %s", [pot.pk]
        )


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgres
def test_taking_all_twice_at_once_takes_it_once(alice):
    saver = rich(alice)
    pot = pot_of(saver, minor=1000)
    answers = at_once(4, lambda _n: take(saver, pot, 1000))
    assert sum(isinstance(answer, Refusal) for answer in answers) == 3
    assert (has(saver), lies_in(pot)) == (100_000, 0)
    assert Journal.objects.filter(kind="pot.out").count() == 1
    assert check_books().is_green
    assert is_right()
