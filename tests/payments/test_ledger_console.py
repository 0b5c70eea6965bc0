"""The books in the platform console: how they stand, who sees what, and buttons instead of fields."""

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.actions import grant_role
from accounts.models import Person
from payments import actions
from payments.models import Adjustment, AuditRun, Journal, LedgerAccount
from tests import cast
from tests.payments.money import give, has, pay

pytestmark = pytest.mark.django_db
LISTS = [
    *("payments_ledgeraccount", "payments_journal", "payments_auditrun", "payments_adjustment"),
]


@pytest.fixture
def root(db):
    return Person.objects.create_superuser(email="root@example.com", password="correct horse")


@pytest.fixture
def enter(root):
    """A browser of somebody with this role."""

    def client(role, name="Fay"):
        person = cast.make_person(name).person
        grant_role(person=person, role=role, staff=root)
        browser = Client()
        browser.force_login(person)
        return browser

    return client


@pytest.fixture
def books(alice, bob):
    give(alice, 1000)
    pay("gift:1", alice, bob, 300)


def page(model, action="changelist", *args):
    return reverse(f"admin:{model}_{action}", args=args)


def text_of(client, address):
    return client.get(address).content.decode()


@pytest.mark.parametrize(
    ("role", "code"), [("finance", 200), ("auditor", 200), ("support", 403), ("safety", 403)]
)
def test_who_sees_the_books(enter, books, role, code):
    client = enter(role)
    assert [client.get(page(model)).status_code for model in LISTS] == [code] * 4


@pytest.mark.parametrize("model", LISTS)
def test_nothing_is_edited(enter, root, books, model):
    actions.check_and_keep()
    client = Client()
    client.force_login(root)
    assert client.get(page(model, "add")).status_code == 403
    assert client.get(page(model, "delete", 1)).status_code == 403
    for row in (LedgerAccount.objects.first(), Journal.objects.first(), AuditRun.objects.first()):
        name = f"payments_{row._meta.model_name}"
        assert client.get(page(name, "change", row.pk)).status_code == 200
        assert client.post(page(name, "change", row.pk), {"balance": "9"}).status_code == 403


def test_the_page_is_red_until_somebody_checked(enter, books):
    client, address = enter("auditor"), page("payments_auditrun")
    assert "The books were never checked" in text_of(client, address)
    answer = client.post(page("payments_auditrun", "check"))
    assert answer.status_code == 302
    text = text_of(client, address)
    assert "The books are right" in text
    assert "¥10.00" in text
    assert "All accounts of a currency together are zero" in text


def test_the_page_turns_red_when_the_books_are_wrong(enter, books):
    client, address = enter("auditor"), page("payments_auditrun")
    actions.check_and_keep()
    assert "The books are right" in text_of(client, address)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE ledger_account SET balance = balance + 1 WHERE balance = 300")
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")
    actions.check_and_keep()
    text = text_of(client, address)
    assert "The books are not right" in text
    assert "The books are right" not in text
    assert "¥0.01" in text


def test_the_page_turns_red_when_nobody_checks(enter, books, settings):
    actions.check_and_keep()
    settings.LEDGER_CHECK_STALE_SECONDS = 0
    text = text_of(enter("auditor"), page("payments_auditrun"))
    assert "The books were not checked for too long" in text
    assert "The books are right" not in text


def test_looking_does_not_check(enter, books):
    enter("auditor").get(page("payments_auditrun", "check"))
    assert not AuditRun.objects.exists()


def test_who_may_not_check_is_told_so(enter, books):
    assert enter("support").post(page("payments_auditrun", "check")).status_code == 302
    assert not AuditRun.objects.exists()


def test_a_journal_shows_its_postings_and_an_account_its_entries(enter, books, alice):
    client = enter("auditor")
    journal = Journal.objects.get(key="gift:1")
    text = text_of(client, page("payments_journal", "change", journal.pk))
    assert f"user:{alice.pk}:available" in text
    assert "¥3.00" in text
    account = LedgerAccount.objects.get(owner=alice)
    text = text_of(client, page("payments_ledgeraccount", "change", account.pk))
    assert "−CN¥3.00" in text
    assert "¥7.00" in text


@pytest.mark.parametrize(
    ("model", "count"), [("payments_ledgeraccount", 8), ("payments_journal", 7)]
)
def test_a_longer_list_asks_no_more_questions(
    enter, books, alice, bob, carol, django_assert_num_queries, model, count
):
    client = enter("auditor")
    client.get(page(model))
    with django_assert_num_queries(count):
        client.get(page(model))
    pay("gift:2", alice, carol, 1)
    pay("gift:3", bob, carol, 1)
    with django_assert_num_queries(count):
        client.get(page(model))


def test_two_people_adjust_by_buttons(enter, books, alice):
    fay, gil = enter("finance"), enter("finance", "Gil")
    account = LedgerAccount.objects.get(owner=alice)
    address = page("payments_ledgeraccount", "propose", account.pk)
    said = {"direction": "take", "amount": "2.50", "house": "promo", "reason": "booked twice"}
    assert "Account of the house" in text_of(fay, address)
    assert fay.post(address, {**said, "amount": "0"}).status_code == 200
    assert fay.post(address, {**said, "amount": "1.005"}).status_code == 200
    assert fay.post(address, {**said, "reason": ""}).status_code == 200
    assert not Adjustment.objects.exists()
    assert fay.post(address, said).status_code == 302
    adjustment = Adjustment.objects.get()
    address = page("payments_adjustment", "approve", adjustment.pk)
    answer = fay.post(address, {"said": "fine"})
    assert "Somebody else has to approve what you proposed." in answer.content.decode()
    assert has(alice) == 700
    assert gil.post(address, {"said": "fine"}).status_code == 302
    assert has(alice) == 450


def test_accounts_of_the_house_are_not_adjusted(enter, books):
    client = enter("finance")
    account = LedgerAccount.objects.get(code="gateway:clearing")
    said = {"direction": "give", "amount": "2", "house": "promo", "reason": "x"}
    answer = client.post(page("payments_ledgeraccount", "propose", account.pk), said)
    assert answer.status_code == 200
    assert not Adjustment.objects.exists()


def test_the_buttons_follow_the_role(enter, books, alice):
    account = LedgerAccount.objects.get(owner=alice)
    client = enter("auditor")
    address = page("payments_ledgeraccount", "propose", account.pk)
    assert client.post(address, {"amount": "1"}).status_code == 403
    assert "Propose an adjustment" not in text_of(
        client, page("payments_ledgeraccount", "change", account.pk)
    )
