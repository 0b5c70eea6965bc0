"""Risk rules: what is let through, asked about, delayed or refused, and what staff do about it."""

from datetime import timedelta

import pytest
import time_machine
from allauth.usersessions.models import UserSession

from payments import actions, queries
from payments.actions import Means, Payment
from payments.errors import JustCameIn, PaidTooOften, PasswordNeeded, WalletFrozen
from payments.models import Bill, LedgerAccount, RiskCase, Transfer, WalletFreeze
from payments.states import RISK_MOVES, RiskStatus
from superapp.kernel import time
from superapp.kernel.errors import NotAllowed
from superapp.kernel.money import Money
from superapp.kernel.transitions import IllegalTransition
from tests import cast
from tests.chat.conftest import room
from tests.payments import wallets
from tests.payments.between import means, send
from tests.payments.money import cny, pay
from tests.payments.wallets import PASSWORD, bind, has, rich, run_gateway

__all__ = ["room"]
pytestmark = pytest.mark.django_db
DAY = 24 * 3600
LARGE = 500_000  # ¥5,000


@pytest.fixture
def payer(alice, settings):
    settings.PAY_PER_DAY = settings.TRANSFER_MAX = 100_000
    return rich(alice, 3_000_000)


@pytest.fixture
def officer(dora):
    dora.person.is_staff = dora.person.is_superuser = True
    dora.person.save()
    return dora.person


@pytest.fixture
def dora(db):
    return cast.make_person("Dora")


def later(seconds):
    return time_machine.travel(time.now() + timedelta(seconds=seconds))


def the_case():
    return RiskCase.objects.get()


# ---- somebody new, and much


def test_much_for_somebody_new_arrives_a_day_later(payer, bob, room):
    transfer = send(payer, room, LARGE)
    assert (transfer.status, transfer.delay) == ("pending", DAY)
    case = the_case()
    assert (case.rule, case.outcome, case.status) == ("new_payee", "delayed", "open")
    assert (case.account, case.ref, case.payee) == (payer, transfer.public_id, bob.public_id)
    actions.accept_transfer(receiver=bob, transfer_id=transfer.public_id)
    transfer.refresh_from_db()
    assert (transfer.status, has(bob)) == ("delayed", 0)
    with later(DAY + 1):
        rich(bob, 1)
        run_gateway()
        assert has(bob) == LARGE + 1
    assert queries.check_books().is_green


def test_little_or_known_is_let_through(payer, bob, room):
    first = send(payer, room, LARGE - 1)
    assert first.delay == 0
    rich(bob, 1)
    actions.accept_transfer(receiver=bob, transfer_id=first.public_id)
    assert send(payer, room, LARGE).delay == 0
    assert not RiskCase.objects.exists()


def test_who_only_got_an_offer_is_not_known(payer, bob, room):
    first = send(payer, room, 100)
    actions.return_transfer(receiver=bob, transfer_id=first.public_id)
    assert send(payer, room, LARGE).delay == DAY


def test_a_repeat_gives_the_same_delayed_transfer(payer, room):
    given = {
        "sender": payer,
        "conversation_id": room.public_id,
        "amount": cny(LARGE),
        "client_id": "once",
    }
    first = actions.send_transfer(**given, means=means())
    assert actions.send_transfer(**given, means=means()).pk == first.pk
    assert (first.delay, Transfer.objects.count(), the_case().count) == (DAY, 1, 1)


def test_more_of_the_same_is_one_case(payer, room):
    send(payer, room, LARGE)
    send(payer, room, LARGE + 5)
    case = the_case()
    assert (case.count, case.amount) == (2, LARGE + 5)


# ---- a browser that just signed in


@pytest.fixture
def browser(payer, settings):
    settings.RISK_NEW_SESSION_SECONDS = DAY
    return UserSession.objects.create(user=payer.person, session_key="s" * 32, ip="127.0.0.1")


def by(browser, password=PASSWORD):
    return Means(source="balance", password=password, session=browser.session_key)


def test_a_new_browser_is_asked_for_the_password(payer, room, browser):
    with pytest.raises(PasswordNeeded):
        send(payer, room, 100, means=by(browser, ""))
    assert not Transfer.objects.exists()
    assert send(payer, room, 100, means=by(browser)).status == "pending"
    with later(DAY + 60):
        assert send(payer, room, 100, means=by(browser, "")).status == "pending"


def test_one_that_nobody_knows_is_new(payer, room, browser):
    stranger = Means(source="balance", session="unknown")
    with pytest.raises(PasswordNeeded):
        send(payer, room, 100, means=stranger)


def test_much_from_a_new_browser_arrives_later(payer, bob, room, browser):
    first = send(payer, room, 100, means=by(browser))
    rich(bob, 1)
    actions.accept_transfer(receiver=bob, transfer_id=first.public_id)
    assert send(payer, room, LARGE, means=by(browser)).delay == DAY
    assert the_case().rule == "new_session"


# ---- very often


def paid_often(payer, count):
    moment = time.now()
    Bill.objects.bulk_create(
        Bill(
            account=payer,
            kind="transfer",
            ref=f"b{number}",
            amount=-1,
            currency="CNY",
            search="",
            at=moment,
        )
        for number in range(count)
    )


def test_very_often_is_refused(payer, room, settings):
    settings.RISK_PAYMENTS_PER_HOUR = 10
    paid_often(payer, 4)
    assert send(payer, room, 100, means=Means(source="balance")).status == "pending"
    with pytest.raises(PasswordNeeded):  # half of it
        send(payer, room, 100, means=Means(source="balance"))
    assert send(payer, room, 100).status == "pending"
    paid_often_before = Transfer.objects.count()
    for number in range(4):
        send(payer, room, 101 + number)
    with pytest.raises(PaidTooOften):
        send(payer, room, 100)
    case = the_case()
    assert (case.rule, case.outcome) == ("velocity", "refused")
    assert Transfer.objects.count() == paid_often_before + 4
    with later(3700):
        assert send(payer, room, 100).status == "pending"


# ---- came in from many, goes out at once


@pytest.fixture
def mule(payer):
    """Five people paid her ¥500 each within the day."""
    for number in range(5):
        friend = cast.make_person(f"F{number}")
        rich(friend, 60_000)
        pay(f"in:{number}", friend, payer, 50_000)
        Bill.objects.create(
            account=payer,
            kind="transfer",
            ref=f"in{number}",
            amount=50_000,
            currency="CNY",
            search="",
            counterparty=friend,
            at=time.now(),
        )
    return payer


def take_out(account, bank, minor):
    fee = queries.withdrawal_fee_for(account, cny(minor))
    return actions.withdraw(
        account=account,
        card_id=bank.public_id,
        amount=cny(minor),
        fee=fee,
        password=PASSWORD,
    )


def test_what_just_came_from_many_does_not_leave(mule):
    bank = bind(mule, wallets.BANK, kind="bank")
    before = has(mule)
    with pytest.raises(JustCameIn):
        take_out(mule, bank, 125_000)
    assert has(mule) == before
    case = the_case()
    assert (case.rule, case.outcome, case.purpose) == ("mule", "refused", "withdrawal")
    assert take_out(mule, bank, 124_999).amount == 124_999


def test_a_day_later_it_may(mule):
    bank = bind(mule, wallets.BANK, kind="bank")
    with later(DAY + 60):
        assert take_out(mule, bank, 125_000).amount == 125_000
    assert not RiskCase.objects.exists()


def test_for_friends_it_arrives_later(mule, room):
    assert send(mule, room, 125_000).delay == DAY
    assert the_case().outcome == "delayed"


def test_four_people_are_dinner(mule):
    Bill.objects.filter(ref="in0").delete()
    bank = bind(mule, wallets.BANK, kind="bank")
    assert take_out(mule, bank, 125_000).amount == 125_000


def test_other_currencies_are_other_money(mule):
    payment = Payment(purpose="withdrawal", amount=Money(125_000, "USD"))
    assert actions.assess(payer=mule, payment=payment).delay == 0


# ---- what staff do


def test_what_was_found_right_is_let_through(payer, room, officer):
    send(payer, room, LARGE)
    actions.clear_case(case=the_case(), staff=officer, reason="her landlord")
    case = the_case()
    assert (case.status, case.decided_by, case.reason) == ("cleared", officer, "her landlord")
    assert send(payer, room, LARGE).delay == 0
    with later(31 * DAY):
        assert send(payer, room, LARGE).delay == DAY
    assert RiskCase.objects.count() == 2


def test_one_person_found_right_says_nothing_of_others(payer, room, officer, bob):
    send(payer, room, LARGE)
    actions.clear_case(case=the_case(), staff=officer, reason="fine")
    rich(bob, 1_000_000)
    assert send(bob, room, LARGE).delay == DAY


@pytest.mark.parametrize("verb", ["clear_case", "confirm_case"])
def test_only_staff_decide_and_only_once(payer, room, officer, bob, verb):
    send(payer, room, LARGE)
    with pytest.raises(NotAllowed):
        getattr(actions, verb)(case=the_case(), staff=bob.person, reason="please")
    assert the_case().status == "open"
    getattr(actions, verb)(case=the_case(), staff=officer, reason="seen")
    for again in (actions.clear_case, actions.confirm_case):
        with pytest.raises(IllegalTransition):
            again(case=the_case(), staff=officer, reason="again")


def test_every_status_has_its_moves():
    assert set(RISK_MOVES) == set(RiskStatus)
    assert [status for status in RiskStatus if RISK_MOVES[status]] == [RiskStatus.OPEN]


def test_a_frozen_wallet_gets_and_does_not_give(payer, bob, room, officer):
    bank = bind(payer, wallets.BANK, kind="bank")
    before = has(payer)
    with pytest.raises(NotAllowed):
        actions.freeze_wallet(account=payer, staff=bob.person, reason="envy")
    assert send(payer, room, 100).status == "pending"
    actions.freeze_wallet(account=payer, staff=officer, reason="stolen phone")
    actions.freeze_wallet(account=payer, staff=officer, reason="stolen phone")
    with pytest.raises(WalletFrozen):
        send(payer, room, 100)
    with pytest.raises(WalletFrozen):
        take_out(payer, bank, 100)
    assert (has(payer), Transfer.objects.count()) == (before - 100, 1)
    rich(bob, 1_000)
    back = send(bob, room, 300)
    actions.accept_transfer(receiver=payer, transfer_id=back.public_id)
    assert has(payer) == before + 200
    actions.unfreeze_wallet(account=payer, staff=officer, reason="found again")
    assert send(payer, room, 100).status == "pending"
    rows = WalletFreeze.objects.order_by("pk").values_list("is_frozen", "reason")
    assert list(rows) == [(True, "stolen phone"), (False, "found again")]
    assert queries.check_books().is_green


def test_a_debt_that_is_paid_does_not_thaw_it(payer, officer):
    """Both keep money inside; each ends for itself."""
    actions.freeze_wallet(account=payer, staff=officer, reason="seen before")
    actions.recovering.refreeze(account=payer, currency="CNY")
    row = LedgerAccount.objects.get(owner=payer, kind="available", currency="CNY")
    assert row.status == "frozen_out"
    actions.unfreeze_wallet(account=payer, staff=officer, reason="fine")
    row.refresh_from_db()
    assert row.status == "open"


# ---- doors


def test_the_payer_reads_why(payer, bob, room, client, officer):
    client.force_login(payer.person)
    form = {
        "amount": "5000",
        "currency": "CNY",
        "delay": "0",
        "source": "balance",
        "password": PASSWORD,
        "client_id": "page1",
    }
    page = client.post(f"/pay/chats/{room.public_id}/transfer/", form, follow=True)
    assert "For your safety this arrives a day after" in page.content.decode()
    actions.freeze_wallet(account=payer, staff=officer, reason="x")
    assert "Your wallet is being checked" in client.get("/wallet/").content.decode()
    form["client_id"] = "page2"
    page = client.post(f"/pay/chats/{room.public_id}/transfer/", form)
    assert "Your wallet is being checked" in page.content.decode()
    assert Transfer.objects.count() == 1


def test_the_queue_in_the_console(payer, room, client, officer):
    send(payer, room, LARGE)
    client.force_login(officer)
    case = the_case()
    listed = client.get("/admin/payments/riskcase/").content.decode()
    assert case.public_id in listed
    page = client.get(f"/admin/payments/riskcase/{case.pk}/change/").content.decode()
    assert "Nothing wrong" in page
