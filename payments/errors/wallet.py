"""Refusals of the wallet."""

from django.utils.translation import gettext_lazy as _

from superapp.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, Refusal


class CardNotFound(NotFound):
    code = "payments.card_not_found"
    message = _("We couldn't find that card or account.")


class TooManyCards(Conflict):
    code = "payments.too_many_cards"
    message = _("You have as many cards and accounts as there can be. Remove one first.")


class CardInUse(Conflict):
    code = "payments.card_in_use"
    message = _("Something is still on its way with it. Try again when that is done.")


class CurrencyNotHeld(Invalid):
    code = "payments.currency_not_held"
    message = _("A wallet can't hold that currency.")


class AmountOutOfRange(Invalid):
    code = "payments.amount_out_of_range"
    message = _("Choose an amount between %(min)s and %(max)s.")


class VerifyFirst(NotAllowed):
    code = "payments.verify_first"
    message = _("Confirm who you are first.")


class LimitReached(Conflict):
    """`left` is what may still be moved in the window, written out."""

    code = "payments.limit_reached"
    message = _("That is more than your limit allows.")


class BadName(Invalid):
    code = "payments.bad_name"
    message = _("Write your name as it stands in your papers.")


class BadDocument(Invalid):
    code = "payments.bad_document"
    message = _("Use 6 to 20 letters and digits.")


class AlreadyVerified(Conflict):
    code = "payments.already_verified"
    message = _("This is confirmed already.")


class CheckPending(Conflict):
    code = "payments.check_pending"
    message = _("We are still checking.")


class MoreProofNeeded(Conflict):
    code = "payments.more_proof_needed"
    message = _("Bind a card or a bank account first.")


class NoPassword(Conflict):
    code = "payments.no_password"
    message = _("Set a payment password first.")


class PasswordAlreadySet(Conflict):
    code = "payments.password_already_set"
    message = _("You have a payment password already.")


class BadPassword(Invalid):
    code = "payments.bad_password"
    message = _("Use six digits that are not all alike and not in a row.")


class WrongPassword(Refusal):
    code = "payments.wrong_password"
    status = 403
    message = _("That is not your payment password. Tries left: %(left)s.")


class PasswordLocked(Refusal):
    code = "payments.password_locked"
    status = 403
    message = _("Too many wrong tries. Paying with the password is locked for some hours.")


class PasswordNeeded(NotAllowed):
    code = "payments.password_needed"
    message = _("Enter your payment password.")


class AuthInvalid(NotAllowed):
    """Used, too old, or made for another payment."""

    code = "payments.auth_invalid"
    message = _("Enter your payment password again.")


class ProofsDiffer(NotAllowed):
    code = "payments.proofs_differ"
    message = _("These details don't match what we know.")


class CoolingDown(Conflict):
    code = "payments.cooling_down"
    message = _("Money can be withdrawn a day after the account or the password changed.")


class WithdrawalOpen(Conflict):
    code = "payments.withdrawal_open"
    message = _("One withdrawal to this account is on its way already.")


class BillNotFound(NotFound):
    code = "payments.bill_not_found"
    message = _("We couldn't find that bill.")


class WalletNotEmpty(Conflict):
    code = "payments.wallet_not_empty"
    message = _("There is still money in the wallet, or on its way.")


class FeeChanged(Conflict):
    code = "payments.fee_changed"
    message = _("The fee is another one now. Look at it again.")
