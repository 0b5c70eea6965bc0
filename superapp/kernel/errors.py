"""Refusals: a rule of ours said no. Anything else that is raised is a bug."""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Refusal(Exception):
    """A rule said no. `code` is stable and never translated, `message` is for people."""

    code = "refused"
    status = 400
    message: str | Promise = _("That can't be done.")

    def __init__(self, **details: Any) -> None:
        super().__init__(self.code)
        self.details = details

    def __str__(self) -> str:
        return str(self.message) % self.details if self.details else str(self.message)


class Invalid(Refusal):
    code = "invalid"
    message = _("Some fields are wrong.")


class BadCursor(Refusal):
    """A position in a list that this list never gave out."""

    code = "bad_cursor"


class NotFound(Refusal):
    """Missing, or not yours to see: the caller must not learn which."""

    code = "not_found"
    status = 404
    message = _("We couldn't find that.")


class NotAllowed(Refusal):
    code = "not_allowed"
    status = 403
    message = _("You may not do that.")


class Conflict(Refusal):
    code = "conflict"
    status = 409
    message = _("Somebody else got there first. Reload and try again.")


class TooLarge(Refusal):
    code = "too_large"
    status = 413
    message = _("That is larger than we accept.")


class TooMany(Refusal):
    """A rate limit. `retry_after` is in whole seconds."""

    code = "too_many"
    status = 429
    message = _("Too many tries. Wait a little and try again.")

    def __init__(self, *, retry_after: int = 60, **details: Any) -> None:
        super().__init__(**details)
        self.retry_after = retry_after
