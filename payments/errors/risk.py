"""Refusals of the risk rules: why, in words for whoever pays."""

from django.utils.translation import gettext_lazy as _

from superapp.kernel.errors import Conflict, NotAllowed


class WalletFrozen(NotAllowed):
    code = "payments.wallet_frozen"
    message = _("Your wallet is being checked. Money can come in, and none can go out meanwhile.")


class PaidTooOften(Conflict):
    code = "payments.paid_too_often"
    message = _("You paid very often in the last hour. Try again a little later.")


class JustCameIn(Conflict):
    code = "payments.just_came_in"
    message = _("This money just came in from several people. It can leave a day after it came.")
