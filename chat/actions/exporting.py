"""A chat as a zip: readable HTML, JSON and its files (MSG-24)."""

import json
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from typing import Any

from django.db import transaction
from django.template.loader import render_to_string

from accounts.models import Account
from chat import bodies, events, queries
from chat.models import Attachment, ChatExport, Membership, Message
from superapp.kernel import media, outbox, push, time

JOB = "chat.export"
_PAGE = 500


@transaction.atomic
def export_chat(*, viewer: Account, conversation_id: str) -> ChatExport:
    """Ask for a zip of what the viewer sees of a chat; a worker makes it."""
    seat = queries.seat_of(viewer, conversation_id)
    row = ChatExport.objects.create(
        owner=viewer, conversation=seat.conversation, created_at=time.now()
    )
    outbox.soon(JOB, {"export": row.pk})
    return row


def build_export(*, export_id: int) -> None:
    """Write the zip. Files are copied in as they are; HTML is readable without a network."""
    row = ChatExport.objects.select_related("owner", "conversation").get(pk=export_id)
    if row.ready_at is not None:
        return
    seat = queries.seat_of(row.owner, row.conversation.public_id)
    with tempfile.TemporaryFile() as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            _write(archive, seat)
        file.seek(0)
        stored = media.store(file, "application/zip")
    ChatExport.objects.filter(pk=row.pk).update(file=stored, ready_at=time.now())
    push.to_accounts([row.owner_id], events.export_ready(row.conversation))


def _write(archive: zipfile.ZipFile, seat: Membership) -> None:
    messages = list(_messages(seat))
    wires = [events.message_wire(message, seat.conversation) for message in messages]
    archive.writestr("messages.json", json.dumps(wires, ensure_ascii=False, indent=1))
    title = queries.title_for(seat)
    page = render_to_string("chat/export.html", {"title": title, "messages": messages})
    archive.writestr("index.html", page)
    for attachment in _attachments(messages):
        archive.writestr(f"files/{attachment.public_id}", media.read(attachment.file))


def _messages(seat: Membership) -> Iterator[Message]:
    after = 0
    while True:
        page = list(
            queries.visible_to(seat)
            .filter(seq__gt=after)
            .select_related("author__avatar", "recalled_by")
            .order_by("seq")[:_PAGE]
        )
        yield from page
        if len(page) < _PAGE:
            return
        after = page[-1].seq


def _attachments(messages: list[Message]) -> Iterator[Attachment]:
    pks = {pk for message in messages for pk in bodies.attachment_pks(message.body)}
    yield from Attachment.objects.select_related("file").filter(pk__in=pks)


def _on_job(payload: Mapping[str, Any]) -> None:
    build_export(export_id=payload["export"])


outbox.kinds.register(JOB, outbox.Kind(_on_job, retries=(60,)))
