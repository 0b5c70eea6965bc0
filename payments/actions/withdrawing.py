"""Money from the balance to one's own bank account."""

from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError, transaction

from accounts.models import Account
from payments import ledger
from payments.actions.asking import hurry, pressed_before
from payments.actions.authorising import auth_for, use_auth
from payments.actions.billing import bill
from payments.actions.binding import owned_card, wallet_of
from payments.actions.limiting import count, draw
from payments.actions.opening import open_operation
from payments.actions.payment import Payment
from payments.actions.risking import assess
from payments.actions.topping_up import check_amount
from payments.errors import CoolingDown, FeeChanged, VerifyFirst, WithdrawalOpen
from payments.ledger import Leg
from payments.models import Card, Operation, Wallet
from payments.queries.limits import withdrawal_fee
from payments.states import BillKind, BillStatus, CardKind, OperationKind
from superapp.kernel import time
from superapp.kernel.money import Money


def withdraw(
    *,
    account: Account,
    card_id: str,
    amount: Money,
    fee: Money,
    password: str = "",
    auth: str = "",
    session: str = "",
    client_key: str = "",
) -> Operation:
    """Send `amount` to one's own account; `fee` is the one that was shown. Both leave the balance.

    A repeat with the same `client_key` finds what the first press began.

    Raises KeyReused, CardNotFound, VerifyFirst, CoolingDown, AmountOutOfRange, LimitReached, FeeChanged,
    WithdrawalOpen, InsufficientFunds, AccountFrozen, WalletFrozen, PaidTooOften, JustCameIn, and the refusals of the payment password.
    """
    check_amount(amount=amount, least=settings.WITHDRAW_MIN, most=settings.WITHDRAW_MAX)
    payment = Payment(purpose="withdrawal", payee=card_id, amount=amount)
    assess(payer=account, payment=payment, session=session)
    auth = auth or auth_for(account=account, password=password, payment=payment, session=session)

    def put_aside() -> tuple[Operation, bool]:
        done = pressed_before(
            account=account,
            client_key=client_key,
            purpose="withdrawal",
            amount=amount,
            card_id=card_id,
        )
        if done is not None:
            return done, False
        card = owned_card(account=account, card_id=card_id, kind=CardKind.BANK)
        _check(account, card)
        use_auth(account=account, auth=auth, payment=payment, session=session)
        return _put_aside(account, card, amount, fee, client_key), True

    operation, is_new = ledger.whole(put_aside)
    return hurry(operation=operation) if is_new else operation


def _check(account: Account, card: Card) -> None:
    wallet = wallet_of(account=account)
    if wallet.level < Wallet.Level.BASIC:
        raise VerifyFirst
    since = time.now() - timedelta(seconds=settings.WITHDRAW_COOLING_SECONDS)
    changed = max(card.created_at, wallet.password_changed_at or card.created_at)
    if settings.WITHDRAW_COOLING_SECONDS and changed > since:
        raise CoolingDown


def _put_aside(
    account: Account, card: Card, amount: Money, shown: Money, client_key: str
) -> Operation:
    counted = count(
        account=account, rule="withdraw_day", amount=amount, cap=settings.WITHDRAW_PER_DAY
    )
    free = draw(account=account, rule="withdraw_free", amount=amount, cap=settings.WITHDRAW_FREE)
    fee = withdrawal_fee(amount, free.amount)
    if fee != shown:
        raise FeeChanged
    try:
        with transaction.atomic():
            operation = open_operation(
                account=account,
                kind=OperationKind.PAYOUT,
                purpose="withdrawal",
                amount=amount,
                card=card,
                fee=fee,
                counted=[counted.as_json(), free.as_json()],
                client_key=client_key,
            )
    except IntegrityError:
        raise WithdrawalOpen from None
    total = amount + fee
    waits = ledger.transit("po", operation.public_id, amount.currency)
    ledger.post(
        key=f"withdrawal:{operation.public_id}:asked",
        kind="withdrawal.asked",
        legs=[Leg(ledger.user_available(account, amount.currency), waits, total)],
        ref=operation.public_id,
        actor=account,
    )
    bill(
        account=account,
        kind=BillKind.WITHDRAWAL,
        ref=operation.public_id,
        amount=-total,
        status=BillStatus.WAITING,
        method=str(card),
        fee=fee,
    )
    return operation
