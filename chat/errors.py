"""Refusals in chat. Codes are part of the API and never change."""

from django.utils.translation import gettext_lazy as _

from superapp.kernel.errors import Conflict, NotAllowed, NotFound, Refusal, TooLarge


class ConversationNotFound(NotFound):
    code = "chat.conversation_not_found"
    message = _("We couldn't find that chat.")


class MessageNotFound(NotFound):
    code = "chat.message_not_found"
    message = _("We couldn't find that message.")


class AttachmentNotFound(NotFound):
    code = "chat.attachment_not_found"
    message = _("We couldn't find that file.")


class EmptyMessage(Refusal):
    code = "chat.empty_message"
    message = _("Write something first.")


class MessageTooLong(TooLarge):
    code = "chat.message_too_long"
    message = _("That message is too long. Split it, or send it as a file.")


class BadMessage(Refusal):
    """The kind, its body or the client_id is not what the protocol says."""

    code = "chat.bad_message"
    message = _("We couldn't read that message.")


class NotAMember(NotAllowed):
    code = "chat.not_a_member"
    message = _("You are no longer in this group.")


class GroupClosed(NotAllowed):
    code = "chat.group_closed"
    message = _("This group was disbanded.")


class NotFriends(NotAllowed):
    code = "chat.not_friends"
    message = _("Friend verification is required before you can write.")


class Rejected(NotAllowed):
    """The other side has blocked the author."""

    code = "chat.rejected"
    message = _("The message was sent but rejected by the receiver.")


class YouBlocked(NotAllowed):
    code = "chat.you_blocked"
    message = _("You have blocked this person. Unblock them to write.")


class AwaitingAnswer(NotAllowed):
    code = "chat.awaiting_answer"
    message = _("You can write again once they have answered.")


class GreetingTooRich(NotAllowed):
    code = "chat.greeting_too_rich"
    message = _("A first message to somebody new may be short text only, without links.")


class NotReachable(NotAllowed):
    code = "chat.not_reachable"
    message = _("This account can't receive messages.")


class AdminsOnly(NotAllowed):
    code = "chat.admins_only"
    message = _("Only the owner and admins may do that.")


class OwnerOnly(NotAllowed):
    code = "chat.owner_only"
    message = _("Only the owner may do that.")


class NotYours(NotAllowed):
    code = "chat.not_yours"
    message = _("That message is not yours.")


class TooLate(Conflict):
    code = "chat.too_late"
    message = _("It is too late to recall this message.")


class AlreadyRecalled(Conflict):
    code = "chat.already_recalled"
    message = _("This message was recalled.")


class NotForwardable(Refusal):
    code = "chat.not_forwardable"
    message = _("One of these messages can't be forwarded.")


class TooManyMessages(Refusal):
    code = "chat.too_many_messages"
    message = _("You can choose up to %(limit)s messages.")


class GroupFull(Conflict):
    code = "chat.group_full"
    message = _("A group can have up to %(limit)s members.")


class TooManyAdmins(Conflict):
    code = "chat.too_many_admins"
    message = _("A group can have up to %(limit)s admins.")


class AlreadyMember(Conflict):
    code = "chat.already_member"
    message = _("They are already in the group.")


class NotVerified(NotAllowed):
    code = "chat.not_verified"
    message = _("Groups of this size are open to people with a verified identity.")


class QRExpired(NotFound):
    code = "chat.qr_expired"
    message = _("This group code no longer works. Ask a member to invite you.")


class JoinRequestNotFound(NotFound):
    code = "chat.join_request_not_found"
    message = _("We couldn't find that invitation.")


class QuotaExceeded(TooLarge):
    code = "chat.quota_exceeded"
    message = _("Your storage for files is full.")


class FileTooLarge(TooLarge):
    code = "chat.file_too_large"
    message = _("This file is too large. The limit is %(limit)s MB.")


class BadFile(Refusal):
    code = "chat.bad_file"
    message = _("This file is damaged or not of a kind we accept.")


class Infected(Refusal):
    code = "chat.infected"
    message = _("This file was refused by the virus scanner.")


class BadSchedule(Refusal):
    code = "chat.bad_schedule"
    message = _("Choose a time between now and one year ahead.")


class TooManyKept(Conflict):
    """More favourites, stickers or scheduled messages than one account may keep."""

    code = "chat.too_many_kept"
    message = _("You have reached the limit of %(limit)s.")


class BadReaction(Refusal):
    code = "chat.bad_reaction"
    message = _("Choose one of the offered reactions.")


class FollowerLeft(NotAllowed):
    """An official account writes to somebody who no longer follows it."""

    code = "chat.follower_left"
    message = _("This person no longer follows the account.")


class TryAgain(Refusal):
    """The database was away for a moment; the same client_id may be sent again."""

    code = "chat.try_again"
    status = 503
    message = _("We couldn't store that just now. It will be tried again.")


class UnknownSaying(Refusal):
    """A program sent a type of message that there is not."""

    code = "chat.unknown_saying"
    message = _("There is no message of this type.")


class TooManyArticles(Refusal):
    code = "chat.too_many_articles"
    message = _("One message of a program shows up to %(limit)s articles.")
