"""Pictures of conversations: what the `avatar` tag draws for each kind."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.templatetags.static import static

from accounts.models import Account
from chat.models import Membership
from chat.states import ConversationKind


@dataclass(frozen=True, slots=True)
class GroupFace:
    """A group's own picture, or the mosaic of its first four members."""

    pk: int
    name: str
    avatar_url: str
    faces: Sequence[Account] = ()


def face_of(seat: Membership, title: str, faces: Sequence[Account]) -> Account | GroupFace:
    """What stands for a conversation in its list: the other person, or the group."""
    conversation = seat.conversation
    if seat.peer is not None:
        return seat.peer
    if conversation.kind == ConversationKind.SELF:
        return GroupFace(conversation.pk, title, static("img/av/file.svg"))
    if seat.ended_at is not None:  # its picture and its members are no longer theirs to see
        return GroupFace(conversation.pk, title, "")
    url = f"/chats/{conversation.public_id}/picture/" if conversation.avatar_id else ""
    return GroupFace(conversation.pk, title, url, faces)
