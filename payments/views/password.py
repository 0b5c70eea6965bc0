"""The payment password: chosen, changed, chosen anew."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from accounts.guards import MemberRequest, members_only
from payments import actions, queries
from payments.forms import ChangePasswordForm, ResetPasswordForm, SetPasswordForm
from payments.views.frame import show
from superapp.kernel import pages


@members_only
@sensitive_post_parameters()
def password(request: MemberRequest) -> HttpResponse:
    wallet = queries.wallet_for(request.account)
    is_set = bool(wallet.password_hash)
    form = (ChangePasswordForm if is_set else SetPasswordForm)(request.POST or None)
    if form.is_valid():
        given = form.cleaned_data
        with pages.refusals_on(form):
            if is_set:
                actions.change_password(
                    account=request.account, old=given["old"], new=given["password"]
                )
            else:
                actions.set_password(account=request.account, password=given["password"])
            messages.success(request, _("Your payment password is set."))
            return redirect("payments:wallet")
    return show(request, "payments/password.html", {"form": form, "wallet": wallet})


@members_only
@sensitive_post_parameters()
def password_reset(request: MemberRequest) -> HttpResponse:
    form = ResetPasswordForm(request.POST or None)
    if form.is_valid():
        given = form.cleaned_data
        with pages.refusals_on(form):
            actions.reset_password(
                account=request.account,
                document=given["document"],
                card_last4=given["card_last4"],
                new=given["password"],
            )
            messages.success(request, _("Your payment password is set."))
            return redirect("payments:wallet")
    return show(request, "payments/password_reset.html", {"form": form})
