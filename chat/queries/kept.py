"""What people keep: favourites, stickers, scheduled messages, files and exports."""

from django.db.models import Q, QuerySet

from accounts.models import Account
from chat.errors import AttachmentNotFound, MessageNotFound
from chat.models import (
    Attachment,
    ChatExport,
    Favourite,
    LinkPreview,
    Reminder,
    ScheduledMessage,
    Sticker,
)
from chat.queries.windows import seen_by
from chat.states import ScheduleStatus
from superapp.kernel import search
from superapp.kernel.models import StoredFile


def favourites_of(owner: Account, *, words: str = "", tag: str = "") -> QuerySet[Favourite]:
    """What somebody kept, newest first; narrowed by words and by a tag."""
    rows = Favourite.objects.filter(owner=owner).select_related("author__avatar", "attachment")
    if search.query_of(words):
        rows = rows.filter(search.matches("search", words))
    if tag:
        rows = rows.filter(tags__contains=[tag])
    return rows.defer("search").order_by("-pk")


def favourite_for(owner: Account, public_id: str) -> Favourite:
    """One kept message of the owner. Raises MessageNotFound."""
    found = favourites_of(owner).filter(public_id=public_id).first()
    if found is None:
        raise MessageNotFound
    return found


def scheduled_of(author: Account) -> QuerySet[ScheduledMessage]:
    """Waiting messages, the next one first."""
    return (
        ScheduledMessage.objects.filter(author=author, status=ScheduleStatus.WAITING)
        .select_related("conversation")
        .order_by("due_at", "pk")
    )


def scheduled_for(author: Account, public_id: str) -> ScheduledMessage:
    """One scheduled message of the author, sent or not. Raises MessageNotFound."""
    found = (
        ScheduledMessage.objects.filter(author=author, public_id=public_id)
        .select_related("conversation")
        .first()
    )
    if found is None:
        raise MessageNotFound
    return found


def reminders_of(owner: Account) -> QuerySet[Reminder]:
    """Reminders still to come, the next one first."""
    return (
        Reminder.objects.filter(owner=owner, done_at=None)
        .select_related("message__conversation", "message__author")
        .order_by("due_at")
    )


def stickers_for(viewer: Account) -> QuerySet[Sticker]:
    """Everybody's packs and the viewer's own, in the order of the picker."""
    return (
        Sticker.objects.filter(Q(owner=None) | Q(owner=viewer))
        .select_related("file")
        .order_by("-owner", "pack", "position", "pk")
    )


def sticker_file(public_id: str) -> StoredFile:
    """A sticker's picture: whoever received it may see it. Raises AttachmentNotFound."""
    found = Sticker.objects.select_related("file").filter(public_id=public_id).first()
    if found is None:
        raise AttachmentNotFound
    return found.file


def attachment_for(viewer: Account, public_id: str) -> Attachment:
    """A file the viewer may see: their own upload, a favourite of theirs, or one that a message in
    the window of one of their seats shows. Missing and forbidden look the same."""
    found = Attachment.objects.select_related("file", "thumb").filter(public_id=public_id).first()
    if found is None or not _may_see(viewer, found):
        raise AttachmentNotFound
    return found


def _may_see(viewer: Account, attachment: Attachment) -> bool:
    if attachment.owner_id == viewer.pk:
        return True
    if Favourite.objects.filter(owner=viewer, attachment=attachment).exists():
        return True
    return seen_by(viewer).filter(attachment_uses__attachment=attachment).exists()


def preview_picture(viewer: Account, public_id: str) -> StoredFile:
    """The picture of a link preview. Previews are of public pages: anybody signed in may see it."""
    found = LinkPreview.objects.filter(image__public_id=public_id).select_related("image").first()
    if found is None or found.image is None:
        raise AttachmentNotFound
    return found.image


def export_for(owner: Account, public_id: str) -> ChatExport:
    """One export of the owner, made or not. Raises AttachmentNotFound."""
    found = (
        ChatExport.objects.select_related("file", "conversation")
        .filter(owner=owner, public_id=public_id)
        .first()
    )
    if found is None:
        raise AttachmentNotFound
    return found


def exports_of(owner: Account) -> QuerySet[ChatExport]:
    """The owner's latest exports."""
    return (
        ChatExport.objects.filter(owner=owner).select_related("conversation").order_by("-pk")[:20]
    )
