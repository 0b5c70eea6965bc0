"""The door of the ledger: what it promises, and what it refuses without a trace."""

import pytest
from django.db import transaction

from payments import ledger
from payments.errors import (
    AccountFrozen,
    AccountNotEmpty,
    BadPosting,
    InsufficientFunds,
    KeyReused,
)
from payments.ledger import Leg
from payments.models import Entry, Journal, LedgerAccount, Posting
from superapp.kernel.money import CurrencyMismatch, Money
from tests.payments.money import cny, gateway, give, has, pay, wallet

pytestmark = pytest.mark.django_db


def books():
    """Everything that was ever written."""
    return (
        Journal.objects.count(),
        list(Posting.objects.order_by("pk").values_list("debit", "credit", "amount")),
        list(LedgerAccount.objects.order_by("pk").values_list("code", "balance", "seq", "status")),
    )


@pytest.fixture
def refused():
    """`with refused(InsufficientFunds): …` – and nothing was written."""

    def check(error):
        class Check:
            def __enter__(self):
                self.before = books()
                self.expected = pytest.raises(error)
                return self.expected.__enter__()

            def __exit__(self, *found):
                is_raised = self.expected.__exit__(*found)
                assert books() == self.before
                return is_raised

        return Check()

    return check


def test_money_goes_from_one_to_the_other(alice, bob):
    give(alice, 1000)
    posted = pay("gift:1", alice, bob, 300)
    assert (has(alice), has(bob), ledger.balance(gateway())) == (700, 300, cny(-1000))
    assert posted.created
    journal = Journal.objects.get(pk=posted.journal_id)
    assert (journal.key, journal.kind) == ("gift:1", "transfer")


def test_each_side_has_its_history(alice, bob):
    give(alice, 1000)
    pay("gift:1", alice, bob, 300)
    pay("gift:2", alice, bob, 50)
    history = Entry.objects.filter(account__owner=alice).order_by("seq")
    assert list(history.values_list("seq", "amount", "balance_after")) == [
        (1, 1000, 1000),
        (2, -300, 700),
        (3, -50, 650),
    ]
    received = Entry.objects.filter(account__owner=bob).order_by("-seq").first()
    assert (received.seq, received.amount, received.balance_after) == (2, 50, 350)
    assert received.journal.key == "gift:2"


def test_one_post_is_one_question_to_the_database(alice, bob, django_assert_num_queries):
    give(alice, 1000)
    with transaction.atomic(), django_assert_num_queries(1):
        ledger.post(key="gift:1", kind="t", legs=[Leg(wallet(alice), wallet(bob), cny(1))])


def test_a_fact_told_again_moves_nothing(alice, bob, refused):
    give(alice, 1000)
    first = pay("gift:1", alice, bob, 1000)
    again = pay("gift:1", alice, bob, 1000)
    assert (again.journal_id, again.created) == (first.journal_id, False)
    assert (has(alice), has(bob)) == (0, 1000)


def test_a_fact_told_again_holds_although_it_would_be_refused_now(alice, bob):
    give(alice, 1000)
    first = pay("gift:1", alice, bob, 1000)
    ledger.freeze_out(wallet(alice))
    assert pay("gift:1", alice, bob, 1000).journal_id == first.journal_id


@pytest.mark.parametrize("minor", [999, 1001])
def test_a_fact_with_other_content_is_an_error(alice, bob, refused, minor):
    give(alice, 5000)
    pay("gift:1", alice, bob, 1000)
    with refused(KeyReused) as found:
        pay("gift:1", alice, bob, minor)
    assert found.value.code == "ledger.key_reused"


def test_nobody_spends_what_they_do_not_have(alice, bob, refused):
    give(alice, 1000)
    pay("opens:bob", alice, bob, 1)
    with refused(InsufficientFunds) as found:
        pay("gift:1", alice, bob, 1000)
    assert found.value.code == "ledger.insufficient_funds"
    pay("gift:2", alice, bob, 999)
    assert has(alice) == 0


def test_a_refusal_leaves_the_transaction_usable(alice, bob):
    give(alice, 100)
    with transaction.atomic():
        with pytest.raises(InsufficientFunds):
            ledger.post(key="too:much", kind="t", legs=[Leg(wallet(alice), wallet(bob), cny(101))])
        ledger.post(key="just:right", kind="t", legs=[Leg(wallet(alice), wallet(bob), cny(100))])
    assert (has(alice), has(bob)) == (0, 100)


def test_legs_stand_or_fall_together(alice, bob, carol, refused):
    give(alice, 100)
    give(carol, 5)
    pay("opens:bob", alice, bob, 1)
    legs = [Leg(wallet(alice), wallet(bob), cny(50)), Leg(wallet(carol), wallet(bob), cny(6))]
    with refused(InsufficientFunds), transaction.atomic():
        ledger.post(key="both:1", kind="t", legs=legs)


def test_a_leg_does_not_take_what_a_later_one_brings(alice, bob, refused):
    give(alice, 50)
    pay("opens:bob", alice, bob, 1)
    there = Leg(wallet(alice), wallet(bob), cny(100))
    back = Leg(wallet(bob), wallet(alice), cny(60))
    with refused(InsufficientFunds):
        ledger.post(key="round:1", kind="t", legs=[there, back])


def test_legs_are_taken_in_their_order(alice, bob):
    give(alice, 100)
    there = Leg(wallet(alice), wallet(bob), cny(100))
    back = Leg(wallet(bob), wallet(alice), cny(30))
    with transaction.atomic():
        ledger.post(key="round:1", kind="t", legs=[there, back])
    assert (has(alice), has(bob)) == (30, 70)
    with pytest.raises(InsufficientFunds), transaction.atomic():
        ledger.post(key="round:2", kind="t", legs=[Leg(wallet(bob), wallet(alice), cny(71))])


@pytest.mark.parametrize("minor", [0, -1, 10**15 + 1])
def test_amounts_outside_the_range_are_refused(alice, bob, refused, minor):
    give(alice, 100)
    with refused(BadPosting):
        pay("gift:1", alice, bob, minor)


def test_the_largest_amount_is_counted_exactly(alice, bob):
    give(alice, 10**15)
    give(alice, 10**15, key="again:1")
    pay("gift:1", alice, bob, 10**15)
    assert (has(alice), has(bob)) == (10**15, 10**15)


def test_currencies_do_not_mix(alice, bob, refused):
    give(alice, 100)
    give(alice, 100, "JPY")
    with refused(CurrencyMismatch):
        ledger.post(key="mix:1", kind="t", legs=[Leg(wallet(alice), wallet(bob, "JPY"), cny(10))])
    with refused(CurrencyMismatch):
        ledger.post(key="mix:2", kind="t", legs=[Leg(wallet(alice), wallet(bob), Money(10, "JPY"))])
    assert (has(alice, "CNY"), has(alice, "JPY")) == (100, 100)


def test_what_is_no_currency_is_refused(alice, refused):
    with refused(BadPosting):
        give(alice, 100, "XQQ")


def test_money_to_itself_and_nothing_at_all_are_refused(alice, refused):
    give(alice, 100)
    with refused(BadPosting):
        pay("self:1", alice, alice, 10)
    with refused(BadPosting):
        ledger.post(key="empty:1", kind="t", legs=[])


def test_two_currencies_may_change_hands_in_one_journal(alice, bob):
    give(alice, 700)
    give(bob, 10000, "JPY")
    with transaction.atomic():
        ledger.post(
            key="fx:1",
            kind="fx",
            legs=[
                Leg(wallet(alice), wallet(bob), cny(500)),
                Leg(wallet(bob, "JPY"), wallet(alice, "JPY"), Money(9000, "JPY")),
            ],
        )
    assert (has(alice), has(alice, "JPY"), has(bob), has(bob, "JPY")) == (200, 9000, 500, 1000)


def test_nothing_goes_out_of_an_account_frozen_out(alice, bob, refused):
    give(alice, 100)
    pay("opens:bob", alice, bob, 10)
    ledger.freeze_out(wallet(alice))
    with refused(AccountFrozen) as found:
        pay("gift:1", alice, bob, 10)
    assert found.value.code == "ledger.account_frozen"
    pay("back:1", bob, alice, 10)
    ledger.unfreeze(wallet(alice))
    pay("gift:1", alice, bob, 10)
    assert has(alice) == 90


def test_somebody_without_money_can_be_frozen(alice, bob):
    ledger.freeze_out(wallet(alice))
    give(alice, 100)
    with pytest.raises(AccountFrozen):
        pay("gift:1", alice, bob, 1)


def test_a_finished_escrow_is_closed_for_good(alice, bob, refused):
    escrow = ledger.escrow("tr", "tr_1", "CNY")
    give(alice, 100)
    with transaction.atomic():
        ledger.post(key="tr_1:sent", kind="t", legs=[Leg(wallet(alice), escrow, cny(100))])
    with refused(AccountNotEmpty):
        ledger.close(escrow)
    with transaction.atomic():
        ledger.post(key="tr_1:accepted", kind="t", legs=[Leg(escrow, wallet(bob), cny(100))])
    ledger.close(escrow)
    ledger.close(escrow)
    with refused(AccountFrozen):
        ledger.post(key="tr_1:more", kind="t", legs=[Leg(wallet(bob), escrow, cny(1))])
    ledger.unfreeze(escrow)
    assert LedgerAccount.objects.get(code="escrow:tr:tr_1").status == "closed"


def test_closing_what_was_never_opened_is_nothing(alice, refused):
    ledger.close(ledger.escrow("tr", "never", "CNY"))
    assert not LedgerAccount.objects.exists()


def test_what_somebody_owes_is_never_above_zero(alice, refused):
    owed = ledger.user_receivable(alice, "CNY")
    with transaction.atomic():
        ledger.post(key="owes:1", kind="t", legs=[Leg(owed, gateway(), cny(100))])
        ledger.post(key="pays:1", kind="t", legs=[Leg(gateway(), owed, cny(100))])
    assert ledger.balance(owed) == cny(0)
    with refused(BadPosting):
        ledger.post(key="pays:2", kind="t", legs=[Leg(gateway(), owed, cny(1))])


def test_accounts_can_be_opened_without_money(alice):
    give(alice, 1)
    escrow = ledger.escrow("rp", "rp_1", "CNY")
    with transaction.atomic():
        ledger.post(
            key="rp_1:made", kind="t", legs=[Leg(gateway(), wallet(alice), cny(1))], opened=[escrow]
        )
    assert LedgerAccount.objects.get(code="escrow:rp:rp_1").balance == 0


def test_a_reversal_mirrors_and_happens_once(alice, bob):
    give(alice, 1000)
    posted = pay("gift:1", alice, bob, 300)
    with transaction.atomic():
        ledger.reverse(journal_id=posted.journal_id, key="gift:1:undone", kind="reversal")
    assert (has(alice), has(bob)) == (1000, 0)
    give(bob, 300)
    with pytest.raises(Exception, match="ledger_reversed_once"), transaction.atomic():
        ledger.reverse(journal_id=posted.journal_id, key="gift:1:undone-again", kind="reversal")
    assert (has(alice), has(bob)) == (1000, 300)


def test_a_reversal_that_is_no_mirror_is_refused(alice, bob):
    give(alice, 1000)
    posted = pay("gift:1", alice, bob, 300)
    less = [Leg(wallet(bob), wallet(alice), cny(299))]
    with pytest.raises(Exception, match="does not mirror"), transaction.atomic():
        ledger.post(key="gift:1:undone", kind="reversal", legs=less, reverses=posted.journal_id)
    assert (has(alice), has(bob)) == (700, 300)


def test_income_of_a_merchant_is_spread_and_read_as_one(alice, settings):
    shop = ledger.merchant(1, "pending", "CNY")
    give(alice, 1000)
    for number in range(20):
        with transaction.atomic():
            ledger.post(key=f"sale:{number}", kind="t", legs=[Leg(wallet(alice), shop, cny(10))])
    shards = LedgerAccount.objects.filter(pool="merchant:1:pending")
    assert shards.count() > 3
    assert ledger.balance(shop) == cny(200)


def sold(alice, shop, count=20):
    give(alice, 1000)
    for number in range(count):
        with transaction.atomic():
            ledger.post(key=f"sale:{number}", kind="t", legs=[Leg(wallet(alice), shop, cny(10))])


def test_what_goes_out_is_taken_from_as_many_shards_as_it_needs(alice):
    shop, available = (ledger.merchant(1, name, "CNY") for name in ("pending", "available"))
    sold(alice, shop)
    with transaction.atomic():
        ledger.post(key="settled:1", kind="t", legs=[Leg(shop, available, cny(155))])
    assert (ledger.balance(shop), ledger.balance(available)) == (cny(45), cny(155))
    assert Journal.objects.get(key="settled:1").postings.count() > 1


def test_no_more_goes_out_of_shards_than_is_in_them(alice, refused):
    shop, available = (ledger.merchant(1, name, "CNY") for name in ("pending", "available"))
    sold(alice, shop)
    with transaction.atomic():
        ledger.post(key="settled:0", kind="t", legs=[Leg(shop, available, cny(1))])
        ledger.post(key="returned:0", kind="t", legs=[Leg(available, wallet(alice), cny(1))])
    with refused(InsufficientFunds), transaction.atomic():
        ledger.post(key="settled:1", kind="t", legs=[Leg(shop, available, cny(200))])
    with transaction.atomic():
        first = ledger.post(key="settled:2", kind="t", legs=[Leg(shop, available, cny(199))])
        again = ledger.post(key="settled:2", kind="t", legs=[Leg(shop, available, cny(199))])
    assert (again.journal_id, again.created) == (first.journal_id, False)


def test_fewer_shards_lose_no_money(alice, settings):
    shop = ledger.merchant(1, "pending", "CNY")
    sold(alice, shop)
    settings.LEDGER_SHARDS = 2
    shop, available = (ledger.merchant(1, name, "CNY") for name in ("pending", "available"))
    with transaction.atomic():
        ledger.post(key="settled:1", kind="t", legs=[Leg(shop, available, cny(200))])
    assert ledger.balance(available) == cny(200)


def test_a_sale_is_reversed_from_whichever_shard_has_it(alice):
    shop, available = (ledger.merchant(1, name, "CNY") for name in ("pending", "available"))
    sold(alice, shop)
    sale = Journal.objects.get(key="sale:3")
    with transaction.atomic():
        ledger.post(key="settled:1", kind="t", legs=[Leg(shop, available, cny(190))])
        ledger.reverse(journal_id=sale.pk, key="sale:3:refunded", kind="refund")
    assert (ledger.balance(shop), has(alice)) == (cny(0), 810)
