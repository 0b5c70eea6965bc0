"""Codes to be paid by and to pay with, drawn as pictures."""

import segno
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from accounts.guards import MemberRequest, members_only
from payments import actions, queries
from payments.forms import CodePaymentForm, ReceiveForm
from payments.models import ReceiveCode
from payments.templatetags.barcode import code128
from payments.views.beside import means_of
from payments.views.frame import show
from superapp.kernel.pages import refusals_on


@members_only
def receive(request: MemberRequest) -> HttpResponse:
    """The person's own code, with who paid by it; an amount makes a code for that amount."""
    form = ReceiveForm(request.POST or None)
    if form.is_valid():
        with refusals_on(form):
            code = actions.set_receive_amount(owner=request.account, **form.cleaned_data)
            return redirect("payments:receive-one", code.public_id)
    code = actions.own_receive_code(owner=request.account)
    return _show(request, code, form)


@members_only
def receive_one(request: MemberRequest, code_id: str) -> HttpResponse:
    """A code for one amount."""
    code = queries.receive_code_for(request.account, code_id)
    return _show(request, code, ReceiveForm())


@require_POST
@members_only
def receive_renew(request: MemberRequest) -> HttpResponse:
    actions.renew_receive_code(owner=request.account)
    messages.success(request, _("Your old code no longer works."))
    return redirect("payments:receive")


@require_POST
@members_only
def receive_drop(request: MemberRequest, code_id: str) -> HttpResponse:
    actions.drop_receive_code(owner=request.account, code_id=code_id)
    return redirect("payments:receive")


def _show(request: MemberRequest, code: ReceiveCode, form: ReceiveForm) -> HttpResponse:
    path = reverse("payments:pay-to", args=[code.token])
    address = f"{settings.PUBLIC_ORIGIN}{path}" if settings.PUBLIC_ORIGIN else ""
    address = address or request.build_absolute_uri(path)
    context = {
        "code": code,
        "picture": picture_of(address),
        "address": address,
        "payments": queries.payments_to(code),
        "sum": queries.received_by(code),
        "form": form,
    }
    return show(request, "payments/receive.html", context)


@members_only
@sensitive_post_parameters("password")
def pay_to(request: MemberRequest, token: str) -> HttpResponse:
    """Where somebody's code leads: who is paid is shown before anything else."""
    code = queries.receive_code_by(token)
    initial = {"amount": str(code.total.major), "currency": code.currency, "note": code.note}
    form = CodePaymentForm(
        request.POST or None, account=request.account, initial=initial if code.amount else {}
    )
    if form.is_valid():
        given = dict(form.cleaned_data)
        means = means_of(request, given)
        with refusals_on(form):
            paid = actions.pay_by_code(payer=request.account, token=token, means=means, **given)
            return redirect("payments:transfer", paid.public_id)
    context = {
        "form": form,
        "code": code,
        "is_own": code.account == request.account,
        "legal_name": queries.legal_name_of(code.account),
    }
    return show(request, "payments/pay_to.html", context)


@members_only
def pay_code(request: MemberRequest) -> HttpResponse:
    """The code this browser shows to pay; it changes by itself."""
    code = actions.show_pay_code(
        account=request.account, session_key=request.session.session_key or ""
    )
    context = {
        "code": code,
        "bars": code128(code.digits),
        "picture": picture_of(code.digits),
        "balance": queries.balances_of(request.account)[0],
        "most": queries.from_home(settings.PAY_CODE_EACH, settings.HOME_CURRENCY),
    }
    return show(request, "payments/pay_code.html", context)


def picture_of(text: str) -> str:
    """A QR code as the address of a picture. White stays white in dark mode, or nothing reads it."""
    code = segno.make(text, error="m", micro=False)
    return str(code.svg_data_uri(scale=8, border=4, dark="#101512", light="#ffffff"))
