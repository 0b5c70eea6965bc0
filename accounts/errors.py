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


class OfficialNotFound(NotFound):
    code = "accounts.official_not_found"
    message = _("We couldn't find that account.")


class NameTaken(Conflict):
    """Another account has this name, or one that looks like it."""

    code = "accounts.name_taken"
    message = _("An account with this name, or one that looks like it, exists already.")


class TooManyRenames(Conflict):
    code = "accounts.too_many_renames"
    message = _("The name can be changed %(limit)s times a year.")


class TooManyAccounts(Conflict):
    code = "accounts.too_many_accounts"
    message = _("One person can have up to %(limit)s official accounts.")


class PapersMissing(Refusal):
    """The application lacks what the review looks at."""

    code = "accounts.papers_missing"
    message = _("Fill in the company, the licence, a contact and the settlement account first.")


class NotPublished(Conflict):
    """Not approved, or suspended: nobody can follow it, and it cannot speak."""

    code = "accounts.not_published"
    message = _("This account is not available at the moment.")


class NotFollowing(NotAllowed):
    code = "accounts.not_following"
    message = _("Follow this account first.")


class FollowedTooMany(Conflict):
    code = "accounts.followed_too_many"
    message = _("You can follow up to %(limit)s accounts.")


class FollowerNotFound(NotFound):
    code = "accounts.follower_not_found"
    message = _("We couldn't find that follower.")


class SceneNotFound(NotFound):
    code = "accounts.scene_not_found"
    message = _("This code no longer works.")


class BadScene(Refusal):
    code = "accounts.bad_scene"
    message = _("A code needs a number or up to 64 characters, and a life of up to 30 days.")


class InvitationNotFound(NotFound):
    code = "accounts.invitation_not_found"
    message = _("This invitation no longer works. Ask for a new one.")


class AlreadyStaff(Conflict):
    code = "accounts.already_staff"
    message = _("This person already works for the account.")


class TooManyStaff(Conflict):
    code = "accounts.too_many_staff"
    message = _("An account can have up to %(limit)s people.")


class OwnerStays(NotAllowed):
    code = "accounts.owner_stays"
    message = _("The owner can't be removed or given another role.")


class BadMenu(Refusal):
    """The menu is not what phones can show; `what` says which part."""

    code = "accounts.bad_menu"
    message = _("This menu can't be shown. Check the number of buttons, their names and addresses.")


class BadAutoReply(Refusal):
    code = "accounts.bad_auto_reply"
    message = _("This auto-reply can't be used. Check its keywords and answers.")


class TooManyAutoReplies(Conflict):
    code = "accounts.too_many_auto_replies"
    message = _("An account can have up to %(limit)s auto-replies.")


class FollowerTagNotFound(NotFound):
    code = "accounts.follower_tag_not_found"
    message = _("We couldn't find that tag.")


class BadTagName(Refusal):
    code = "accounts.bad_tag_name"
    message = _("A tag needs a name of up to 30 characters.")


class SystemTag(NotAllowed):
    code = "accounts.system_tag"
    message = _("This tag can't be changed.")


class WindowClosed(NotAllowed):
    """The person did not write or press anything lately: the account may not write first."""

    code = "accounts.window_closed"
    message = _("You can write again when this person writes to you.")


class WindowSpent(NotAllowed):
    """The messages of this window are used up; anything the person does opens another."""

    code = "accounts.window_spent"
    message = _("You have written as often as you may until this person answers.")


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
