"""Signing in on an official account's own site: what its server asks with the tokens it got."""

import re
from urllib.parse import urlsplit

from accounts.errors import (
    OpenidOfAnother,
    ProgramTokenExpired,
    ProgramTokenUnknown,
    ReturnAddressNotAllowed,
    ScopeTooSmall,
)
from accounts.models import OfficialAccount, Program, SignInToken
from accounts.states import OfficialStatus
from superapp.kernel import time
from superapp.kernel.ids import digest_of

_UNFIT = re.compile(r"[\s\\\x00-\x1f\x7f]")
_ADDRESS_MAX = 2048


def oauth_domains_of(official: OfficialAccount) -> list[str]:
    """Hosts to which people may be sent back, each with its port if it has one."""
    found = Program.objects.filter(pk=official.pk).values_list("oauth_domains", flat=True).first()
    return found or []


def return_host(official: OfficialAccount, address: str) -> str:
    """The host of an address on the account's own site. Raises ReturnAddressNotAllowed.

    Everything that browsers read in another way than we do is refused: the code would go elsewhere.
    """
    if len(address) > _ADDRESS_MAX or _UNFIT.search(address):
        raise ReturnAddressNotAllowed
    try:
        parts = urlsplit(address)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        raise ReturnAddressNotAllowed from None
    if parts.scheme not in {"http", "https"} or "@" in parts.netloc or not host:
        raise ReturnAddressNotAllowed
    allowed = oauth_domains_of(official)
    if host not in allowed and f"{host}:{port}" not in allowed:
        raise ReturnAddressNotAllowed
    return host


def site_sign_in(access_token: str, openid: str) -> SignInToken:
    """Who signed in with this token, if the openid is theirs.

    Raises ProgramTokenUnknown, ProgramTokenExpired, OpenidOfAnother.
    """
    found = _live(SignInToken.Kind.ACCESS, access_token)
    if found is None:
        raise ProgramTokenUnknown
    if found.expires_at <= time.now():
        raise ProgramTokenExpired
    if found.follow.openid != openid:
        raise OpenidOfAnother
    return found


def profile_sign_in(access_token: str, openid: str) -> SignInToken:
    """Like site_sign_in, for those who agreed to give name and picture. Raises ScopeTooSmall."""
    found = site_sign_in(access_token, openid)
    if found.scope != SignInToken.Scope.USERINFO:
        raise ScopeTooSmall
    return found


def refresh_token_row(appid: str, refresh_token: str) -> SignInToken | None:
    """A refresh token of this account's, also one that is over."""
    found = _live(SignInToken.Kind.REFRESH, refresh_token)
    return found if found is not None and found.official.appid == appid else None


def code_row(official: OfficialAccount, code: str) -> SignInToken | None:
    """A code of this account's, also one that was used or is over."""
    return (
        SignInToken.objects.select_related("follow")
        .filter(official=official, kind=SignInToken.Kind.CODE, digest=digest_of(code))
        .first()
    )


def _live(kind: SignInToken.Kind, secret: str) -> SignInToken | None:
    """Of a published account and of somebody who still is here."""
    return (
        SignInToken.objects.select_related("official", "follow__person__avatar")
        .filter(
            kind=kind,
            digest=digest_of(secret),
            official__status=OfficialStatus.APPROVED,
            follow__person__closed_at=None,
        )
        .first()
    )
