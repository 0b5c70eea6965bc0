"""Refusals about statements."""

from django.utils.translation import gettext_lazy as _

from superapp.kernel.errors import Conflict, Invalid


class NoAddress(Conflict):
    code = "payments.no_address"
    message = _("Confirm an e-mail address first: statements go nowhere else.")


class BadPeriod(Invalid):
    code = "payments.bad_period"
    message = _("The first month comes first, and a statement has at most {months} months.")
