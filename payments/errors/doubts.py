"""Refusals about doubts."""

from django.utils.translation import gettext_lazy as _

from superapp.kernel.errors import Conflict, Invalid


class DoubtOpen(Conflict):
    code = "payments.doubt_open"
    message = _("You told us about this bill already. The answer will stand here.")


class DoubtEmpty(Invalid):
    code = "payments.doubt_empty"
    message = _("Say what is not right.")
