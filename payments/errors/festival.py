"""Refusals about campaigns and their covers."""

from django.utils.translation import gettext_lazy as _

from superapp.kernel.errors import Conflict, Invalid


class BadDay(Invalid):
    """No such day in that calendar, or none we can reckon with."""

    code = "payments.bad_day"
    message = _("Write days like 2027-01-15; in a leap month of the lunar calendar 2033-11+-01.")


class BadCampaign(Invalid):
    code = "payments.bad_campaign"
    message = _("Give it a name, an end that is not before its beginning, and something to show.")


class CoverNotOffered(Conflict):
    """Covers can be chosen while their campaign runs."""

    code = "payments.cover_not_offered"
    message = _("This cover is not offered now. Choose another one.")
