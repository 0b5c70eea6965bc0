"""Codes to be paid by, and codes to pay with."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from payments import actions, queries
from payments.errors import (
    AmountOutOfRange,
    CannotPayThem,
    CannotReceive,
    CodeNotFound,
    LimitReached,
    PasswordNeeded,
    PayCodeInvalid,
)
from payments.models import PayCodeUse, PayDevice, Transfer
from payments.templatetags.barcode import code128, values_of
from superapp.kernel import time
from superapp.kernel.errors import TooMany
from superapp.kernel.money import Money
from tests.payments.between import key, means, rich
from tests.payments.wallets import PASSWORD, has

pytestmark = pytest.mark.django_db


@pytest.fixture
def payer(alice):
    return rich(alice)


def browser(account):
    client = Client()
    client.force_login(account.person)
    client.get("/settings/")
    return client


def pay(payer, code, minor=1200, **more):
    more.setdefault("means", means())
    more.setdefault("client_id", key())
    return actions.pay_by_code(payer=payer, token=code.token, amount=Money(minor, "CNY"), **more)


def test_a_stranger_is_paid_by_their_code_at_once(payer, carol):
    code = actions.own_receive_code(owner=carol)
    assert actions.own_receive_code(owner=carol) == code
    paid = pay(payer, code)
    assert (paid.status, has(payer), has(carol)) == ("accepted", 98_800, 1200)
    assert queries.payments_to(code) == [paid]
    assert queries.received_by(code) == Money(1200, "CNY")
    assert queries.transfer_for(carol, paid.public_id) == paid


def test_a_second_press_pays_once(payer, carol):
    code = actions.own_receive_code(owner=carol)
    assert pay(payer, code, client_id="same") == pay(payer, code, client_id="same")
    assert (has(carol), Transfer.objects.count()) == (1200, 1)


def test_a_code_for_an_amount_takes_that_amount(payer, carol):
    code = actions.set_receive_amount(owner=carol, amount=Money(1000, "CNY"), note="tea")
    with pytest.raises(AmountOutOfRange):
        pay(payer, code, 999)
    assert pay(payer, code, 1000).note == "tea"
    actions.drop_receive_code(owner=carol, code_id=code.public_id)
    with pytest.raises(CodeNotFound):
        pay(payer, code, 1000)


def test_pictures_of_an_old_code_stop_working(payer, carol):
    old = actions.own_receive_code(owner=carol)
    new = actions.renew_receive_code(owner=carol)
    with pytest.raises(CodeNotFound):
        pay(payer, old)
    assert pay(payer, new).status == "accepted"
    for wrong in (old.public_id, new.public_id):  # the one without an amount is renewed instead
        with pytest.raises(CodeNotFound):
            actions.drop_receive_code(owner=carol, code_id=wrong)


def test_by_printed_codes_a_payer_pays_so_much_in_a_day(payer, bob, carol, settings):
    settings.RECEIVE_CODE_PER_DAY = 20
    pay(payer, actions.own_receive_code(owner=carol), 1500)
    with pytest.raises(LimitReached):
        pay(payer, actions.own_receive_code(owner=bob), 501)
    fixed = actions.set_receive_amount(owner=bob, amount=Money(501, "CNY"))
    pay(payer, fixed, 501)
    assert (has(carol), has(bob)) == (1500, 501)


def test_who_is_not_paid(payer, carol, settings):
    with pytest.raises(CannotPayThem):
        pay(payer, actions.own_receive_code(owner=payer))
    settings.RECEIVE_CAPS = [1, 1, 1, 1]
    with pytest.raises(CannotReceive):
        pay(payer, actions.own_receive_code(owner=carol))
    assert (has(payer), has(carol), Transfer.objects.count()) == (100_000, 0, 0)


def test_the_pages_of_a_code(payer, carol):
    page = browser(carol).get("/pay/receive/").content.decode()
    address = re.search(r"http://testserver(/pay/[\w-]{43}/)", page)[1]
    form = {
        "amount": "12",
        "currency": "CNY",
        "source": "balance",
        "password": PASSWORD,
        "client_id": key(),
    }
    assert "Carol" in browser(payer).get(address).content.decode()
    # The scanner leads there.
    scanned = browser(payer).post("/scan/", {"code": f"http://testserver{address}"})
    assert scanned.headers["Location"] == address
    assert browser(payer).post(address, form).status_code == 302
    assert "Alice" in browser(carol).get("/pay/receive/").content.decode()
    assert "your own code" in browser(carol).get(address).content.decode()
    answer = browser(carol).post("/pay/receive/", {"amount": "5", "currency": "CNY"})
    fixed = browser(carol).get(answer.headers["Location"]).content.decode()
    assert "5.00" in fixed
    assert browser(payer).get(answer.headers["Location"]).status_code == 404


# ---- the code one shows


def shown(client):
    page = client.get("/pay/code/").content.decode()
    return re.search(r"data-digits>([\d ]+)<", page)[1].replace(" ", "")


def later(**by):
    return time_machine.travel(time.now() + timedelta(**by))


def test_a_shown_code_names_its_person_once(payer):
    client = browser(payer)
    digits = shown(client)
    assert (len(digits), digits[:2]) == (18, "12")
    session = client.session.session_key
    assert actions.show_pay_code(account=payer, session_key=session).digits == digits
    assert actions.use_pay_code(digits=digits) == payer
    with pytest.raises(PayCodeInvalid):
        actions.use_pay_code(digits=digits)
    assert PayCodeUse.objects.count() == 1


def test_a_code_lives_a_minute(payer):
    moment = time.now().replace(second=0, microsecond=0)
    with time_machine.travel(moment, tick=False):
        digits = shown(browser(payer))
    with time_machine.travel(moment + timedelta(seconds=59), tick=False):
        assert actions.use_pay_code(digits=digits) == payer
    with time_machine.travel(moment + timedelta(minutes=5), tick=False):
        other = shown(browser(payer))
    with (
        time_machine.travel(moment + timedelta(minutes=6), tick=False),
        pytest.raises(PayCodeInvalid),
    ):
        actions.use_pay_code(digits=other)
    assert other[-6:] != digits[-6:]


def test_each_browser_has_its_own_and_signing_out_ends_it(payer):
    one, other = browser(payer), browser(payer)
    first, second = shown(one), shown(other)
    assert first[2:12] != second[2:12]
    one.post("/logout/") if one.get("/logout/").status_code == 200 else one.logout()
    with pytest.raises(PayCodeInvalid):
        actions.use_pay_code(digits=first)
    assert actions.use_pay_code(digits=second) == payer


def test_guesses_are_counted(payer):
    digits = shown(browser(payer))
    wrong = f"{digits[:-1]}{(int(digits[-1]) + 1) % 10}"
    for _try in range(5):
        with pytest.raises(PayCodeInvalid):
            actions.use_pay_code(digits=wrong)
    with pytest.raises(TooMany):
        actions.use_pay_code(digits=digits)


@pytest.mark.parametrize("digits", ["", "12", "1" * 18, "12" + "٣" * 16, "99" + "0" * 16])
def test_other_digits_are_no_code(payer, digits):
    with pytest.raises(PayCodeInvalid):
        actions.use_pay_code(digits=digits)


def test_without_the_password_so_much_and_so_often(payer, settings):
    settings.PAY_CODE_EACH, settings.PAY_CODE_PER_DAY = 10, 2
    with pytest.raises(PasswordNeeded):
        actions.pay_unasked(account=payer, amount=Money(1001, "CNY"))
    for _time in range(2):
        actions.pay_unasked(account=payer, amount=Money(1000, "CNY"))
    with pytest.raises(PasswordNeeded):
        actions.pay_unasked(account=payer, amount=Money(1, "CNY"))


def test_old_uses_and_signed_out_browsers_are_forgotten(payer):
    client = browser(payer)
    actions.use_pay_code(digits=shown(client))
    client.logout()
    with later(days=2):
        actions.forget_old_pay_codes()
    assert (PayCodeUse.objects.count(), PayDevice.objects.count()) == (0, 0)


def test_the_bars_are_code_128():
    """As another maker of bar codes draws them."""
    from reportlab.graphics.barcode.code128 import Code128

    digits = "123456789012345678"
    theirs = Code128(digits, stop=1)
    theirs.validate()
    theirs.encode()
    assert [int(value) for value in theirs.encoded[:-1]] == values_of(digits)
    theirs.decompose()
    widths = [int(width) for width in re.findall(r"h(\d+)v", code128(digits).path)]
    assert widths == [ord(sign) - ord("A") + 1 for sign in theirs.decomposed if sign.isupper()]
