"""A statement to read and print. Chinese is written with a font every PDF reader has."""

import io
from xml.sax.saxutils import escape

from django.conf import settings
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.platypus import LongTable, Paragraph, SimpleDocTemplate, Spacer, TableStyle

from accounts.models import Account
from payments import wording
from payments.exports.files import File, lines_within, title_of
from payments.queries.statements import Line, Statement, month_before

_FONT = "STSong-Light"


def pdf_file(account: Account, shown: Statement) -> File:
    """The statement with all its lines on A4. Raises TooLarge: the table has them all."""
    if _FONT not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(UnicodeCIDFont(_FONT))
    lines = lines_within(account, shown, settings.EXPORT_PDF_ROWS_MAX)
    out = io.BytesIO()
    title = _("Statement")
    document = SimpleDocTemplate(
        out, pagesize=A4, title=title, author="Superapp", lang=wording.locale()
    )
    document.build([*_head(account, shown, title), _table(shown, lines)])
    return File(out.getvalue(), "application/pdf")


def _head(account: Account, shown: Statement, title: str) -> list[Paragraph | Spacer]:
    big = ParagraphStyle("big", fontName=_FONT, fontSize=18, leading=24)
    plain = ParagraphStyle("plain", fontName=_FONT, fontSize=10, leading=15)
    rows = (
        f"{account.name} · {account.public_id}",
        f"{_months(shown)} · {shown.currency}",
        f"{_('Opening balance')}: {wording.written(shown.opening)}",
        f"{_('In')}: {wording.written(shown.came_in)} · {_('Out')}: {wording.written(shown.went_out)}",
        f"{_('Closing balance')}: {wording.written(shown.closing)}",
    )
    texts = [Paragraph(escape(row), plain) for row in rows]
    return [Paragraph(escape(title), big), Spacer(1, 4 * mm), *texts, Spacer(1, 6 * mm)]


def _months(shown: Statement) -> str:
    first = date_format(shown.month, "YEAR_MONTH_FORMAT")
    last = date_format(month_before(shown.until), "YEAR_MONTH_FORMAT")
    return first if first == last else f"{first} – {last}"


def _table(shown: Statement, lines: list[Line]) -> LongTable:
    cell = ParagraphStyle("cell", fontName=_FONT, fontSize=8, leading=11)
    head = [_("Time"), _("What"), _("With"), _("Amount"), _("Balance")]
    body = [
        [
            f"{localtime(line.at):%Y-%m-%d %H:%M}",
            Paragraph(escape(title_of(line.kind)), cell),
            Paragraph(escape(f"{line.counterparty} {line.note}".strip()), cell),
            wording.signed(line.amount),
            wording.written(line.balance),
        ]
        for line in lines
    ]
    table = LongTable(
        [head, *body], colWidths=[30 * mm, 30 * mm, 52 * mm, 31 * mm, 31 * mm], repeatRows=1
    )
    table.setStyle(
        TableStyle(
            [
                ("FONT", (0, 0), (-1, -1), _FONT, 8),
                ("ALIGN", (3, 0), (-1, -1), "RIGHT"),
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("LINEBELOW", (0, 0), (-1, 0), 0.8, colors.black),
                ("LINEBELOW", (0, 1), (-1, -1), 0.25, colors.lightgrey),
            ]
        )
    )
    return table
