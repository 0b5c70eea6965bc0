"""The people of the demo world can pay at once."""

import pytest
from django.core.management import call_command

from accounts import queries as people
from payments.models import Wallet
from payments.queries import cards_of
from tests.payments.wallets import has

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def test_everybody_has_a_wallet_and_only_once(capsys):
    call_command("demo")
    found = [person.account for person in people.demo_people()]
    assert len(found) > 10
    assert all(wallet.level == 2 and wallet.password_hash for wallet in Wallet.objects.all())
    before = {account.pk: has(account) for account in found}
    assert min(before.values()) > 0
    kinds = [sorted(card.kind for card in cards_of(account)) for account in found]
    assert kinds[:4] == [["bank", "card"]] * 4
    assert kinds[4:] == [["card"]] * (len(found) - 4)
    call_command("demo")
    assert {account.pk: has(account) for account in found} == before
