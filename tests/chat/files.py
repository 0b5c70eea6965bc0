"""Bytes that people send, and files as their readers ask for them."""

import io

from django.test import Client
from PIL import Image

from chat import actions
from tests.chat.conftest import say

# The first page of an Ogg stream with Opus in it, as recorders of browsers write it.
OGG = b"OggS\x00\x02" + b"\x00" * 22 + b"\x01\x13OpusHead" + b"\x00" * 64
MP4 = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + b"\x00" * 64
PDF = b"%PDF-1.7\n" + b"\x00" * 64


def picture(size=(40, 30), kind="PNG", **options):
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, kind, **options)
    return out.getvalue()


def upload(owner, kind, data, **more):
    return actions.upload(owner=owner, kind=kind, content=io.BytesIO(data), size=len(data), **more)


def send(owner, conversation, kind, data, **more):
    """Upload and say it; returns (message, attachment)."""
    attachment = upload(owner, kind, data, **more)
    return say(owner, conversation, "", kind=kind, attachment_id=attachment.public_id), attachment


def look(viewer, attachment, *, thumb=False, **headers):
    """What a signed-in browser gets: (status, body, headers)."""
    client = Client()
    client.force_login(viewer.person)
    address = f"/chats/files/{attachment.public_id}/{'thumb/' if thumb else ''}"
    answer = client.get(address, headers=headers)
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return answer.status_code, body, answer.headers
