"""What integrators send (…In) and get (…Out). Every text and list has a bound."""

from typing import Any

from django.conf import settings
from rest_framework import serializers

from chat import events
from chat.actions import CATEGORIES
from chat.bodies import SENDABLE
from chat.models import Attachment, Favourite, JoinRequest, Membership, Message, ScheduledMessage
from chat.queries import InboxRow

Plain = serializers.Serializer[Any]
_ID = 40
_CLIENT_ID = r"^[A-Za-z0-9_\-]{1,64}$"


def _ids(most: int, **more: Any) -> serializers.ListField:
    return serializers.ListField(
        child=serializers.CharField(max_length=_ID), max_length=most, **more
    )


class AccountOut(Plain):
    id = serializers.CharField(source="public_id", max_length=_ID)
    name = serializers.CharField(max_length=40)
    kind = serializers.CharField(max_length=10)
    avatar = serializers.CharField(source="avatar_url", max_length=200)


class ConversationOut(Plain):
    """A conversation as the caller sees it in their list."""

    id = serializers.CharField(source="seat.conversation.public_id", max_length=_ID)
    kind = serializers.CharField(source="seat.conversation.kind", max_length=10)
    title = serializers.CharField(max_length=200)
    peer = AccountOut(source="seat.peer", allow_null=True)
    role = serializers.CharField(source="seat.role", max_length=10)
    status = serializers.CharField(source="seat.status", max_length=10)
    members = serializers.IntegerField()
    last_seq = serializers.IntegerField()
    read_seq = serializers.IntegerField(source="seat.read_seq")
    unread = serializers.IntegerField()
    is_mentioned = serializers.BooleanField()
    is_marked_unread = serializers.BooleanField(source="seat.is_marked_unread")
    is_pinned = serializers.BooleanField()
    is_muted = serializers.BooleanField(source="seat.is_muted")
    is_archived = serializers.BooleanField(source="seat.is_archived")
    draft = serializers.CharField(source="seat.draft", max_length=5000)
    preview = serializers.CharField(max_length=6000)
    last_message_at = serializers.DateTimeField(source="at")

    def __init__(self, *args: InboxRow | list[InboxRow], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)


class ConversationIn(Plain):
    """One account gives the direct chat with them; several, or a title, give a group."""

    accounts = _ids(settings.GROUP_MAX)
    title = serializers.CharField(
        max_length=settings.GROUP_TITLE_MAX, required=False, allow_blank=True, default=""
    )
    kind = serializers.ChoiceField(choices=["auto", "direct", "group", "self"], default="auto")


class SeatIn(Plain):
    """The caller's own settings of a conversation; only what is given changes."""

    is_pinned = serializers.BooleanField(required=False)
    is_muted = serializers.BooleanField(required=False)
    is_archived = serializers.BooleanField(required=False)
    is_marked_unread = serializers.BooleanField(required=False)
    draft = serializers.CharField(
        max_length=settings.DRAFT_MAX, required=False, allow_blank=True, trim_whitespace=False
    )


class GroupIn(Plain):
    title = serializers.CharField(
        max_length=settings.GROUP_TITLE_MAX, required=False, allow_blank=True
    )
    needs_approval = serializers.BooleanField(required=False)
    announcement = serializers.CharField(
        max_length=settings.ANNOUNCEMENT_MAX, required=False, allow_blank=True
    )


class MemberOut(Plain):
    account = AccountOut()
    role = serializers.CharField(max_length=10)
    alias = serializers.CharField(max_length=40)
    joined_at = serializers.DateTimeField()

    def __init__(self, *args: Membership | list[Membership], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)


class MembersIn(Plain):
    accounts = _ids(100, min_length=1)
    reason = serializers.CharField(max_length=100, required=False, allow_blank=True, default="")


class RoleIn(Plain):
    role = serializers.ChoiceField(choices=["owner", "admin", "member"])


class JoinOut(Plain):
    """An invitation, or somebody who asks to come in."""

    id = serializers.CharField(source="public_id", max_length=_ID)
    conversation = serializers.CharField(source="conversation.public_id", max_length=_ID)
    account = AccountOut()
    inviter = AccountOut(allow_null=True)
    status = serializers.CharField(max_length=10)
    reason = serializers.CharField(max_length=100)
    created_at = serializers.DateTimeField()

    def __init__(self, *args: JoinRequest | list[JoinRequest], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)


class AnswerIn(Plain):
    answer = serializers.ChoiceField(choices=["accept", "decline"])


class MessageIn(Plain):
    """`client_id` is unique per sender: repeating it returns the first message."""

    client_id = serializers.RegexField(_CLIENT_ID, max_length=settings.CLIENT_ID_MAX)
    type = serializers.ChoiceField(choices=sorted(SENDABLE), default="text")
    text = serializers.CharField(
        max_length=settings.MESSAGE_TEXT_MAX,
        required=False,
        allow_blank=True,
        default="",
        trim_whitespace=False,
    )
    body = serializers.DictField(required=False, default=dict)
    quote = serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=2**62)
    mentions = _ids(settings.MENTIONS_MAX, required=False, default=list)
    attachment = serializers.CharField(max_length=_ID, required=False, allow_blank=True, default="")


class MessageOut(Plain):
    """The same shape as the `chat.message_sent` event of the socket."""

    c = serializers.CharField(max_length=_ID, help_text="Conversation.")
    seq = serializers.IntegerField()
    at = serializers.IntegerField(help_text="Milliseconds since 1970, UTC.")
    by = serializers.CharField(max_length=_ID)
    name = serializers.CharField(max_length=40)
    avatar = serializers.CharField(max_length=_ID, allow_blank=True)
    type = serializers.CharField(max_length=10)
    text = serializers.CharField(max_length=settings.MESSAGE_TEXT_MAX, allow_blank=True)
    body = serializers.DictField()
    client_id = serializers.CharField(max_length=settings.CLIENT_ID_MAX)
    change = serializers.IntegerField()


def wire(message: Message) -> dict[str, Any]:
    return events.message_wire(message, message.conversation)


class ReadIn(Plain):
    seq = serializers.IntegerField(min_value=0, max_value=2**62)


class ReactionIn(Plain):
    emoji = serializers.ChoiceField(choices=settings.REACTIONS)


class RecallOut(Plain):
    text = serializers.CharField(max_length=settings.MESSAGE_TEXT_MAX, allow_blank=True)


class ForwardIn(Plain):
    client_id = serializers.RegexField(_CLIENT_ID, max_length=50)
    source = serializers.CharField(max_length=_ID)  # type: ignore[assignment]
    seqs = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=2**62),
        min_length=1,
        max_length=settings.FORWARD_MAX,
    )
    is_merged = serializers.BooleanField(default=False)


class UploadIn(Plain):
    file = serializers.FileField(max_length=255)
    kind = serializers.ChoiceField(choices=["image", "video", "voice", "file"])
    name = serializers.CharField(max_length=255, required=False, allow_blank=True, default="")
    duration_ms = serializers.IntegerField(
        min_value=0, max_value=24 * 3600 * 1000, required=False, default=0
    )
    peaks = serializers.CharField(
        max_length=400,
        required=False,
        allow_blank=True,
        default="",
        help_text="Up to 40 numbers from 0 to 100, separated by commas.",
    )


class AttachmentOut(Plain):
    id = serializers.CharField(source="public_id", max_length=_ID)
    kind = serializers.CharField(max_length=10)
    name = serializers.CharField(max_length=settings.FILE_NAME_MAX)
    size = serializers.IntegerField(source="file.size")
    type = serializers.CharField(source="file.content_type", max_length=100)
    width = serializers.IntegerField()
    height = serializers.IntegerField()
    duration_ms = serializers.IntegerField()

    def __init__(self, *args: Attachment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)


class FavouriteIn(Plain):
    conversation = serializers.CharField(max_length=_ID)
    seq = serializers.IntegerField(min_value=1, max_value=2**62)


class FavouriteNoteIn(Plain):
    note = serializers.CharField(
        max_length=settings.FAVOURITE_NOTE_MAX, required=False, allow_blank=True, default=""
    )
    tags = serializers.ListField(
        child=serializers.CharField(max_length=20),
        max_length=settings.FAVOURITE_TAGS_MAX,
        required=False,
        default=list,
    )


class FavouriteOut(Plain):
    id = serializers.CharField(source="public_id", max_length=_ID)
    author = AccountOut(allow_null=True)
    type = serializers.CharField(source="kind", max_length=10)
    text = serializers.CharField(max_length=settings.MESSAGE_TEXT_MAX)
    note = serializers.CharField(max_length=settings.FAVOURITE_NOTE_MAX)
    tags = serializers.ListField(child=serializers.CharField(max_length=20), max_length=10)
    created_at = serializers.DateTimeField()

    def __init__(self, *args: Favourite | list[Favourite], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)


class ScheduledIn(Plain):
    conversation = serializers.CharField(max_length=_ID)
    text = serializers.CharField(max_length=settings.MESSAGE_TEXT_MAX)
    due_at = serializers.DateTimeField()


class ScheduledChangeIn(Plain):
    text = serializers.CharField(max_length=settings.MESSAGE_TEXT_MAX)
    due_at = serializers.DateTimeField()


class ScheduledOut(Plain):
    id = serializers.CharField(source="public_id", max_length=_ID)
    conversation = serializers.CharField(source="conversation.public_id", max_length=_ID)
    text = serializers.CharField(max_length=settings.MESSAGE_TEXT_MAX)
    status = serializers.CharField(max_length=10)
    due_at = serializers.DateTimeField()

    def __init__(self, *args: ScheduledMessage | list[ScheduledMessage], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)


class ReportIn(Plain):
    conversation = serializers.CharField(max_length=_ID)
    seq = serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=2**62)
    category = serializers.ChoiceField(choices=CATEGORIES)
    note = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")


class ReportOut(Plain):
    id = serializers.CharField(source="public_id", max_length=_ID)
