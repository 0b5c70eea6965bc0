"""Refusals to programs of official accounts."""

from django.utils.translation import gettext_lazy as _

from superapp.kernel.errors import Conflict, NotAllowed, NotFound, Refusal


class ProgramNotFound(NotFound):
    """No published account with this appid has programs."""

    code = "accounts.program_not_found"
    message = _("We couldn't find that program.")


class BadProgramSecret(NotAllowed):
    code = "accounts.bad_program_secret"
    message = _("This secret is not right.")


class ProgramTokenUnknown(NotAllowed):
    code = "accounts.program_token_unknown"
    message = _("This access token is not known.")


class ProgramTokenExpired(NotAllowed):
    code = "accounts.program_token_expired"
    message = _("This access token is over. Ask for a new one.")


class TokensTooOften(NotAllowed):
    code = "accounts.tokens_too_often"
    message = _("Too many tokens today. Keep the one you have until it ends.")


class MediaNotFound(NotFound):
    """Unknown, another account's, not of the kind that was asked for, or over."""

    code = "accounts.media_not_found"
    message = _("We couldn't find that file. Files of programs are kept for three days.")


class BadMedia(Refusal):
    """By content it is not what it should be, or it plays for too long."""

    code = "accounts.bad_media"
    message = _("That file can't be used here.")


class MediaTooLarge(Refusal):
    code = "accounts.media_too_large"
    status = 413
    message = _("That file is larger than we accept.")


class MediaTooLong(Refusal):
    code = "accounts.media_too_long"
    message = _("A voice message can last up to %(limit)s seconds.")


class MediaFull(Refusal):
    code = "accounts.media_full"
    status = 409
    message = _("The account keeps as many files as it may. They go after three days.")


class UnknownForm(NotFound):
    code = "accounts.unknown_form"
    message = _("The library has no such template.")


class UnknownIndustry(Refusal):
    code = "accounts.unknown_industry"
    message = _("There is no such trade.")


class TemplateNotFound(NotFound):
    code = "accounts.template_not_found"
    message = _("We couldn't find that template.")


class TooManyTemplates(Conflict):
    code = "accounts.too_many_templates"
    message = _("An account can have up to %(limit)s templates.")


class BadTemplateData(Refusal):
    """What is to stand in a template is too long, too much, or leads to no page."""

    code = "accounts.bad_template_data"
    message = _("This can't be put into the template.")


class TemplatesTooOften(NotAllowed):
    code = "accounts.templates_too_often"
    message = _("The account has sent as many templates today as it may.")


class ReturnAddressNotAllowed(Refusal):
    """Not on one of the hosts that the account has named: the code would go to a stranger."""

    code = "accounts.return_address_not_allowed"
    message = _("This link is wrong: its address does not belong to the account.")


class BadDomain(Refusal):
    code = "accounts.bad_domain"
    message = _("Give up to %(limit)s hosts such as shop.example.com, without https:// and paths.")


class CodeUnknown(NotAllowed):
    """Never given, another account's, or over."""

    code = "accounts.sign_in_code_unknown"
    message = _("This code is not valid. Sign in again.")


class CodeUsed(Conflict):
    code = "accounts.sign_in_code_used"
    message = _("This code was used already. Sign in again.")


class RefreshTokenUnknown(NotAllowed):
    code = "accounts.refresh_token_unknown"
    message = _("This refresh token is not known.")


class RefreshTokenExpired(NotAllowed):
    code = "accounts.refresh_token_expired"
    message = _("This refresh token is over. The person has to sign in again.")


class OpenidOfAnother(NotAllowed):
    """The token belongs to somebody else."""

    code = "accounts.openid_of_another"
    message = _("This token belongs to somebody else.")


class ScopeTooSmall(NotAllowed):
    """The person was asked for the openid alone."""

    code = "accounts.scope_too_small"
    message = _("The person has not agreed to this.")


class BadCallback(Refusal):
    code = "accounts.bad_callback"
    message = _(
        "Check the address, the token (3 to 32 letters and digits) and the key (43 of them)."
    )


class CallbackNotVerified(Refusal):
    """The server there did not answer the test as the platform's rules ask."""

    code = "accounts.callback_not_verified"
    status = 409
    message = _(
        "The server at this address did not answer the test. The settings stay as they were."
    )


class NoCallback(NotFound):
    code = "accounts.no_callback"
    message = _("No server is set up for this account.")
