"""Statements by e-mail: made by a job, sent to the address that their owner proved, and kept nowhere."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.actions import mail_file
from accounts.models import Account
from accounts.queries import confirmed_address
from payments import exports, queries
from payments.errors import BadPeriod, CurrencyNotHeld, NoAddress
from superapp.kernel import idempotency, limits, outbox
from superapp.kernel.errors import Invalid, TooLarge

JOB = "payments.statement_mail"


@transaction.atomic
def mail_statement(
    *, account: Account, kind: str, first: str, last: str, currency: str, client_key: str = ""
) -> str:
    """Send the months from `first` to `last` ("2026-11") as a file; returns the address.

    A repeat with the same `client_key` sends nothing more. Raises NoAddress, BadPeriod, Invalid,
    CurrencyNotHeld, TooLarge, TooMany and KeyReused.
    """
    wanted = {"account": account.pk, "kind": kind, "currency": currency}
    wanted |= {"first": first, "last": last}

    def send() -> idempotency.Answer:
        return 202, _send(account, wanted).encode()

    if not client_key:
        return send()[1].decode()
    said = repr(sorted(wanted.items())).encode()
    owner = f"statement:{account.pk}"
    return idempotency.once(owner=owner, key=client_key, request=said, answer=send)[1].decode()


def on_mail_statement(payload: Mapping[str, Any]) -> None:
    """The job: the file is made as things stand now, for the address that is confirmed now."""
    account = Account.objects.select_related("person").get(pk=payload["account"])
    address = confirmed_address(account)
    if not address:
        return
    first, until = _period(payload["first"], payload["last"])
    kind, currency = payload["kind"], payload["currency"]
    with translation.override(account.person.language or settings.LANGUAGE_CODE):
        shown = queries.statement(account, currency, first, until)
        file = exports.KINDS[kind](account, shown)
        mail_file(
            to=address,
            subject=_("Your statement"),
            body=_("The statement you asked for is attached to this letter."),
            name=f"statement-{payload['first']}-{payload['last']}-{currency}.{kind}",
            data=file.data,
            content_type=file.content_type.partition(";")[0],
        )


def _send(account: Account, wanted: dict[str, Any]) -> str:
    address = confirmed_address(account)
    if not address:
        raise NoAddress
    if wanted["kind"] not in exports.KINDS:
        raise Invalid
    if wanted["currency"] not in settings.WALLET_CURRENCIES:
        raise CurrencyNotHeld
    first, until = _period(wanted["first"], wanted["last"])
    most = settings.EXPORT_PDF_ROWS_MAX if wanted["kind"] == "pdf" else settings.EXPORT_ROWS_MAX
    if queries.statement(account, wanted["currency"], first, until).count > most:
        raise TooLarge
    most, day = settings.STATEMENT_MAILS_PER_DAY, timedelta(days=1)
    limits.count(f"statement-mail:{account.pk}", limit=most, window=day)
    outbox.soon(JOB, wanted)
    return address


def _period(first: str, last: str) -> tuple[datetime, datetime]:
    if not first or not last:
        raise Invalid
    begin, end = queries.month_of(first), queries.month_of(last)
    count = (end.year - begin.year) * 12 + end.month - begin.month + 1
    if not 1 <= count <= settings.STATEMENT_MONTHS_MAX:
        raise BadPeriod(months=settings.STATEMENT_MONTHS_MAX)
    return begin, queries.month_after(end)
