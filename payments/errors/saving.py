"""Refusals about pots and standing payments."""

from django.utils.translation import gettext_lazy as _

from superapp.kernel.errors import Conflict, Invalid, NotFound


class PotNotFound(NotFound):
    code = "payments.pot_not_found"
    message = _("We couldn't find that pot.")


class PotClosed(Conflict):
    code = "payments.pot_closed"
    message = _("This pot is closed.")


class TooManyPots(Conflict):
    code = "payments.too_many_pots"
    message = _("You have as many pots as there can be. Close one first.")


class NameMissing(Invalid):
    code = "payments.name_missing"
    message = _("Give it a name.")


class StandingNotFound(NotFound):
    code = "payments.standing_not_found"
    message = _("We couldn't find that standing payment.")


class StandingOver(Conflict):
    """`state` says how it ended."""

    code = "payments.standing_over"
    message = _("This standing payment is over.")

    def __str__(self) -> str:
        return str(self.message)


class TooManyStandings(Conflict):
    code = "payments.too_many_standings"
    message = _("You have as many standing payments as there can be. Cancel one first.")


class BadPlan(Invalid):
    """A day that no month or week has, or an end before the first payment."""

    code = "payments.bad_plan"
    message = _("Choose a day, a start that is not over, and an end after it.")
