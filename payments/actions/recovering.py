"""What somebody owes the house is taken from what comes in, before they can spend it."""

from accounts.models import Account
from payments import ledger
from payments.ledger import Leg
from payments.models import LedgerAccount, Wallet
from superapp.kernel.money import Money


def collect(*, account: Account, currency: str, ref: str) -> Money:
    """Take what is owed from the balance, as far as it goes; `ref` names the income.

    Returns what was taken. When nothing is owed any more, money may go out again.
    """
    owed_ref = ledger.user_receivable(account, currency)
    row = (
        LedgerAccount.objects.select_for_update(no_key=True)
        .filter(code=owed_ref.code, currency=currency, balance__lt=0)
        .first()
    )
    if row is None:
        return Money(0, currency)
    balance = ledger.user_available(account, currency)
    ledger.unfreeze(balance)
    taken = Money(min(-row.balance, ledger.balance(balance).minor), currency)
    if taken.minor > 0:
        ledger.post(
            key=f"collect:{account.pk}:{ref}",
            kind="debt.collected",
            legs=[Leg(balance, owed_ref, taken)],
            ref=ref,
        )
    refreeze(account=account, currency=currency)
    return taken


def refreeze(*, account: Account, currency: str) -> None:
    """Nothing goes out while something is owed, or while staff froze the wallet; else it may."""
    owed = LedgerAccount.objects.filter(
        code=ledger.user_receivable(account, currency).code, currency=currency, balance__lt=0
    )
    frozen = Wallet.objects.filter(account=account, frozen_at__isnull=False)
    balance = ledger.user_available(account, currency)
    if owed.exists() or frozen.exists():
        ledger.freeze_out(balance)
    else:
        ledger.unfreeze(balance)
