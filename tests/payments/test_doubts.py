"""Somebody doubts a bill: staff look at it, and the answer stands on the bill."""

import pytest

from payments import actions
from payments.actions.billing import bill
from payments.errors import BillNotFound, DoubtEmpty, DoubtOpen
from payments.models import Bill, BillDoubt
from payments.states import DOUBT_MOVES, BillKind, DoubtStatus
from superapp.kernel.errors import NotAllowed
from superapp.kernel.transitions import IllegalTransition
from tests import cast
from tests.payments.money import cny

pytestmark = pytest.mark.django_db


@pytest.fixture
def receipt(alice, bob):
    bill(account=alice, kind=BillKind.TRANSFER, ref="tr_1", amount=cny(-5000), counterparty=bob)
    return Bill.objects.get(account=alice)


@pytest.fixture
def officer(db):
    account = cast.make_person("Dora")
    account.person.is_staff = account.person.is_superuser = True
    account.person.save()
    return account.person


def ask(alice, receipt, text="I never sent this"):
    return actions.doubt_bill(account=alice, bill_id=receipt.public_id, text=text)


def test_one_question_at_a_time(alice, receipt, officer):
    doubt = ask(alice, receipt)
    with pytest.raises(DoubtOpen):
        ask(alice, receipt, "again")
    actions.answer_doubt(doubt=doubt, staff=officer, answer="Bob's rent, by your phone")
    assert (doubt.status, doubt.answered_by) == ("answered", officer)
    assert ask(alice, receipt, "no, really").status == "open"
    assert BillDoubt.objects.count() == 2


def test_only_of_ones_own_bills_and_with_words(alice, bob, receipt):
    with pytest.raises(BillNotFound):
        ask(bob, receipt)
    for text in ("", "  ", "\0"):
        with pytest.raises(DoubtEmpty):
            ask(alice, receipt, text)
    assert not BillDoubt.objects.exists()


def test_only_staff_answer_and_only_once(alice, bob, receipt, officer):
    doubt = ask(alice, receipt)
    with pytest.raises(NotAllowed):
        actions.answer_doubt(doubt=doubt, staff=bob.person, answer="mine")
    with pytest.raises(DoubtEmpty):
        actions.answer_doubt(doubt=doubt, staff=officer, answer="  ")
    assert BillDoubt.objects.get().status == "open"
    actions.answer_doubt(doubt=doubt, staff=officer, answer="It was you")
    with pytest.raises(IllegalTransition):
        actions.answer_doubt(doubt=doubt, staff=officer, answer="Or not")
    assert BillDoubt.objects.get().answer == "It was you"
    assert set(DOUBT_MOVES) == set(DoubtStatus)


def test_the_bill_asks_and_shows_the_answer(alice, bob, receipt, officer, client):
    client.force_login(alice.person)
    address = f"/wallet/bills/{receipt.public_id}/"
    assert "Something is not right?" in client.get(address).content.decode()
    page = client.post(address, {"text": "I never sent this"}, follow=True).content.decode()
    assert "I never sent this" in page
    assert "Something is not right?" not in page
    refused = client.post(address, {"text": "again"}).content.decode()
    assert BillDoubt.objects.count() == 1
    assert "You told us about this bill already" in refused or "Being looked at" in refused
    actions.answer_doubt(doubt=BillDoubt.objects.get(), staff=officer, answer="It was your phone")
    assert "It was your phone" in client.get(address).content.decode()
    client.force_login(bob.person)
    assert client.post(address, {"text": "mine?"}).status_code == 404
    client.force_login(officer)
    assert "dbt_" in client.get("/admin/payments/billdoubt/").content.decode()
