"""Bills, receipts and statements."""

from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.guards import MemberRequest, members_only
from payments import actions, exports, queries
from payments.errors import CurrencyNotHeld
from payments.forms import DoubtForm, StatementForm
from payments.queries import BillFilter
from payments.states import BillKind
from payments.views.frame import show
from superapp.kernel.api import position
from superapp.kernel.errors import NotFound
from superapp.kernel.pages import refusals_on

_FILTERS = ("topup", "withdrawal", "transfer", "red_packet", "refund", "pot")


@members_only
def bills(request: MemberRequest) -> HttpResponse:
    """The list: filters and words in the address, so that a page can be kept and shared with oneself."""
    asked = request.GET
    narrowed = BillFilter(
        way=asked.get("way", "") if asked.get("way", "") in queries.WAYS else "",
        kind=asked.get("kind", "") if asked.get("kind", "") in BillKind.values else "",
        words=asked.get("q", "").replace("\0", "")[:60].strip(),
    )
    before = position(asked["before"]) if asked.get("before") else None
    rows, older = queries.bills_page(request.account, narrowed, before)
    kept = {"way": narrowed.way, "kind": narrowed.kind, "q": narrowed.words}
    kept = {name: value for name, value in kept.items() if value}
    context = {
        "rows": queries.in_months(rows),
        "narrowed": narrowed,
        "kinds": [kind for kind in BillKind if kind.value in _FILTERS],
        "older_url": f"?{urlencode(kept | {'before': older})}" if older else "",
        "newer_url": f"?{urlencode(kept)}" if before is not None else "",
    }
    return show(request, "payments/bills.html", context)


@members_only
def bill(request: MemberRequest, bill_id: str) -> HttpResponse:
    """A receipt; whoever doubts it says so here, and reads the answer here."""
    receipt = queries.receipt_of(request.account, bill_id)
    form = DoubtForm(request.POST or None)
    if form.is_valid():
        with refusals_on(form):
            actions.doubt_bill(account=request.account, bill_id=bill_id, **form.cleaned_data)
            messages.success(request, _("Thank you. We look at it; the answer will stand here."))
            return redirect("payments:bill", bill_id)
    return show(request, "payments/bill.html", {"receipt": receipt, "form": form})


@members_only
def statement(request: MemberRequest) -> HttpResponse:
    month, currency = queries.month_of(request.GET.get("month", "")), _currency(request)
    shown = queries.statement(request.account, currency, month)
    shown_month = f"{month:%Y-%m}"
    form = StatementForm(request.POST or None, initial={"first": shown_month, "last": shown_month})
    if form.is_valid():
        with refusals_on(form):
            to = actions.mail_statement(
                account=request.account, currency=currency, **form.cleaned_data
            )
            messages.success(request, _("The statement is on its way to %(to)s.") % {"to": to})
            return redirect(
                f"{reverse('payments:statement')}?month={shown_month}&currency={currency}"
            )
    before, after = queries.month_before(month), queries.month_after(month)
    is_last = after > queries.month_of("")
    address = reverse("payments:statement")
    context = {
        "shown": shown,
        "form": form,
        "chart": queries.chart_of(shown),
        "currencies": [one.available.currency for one in queries.balances_of(request.account)],
        "older_url": f"{address}?month={before:%Y-%m}&currency={currency}",
        "newer_url": "" if is_last else f"{address}?month={after:%Y-%m}&currency={currency}",
        "older_label": date_format(before, "YEAR_MONTH_FORMAT"),
        "newer_label": date_format(after, "YEAR_MONTH_FORMAT"),
        "query": f"month={month:%Y-%m}&currency={currency}",
    }
    return show(request, "payments/statement.html", context)


@members_only
def export(request: MemberRequest, kind: str) -> HttpResponse:
    """A month as a file: made for whoever asks, of their own entries, and kept nowhere."""
    make = exports.KINDS.get(kind)
    if make is None:
        raise NotFound
    month, currency = queries.month_of(request.GET.get("month", "")), _currency(request)
    shown = queries.statement(request.account, currency, month)
    file = make(request.account, shown)
    name = f"statement-{month:%Y-%m}-{currency}.{kind}"
    return HttpResponse(
        file.data,
        content_type=file.content_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _currency(request: MemberRequest) -> str:
    currency = request.GET.get("currency", settings.HOME_CURRENCY)
    if currency not in settings.WALLET_CURRENCIES:
        raise CurrencyNotHeld
    return currency
