"""Private files of chats. Each look asks again whether this viewer may see this file."""

from typing import Any

from django.views.decorators.http import require_safe

from accounts.guards import MemberRequest, members_only
from chat import queries
from chat.errors import AttachmentNotFound
from chat.states import MessageKind
from superapp.kernel import media


@members_only
@require_safe
def attachment(request: MemberRequest, attachment_id: str) -> Any:
    """The file itself; documents always as a download, ?save=1 for the others."""
    found = queries.attachment_for(request.account, attachment_id)
    is_download = found.kind == MessageKind.FILE or request.GET.get("save")
    name = found.name or found.public_id
    return media.serve(request, found.file, download_name=name if is_download else None)


@members_only
@require_safe
def thumb(request: MemberRequest, attachment_id: str) -> Any:
    found = queries.attachment_for(request.account, attachment_id)
    return media.serve(request, found.thumb or found.file)


@members_only
@require_safe
def sticker(request: MemberRequest, sticker_id: str) -> Any:
    return media.serve(request, queries.sticker_file(sticker_id), is_immutable=True)


@members_only
@require_safe
def preview(request: MemberRequest, file_id: str) -> Any:
    return media.serve(
        request, queries.preview_picture(request.account, file_id), is_immutable=True
    )


@members_only
@require_safe
def export(request: MemberRequest, export_id: str) -> Any:
    """The zip of a chat, once it is made."""
    found = queries.export_for(request.account, export_id)
    if found.file is None:
        raise AttachmentNotFound
    name = f"chat-{found.created_at:%Y-%m-%d}.zip"
    return media.serve(request, found.file, download_name=name)
