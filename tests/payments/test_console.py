"""Staff look at money and press buttons; the buttons are what may happen, and nothing more."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from payments import actions
from payments.errors import OperationSettled
from payments.models import Dispute, GatewayEvent, KYCCase, Operation, Wallet
from superapp.kernel import time
from superapp.kernel.errors import Conflict, Invalid
from tests import cast
from tests.payments import wallets
from tests.payments.wallets import bind, has, run_gateway, top_up, verify

pytestmark = pytest.mark.django_db
MODELS = ("operation", "gatewayevent", "dispute", "kyccase", "wallet", "card", "bill")


@pytest.fixture
def root(db):
    root = cast.make_person("Root").person
    root.is_staff = root.is_superuser = True
    root.save()
    return root


@pytest.fixture
def console(root):
    client = Client()
    client.force_login(root)
    return client


@pytest.fixture
def disputed(alice):
    verify(alice)
    top_up(alice, 5000, bind(alice, wallets.DISPUTED))
    with time_machine.travel(time.now() + timedelta(seconds=15)):
        run_gateway()
    actions.ask_level(account=alice, level=3)
    return Dispute.objects.get()


def test_every_list_and_row_is_shown_without_secrets(console, disputed, alice):
    for model in MODELS:
        listed = console.get(reverse(f"admin:payments_{model}_changelist"))
        assert listed.status_code == 200, model
    wallet = Wallet.objects.get(account=alice)
    page = console.get(reverse("admin:payments_wallet_change", args=[wallet.pk])).content.decode()
    assert wallet.document_digest not in page
    for row in (disputed, Operation.objects.first(), GatewayEvent.objects.first()):
        name = f"admin:payments_{row._meta.model_name}_change"
        assert console.get(reverse(name, args=[row.pk])).status_code == 200


def test_a_dispute_is_decided_once(console, disputed, alice):
    address = reverse("admin:payments_dispute_decide", args=[disputed.pk])
    console.post(address, {"said": "won"})
    run_gateway()
    disputed.refresh_from_db()
    assert (disputed.status, has(alice)) == ("won", 5000)
    for said, why in (("lost", Conflict), ("maybe", Invalid)):
        with pytest.raises(why):
            actions.decide_in_sandbox(dispute=disputed, outcome=said)


def test_an_identity_check_is_decided(console, disputed, alice):
    case = KYCCase.objects.get()
    address = reverse("admin:payments_kyccase_approve", args=[case.pk])
    console.post(address, {"said": "seen"})
    assert Wallet.objects.get(account=alice).level == 3
    again = console.post(address, {"said": "seen"})
    assert again.status_code == 200  # the refusal is shown


def test_only_open_operations_are_asked_again(console, root, disputed):
    settled = Operation.objects.filter(kind="charge").get()
    with pytest.raises(OperationSettled):
        actions.ask_soon(operation=settled, staff=root, reason="why not")
    open_one = actions.start_binding(account=settled.account, kind="card")
    console.post(
        reverse("admin:payments_operation_ask_again", args=[open_one.pk]), {"said": "stuck"}
    )
    run_gateway()
    open_one.refresh_from_db()
    assert open_one.status == "needs_action"


def test_whoever_may_look_may_not_press(alice, disputed):
    alice.person.is_staff = True
    alice.person.save()
    client = Client()
    client.force_login(alice.person)
    address = reverse("admin:payments_dispute_decide", args=[disputed.pk])
    assert client.post(address, {"said": "won"}).status_code in {302, 403, 404}
    run_gateway()
    disputed.refresh_from_db()
    assert disputed.status == "open"
