"""Signing in on an official account's own site with one's account here.

The browser carries a code to the site; its server redeems it, once and within minutes, for tokens
that name one person and open nothing else.
"""

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import transaction

from accounts import queries
from accounts.actions.following import know_person
from accounts.actions.official import log_official
from accounts.errors import (
    BadDomain,
    CodeUnknown,
    CodeUsed,
    ProgramNotFound,
    RefreshTokenExpired,
    RefreshTokenUnknown,
)
from accounts.models import Account, Follow, OfficialAccount, Program, SignInToken
from accounts.states import StaffMay
from superapp.kernel import time
from superapp.kernel.ids import digest_of

Kind, Scope = SignInToken.Kind, SignInToken.Scope
_DOMAIN = re.compile(
    r"(?=.{1,253}\Z)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*(:\d{1,5})?"
)
# What is over is remembered for so long: its site is told "used" or "over", not "unknown".
_KEPT = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class SiteSignIn:
    """What the account's server gets; `seconds` the access token lives."""

    follow: Follow
    scope: str
    access_token: str
    refresh_token: str
    seconds: int


@transaction.atomic
def set_oauth_domains(
    *, official: OfficialAccount, actor: Account, domains: Sequence[str]
) -> list[str]:
    """Hosts to which people who sign in may be sent back: `shop.example.com`, or with a port.

    Raises NotAllowed, ProgramNotFound before there is a secret, BadDomain.
    """
    queries.require_staff(actor, official, StaffMay.DEVELOP)
    said = list(dict.fromkeys(domain.strip().lower() for domain in domains if domain.strip()))
    if len(said) > settings.PROGRAM_OAUTH_DOMAINS_MAX:
        raise BadDomain(limit=settings.PROGRAM_OAUTH_DOMAINS_MAX)
    if not all(_DOMAIN.fullmatch(domain) for domain in said):
        raise BadDomain(limit=settings.PROGRAM_OAUTH_DOMAINS_MAX)
    program = Program.objects.select_for_update().filter(official=official).first()
    if program is None:
        raise ProgramNotFound
    before, program.oauth_domains = program.oauth_domains, said
    program.save(update_fields=["oauth_domains"])
    log_official(
        official=official,
        actor=actor,
        what="sign-in domains",
        before=", ".join(before),
        after=", ".join(said),
    )
    return said


@transaction.atomic
def begin_site_sign_in(*, person: Account, official: OfficialAccount) -> str:
    """A code for the account's site, which learns the person's openid and nothing else."""
    follow = know_person(official=official, person=person)
    return _give(follow, Kind.CODE, Scope.BASE, settings.PROGRAM_CODE_SECONDS)


@transaction.atomic
def agree_to_site_sign_in(*, person: Account, official: OfficialAccount) -> str:
    """A code with which the account's site also learns name and picture: the person agreed."""
    follow = know_person(official=official, person=person)
    Follow.objects.filter(pk=follow.pk).update(introduced_at=time.now())
    return _give(follow, Kind.CODE, Scope.USERINFO, settings.PROGRAM_CODE_SECONDS)


@transaction.atomic
def redeem_code(*, official: OfficialAccount, code: str) -> SiteSignIn:
    """Tokens for a code, once. For doors that have checked the program's secret.

    Raises CodeUnknown (also when it is over, or another account's) and CodeUsed.
    """
    moment = time.now()
    row = queries.code_row(official, code)
    if row is None:
        raise CodeUnknown
    # One statement: of two that bring the code at once, one is told that it was used.
    if not SignInToken.objects.filter(pk=row.pk, used_at=None).update(used_at=moment):
        raise CodeUsed
    if row.expires_at <= moment:
        raise CodeUnknown
    refresh = _give(row.follow, Kind.REFRESH, row.scope, settings.PROGRAM_REFRESH_SECONDS)
    return _signed_in(row, refresh)


@transaction.atomic
def refresh_site_sign_in(*, appid: str, refresh_token: str) -> SiteSignIn:
    """Another access token; the refresh token stays. Raises RefreshTokenUnknown,
    RefreshTokenExpired."""
    row = queries.refresh_token_row(appid, refresh_token)
    if row is None:
        raise RefreshTokenUnknown
    if row.expires_at <= time.now():
        raise RefreshTokenExpired
    return _signed_in(row, refresh_token)


def forget_site_sign_ins() -> None:
    """Delete codes and tokens that were over a day ago."""
    SignInToken.objects.filter(expires_at__lt=time.now() - _KEPT).delete()


def _signed_in(row: SignInToken, refresh_token: str) -> SiteSignIn:
    seconds = settings.PROGRAM_TOKEN_SECONDS
    access_token = _give(row.follow, Kind.ACCESS, row.scope, seconds)
    return SiteSignIn(row.follow, row.scope, access_token, refresh_token, seconds)


def _give(follow: Follow, kind: SignInToken.Kind, scope: str, seconds: int) -> str:
    secret, moment = secrets.token_urlsafe(48), time.now()
    SignInToken.objects.create(
        official_id=follow.official_id,
        follow=follow,
        kind=kind,
        scope=scope,
        digest=digest_of(secret),
        created_at=moment,
        expires_at=moment + timedelta(seconds=seconds),
    )
    return secret
