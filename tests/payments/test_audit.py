"""The checks of the books: green over whatever the product does, and able to go red."""

from io import StringIO
from time import monotonic, sleep

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from payments import actions, ledger, queries
from payments.ledger import Leg
from payments.models import AuditRun, Journal, Seal
from payments.ports import Audit, audits
from superapp.kernel.errors import NotAllowed
from superapp.kernel.models import Job
from tests.payments.money import cny, give, pay, wallet

pytestmark = pytest.mark.django_db
OWN = ["I1", "I2", "I3", "I4", "I5", "I6", "I7", "I8", "I13", "I17"]


@pytest.fixture
def books(alice, bob):
    """Some of everything: two currencies, shards, an escrow that was closed, a reversal."""
    give(alice, 10_000)
    give(alice, 500, "JPY")
    pay("gift:1", alice, bob, 300)
    escrow, shop = ledger.escrow("tr", "tr_1", "CNY"), ledger.merchant(1, "pending", "CNY")
    with transaction.atomic():
        ledger.post(key="tr_1:sent", kind="t", legs=[Leg(wallet(alice), escrow, cny(100))])
        ledger.post(key="tr_1:accepted", kind="t", legs=[Leg(escrow, wallet(bob), cny(100))])
        ledger.close(escrow)
        for number in range(5):
            key = f"sale:{number}"
            ledger.post(key=key, kind="t", legs=[Leg(wallet(alice), shop, cny(10))])
        sale = Journal.objects.get(key="sale:1")
        ledger.reverse(journal_id=sale.pk, key="sale:1:undone", kind="reversal")


def red(**seals):
    return {rule.code for rule in queries.check_books(**seals).rules if rule.faults}


def without_guards(*statements):
    """As somebody with all rights would: no trigger fires, no foreign key looks."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL session_replication_role = replica")
        for statement in statements:
            cursor.execute(statement)
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")


def test_the_books_are_green(books):
    found = queries.check_books()
    assert found.is_green, list(found.lines())
    assert {rule.code for rule in found.rules} >= set(OWN)
    held = {total.currency: (total.held, total.house) for total in found.totals}
    assert held == {"CNY": (10_000, -10_000), "JPY": (500, -500)}


ALICE = "(SELECT id FROM ledger_account WHERE code LIKE 'user:%%:available' ORDER BY id LIMIT 1)"
FAULTS = [
    ("I1", ["INSERT INTO ledger_journal (key, fingerprint, kind, ref, posted_at)"
            " VALUES ('lone:1', 'x', 't', '', now())"]),
    ("I1", ["DELETE FROM ledger_journal WHERE key = 'gift:1'"]),
    ("I2", [f"UPDATE ledger_account SET balance = balance + 1 WHERE id = {ALICE}"]),
    ("I3", [f"UPDATE ledger_account SET balance = balance + 1 WHERE id = {ALICE}"]),
    ("I3", ["DELETE FROM ledger_posting WHERE id = (SELECT min(id) FROM ledger_posting)"]),
    ("I3", ["UPDATE ledger_posting SET debit_after = debit_after + 1 WHERE debit_after > 0"]),
    ("I3", ["UPDATE ledger_posting SET amount = amount + 1"]),
    ("I4", ["UPDATE ledger_posting SET amount = 20000 WHERE journal_id ="
            " (SELECT id FROM ledger_journal WHERE key = 'gift:1')"]),
    ("I5", ["UPDATE ledger_posting SET currency = 'JPY' WHERE journal_id ="
            " (SELECT id FROM ledger_journal WHERE key = 'gift:1')"]),
    ("I6", ["DROP TRIGGER ledger_written_once ON ledger_posting"]),
    ("I6", ["ALTER TABLE ledger_journal DISABLE TRIGGER ledger_only_by_post"]),
    ("I6", ["ALTER TABLE ledger_account DROP CONSTRAINT ledger_no_overdraft"]),
    ("I6", ["DROP INDEX ledger_reversed_once"]),
    ("I7", ["ALTER TABLE ledger_journal DROP CONSTRAINT ledger_one_journal_per_fact",
            "UPDATE ledger_journal SET key = 'gift:1' WHERE key = 'sale:2'"]),
    ("I8", ["UPDATE ledger_posting SET amount = amount + 1 WHERE journal_id ="
            " (SELECT id FROM ledger_journal WHERE key = 'sale:1:undone')"]),
    ("I8", ["DROP INDEX ledger_reversed_once", "UPDATE ledger_journal SET reverses_id ="
            " (SELECT id FROM ledger_journal WHERE key = 'sale:1') WHERE key = 'sale:2'"]),
    ("I13", [f"UPDATE ledger_account SET balance = balance + 1 WHERE id = {ALICE}"]),
]  # fmt: skip


@pytest.mark.parametrize(("code", "statements"), FAULTS)
def test_a_planted_fault_turns_its_rule_red(books, code, statements):
    assert red() == set()
    without_guards(*(statement.replace("%%", "%") for statement in statements))
    assert code in red()


def sealed():
    """Two checks: the first one notes what there is, the second one seals it, once every writer of
    that moment has ended; tests beside this one on the same server write too."""
    actions.check_and_keep()
    before, deadline = writers(), monotonic() + 120
    while before & writers():
        assert monotonic() < deadline, "another test writes for ever"
        sleep(0.05)
    return actions.check_and_keep()


def writers():
    """The transactions of others that have written and have not ended."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT backend_xid::text FROM pg_stat_activity"
            " WHERE backend_xid IS NOT NULL AND pid <> pg_backend_pid()"
        )
        return {row[0] for row in cursor.fetchall()}


@pytest.mark.django_db(transaction=True)
def test_finished_journals_are_sealed_in_a_chain(books, alice, bob, settings):
    settings.LEDGER_SEAL_MAX = 4
    sealed()
    seals = list(Seal.objects.all())
    assert sum(seal.journals for seal in seals) == Journal.objects.count()
    assert len(seals) == 3
    pay("gift:2", alice, bob, 1)
    assert actions.seal_books() is None, "it was not there at the last check"
    sealed()
    assert Seal.objects.count() == 4
    assert red() == set()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger_journal SET ref = 'another' WHERE key = 'gift:1'",
        "UPDATE ledger_journal SET posted_at = now() WHERE key = 'gift:1'",
        "UPDATE ledger_seal SET chain_hash = repeat('0', 64) WHERE id = (SELECT max(id) FROM ledger_seal)",
        "DELETE FROM ledger_seal WHERE id = (SELECT min(id) + 1 FROM ledger_seal)",
    ],
)
def test_what_no_sum_shows_the_seals_do(books, settings, statement):
    settings.LEDGER_SEAL_MAX = 4
    sealed()
    assert red() == set()
    with transaction.atomic():
        without_guards(statement)
    assert red() == {"I6"}


@pytest.mark.django_db(transaction=True)
def test_most_checks_look_at_the_newest_seals_and_one_a_day_at_all(books, settings):
    settings.LEDGER_SEAL_MAX, settings.LEDGER_SEALS_RECHECKED = 4, 1
    sealed()
    with transaction.atomic():
        without_guards("UPDATE ledger_journal SET ref = 'another' WHERE key = 'gift:1'")
    assert actions.check_and_keep().green
    AuditRun.objects.update(deep=False)
    run = actions.check_and_keep()
    assert (run.deep, run.green) == (True, False)


def test_a_run_is_kept_with_what_it_found(books):
    run = actions.check_and_keep()
    assert (run.green, queries.standing()) == (True, ("green", run))
    assert [one["currency"] for one in run.totals] == ["CNY", "JPY"]
    without_guards(
        f"UPDATE ledger_account SET balance = balance + 1 WHERE id = {ALICE}".replace("%%", "%")
    )
    run = actions.check_and_keep()
    assert (run.green, queries.standing()) == (False, ("red", run))
    assert {rule["code"] for rule in run.findings if rule["faults"]} == {"I2", "I3", "I13"}


def test_silence_is_not_health(books, settings):
    assert queries.standing() == ("stale", None)
    actions.check_and_keep()
    assert queries.standing()[0] == "green"
    settings.LEDGER_CHECK_STALE_SECONDS = 0
    assert queries.standing()[0] == "stale"


def test_checks_wait_in_the_outbox_one_at_a_time(books):
    actions.check_books_soon()
    actions.check_books_soon()
    job = Job.objects.get(kind=actions.CHECK_JOB)
    actions.on_check_books(job.payload)
    assert AuditRun.objects.get().green


def test_only_whoever_may_checks_by_hand(books, alice):
    with pytest.raises(NotAllowed):
        actions.check_books_now(staff=alice.person)
    assert not AuditRun.objects.exists()
    alice.person.is_superuser = True
    assert actions.check_books_now(staff=alice.person).green


def test_old_green_runs_are_forgotten_and_red_ones_stay(books, settings):
    green = actions.check_and_keep()
    red_one = actions.check_and_keep()
    AuditRun.objects.filter(pk=red_one.pk).update(green=False)
    actions.forget_old_checks()
    assert AuditRun.objects.count() == 2
    settings.LEDGER_RUNS_DAYS = 0
    actions.forget_old_checks()
    assert list(AuditRun.objects.values_list("pk", flat=True)) == [red_one.pk]
    assert green.pk != red_one.pk


def test_other_parts_register_their_rules(books):
    audit = Audit("Nothing is ever wrong here", lambda: ["something is wrong here"])
    audits.register("I99", audit)
    try:
        assert red() == {"I99"}
    finally:
        del audits._items["I99"]


def test_the_command_says_so_and_fails_when_red(books):
    out = StringIO()
    call_command("ledger_check", stdout=out)
    assert "green" in out.getvalue()
    without_guards("UPDATE ledger_posting SET amount = amount + 1")
    with pytest.raises(CommandError) as found:
        call_command("ledger_check", stdout=out)
    assert found.value.returncode == 1
    assert "FAIL I3" in out.getvalue()


def test_a_fingerprint_names_what_was_posted(books, alice, bob):
    def said():
        out = StringIO()
        call_command("ledger_check", "--fingerprint", stdout=out)
        return dict(line.split() for line in out.getvalue().splitlines())

    before = said()
    assert set(before) == {"CNY", "JPY"}
    assert said() == before
    pay("gift:2", alice, bob, 1)
    assert said()["JPY"] == before["JPY"]
    assert said()["CNY"] != before["CNY"]
