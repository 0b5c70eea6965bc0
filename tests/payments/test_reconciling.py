"""The books beside the gateway's own list: four buckets, each of which can happen, and silence."""

from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import Client
from django.urls import reverse

from payments import actions, ledger, queries, tasks
from payments.gateways import Silent, gateway
from payments.gateways.sandbox import objects
from payments.ledger import Leg
from payments.models import Journal, Operation, ReconciliationRun, SandboxObject
from payments.queries.reconciling import compare
from superapp.kernel import outbox, time
from superapp.kernel.errors import NotAllowed
from superapp.kernel.models import Job
from tests import cast
from tests.payments import wallets
from tests.payments.money import cny, give
from tests.payments.wallets import bind, has, house, rich, run_gateway, top_up

pytestmark = pytest.mark.django_db


@pytest.fixture
def topped(alice):
    """Alice has topped up 50 yuan: one movement, booked."""
    rich(alice, 10_000)
    return top_up(alice, 5000, bind(alice))


def counts(run):
    return run.green, run.matched, run.ours_only, run.theirs_only, run.differing


def compared(days=2):
    return actions.reconcile(days=days)


def listed():
    return [(line.external_id, line.amount) for line in gateway().movements(0)]


def strange(amount=700, prefix="pi"):
    """Something the gateway moved that we never asked for."""
    source = objects.create(
        prefix, "payment_intent", amount=abs(amount), currency="cny", status="succeeded"
    )
    objects.moved(source, amount)
    return source["id"]


def withdraw_to_a_bank_that_sends_back(alice):
    """Asked for; paid and sent back when time goes on."""
    bank = bind(alice, wallets.BANK_RETURNS, kind="bank")
    said = {"amount": cny(300), "fee": cny(0), "password": wallets.PASSWORD}
    actions.withdraw(account=alice, card_id=bank.public_id, **said)
    run_gateway()


def after(**passed):
    return time_machine.travel(time.now() + timedelta(**passed))


def alter_movement(operation, amount):
    row = SandboxObject.objects.get(kind="balance_transaction", data__source=operation.external_id)
    row.data["amount"] = amount
    row.save()


def test_what_both_say_is_matched(topped):
    run = compared()
    assert counts(run) == (True, 1, 0, 0, 0)
    assert run.totals == [{"currency": "CNY", "ours": 5000, "theirs": 5000}]
    assert queries.gateway_standing() == ("green", run)


def test_everything_that_happens_at_the_gateway_matches(alice):
    rich(alice, 50_000)
    top_up(alice, 900, bind(alice, wallets.DISPUTED))
    top_up(alice, 700, bind(alice, wallets.DECLINED))
    withdraw_to_a_bank_that_sends_back(alice)
    for seconds in (60, 120):
        with after(seconds=seconds):
            run_gateway()
    assert has(alice) == 50_000
    assert counts(compared()) == (True, 3, 0, 0, 0)


@pytest.mark.parametrize(("amount", "name"), [(700, "suspense:in"), (-300, "suspense:out")])
def test_what_the_gateway_moved_for_nobody_waits_in_suspense_once(topped, amount, name):
    key = strange(amount, "pi" if amount > 0 else "txn")
    run = compared()
    assert counts(run) == (False, 1, 0, 1, 0)
    assert run.items[0]["external_id"] == key
    assert house(name) == amount
    assert Journal.objects.get(key=f"gw:{key}:suspense").kind == "gateway.suspense"
    before = Journal.objects.count()
    again = compared()
    assert counts(again) == (False, 1, 0, 1, 0), "it still waits"
    assert (Journal.objects.count(), house(name)) == (before, amount)
    assert queries.check_books(seals=0).is_green


def test_suspense_is_over_when_somebody_placed_the_money(topped, alice):
    strange(700)
    compared()
    legs = [Leg(ledger.system("suspense:in", "CNY"), ledger.user_available(alice, "CNY"), cny(700))]
    with transaction.atomic():
        ledger.post(key="placed", kind="adjustment", legs=legs)
    assert counts(compared()) == (True, 2, 0, 0, 0)


def test_a_charge_whose_answer_and_webhook_were_lost_is_settled(alice):
    rich(alice, 0 + 1)
    card = bind(alice, wallets.TIMEOUT)
    operation = actions.top_up(account=alice, card_id=card.public_id, amount=cny(5000))
    actions.ask_gateway(operation_id=operation.pk)
    Job.objects.all().delete()
    operation.refresh_from_db()
    assert (operation.status, operation.external_id) == ("unknown", None)
    assert counts(compared()) == (True, 1, 0, 0, 0)
    assert (has(alice), house("suspense:in")) == (5001, 0)


def test_a_payout_whose_return_nobody_told_comes_back(alice):
    rich(alice, 10_000)
    withdraw_to_a_bank_that_sends_back(alice)
    with after(seconds=60):
        run_gateway()
    with after(seconds=120):
        Job.objects.filter(kind="payments.sandbox_step", done_at=None).update(key="last")
        assert outbox.run_due(outbox.DELIVERIES, limit=1) == 1
        Job.objects.exclude(key="last").delete()
        assert has(alice) == 9_700
        assert counts(compared()) == (True, 1, 0, 0, 0)
    assert has(alice) == 10_000


def test_another_amount_is_red_at_once(topped):
    alter_movement(topped, 4999)
    run = compared()
    assert counts(run) == (False, 0, 0, 0, 1)
    item = run.items[0]
    assert (item["bucket"], item["ours"], item["theirs"]) == ("differs", 5000, 4999)
    assert house("suspense:in") == 0


def test_money_taken_twice_for_one_charge_is_red_at_once(topped):
    objects.moved({"id": topped.external_id, "currency": "cny"}, 5000)
    run = compared()
    assert (counts(run)[0], run.items[0]["theirs"]) == (False, 10_000)


def test_what_only_we_have_turns_red_after_an_hour(topped, settings):
    SandboxObject.objects.filter(kind="balance_transaction").delete()
    assert counts(compared()) == (True, 0, 1, 0, 0)
    with after(minutes=61):
        assert counts(compared()) == (False, 0, 1, 0, 0)


def test_a_posting_without_an_object_of_the_gateway_is_ours_alone(topped, bob):
    give(bob, 100, key="from:nowhere")
    run = compared()
    assert counts(run) == (True, 1, 1, 0, 0)
    with after(minutes=61):
        assert not compared().green


def test_what_is_older_than_the_window_is_not_missed(topped, settings):
    with after(days=9):
        assert counts(compared()) == (True, 0, 0, 0, 0)
        assert counts(compared(days=30)) == (True, 1, 0, 0, 0)


def test_an_old_payout_that_comes_back_matches_its_return_alone(alice):
    rich(alice, 10_000)
    withdraw_to_a_bank_that_sends_back(alice)
    with after(seconds=60):
        run_gateway()
    assert has(alice) == 9_700
    with after(days=5):
        run_gateway()
        run = compared()
        assert counts(run) == (True, 1, 0, 0, 0)
        assert run.totals == [{"currency": "CNY", "ours": 300, "theirs": 300}]


def test_the_gateway_lists_more_than_one_page(topped):
    for number in range(205):
        objects.moved({"id": f"pi_{number}", "currency": "cny"}, 1)
    found = [one.external_id for one in gateway().movements(0)]
    assert (len(found), len(set(found))) == (206, 206)


def test_the_job_compares_and_a_second_one_does_not_wait(topped):
    tasks.reconcile()
    tasks.reconcile()
    tasks.reconcile_days()
    actions.reconcile_days_soon()
    assert Job.objects.filter(kind="payments.reconcile", done_at=None).count() == 2
    run_gateway()
    assert list(ReconciliationRun.objects.values_list("matched", flat=True)) == [1, 1]


def test_a_silent_gateway_leaves_no_row_and_turns_stale(topped, monkeypatch):
    run = compared()

    def silent():
        raise Silent("away")

    monkeypatch.setattr("payments.actions.reconciling.gateway", silent)
    with after(minutes=31):
        tasks.reconcile()
        run_gateway()
        assert queries.gateway_standing() == ("stale", run)
    assert ReconciliationRun.objects.count() == 1


def test_without_a_gateway_there_is_nothing_to_compare(settings, topped):
    settings.GATEWAY_CLOSED = True
    actions.reconcile_soon()
    assert not Job.objects.filter(kind="payments.reconcile").exists()
    assert queries.gateway_standing() == ("off", None)


def test_the_command_compares_as_well(topped):
    out = StringIO()
    call_command("ledger_check", stdout=out)
    assert "1 matched, 0 ours only" in out.getvalue()
    alter_movement(topped, 4999)
    with pytest.raises(CommandError):
        call_command("ledger_check", stdout=out)
    assert f"differs {topped.external_id} CNY: ours 5000, theirs 4999" in out.getvalue()


def test_only_whoever_may_compares_by_hand(topped, alice):
    with pytest.raises(NotAllowed):
        actions.reconcile_now(staff=alice.person)
    assert not ReconciliationRun.objects.exists()


def test_old_green_comparisons_are_forgotten_and_red_ones_stay(topped, settings):
    compared()
    alter_movement(topped, 4999)
    red = compared()
    settings.LEDGER_RUNS_DAYS = 0
    actions.forget_old_comparisons()
    assert list(ReconciliationRun.objects.all()) == [red]


@pytest.fixture
def console():
    root = cast.make_person("Root").person
    root.is_staff = root.is_superuser = True
    root.save()
    client = Client()
    client.force_login(root)
    return client


def test_the_integrity_page_says_how_the_gateway_stands(console, topped):
    books = reverse("admin:payments_auditrun_changelist")
    own = reverse("admin:payments_reconciliationrun_changelist")
    assert "The books were never compared with the gateway" in text(console, books)
    answer = console.post(reverse("admin:payments_reconciliationrun_compare"))
    assert (answer.status_code, answer.url) == (302, own)
    for page in (books, own):
        assert "The gateway says what the books say" in text(console, page)
    alter_movement(topped, 4999)
    run = compared()
    assert "The gateway says something else than the books" in text(console, books)
    assert topped.external_id in text(console, own)
    row = reverse("admin:payments_reconciliationrun_change", args=[run.pk])
    assert topped.external_id in text(console, row)
    with after(minutes=31):
        assert "not compared with the gateway for too long" in text(console, books)


def test_a_longer_comparison_asks_no_more_questions(topped, alice, django_assert_num_queries):
    since = time.now() - timedelta(days=2)
    movements = listed()
    with django_assert_num_queries(QUERIES):
        compare(movements, since)
    top_up(alice, 300, Operation.objects.get(pk=topped.pk).card)
    top_up(alice, 400, Operation.objects.get(pk=topped.pk).card)
    movements = listed()
    with django_assert_num_queries(QUERIES):
        assert len(compare(movements, since).of("matched")) == 3


QUERIES = 4


def text(client, address):
    return client.get(address).content.decode()
