"""Refusals about people."""

from django.utils.translation import gettext_lazy as _

from superapp.kernel.errors import Conflict, NotFound, Refusal


class PersonNotFound(NotFound):
    code = "accounts.person_not_found"
    message = _("We couldn't find anybody like that.")


class NotFriends(Refusal):
    code = "accounts.not_friends"
    status = 409
    message = _("You are not friends.")


class AlreadyFriends(Conflict):
    code = "accounts.already_friends"
    message = _("You are already friends.")
