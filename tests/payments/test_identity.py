"""Levels: by papers, by a bound card, by staff."""

import pytest

from payments import actions
from payments.errors import (
    AlreadyVerified,
    BadDocument,
    BadName,
    CheckPending,
    MoreProofNeeded,
)
from payments.models import KYCCase, Wallet
from superapp.kernel.errors import Conflict
from tests.payments.wallets import bind, run_gateway

pytestmark = pytest.mark.django_db


def ask(account, level=1, name="Alice Liddell", document="P1234567"):
    case = actions.ask_level(account=account, level=level, legal_name=name, document=document)
    run_gateway()
    case.refresh_from_db()
    return case


def level(account):
    return Wallet.objects.get(account=account).level


def test_papers_give_the_first_level_and_a_card_the_second(alice):
    assert ask(alice).status == "approved"
    assert level(alice) == 1
    with pytest.raises(MoreProofNeeded):
        ask(alice, 2)
    bind(alice, holder="alice  LIDDELL")
    assert ask(alice, 2).status == "approved"
    wallet = Wallet.objects.get(account=alice)
    assert (wallet.level, wallet.legal_name) == (2, "Alice Liddell")


def test_the_number_of_the_document_is_not_kept(alice):
    case = ask(alice)
    assert "1234567" not in f"{vars(case)} {vars(Wallet.objects.get())}".replace(
        case.document_last4, ""
    )


def test_unknown_papers(alice):
    assert ask(alice, document="AB120000").status == "rejected"
    assert level(alice) == 0
    assert ask(alice).status == "approved"


def test_staff_decide_the_third_level_once(alice, carol):
    ask(alice)
    bind(alice, holder="Alice Liddell")
    ask(alice, 2)
    case = ask(alice, 3)
    assert case.status == "pending"
    with pytest.raises(CheckPending):
        ask(alice, 3)
    actions.approve_case(case=case, staff=carol.person, reason="seen at the counter")
    assert (level(alice), case.checks[-1]) == (3, "staff")
    with pytest.raises(Conflict):
        actions.reject_case(case=case, staff=carol.person, reason="changed my mind")
    with pytest.raises(AlreadyVerified):
        ask(alice, 3)


def test_staff_may_say_no(alice, carol):
    case = ask(alice, document="AB129999")
    assert case.status == "pending"
    actions.reject_case(case=case, staff=carol.person, reason="blurred")
    assert (level(alice), KYCCase.objects.get().reason) == (0, "blurred")


@pytest.mark.parametrize(
    ("name", "document", "why"),
    [
        ("A", "P1234567", BadName),
        ("4lice", "P1234567", BadName),
        ("", "P1234567", BadName),
        ("Alice", "P12", BadDocument),
        ("Alice", "P1234567!", BadDocument),
    ],
)
def test_what_is_no_name_and_no_number(alice, name, document, why):
    with pytest.raises(why):
        ask(alice, name=name, document=document)
    assert not KYCCase.objects.exists()


@pytest.mark.parametrize("name", ["王小明", "Ana María O'Neil", "محمد علي", "Li"])
def test_names_of_the_world(alice, name):
    assert ask(alice, name=name).status == "approved"
