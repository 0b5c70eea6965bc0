"""Where the program of an official account listens: saved once its server has answered a test."""

import asyncio
import re
import secrets

from django.conf import settings
from django.db import transaction

from accounts import queries
from accounts.actions.official import log_official
from accounts.errors import BadCallback, CallbackNotVerified, NoCallback
from accounts.models import Account, Callback, OfficialAccount
from accounts.states import CallbackMode, StaffMay
from superapp.kernel import fetch, time, wechat

_TOKEN = re.compile(r"[A-Za-z0-9]{3,32}")
_AES_KEY = re.compile(r"[A-Za-z0-9]{43}")


def save_callback(
    *,
    official: OfficialAccount,
    actor: Account,
    url: str,
    token: str,
    aes_key: str = "",
    mode: str = CallbackMode.PLAIN,
) -> Callback:
    """From now on the program at this address hears what followers do, and answers; auto-replies
    of the console are silent.

    Asks the address first, with no transaction open: a wrong answer leaves everything as it was.
    Raises NotAllowed, BadCallback, CallbackNotVerified.
    """
    queries.require_staff(actor, official, StaffMay.DEVELOP)
    said = url.strip()
    if not said or len(said) > settings.CALLBACK_URL_MAX or not _TOKEN.fullmatch(token):
        raise BadCallback
    if mode not in CallbackMode.values:
        raise BadCallback
    if not _AES_KEY.fullmatch(aes_key) and (aes_key or mode != CallbackMode.PLAIN):
        raise BadCallback
    _verify(said, token)
    return _keep(official, actor, url=said, token=token, aes_key=aes_key, mode=mode)


@transaction.atomic
def drop_callback(*, official: OfficialAccount, actor: Account) -> None:
    """No program listens any more; auto-replies of the console speak again. What waits is not
    sent. Raises NotAllowed, NoCallback."""
    queries.require_staff(actor, official, StaffMay.DEVELOP)
    found = queries.callback_of(official)
    if found is None:
        raise NoCallback
    log_official(official=official, actor=actor, what="server", before=found.url, after="")
    found.delete()
    OfficialAccount.objects.filter(pk=official.pk).update(is_server_mode=False)
    official.is_server_mode = False


@transaction.atomic
def _keep(official: OfficialAccount, actor: Account, **said: str) -> Callback:
    before = queries.callback_of(official)
    kept, _new = Callback.objects.update_or_create(
        official=official,
        defaults={
            **said,
            "verified_at": time.now(),
            "saved_by": actor,
            "failing_since": None,
            "trouble": "",
        },
    )
    OfficialAccount.objects.filter(pk=official.pk).update(is_server_mode=True)
    official.is_server_mode = True
    log_official(
        official=official,
        actor=actor,
        what="server",
        before=before.url if before else "",
        after=said["url"],
    )
    return kept


def _verify(url: str, token: str) -> None:
    """Its server must give back a random text, which only asks who knows the token."""
    echo = str(secrets.randbelow(10**18) + 10**18)
    address = wechat.address(url, {**wechat.signed(token), "echostr": echo})
    try:
        answer = asyncio.run(
            fetch.ask(
                "GET",
                address,
                seconds=settings.PUSH_SECONDS,
                limit=settings.WECHAT_REPLY_MAX,
                may_be_loopback=settings.CALLBACK_LOOPBACK,
            )
        )
    except fetch.Unreachable:
        raise CallbackNotVerified from None
    if answer.status != 200 or answer.body.strip() != echo.encode():
        raise CallbackNotVerified
