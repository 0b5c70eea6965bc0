"""Refusals about people."""

from django.utils.translation import gettext_lazy as _

from superapp.kernel.errors import Conflict, NotAllowed, NotFound, Refusal


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


class ContactNotFound(NotFound):
    code = "accounts.contact_not_found"
    message = _("That person is not among your contacts.")


class RequestNotFound(NotFound):
    code = "accounts.request_not_found"
    message = _("We couldn't find that friend request.")


class RequestExpired(Conflict):
    code = "accounts.request_expired"
    message = _("This request has expired. You can ask yourself now.")


class CannotAddYourself(Refusal):
    code = "accounts.cannot_add_yourself"
    message = _("That is you.")


class WayClosed(NotAllowed):
    """No look-up, card or group leads there, or the person has switched that way off."""

    code = "accounts.way_closed"
    message = _("This person can't be added this way.")


class Blocked(NotAllowed):
    code = "accounts.blocked"
    message = _("You have blocked this person. Unblock them first.")


class TooManyFriends(Refusal):
    code = "accounts.too_many_friends"
    status = 409
    message = _("The contact list is full.")


class TagNotFound(NotFound):
    code = "accounts.tag_not_found"
    message = _("We couldn't find that tag.")


class TagExists(Conflict):
    code = "accounts.tag_exists"
    message = _("You already have a tag with this name.")


class TooManyTags(Refusal):
    code = "accounts.too_many_tags"
    message = _("You have as many tags as there can be.")


class BadName(Refusal):
    code = "accounts.bad_name"
    message = _("A name needs at least one visible character.")


class BadHandle(Refusal):
    code = "accounts.bad_handle"
    message = _("Use %(min)s to %(max)s letters, digits, - or _, beginning with a letter.")


class HandleTaken(Conflict):
    code = "accounts.handle_taken"
    message = _("That ID is taken.")


class HandleTooSoon(Refusal):
    code = "accounts.handle_too_soon"
    status = 409
    message = _("An ID can be changed once a year. Yours can change again on %(day)s.")


class BadAddress(Refusal):
    code = "accounts.bad_address"
    message = _("Enter an e-mail address or a phone number.")


class AddressTaken(Conflict):
    code = "accounts.address_taken"
    message = _("Somebody already uses that address.")


class BadPreference(Refusal):
    code = "accounts.bad_preference"
    message = _("There is no such setting.")


class SessionNotFound(NotFound):
    code = "accounts.session_not_found"
    message = _("That device is already signed out.")


class TokenNotFound(NotFound):
    code = "accounts.token_not_found"
    message = _("We couldn't find that token.")


class TooManyTokens(Refusal):
    code = "accounts.too_many_tokens"
    status = 409
    message = _("You have as many tokens as there can be. Revoke one first.")


class TokenNotEnough(NotAllowed):
    code = "accounts.token_not_enough"
    message = _("A token can't do that. Sign in instead.")


class QRLoginNotFound(NotFound):
    code = "accounts.qr_login_not_found"
    message = _("This code is no longer valid. Show a new one on the other device.")


class NotConfirmedYet(Conflict):
    code = "accounts.qr_login_not_confirmed"
    message = _("Not confirmed yet. Confirm on your phone first.")


class SmsRefused(Refusal):
    code = "accounts.sms_refused"
    status = 503
    message = _("Text messages can't be sent from here. Use an e-mail address.")


class CannotSuspend(NotAllowed):
    code = "accounts.cannot_suspend"
    message = _("Staff can't be suspended here. Take their role away first.")


class CannotChangeOwnRole(NotAllowed):
    code = "accounts.cannot_change_own_role"
    message = _("Nobody changes their own role.")


class NotARole(Refusal):
    code = "accounts.not_a_role"
    message = _("There is no such role.")
