"""Wallets of the demo world: verified people with a card, a password and money."""

from django.conf import settings

from accounts.models import Account
from payments import actions, queries
from payments.gateways import sandbox
from payments.models import Operation
from superapp.kernel import outbox
from superapp.kernel.money import Money

# The first few can also withdraw; making everybody's bank account would double the wait.
BANK_ACCOUNTS = 4


def fill_wallets(people: list[Account]) -> None:
    """Give each of them a wallet, once, by the same actions and the same gateway as everybody."""
    for number, account in enumerate(people):
        if not queries.wallet_for(account).pk:
            _fill(account, 50_000 + 12_345 * number, has_bank=number < BANK_ACCOUNTS)


def _fill(account: Account, minor: int, *, has_bank: bool) -> None:
    _prove(account, 1, account.name, f"DEMO{account.pk:06}1")
    # A number of their own: one card serves few accounts.
    own = account.pk % 10_000
    _bind(account, "card", f"424242424242{own:04}")
    if has_bank:
        _bind(account, "bank", f"0001234567{own % 100:02}")
    _prove(account, 2, "", "")
    actions.set_password(account=account, password=settings.DEMO_PAYMENT_PASSWORD)
    card = next(card for card in queries.cards_of(account) if not card.is_bank)
    amount = Money(minor, settings.HOME_CURRENCY)
    _settle(actions.top_up(account=account, card_id=card.public_id, amount=amount))


def _prove(account: Account, level: int, name: str, document: str) -> None:
    case = actions.ask_level(account=account, level=level, legal_name=name, document=document)
    actions.on_verify({"case": case.pk})


def _bind(account: Account, kind: str, number: str) -> None:
    operation = _settle(actions.start_binding(account=account, kind=kind))
    assert operation.external_id
    sandbox.complete_session(
        operation.external_id, number=number, holder=account.name, month=12, year=2030
    )
    _settle(operation)


def _settle(operation: Operation) -> Operation:
    """Let the gateway answer, and its webhooks arrive."""
    actions.ask_gateway(operation_id=operation.pk)
    outbox.run_due(outbox.DELIVERIES, limit=100)
    operation.refresh_from_db()
    return operation
