"""Many at once, on connections that see each other's commits: no money is made, lost or stuck."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection, transaction

from payments import ledger, queries
from payments.errors import AccountFrozen, InsufficientFunds, KeyReused
from payments.ledger import Leg, Posted
from payments.models import Journal, LedgerAccount
from superapp.kernel.errors import Refusal
from tests.payments.money import cny, gateway, give, has, pay, wallet

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]


def at_once(count, step):
    """What `count` callers get who start together: an answer, or a refusal."""
    start = Barrier(count)

    def one(number):
        start.wait()
        try:
            return step(number)
        except Refusal as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(one, range(count)))


def kinds(answers):
    return sorted(type(answer).__name__ for answer in answers)


def test_one_balance_is_spent_once(alice, bob):
    give(alice, 100)
    answers = at_once(20, lambda n: pay(f"gift:{n}", alice, bob, 100))
    assert kinds(answers) == ["InsufficientFunds"] * 19 + ["Posted"]
    assert (has(alice), has(bob)) == (0, 100)
    assert queries.check_books().is_green


def test_fifty_small_spends_take_exactly_what_is_there(alice, bob):
    give(alice, 130)
    answers = at_once(20, lambda n: pay(f"gift:{n}", alice, bob, 10))
    assert sum(isinstance(answer, Posted) for answer in answers) == 13
    assert (has(alice), has(bob)) == (0, 130)


def test_one_fact_from_thirty_threads_is_one_journal(alice, bob):
    give(alice, 1000)
    answers = at_once(30, lambda _n: pay("gift:1", alice, bob, 600))
    assert kinds(answers) == ["Posted"] * 30
    assert sum(answer.created for answer in answers) == 1
    assert len({answer.journal_id for answer in answers}) == 1
    assert (has(alice), has(bob)) == (400, 600)
    assert queries.check_books().is_green


def test_one_fact_told_in_two_ways_at_once_is_told_once(alice, bob):
    give(alice, 1000)
    answers = at_once(10, lambda n: pay("gift:1", alice, bob, 100 + n))
    assert kinds(answers) == [KeyReused.__name__] * 9 + ["Posted"]
    assert Journal.objects.filter(key="gift:1").count() == 1
    assert has(alice) + has(bob) == 1000


def test_opposite_transfers_do_not_wait_for_each_other_in_a_circle(alice, bob):
    give(alice, 10_000)
    give(bob, 10_000)

    def one(number):
        payer, payee = (alice, bob) if number % 2 else (bob, alice)
        return [pay(f"gift:{number}:{n}", payer, payee, 1 + n) for n in range(25)]

    answers = at_once(8, one)
    assert kinds(answers) == ["list"] * 8
    assert (has(alice), has(bob)) == (10_000, 10_000)
    assert Journal.objects.filter(kind="transfer").count() == 200
    assert queries.check_books().is_green


def test_many_legs_in_any_order_do_not_either(alice, bob, carol):
    everybody = [alice, bob, carol]
    for one in everybody:
        give(one, 10_000)

    def ring(number):
        order = everybody[number % 3 :] + everybody[: number % 3]
        if number % 2:
            order = order[::-1]
        pairs = zip(order, order[1:] + order[:1], strict=True)
        legs = [Leg(wallet(a), wallet(b), cny(1 + number)) for a, b in pairs]
        for n in range(15):
            with transaction.atomic():
                ledger.post(key=f"ring:{number}:{n}", kind="ring", legs=legs)
        return True

    assert at_once(6, ring) == [True] * 6
    assert [has(one) for one in everybody] == [10_000] * 3
    assert queries.check_books().is_green


def test_an_account_is_opened_once(alice, bob):
    answers = at_once(12, lambda n: give(alice, 1 + n))
    assert kinds(answers) == ["Posted"] * 12
    assert LedgerAccount.objects.filter(owner=alice).count() == 1
    assert has(alice) == sum(range(1, 13))


def test_busy_income_and_its_settlement_meet(alice, bob):
    """Payments to a merchant's shards while the same money is settled and refunded."""
    shop, available = (ledger.merchant(1, name, "CNY") for name in ("pending", "available"))
    give(alice, 10_000)
    give(bob, 10_000)

    def one(number):
        for n in range(15):
            with transaction.atomic():
                if number < 4:
                    payer = wallet(alice if number % 2 else bob)
                    leg = Leg(payer, shop, cny(10))
                elif number < 6:
                    leg = Leg(shop, available, cny(7))
                else:
                    leg = Leg(shop, wallet(alice), cny(3))
                try:
                    ledger.post(key=f"busy:{number}:{n}", kind="t", legs=[leg])
                except InsufficientFunds:
                    continue
        return True

    assert at_once(8, one) == [True] * 8
    people = has(alice) + has(bob)
    assert people + ledger.balance(shop).minor + ledger.balance(available).minor == 20_000
    assert ledger.balance(gateway()) == cny(-20_000)
    assert queries.check_books().is_green


def test_a_payment_and_a_freeze_have_an_order(alice, bob):
    give(alice, 1000)

    def one(number):
        if number == 3:
            return ledger.freeze_out(wallet(alice))
        return pay(f"gift:{number}", alice, bob, 10)

    answers = at_once(8, one)
    paid = sum(isinstance(answer, Posted) for answer in answers)
    refused = sum(isinstance(answer, AccountFrozen) for answer in answers)
    assert paid + refused == 7
    assert has(bob) == paid * 10
    assert kinds([at_once(1, lambda _n: pay("gift:late", alice, bob, 10))[0]]) == ["AccountFrozen"]
    assert queries.check_books().is_green


def test_every_snapshot_balances_while_money_moves(alice, bob):
    give(alice, 5000)
    give(bob, 5000)
    seen = []

    def one(number):
        if number:
            for n in range(20):
                pay(f"gift:{number}:{n}", *((alice, bob) if n % 2 else (bob, alice)), 3)
        else:
            seen.extend(queries.check_books() for _ in range(5))
        return True

    assert at_once(4, one) == [True] * 4
    assert [found.is_green for found in seen] == [True] * 5
