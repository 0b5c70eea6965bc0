"""Words of the tests about money."""

from django.db import transaction

from payments import ledger
from payments.ledger import Leg
from superapp.kernel.money import Money


def cny(minor):
    return Money(minor, "CNY")


def gateway(currency="CNY"):
    return ledger.system("gateway:clearing", currency)


def wallet(account, currency="CNY"):
    return ledger.user_available(account, currency)


def give(account, minor, currency="CNY", key=""):
    """Money from outside, as after a top-up."""
    to = wallet(account, currency)
    with transaction.atomic():
        return ledger.post(
            key=key or f"given:{account.pk}:{currency}:{minor}",
            kind="top_up",
            legs=[Leg(gateway(currency), to, Money(minor, currency))],
        )


def pay(key, payer, payee, minor, currency="CNY"):
    """From somebody's available money to somebody else's."""
    with transaction.atomic():
        return ledger.post(
            key=key,
            kind="transfer",
            legs=[Leg(wallet(payer, currency), wallet(payee, currency), Money(minor, currency))],
        )


def has(account, currency="CNY"):
    return ledger.balance(wallet(account, currency)).minor
