"""Refusals of the ledger."""

from django.utils.translation import gettext_lazy as _

from superapp.kernel.errors import Conflict, Invalid, NotAllowed, Refusal


class InsufficientFunds(Conflict):
    code = "ledger.insufficient_funds"
    message = _("There is not enough money.")


class AccountFrozen(Conflict):
    """Frozen, or closed for good; `status` says which."""

    code = "ledger.account_frozen"
    message = _("This account is frozen.")

    def __str__(self) -> str:
        return str(self.message)


class KeyReused(Conflict):
    """The same business fact was told with other content: somebody is wrong about it."""

    code = "ledger.key_reused"
    message = _("This was already done, with other details.")


class AccountNotEmpty(Conflict):
    code = "ledger.account_not_empty"
    message = _("There is still money in it.")


class BadPosting(Invalid):
    """Amounts of nothing, of less, or of more than can be counted; or money to where it came from."""

    code = "ledger.bad_posting"
    message = _("Money can't be moved like that.")


class TooBusy(Refusal):
    """The database broke it off each time it was tried. Not an answer to keep: the same may be asked
    again, with the same key."""

    code = "ledger.too_busy"
    status = 503
    message = _("Too much is happening at once. Nothing was moved: try again.")


class OwnProposal(NotAllowed):
    code = "ledger.own_proposal"
    message = _("Somebody else has to approve what you proposed.")
