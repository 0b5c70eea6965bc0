"""Refusals about official accounts and those who follow them."""

from django.utils.translation import gettext_lazy as _

from superapp.kernel.errors import Conflict, NotAllowed, NotFound, Refusal


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
