"""What somebody owes the house is taken from what comes in, before they can spend it."""

from accounts.models import Account
from payments import ledger
from payments.ledger import Leg
from payments.models import LedgerAccount
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
    if -row.balance > taken.minor:
        ledger.freeze_out(balance)
    return taken
