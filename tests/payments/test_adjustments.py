"""Money by hand: one proposes, another approves, everything leaves a trace."""

import pytest
from auditlog.models import LogEntry
from django.db import IntegrityError, transaction

from accounts.actions import grant_role
from accounts.models import Person
from payments import actions, ledger, queries
from payments.errors import BadPosting, InsufficientFunds, OwnProposal
from payments.models import Adjustment, Journal, LedgerAccount
from superapp.kernel.errors import Conflict, Invalid, NotAllowed
from superapp.kernel.money import CurrencyMismatch, Money
from tests import cast
from tests.payments.money import cny, give, has

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(db):
    """Two people of finance, and one of support."""
    root = Person.objects.create_superuser(email="root@example.com", password="correct horse")
    people = [cast.make_person(name).person for name in ("Fay", "Gil", "Sue")]
    for person, role in zip(people, ("finance", "finance", "support"), strict=True):
        grant_role(person=person, role=role, staff=root)
    return [Person.objects.get(pk=person.pk) for person in people]


@pytest.fixture
def account(alice):
    give(alice, 1000)
    return LedgerAccount.objects.get(owner=alice)


def propose(staff, account, minor=500, house="promo", reason="a goodwill gift"):
    return actions.propose_adjustment(
        staff=staff, account=account, house=house, amount=cny(minor), reason=reason
    )


def test_a_second_person_moves_the_money(staff, account, alice):
    fay, gil, _sue = staff
    adjustment = propose(fay, account)
    assert (has(alice), adjustment.status) == (1000, "proposed")
    actions.approve_adjustment(staff=gil, adjustment=adjustment, reason="seen the case")
    assert has(alice) == 1500
    assert ledger.balance(ledger.system("promo", "CNY")) == cny(-500)
    adjustment = Adjustment.objects.get()
    assert (adjustment.status, adjustment.decided_by) == ("approved", gil)
    assert adjustment.journal.actor == gil.account
    reasons = LogEntry.objects.filter(content_type__model="adjustment").order_by("pk")
    assert [(e.actor, e.additional_data["reason"]) for e in reasons] == [
        (fay, "a goodwill gift"),
        (gil, "seen the case"),
    ]
    assert queries.check_books().is_green


def test_money_is_taken_too(staff, account, alice):
    fay, gil, _sue = staff
    adjustment = propose(fay, account, -300, house="loss:chargeback")
    actions.approve_adjustment(staff=gil, adjustment=adjustment, reason="agreed")
    assert has(alice) == 700
    assert ledger.balance(ledger.system("loss:chargeback", "CNY")) == cny(300)


def test_nobody_approves_or_rejects_their_own(staff, account, alice):
    fay, _gil, _sue = staff
    adjustment = propose(fay, account)
    for decide in (actions.approve_adjustment, actions.reject_adjustment):
        with pytest.raises(OwnProposal):
            decide(staff=fay, adjustment=adjustment, reason="it is fine")
    assert Adjustment.objects.get().status == "proposed"
    assert has(alice) == 1000
    with pytest.raises(IntegrityError), transaction.atomic():
        Adjustment.objects.update(decided_by=fay)


def test_only_those_who_may_propose_and_decide(staff, account, alice):
    fay, _gil, sue = staff
    for person in (sue, alice.person):
        with pytest.raises(NotAllowed):
            propose(person, account)
    assert not Adjustment.objects.exists()
    adjustment = propose(fay, account)
    for person in (sue, alice.person):
        with pytest.raises(NotAllowed):
            actions.approve_adjustment(staff=person, adjustment=adjustment, reason="x")
        with pytest.raises(NotAllowed):
            actions.reject_adjustment(staff=person, adjustment=adjustment, reason="x")
    assert (has(alice), Adjustment.objects.get().status) == (1000, "proposed")


def test_it_is_decided_once(staff, account, alice):
    fay, gil, _sue = staff
    adjustment = propose(fay, account)
    stale = Adjustment.objects.get()
    actions.approve_adjustment(staff=gil, adjustment=adjustment, reason="yes")
    for decide in (actions.approve_adjustment, actions.reject_adjustment):
        for row in (adjustment, stale):
            with pytest.raises(Conflict):
                decide(staff=gil, adjustment=row, reason="again")
    assert has(alice) == 1500
    assert Journal.objects.filter(kind="adjustment").count() == 1


def test_a_rejected_one_moves_nothing(staff, account, alice):
    fay, gil, _sue = staff
    adjustment = propose(fay, account)
    actions.reject_adjustment(staff=gil, adjustment=adjustment, reason="no case")
    assert (Adjustment.objects.get().decision, has(alice)) == ("no case", 1000)
    with pytest.raises(Conflict):
        actions.approve_adjustment(staff=gil, adjustment=adjustment, reason="after all")
    assert not Journal.objects.filter(kind="adjustment").exists()


def test_what_is_not_there_is_not_taken_and_stays_undecided(staff, account, alice):
    fay, gil, _sue = staff
    adjustment = propose(fay, account, -1001)
    with pytest.raises(InsufficientFunds):
        actions.approve_adjustment(staff=gil, adjustment=adjustment, reason="yes")
    assert (Adjustment.objects.get().status, has(alice)) == ("proposed", 1000)


def test_a_reason_is_asked_for_twice(staff, account):
    fay, gil, _sue = staff
    with pytest.raises(Invalid):
        propose(fay, account, reason=" ")
    assert not Adjustment.objects.exists()
    adjustment = propose(fay, account)
    with pytest.raises(Invalid):
        actions.approve_adjustment(staff=gil, adjustment=adjustment, reason=" ")
    assert Adjustment.objects.get().status == "proposed"


def test_only_accounts_for_that_and_only_what_people_may_spend(staff, account):
    fay = staff[0]
    with pytest.raises(BadPosting):
        propose(fay, account, house="gateway:clearing")
    with pytest.raises(BadPosting):
        propose(fay, LedgerAccount.objects.get(code="gateway:clearing"))
    with pytest.raises(BadPosting):
        propose(fay, account, 0)
    with pytest.raises(CurrencyMismatch):
        actions.propose_adjustment(
            staff=fay, account=account, house="promo", amount=Money(5, "JPY"), reason="x"
        )
    assert not Adjustment.objects.exists()
