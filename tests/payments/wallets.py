"""People with wallets, for the tests: verified, with cards, with a payment password."""

from django.db import transaction

from payments import actions, ledger
from payments.actions.authorising import set_password
from payments.gateways import sandbox
from payments.ledger import Leg
from payments.models import Bill, Card, Hold, Operation, Wallet
from payments.queries.wallet import digest_of_document
from superapp.kernel import outbox, time
from superapp.kernel.money import Money
from tests import cast

PASSWORD = "135790"
DOCUMENT = "P1234567"
OK, DECLINED, POOR, SECURE = (
    *("4242424242424242", "4000000000000002"),
    *("4000000000009995", "4000002760003184"),
)
TIMEOUT, DISPUTED, TWICE, LATE = (
    *("4000000000000119", "4000000000000259"),
    *("4000000000000341", "4000000000003055"),
)
BANK, BANK_CLOSED, BANK_RETURNS = "000123456789", "000111111116", "000222222227"


def run_gateway(limit=200):
    """Everything that is due at the gateway and between it and us, to the end."""
    return sum(
        outbox.run_due(queue, limit=limit) for queue in (outbox.DELIVERIES, outbox.DEFAULT) * 3
    )


def verify(account, level=2, name=None):
    """Somebody whose papers were seen."""
    wallet = actions.wallet_of(account=account)
    Wallet.objects.filter(pk=wallet.pk).update(
        level=level,
        legal_name=name or account.name,
        document_digest=digest_of_document(DOCUMENT),
    )
    return wallet


def bind(account, number=OK, kind="card", holder=None):
    """Bind a card or account through the hosted page; returns it, or None when it was not kept."""
    operation = actions.start_binding(account=account, kind=kind)
    run_gateway()
    operation.refresh_from_db()
    sandbox.complete_session(
        operation.external_id, number=number, holder=holder or account.name, month=12, year=2030
    )
    run_gateway()
    operation.refresh_from_db()
    return Card.objects.filter(pk=operation.card_id).first()


def top_up(account, minor, card=None, currency="CNY"):
    """Ask for a top-up and let the gateway work; returns the operation as it stands then."""
    card = card or Card.objects.filter(account=account, kind="card").first()
    operation = actions.top_up(
        account=account, card_id=card.public_id, amount=Money(minor, currency)
    )
    run_gateway()
    return Operation.objects.get(pk=operation.pk)


def give_money(account, minor, currency="CNY"):
    """Money that is simply there."""
    legs = [
        Leg(
            ledger.system("promo", currency),
            ledger.user_available(account, currency),
            Money(minor, currency),
        )
    ]
    with transaction.atomic():
        ledger.post(key=f"gift:{account.pk}:{minor}:{currency}", kind="gift", legs=legs)


def rich(account, minor=100_000):
    """Verified, with a payment password and money."""
    verify(account)
    set_password(account=account, password=PASSWORD)
    give_money(account, minor)
    return account


def has(account, currency="CNY"):
    return ledger.balance(ledger.user_available(account, currency)).minor


def house(name, currency="CNY"):
    return ledger.balance(ledger.system(name, currency)).minor


def filled_purse(alice):
    """Ids of what is in Alice's wallet, and of the pages that wait for her at the gateway."""
    verify(alice)
    card, bank, secure = bind(alice), bind(alice, BANK, kind="bank"), bind(alice, SECURE)
    give_money(alice, 100_000)
    top_up = actions.top_up(account=alice, card_id=secure.public_id, amount=Money(5000, "CNY"))
    binding = actions.start_binding(account=alice, kind="card")
    run_gateway()
    for operation in (top_up, binding):
        operation.refresh_from_db()
    return {
        "card_id": card.public_id,
        "bank_id": bank.public_id,
        "operation_id": top_up.public_id,
        "bill_id": Bill.objects.get(ref=top_up.public_id).public_id,
        "payments:sandbox-checkout:session_id": binding.external_id,
        "payments:sandbox-abandon:session_id": binding.external_id,
        "charge_id": top_up.external_id,
        "hold_id": old_hold(alice).public_id,
    }


def old_hold(alice):
    """One that came to nothing: somebody was to drive her."""
    moment = time.now()
    return Hold.objects.create(
        purpose="ride",
        ref="ride_0",
        payer=alice,
        payee=cast.make_person("Rita"),
        amount=100,
        currency="CNY",
        status="failed",
        created_at=moment,
        due_at=moment,
    )
