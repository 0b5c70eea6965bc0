"""The payment password: six digits, and what a right one opens.

Six digits are guessed in a million tries, so every try is counted in the wallet's row, in a
transaction of its own that is committed before the digits are compared.
"""

import hashlib
import hmac
from datetime import timedelta
from itertools import pairwise

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from django.conf import settings
from django.db import transaction

from accounts.models import Account
from payments import events
from payments.actions.binding import wallet_of
from payments.actions.payment import Payment
from payments.errors import (
    AuthInvalid,
    BadPassword,
    NoPassword,
    PasswordAlreadySet,
    PasswordLocked,
    PasswordNeeded,
    ProofsDiffer,
    WrongPassword,
)
from payments.models import Card, PayAuth, Wallet
from payments.queries.wallet import digest_of_document
from payments.states import CardStatus
from superapp.kernel import limits, push, time
from superapp.kernel.ids import digest_of, new_token

_DIGITS = 6


def set_password(*, account: Account, password: str) -> None:
    """Choose the payment password, once. Raises BadPassword, PasswordAlreadySet."""
    hashed = _hash(account, _checked(password))
    wallet_of(account=account)
    is_set = Wallet.objects.filter(account=account, password_hash="").update(
        password_hash=hashed, password_changed_at=time.now(), tries=0, locked_until=None
    )
    if not is_set:
        raise PasswordAlreadySet
    push.to_accounts([account.pk], events.wallet_changed())


def change_password(*, account: Account, old: str, new: str) -> None:
    """Another payment password, for whoever knows the old one. Not inside a transaction.

    Raises BadPassword, NoPassword, WrongPassword, PasswordLocked.
    """
    checked = _checked(new)
    _try(account, old)
    _store(account, checked)


def reset_password(*, account: Account, document: str, card_last4: str, new: str) -> None:
    """Another payment password, for whoever knows their document and a bound card or account.

    Tries are counted; call it outside a transaction. Raises BadPassword, ProofsDiffer, TooMany.
    """
    checked = _checked(new)
    limits.count(
        f"payment-reset:{account.pk}",
        limit=settings.PAYMENT_PASSWORD_RESETS_PER_DAY,
        window=timedelta(days=1),
    )
    wallet = wallet_of(account=account)
    given = digest_of_document(document)
    is_known = bool(wallet.document_digest) and hmac.compare_digest(given, wallet.document_digest)
    cards = Card.objects.filter(account=account, status=CardStatus.ACTIVE, last4=card_last4)
    if not (is_known and cards.exists()):
        raise ProofsDiffer
    _store(account, checked)


def authorise(*, account: Account, password: str, payment: Payment, session: str) -> str:
    """A token for one payment, for a right password: to this payee, of this amount, in this session.

    It commits the counted try: call it outside a transaction. Raises NoPassword, WrongPassword,
    PasswordLocked.
    """
    _try(account, password)
    return _token(account, payment, session)


def agreed(*, account: Account, payment: Payment) -> str:
    """A token for a payment that its payer agreed to before, with their password: to this payee, of
    this amount. Whoever asks for it has read that agreement in the same transaction.
    """
    return _token(account, payment, "")


def auth_for(*, account: Account, password: str, payment: Payment, session: str) -> str:
    """Like authorise, or "" where no password was typed: the payment then says if it needs one."""
    if not password:
        return ""
    return authorise(account=account, password=password, payment=payment, session=session)


def use_auth(*, account: Account, auth: str, payment: Payment, session: str) -> None:
    """Consume a token in the payment's transaction. Raises NoPassword, PasswordNeeded, AuthInvalid."""
    if not auth:
        if not wallet_of(account=account).password_hash:
            raise NoPassword
        raise PasswordNeeded
    used = PayAuth.objects.filter(
        token_digest=digest_of(auth),
        account=account,
        purpose=payment.purpose,
        payee=payment.payee,
        amount=payment.amount.minor,
        currency=payment.amount.currency,
        session=session,
        used_at=None,
        expires_at__gt=time.now(),
    ).update(used_at=time.now())
    if not used:
        raise AuthInvalid


def forget_old_auths() -> None:
    """Hourly: tokens that open nothing any more."""
    PayAuth.objects.filter(expires_at__lt=time.now() - timedelta(days=1)).delete()


def _token(account: Account, payment: Payment, session: str) -> str:
    token = new_token()
    PayAuth.objects.create(
        token_digest=digest_of(token),
        account=account,
        purpose=payment.purpose,
        payee=payment.payee,
        amount=payment.amount.minor,
        currency=payment.amount.currency,
        session=session,
        expires_at=time.now() + timedelta(seconds=settings.PAY_AUTH_SECONDS),
    )
    return token


def _try(account: Account, password: str) -> None:
    """One try: counted and committed, then compared. A right one forgives those before it."""
    hashed = _count_try(account)
    if not _is_right(account, password, hashed):
        left = settings.PAYMENT_PASSWORD_TRIES - (
            Wallet.objects.values_list("tries", flat=True).get(account=account)
        )
        if left <= 0:
            raise PasswordLocked
        raise WrongPassword(left=left)
    Wallet.objects.filter(account=account).update(tries=0, locked_until=None)


def _count_try(account: Account) -> str:
    wallet_of(account=account)
    with transaction.atomic(durable=True):
        wallet = Wallet.objects.select_for_update().get(account=account)
        if not wallet.password_hash:
            raise NoPassword
        moment = time.now()
        if wallet.locked_until and wallet.locked_until <= moment:
            wallet.tries, wallet.locked_until = 0, None
        if wallet.tries >= settings.PAYMENT_PASSWORD_TRIES:
            raise PasswordLocked
        wallet.tries += 1
        if wallet.tries == settings.PAYMENT_PASSWORD_TRIES:
            seconds = settings.PAYMENT_PASSWORD_LOCK_SECONDS
            wallet.locked_until = moment + timedelta(seconds=seconds)
        wallet.save(update_fields=["tries", "locked_until"])
    return wallet.password_hash


def _checked(password: str) -> str:
    is_digits = len(password) == _DIGITS and password.isascii() and password.isdigit()
    if not is_digits:
        raise BadPassword
    steps = {int(after) - int(before) for before, after in pairwise(password)}
    if len(steps) == 1 and steps <= {0, 1, -1}:
        raise BadPassword
    return password


def _store(account: Account, password: str) -> None:
    Wallet.objects.filter(account=account).update(
        password_hash=_hash(account, password),
        password_changed_at=time.now(),
        tries=0,
        locked_until=None,
    )
    push.to_accounts([account.pk], events.wallet_changed())


def _hasher() -> PasswordHasher:
    return PasswordHasher(
        time_cost=settings.PAYMENT_PASSWORD_ROUNDS,
        memory_cost=settings.PAYMENT_PASSWORD_KIB,
        parallelism=1,
    )


def _hash(account: Account, password: str) -> str:
    return _hasher().hash(_peppered(account, password))


def _is_right(account: Account, password: str, hashed: str) -> bool:
    try:
        return _hasher().verify(hashed, _peppered(account, password))
    except VerificationError:
        return False


def _peppered(account: Account, password: str) -> str:
    pepper = settings.PAYMENT_PEPPER.encode()
    return hmac.new(pepper, f"{account.pk}:{password}".encode(), hashlib.sha256).hexdigest()
