"""CSV and OFX. What people typed must neither become a formula nor break the file."""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from xml.sax.saxutils import escape

from django.conf import settings
from django.utils.translation import gettext as _

from accounts.models import Account
from payments.queries.statements import Line, Statement, lines_of
from payments.states import BillKind
from superapp.kernel import time
from superapp.kernel.errors import TooLarge
from superapp.kernel.money import Money

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\u2212", "＝", "＋", "－", "＠")


@dataclass(frozen=True, slots=True)
class File:
    data: bytes
    content_type: str


def lines_within(account: Account, shown: Statement, limit: int) -> list[Line]:
    """All lines of a statement; their sum must lead from opening to closing.

    Raises TooLarge where there are more than `limit`.
    """
    if shown.count > limit:
        raise TooLarge
    lines = lines_of(account, shown, limit)
    moved = sum(line.amount.minor for line in lines)
    assert shown.opening.minor + moved == shown.closing.minor, "the sums must meet"
    return lines


def title_of(kind: str) -> str:
    """What a journal was, in words."""
    return str(BillKind(kind).label) if kind in BillKind.values else _("Other")


def csv_file(account: Account, shown: Statement) -> File:
    """One line each, UTF-8 with a mark so that spreadsheets read Chinese. Raises TooLarge."""
    out = io.StringIO()
    write = csv.writer(out)
    write.writerow(
        [
            *(_("Number"), _("Time (UTC)"), _("What"), _("With"), _("Note"), _("Order number")),
            *(_("In"), _("Out"), _("Balance"), _("Currency")),
        ]
    )
    ends = ((_("Opening balance"), shown.opening), (_("Closing balance"), shown.closing))
    first, last = (["", "", title, *[""] * 5, _plain(sum_), shown.currency] for title, sum_ in ends)
    write.writerow(first)
    for line in lines_within(account, shown, settings.EXPORT_ROWS_MAX):
        came = _plain(line.amount) if line.amount.minor > 0 else ""
        went = _plain(-line.amount) if line.amount.minor < 0 else ""
        texts = (title_of(line.kind), line.counterparty, line.note, line.ref)
        write.writerow(
            [
                *(line.seq, f"{line.at:%Y-%m-%dT%H:%M:%SZ}", *map(quoted, texts)),
                *(came, went, _plain(line.balance), shown.currency),
            ]
        )
    write.writerow(last)
    return File(f"\ufeff{out.getvalue()}".encode(), "text/csv; charset=utf-8")


def quoted(text: str) -> str:
    """A text that a spreadsheet shows instead of computing it."""
    return f"'{text}" if text.lstrip().startswith(_FORMULA) or text.startswith(_FORMULA) else text


def ofx_file(account: Account, shown: Statement) -> File:
    """OFX 2.2, for accounting programs. Raises TooLarge."""
    lines = lines_within(account, shown, settings.EXPORT_ROWS_MAX)
    moment = f"{time.now():%Y%m%d%H%M%S}"
    body = "".join(
        [
            '<?xml version="1.0" encoding="UTF-8" standalone="no"?>\n',
            '<?OFX OFXHEADER="200" VERSION="220" SECURITY="NONE" OLDFILEUID="NONE" NEWFILEUID="NONE"?>\n',
            "<OFX><SIGNONMSGSRSV1><SONRS><STATUS><CODE>0</CODE><SEVERITY>INFO</SEVERITY></STATUS>",
            f"<DTSERVER>{moment}</DTSERVER><LANGUAGE>ENG</LANGUAGE></SONRS></SIGNONMSGSRSV1>",
            f"<BANKMSGSRSV1><STMTTRNRS><TRNUID>{moment}</TRNUID>",
            "<STATUS><CODE>0</CODE><SEVERITY>INFO</SEVERITY></STATUS>",
            f"<STMTRS><CURDEF>{shown.currency}</CURDEF><BANKACCTFROM><BANKID>SUPERAPP</BANKID>",
            f"<ACCTID>{escape(account.public_id)}</ACCTID><ACCTTYPE>CHECKING</ACCTTYPE></BANKACCTFROM>",
            f"<BANKTRANLIST><DTSTART>{shown.month:%Y%m%d}</DTSTART>",
            f"<DTEND>{shown.until:%Y%m%d}</DTEND>",
            *_transactions(lines),
            f"</BANKTRANLIST><LEDGERBAL><BALAMT>{_plain(shown.closing)}</BALAMT>",
            f"<DTASOF>{moment}</DTASOF></LEDGERBAL></STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>\n",
        ]
    )
    return File(body.encode(), "application/x-ofx")


def _transactions(lines: Iterable[Line]) -> Iterable[str]:
    for line in lines:
        kind = "CREDIT" if line.amount.minor > 0 else "DEBIT"
        name = (line.counterparty or title_of(line.kind))[:32]
        yield (
            f"<STMTTRN><TRNTYPE>{kind}</TRNTYPE><DTPOSTED>{line.at:%Y%m%d%H%M%S}</DTPOSTED>"
            f"<TRNAMT>{_plain(line.amount)}</TRNAMT><FITID>{line.seq}</FITID>"
            f"<NAME>{escape(_visible(name))}</NAME><MEMO>{escape(_visible(line.note))}</MEMO></STMTTRN>"
        )


def _visible(text: str) -> str:
    """Without what XML may not hold."""
    return "".join(character for character in text if character.isprintable())


def _plain(money: Money) -> str:
    """12.50: for programs, with a point and no grouping."""
    return f"{money.major:f}"
