"""Signing in on one device by confirming on another (ACC-03)."""

from datetime import timedelta
from hmac import compare_digest

from django.conf import settings
from django.db import transaction

from accounts import queries
from accounts.errors import NotConfirmedYet, QRLoginNotFound
from accounts.models import Person, QRLogin
from accounts.states import QR_LOGIN_MOVES, QRLoginStatus
from superapp.kernel import limits, time
from superapp.kernel.ids import digest_of, new_token
from superapp.kernel.transitions import move

_PER_MINUTE = 30


def start_qr_login(*, device: str, place: str, ip: str) -> tuple[QRLogin, str]:
    """A code for a browser that waits, and the secret that only this browser gets to know.

    Whoever photographs the screen has the token but not the secret. Raises TooMany.
    """
    limits.count(f"qr-login:{ip}", limit=_PER_MINUTE, window=timedelta(minutes=1))
    secret, moment = new_token(), time.now()
    row = QRLogin.objects.create(
        claim_digest=digest_of(secret),
        device=device[:120],
        place=place[:60],
        created_at=moment,
        due_at=moment + timedelta(seconds=settings.QR_LOGIN_SECONDS),
    )
    return row, secret


def scan_qr_login(*, person: Person, token: str) -> QRLogin:
    """The phone looks at it: from now on only this person can confirm. Raises QRLoginNotFound."""
    row = queries.qr_login(token)
    if row.status == QRLoginStatus.WAITING:
        move(row, QRLoginStatus.SCANNED, allowed=QR_LOGIN_MOVES, person=person)
    if row.person_id != person.pk:
        raise QRLoginNotFound
    return row


@transaction.atomic
def confirm_qr_login(*, person: Person, token: str) -> QRLogin:
    """Let the waiting browser in. Raises QRLoginNotFound, IllegalTransition."""
    row = scan_qr_login(person=person, token=token)
    move(row, QRLoginStatus.CONFIRMED, allowed=QR_LOGIN_MOVES)
    return row


def cancel_qr_login(*, person: Person, token: str) -> None:
    """The phone says no. Raises QRLoginNotFound."""
    row = scan_qr_login(person=person, token=token)
    move(row, QRLoginStatus.CANCELLED, allowed=QR_LOGIN_MOVES)


def withdraw_qr_login(*, token: str, secret: str) -> None:
    """The waiting browser gives up. Raises QRLoginNotFound."""
    move(_claimed(token, secret), QRLoginStatus.CANCELLED, allowed=QR_LOGIN_MOVES)


def claim_qr_login(*, token: str, secret: str) -> Person:
    """Who confirmed; works once. Raises NotConfirmedYet, QRLoginNotFound."""
    row = _claimed(token, secret)
    if row.status != QRLoginStatus.CONFIRMED:
        raise NotConfirmedYet
    move(row, QRLoginStatus.USED, allowed=QR_LOGIN_MOVES)
    if row.person is None or not row.person.is_active:
        raise QRLoginNotFound
    return row.person


def _claimed(token: str, secret: str) -> QRLogin:
    row = queries.qr_login(token)
    if not compare_digest(row.claim_digest, digest_of(secret)):
        raise QRLoginNotFound
    return row
