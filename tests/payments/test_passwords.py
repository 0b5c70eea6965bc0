"""Six digits: counted before they are compared, locked after five, good for one payment."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from django.db import connection, transaction

from payments import actions
from payments.actions.authorising import use_auth
from payments.actions.payment import Payment
from payments.errors import (
    AuthInvalid,
    BadPassword,
    NoPassword,
    PasswordAlreadySet,
    PasswordLocked,
    ProofsDiffer,
    WrongPassword,
)
from payments.models import PayAuth, Wallet
from superapp.kernel import time
from superapp.kernel.errors import Refusal, TooMany
from superapp.kernel.money import Money
from tests.payments.wallets import DOCUMENT, PASSWORD, bind, rich, verify

pytestmark = pytest.mark.django_db
DEAL = Payment(purpose="transfer", payee="acc_bob", amount=Money(50_000, "CNY"))


def authorise(account, password=PASSWORD, payment=DEAL, session="s1"):
    return actions.authorise(account=account, password=password, payment=payment, session=session)


@pytest.fixture
def payer(alice):
    return rich(alice)


@pytest.mark.parametrize(
    "bad", ["12345", "1234567", "111111", "123456", "654321", "abcdef", "１３５７９０"]
)
def test_weak_passwords(alice, bad):
    with pytest.raises(BadPassword):
        actions.set_password(account=alice, password=bad)
    assert not Wallet.objects.exclude(password_hash="").exists()


def test_it_is_kept_as_argon2id_and_set_once(payer):
    kept = Wallet.objects.get().password_hash
    assert kept.startswith("$argon2id$")
    assert PASSWORD not in kept
    with pytest.raises(PasswordAlreadySet):
        actions.set_password(account=payer, password="246801")
    assert Wallet.objects.get().password_hash == kept


def test_five_wrong_ones_lock_it_for_three_hours(payer):
    left = []
    for _try in range(4):
        with pytest.raises(WrongPassword) as refusal:
            authorise(payer, "000001")
        left.append(refusal.value.details["left"])
    assert left == [4, 3, 2, 1]
    for password in ("000001", PASSWORD):
        with pytest.raises(PasswordLocked):
            authorise(payer, password)
    with time_machine.travel(time.now() + timedelta(hours=3, seconds=1)):
        assert authorise(payer)
    assert Wallet.objects.get().tries == 0


def test_a_right_one_forgives_those_before(payer):
    for _round in range(3):
        for _try in range(4):
            with pytest.raises(WrongPassword):
                authorise(payer, "000001")
        authorise(payer)


@pytest.mark.parametrize(
    "other",
    [
        {"payment": Payment(purpose="withdrawal", payee="acc_bob", amount=DEAL.amount)},
        {"payment": Payment(purpose="transfer", payee="acc_carol", amount=DEAL.amount)},
        {"payment": Payment(purpose="transfer", payee="acc_bob", amount=Money(50_001, "CNY"))},
        {"payment": Payment(purpose="transfer", payee="acc_bob", amount=Money(50_000, "JPY"))},
        {"session": "s2"},
        {"auth": "stolen"},
    ],
)
def test_a_token_opens_only_what_it_was_made_for(payer, other):
    auth = authorise(payer)
    use = {"account": payer, "auth": auth, "payment": DEAL, "session": "s1"}
    with pytest.raises(AuthInvalid):
        use_auth(**(use | other))
    use_auth(**use)
    with pytest.raises(AuthInvalid):
        use_auth(**use)


def test_a_token_is_its_owners_and_lives_two_minutes(payer, carol):
    auth = authorise(payer)
    rich(carol)
    with pytest.raises(AuthInvalid):
        use_auth(account=carol, auth=auth, payment=DEAL, session="s1")
    with time_machine.travel(time.now() + timedelta(seconds=121)), pytest.raises(AuthInvalid):
        use_auth(account=payer, auth=auth, payment=DEAL, session="s1")
    with time_machine.travel(time.now() + timedelta(days=2)):
        actions.forget_old_auths()
    assert not PayAuth.objects.exists()


def test_a_token_of_a_payment_that_fails_is_not_used_up(payer):
    auth = authorise(payer)
    use = {"account": payer, "auth": auth, "payment": DEAL, "session": "s1"}
    with transaction.atomic():
        use_auth(**use)
        transaction.set_rollback(True)
    use_auth(**use)


def test_change_and_reset(payer):
    with pytest.raises(WrongPassword):
        actions.change_password(account=payer, old="000001", new="246801")
    actions.change_password(account=payer, old=PASSWORD, new="246801")
    with pytest.raises(WrongPassword):
        authorise(payer)
    bind(payer)
    for document, last4 in (("X0000000", "4242"), (DOCUMENT, "0000")):
        with pytest.raises(ProofsDiffer):
            actions.reset_password(account=payer, document=document, card_last4=last4, new="975310")
    actions.reset_password(account=payer, document=DOCUMENT, card_last4="4242", new="975310")
    assert authorise(payer, "975310")
    for _try in range(2):
        actions.reset_password(account=payer, document=DOCUMENT, card_last4="4242", new="975310")
    with pytest.raises(TooMany):
        actions.reset_password(account=payer, document=DOCUMENT, card_last4="4242", new="975310")


def test_without_a_password_nothing_is_opened(alice):
    verify(alice)
    with pytest.raises(NoPassword):
        authorise(alice)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_forty_guesses_at_once_are_five(alice):
    rich(alice)

    def guess(number):
        try:
            authorise(alice, f"9{number:05}")
        except Refusal as refusal:
            return type(refusal)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(guess, range(40)))
    assert sum(answer is PasswordLocked for answer in answers) >= 35
    assert None not in answers
    assert Wallet.objects.get().tries == 5
