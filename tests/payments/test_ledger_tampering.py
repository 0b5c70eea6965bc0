"""Somebody with the application's own password and a SQL shell: the database itself says no."""

import pytest
from django.db import Error, connection, transaction

from payments import ledger, queries
from payments.models import Journal, LedgerAccount, Posting
from tests.payments.money import give, has, pay

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]

JOURNAL = "(SELECT id FROM ledger_journal WHERE key = 'gift:1')"
ALICE = "(SELECT min(id) FROM ledger_account WHERE floor_zero)"
BOB = "(SELECT max(id) FROM ledger_account WHERE floor_zero AND currency = 'CNY')"
YEN = "(SELECT id FROM ledger_account WHERE currency = 'JPY' AND floor_zero)"
OLD_JOURNAL_LEG = (
    "INSERT INTO ledger_posting (journal_id, debit_id, credit_id, currency, amount, debit_seq,"
    " debit_after, credit_seq, credit_after)"
)
NEW_JOURNAL = (
    "INSERT INTO ledger_journal (key, fingerprint, kind, ref, posted_at)"
    " VALUES ('mine:1', 'x', 't', '', now())"
)
DOOR = (
    "INSERT INTO ledger_door (fact, print, what, about, moment, codes, currencies, kinds, owners, floors,"
    " tracks, debits, credits, amounts) VALUES"
)


def door(
    *,
    codes,
    currencies,
    amounts,
    floors="true, true",
    tracks="true, true",
    debits="1",
    to="2",
):
    accounts = ", ".join(codes)
    return (
        f"{DOOR} ('mine:1', 'x', 't', '', now(), ARRAY[{accounts}], ARRAY[{currencies}],"
        f" ARRAY['available', 'available'], ARRAY[NULL, NULL]::bigint[], ARRAY[{floors}],"
        f" ARRAY[{tracks}], ARRAY[{debits}]::int[], ARRAY[{to}]::int[],"
        f" ARRAY[{amounts}]::bigint[])"
    )


A, B = (f"(SELECT code FROM ledger_account WHERE id = {one})" for one in (ALICE, BOB))
ATTEMPTS = {
    "rewrite a journal": "UPDATE ledger_journal SET ref = 'x'",
    "delete a journal": "DELETE FROM ledger_journal",
    "empty journals": "TRUNCATE ledger_journal CASCADE",
    "rewrite a posting": "UPDATE ledger_posting SET amount = 1",
    "delete a posting": "DELETE FROM ledger_posting",
    "empty postings": "TRUNCATE ledger_posting CASCADE",
    "delete an account": "DELETE FROM ledger_account",
    "empty accounts": "TRUNCATE ledger_account CASCADE",
    "raise a balance": f"UPDATE ledger_account SET balance = balance + 1 WHERE id = {ALICE}",
    "skip a number": f"UPDATE ledger_account SET seq = seq + 1 WHERE id = {ALICE}",
    "lower the floor": f"UPDATE ledger_account SET floor_zero = false WHERE id = {ALICE}",
    "change the currency": f"UPDATE ledger_account SET currency = 'JPY' WHERE id = {ALICE}",
    "take over an account": f"UPDATE ledger_account SET owner_id = NULL WHERE id = {ALICE}",
    "rename an account": f"UPDATE ledger_account SET code = 'user:0:available' WHERE id = {ALICE}",
    "invent a status": f"UPDATE ledger_account SET status = 'golden' WHERE id = {ALICE}",
    "close with money in it": f"UPDATE ledger_account SET status = 'closed' WHERE id = {ALICE}",
    "freeze the house": "UPDATE ledger_account SET status = 'frozen' WHERE NOT tracked",
    "be born with money": "INSERT INTO ledger_account (code, pool, kind, currency, floor_zero, tracked,"
    " balance, seq, status) VALUES ('x', 'x', 'available', 'CNY', true, true, 5, 0, 'open')",
    "a journal without postings": NEW_JOURNAL,
    "a lone leg": f"{OLD_JOURNAL_LEG} VALUES (0, {ALICE}, {BOB}, 'CNY', 1, 9, 1, 9, 1)",
    "a leg for an old journal": f"{OLD_JOURNAL_LEG} VALUES ({JOURNAL}, {ALICE}, {BOB}, 'CNY', 1,"
    " 3, 699, 2, 301)",
    "a leg that is skipped": f"{OLD_JOURNAL_LEG} VALUES ({JOURNAL}, {ALICE}, {BOB}, 'CNY', 1,"
    " 3, 699, 2, 301) ON CONFLICT DO NOTHING",
    "an entry by its view": "INSERT INTO ledger_entry (account_id, seq, amount) VALUES (1, 9, 5)",
    "a negative amount": door(codes=(A, B), currencies="'CNY', 'CNY'", amounts="-5"),
    "nothing": door(codes=(A, B), currencies="'CNY', 'CNY'", amounts="0"),
    "more than can be counted": door(
        codes=("'gateway:clearing'", A),
        currencies="'CNY', 'CNY'",
        amounts="1000000000000001",
        floors="false, true",
        tracks="false, true",
    ),
    "two currencies in one leg": door(
        codes=(A, f"(SELECT code FROM ledger_account WHERE id = {YEN})"),
        currencies="'CNY', 'JPY'",
        amounts="5",
    ),
    "to itself": door(codes=(A, A), currencies="'CNY', 'CNY'", amounts="5"),
    "no legs": door(codes=(A, B), currencies="'CNY', 'CNY'", amounts="", debits="", to=""),
    "an account that is not listed": door(
        codes=(A, B), currencies="'CNY', 'CNY'", amounts="5", to="3"
    ),
    "an account without a floor": door(
        codes=(A, B), currencies="'CNY', 'CNY'", amounts="5000", floors="false, true"
    ),
}


@pytest.fixture
def books(alice, bob):
    give(alice, 1000)
    give(bob, 50, "JPY")
    pay("gift:1", alice, bob, 300)


def run(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)


def everything():
    return (
        list(Journal.objects.order_by("pk").values()),
        list(Posting.objects.order_by("pk").values()),
        list(LedgerAccount.objects.order_by("pk").values()),
    )


@pytest.mark.parametrize("attempt", ATTEMPTS.values(), ids=ATTEMPTS)
def test_the_database_refuses(books, attempt):
    before = everything()
    with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(attempt)
    assert everything() == before
    assert queries.check_books().is_green


def test_the_attempts_would_work_if_they_were_honest(books, alice, bob):
    """The same words with an amount that is there: it is not the grammar that was refused."""
    with connection.cursor() as cursor:
        cursor.execute(door(codes=(A, B), currencies="'CNY', 'CNY'", amounts="5"))
    assert {has(alice), has(bob)} == {695, 305}
    assert queries.check_books().is_green


def test_an_overdraft_at_the_door_is_reported_and_moves_nothing(books, alice):
    before = everything()
    with connection.cursor() as cursor:
        cursor.execute(
            door(codes=(A, B), currencies="'CNY', 'CNY'", amounts="5000") + " RETURNING outcome"
        )
        assert cursor.fetchone() == ("insufficient_funds",)
    assert everything() == before


def test_a_closed_account_stays_closed(books, alice):
    escrow = ledger.escrow("tr", "tr_1", "CNY")
    ledger.freeze_out(escrow)
    ledger.close(escrow)
    with pytest.raises(Error), connection.cursor() as cursor:
        cursor.execute("UPDATE ledger_account SET status = 'open' WHERE code = 'escrow:tr:tr_1'")
    assert LedgerAccount.objects.get(code="escrow:tr:tr_1").status == "closed"


def test_a_leg_is_not_added_to_a_journal_of_the_same_transaction(books, alice, bob):
    """Not even there: postings come with their journal, all at once."""
    with transaction.atomic():
        pay("gift:2", alice, bob, 1)
        with pytest.raises(Error, match="ledger_only_by_post"), transaction.atomic():
            run(
                f"{OLD_JOURNAL_LEG} VALUES ((SELECT max(id) FROM ledger_journal), {ALICE}, {BOB},"
                " 'CNY', 1, 4, 698, 3, 302)"
            )
    assert Journal.objects.get(key="gift:2").postings.count() == 1


def test_one_role_can_switch_the_guards_off_and_the_audit_tells(books):
    """Nothing short of a second role stops the owner of the tables: it must at least be seen."""
    assert queries.check_books().is_green
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE ledger_posting DISABLE TRIGGER ledger_written_once")
            cursor.execute("UPDATE ledger_posting SET amount = amount + 1")
        broken = {rule.code for rule in queries.check_books().rules if rule.faults}
        transaction.set_rollback(True)
    assert broken >= {"I3", "I6"}
