"""The ways in for programs of an official account: its secret, access tokens and tickets.

A token is derived from a row and the installation's key, and looked up by its digest: whoever
reads the table cannot use what stands there, and every process knows a token at once.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.crypto import constant_time_compare, salted_hmac

from accounts import queries
from accounts.actions.official import log_official
from accounts.errors import BadProgramSecret, ProgramNotFound, TokensTooOften
from accounts.models import Account, OfficialAccount, Program, ProgramToken, SignInToken
from accounts.states import StaffMay
from superapp.kernel import limits, time
from superapp.kernel.errors import TooMany
from superapp.kernel.ids import digest_of

Kind = ProgramToken.Kind


@dataclass(frozen=True, slots=True)
class Issued:
    """A token as a program gets it; `seconds` it still lives."""

    token: str
    seconds: int


@transaction.atomic
def reset_program_secret(*, official: OfficialAccount, actor: Account) -> str:
    """A new AppSecret (32 hex), shown this once; the one before and all tokens stop working.

    Raises NotAllowed.
    """
    queries.require_staff(actor, official, StaffMay.DEVELOP)
    secret = secrets.token_hex(16)
    Program.objects.update_or_create(
        official=official,
        defaults={"secret_digest": digest_of(secret), "secret_made_at": time.now()},
    )
    ProgramToken.objects.filter(official=official).delete()
    SignInToken.objects.filter(official=official).delete()
    log_official(official=official, actor=actor, what="secret", before="", after="")
    return secret


def authenticate_program(*, appid: str, secret: str) -> OfficialAccount:
    """The account whose program this is. Raises ProgramNotFound, BadProgramSecret."""
    official = queries.official_with_program(appid)
    if official is None:
        raise ProgramNotFound
    if not constant_time_compare(official.program.secret_digest, digest_of(secret)):
        raise BadProgramSecret
    return official


@transaction.atomic
def issue_program_token(*, official: OfficialAccount) -> Issued:
    """A new access token; the one before works for PROGRAM_TOKEN_OVERLAP_SECONDS more.

    Raises TokensTooOften after PROGRAM_TOKENS_PER_DAY.
    """
    _count(official, Kind.PLAIN, settings.PROGRAM_TOKENS_PER_DAY)
    return _replace(official, Kind.PLAIN, overlap=settings.PROGRAM_TOKEN_OVERLAP_SECONDS)


@transaction.atomic
def issue_stable_token(*, official: OfficialAccount) -> Issued:
    """The same token for its whole life."""
    return _current_or_new(official, Kind.STABLE)


@transaction.atomic
def replace_stable_token(*, official: OfficialAccount) -> Issued:
    """Another stable token at once; the one before ends. Raises TokensTooOften after
    PROGRAM_FORCED_PER_DAY."""
    _count(official, "forced", settings.PROGRAM_FORCED_PER_DAY)
    return _replace(official, Kind.STABLE, overlap=0)


@transaction.atomic
def program_ticket(*, official: OfficialAccount, kind: str) -> Issued:
    """The ticket with which pages are signed: one for its whole life, whoever asks."""
    return _current_or_new(official, kind)


def _current_or_new(official: OfficialAccount, kind: str) -> Issued:
    _lock(official)
    moment = time.now()
    current = queries.current_program_token(official, kind, moment)
    if current is not None:
        return _issued(current, moment)
    return _replace(official, kind, overlap=0)


def _replace(official: OfficialAccount, kind: str, *, overlap: int) -> Issued:
    _lock(official)
    moment = time.now()
    until = moment + timedelta(seconds=overlap)
    older = ProgramToken.objects.filter(official=official, kind=kind)
    older.filter(expires_at__lt=moment - _KEPT).delete()
    older.filter(is_superseded=False, expires_at__gt=until).update(
        is_superseded=True, expires_at=until
    )
    older.filter(is_superseded=False).update(is_superseded=True)
    nonce = secrets.token_urlsafe(32)
    token = ProgramToken.objects.create(
        official=official,
        kind=kind,
        nonce=nonce,
        digest=digest_of(token_of(kind, nonce)),
        issued_at=moment,
        expires_at=moment + timedelta(seconds=settings.PROGRAM_TOKEN_SECONDS),
    )
    return _issued(token, moment)


# A token that is over is remembered for so long: its program is told "expired", not "unknown".
_KEPT = timedelta(days=1)


def token_of(kind: str, nonce: str) -> str:
    """The token that a row stands for."""
    first, second = (
        salted_hmac(f"accounts.program_token.{part}", f"{kind}:{nonce}", algorithm="sha512")
        for part in (1, 2)
    )
    return f"{first.hexdigest()}{second.hexdigest()}"[:136]


def _issued(token: ProgramToken, moment: datetime) -> Issued:
    left = int((token.expires_at - moment).total_seconds())
    return Issued(token_of(token.kind, token.nonce), left)


def _lock(official: OfficialAccount) -> None:
    """Two that ask at once get the same answer, or one after the other."""
    Program.objects.select_for_update().get(pk=official.pk)


def _count(official: OfficialAccount, what: str, most: int) -> None:
    try:
        limits.count(f"program-{what}:{official.pk}", limit=most, window=timedelta(days=1))
    except TooMany:
        raise TokensTooOften from None
