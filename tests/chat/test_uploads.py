"""Files on their way into a chat, and who may look at them then."""

import io
from datetime import timedelta

import pytest
import time_machine
from django.core.files.storage import default_storage
from PIL import Image

from chat import actions
from chat.errors import AttachmentNotFound, BadFile, FileTooLarge, Infected, QuotaExceeded
from chat.models import Attachment, AttachmentUse, Message
from superapp.kernel import images, media, time
from superapp.kernel.models import StoredFile
from tests.chat.conftest import say
from tests.chat.files import MP4, OGG, PDF, look, picture, send, upload

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><script>alert(1)</script>"


def with_gps():
    exif = Image.Exif()
    exif[0x010F] = "SecretCamera"
    exif.get_ifd(0x8825)[2] = (60.0, 10.0, 0.0)
    return picture(kind="JPEG", exif=exif) + b"<script>trailer</script>"


def bomb():
    data = io.BytesIO()
    Image.new("1", (8000, 8000)).save(data, "PNG")
    return data.getvalue()


@pytest.mark.parametrize(
    ("kind", "data", "more", "refusal"),
    [
        ("image", SVG, {}, images.NotAPicture),
        ("image", HTML, {}, images.NotAPicture),
        ("image", PDF, {}, images.NotAPicture),
        ("image", bomb(), {}, images.TooManyPixels),
        ("image", picture((400, 400), "JPEG")[:900], {}, images.BrokenPicture),
        ("image", b"", {}, BadFile),
        ("video", picture(), {}, BadFile),
        ("video", HTML, {}, BadFile),
        ("voice", OGG, {"duration_ms": 0}, BadFile),
        ("voice", OGG, {"duration_ms": 62_000}, BadFile),
        ("voice", HTML, {"duration_ms": 1000}, BadFile),
        ("system", OGG, {}, BadFile),
        ("telepathy", OGG, {}, BadFile),
    ],
)
def test_what_is_not_of_its_kind_is_refused_and_nothing_is_kept(
    alice, settings, kind, data, more, refusal
):
    settings.IMAGE_PIXELS_MAX = 1_000_000
    with pytest.raises(refusal):
        upload(alice, kind, data, **more)
    assert (Attachment.objects.count(), StoredFile.objects.count()) == (0, 0)


@pytest.mark.parametrize("kind", ["image", "video", "voice", "file"])
def test_each_kind_has_its_limit(alice, settings, kind):
    setattr(settings, f"UPLOAD_{kind.upper()}_MAX", 50)
    with pytest.raises(FileTooLarge):
        upload(alice, kind, picture())
    assert not Attachment.objects.exists()


def test_the_quota_counts_what_is_kept(alice, bob, settings):
    first = upload(alice, "file", PDF)
    settings.UPLOAD_QUOTA = first.file.size + len(PDF) - 1
    with pytest.raises(QuotaExceeded):
        upload(alice, "file", PDF)
    assert upload(bob, "file", PDF).owner == bob
    assert Attachment.objects.filter(owner=alice).count() == 1


def test_a_scanner_may_refuse(alice, settings):
    settings.VIRUS_SCANNER = "tests.chat.test_uploads.finds_scripts"
    with pytest.raises(Infected):
        upload(alice, "file", HTML)
    assert upload(alice, "file", PDF).file.size == len(PDF)


def finds_scripts(content):
    return b"<script>" not in content.read()


def test_nothing_of_where_a_photo_was_taken_survives_also_in_the_original(alice, bob, room):
    _message, attachment = send(alice, room, "image", with_gps(), name="IMG_1.jpg")
    assert (attachment.file.content_type, attachment.width, attachment.height) == (
        "image/jpeg",
        40,
        30,
    )
    for thumb in (False, True):
        status, body, _ = look(bob, attachment, thumb=thumb)
        assert (status, b"SecretCamera" in body, b"trailer" in body) == (200, False, False)
        assert dict(Image.open(io.BytesIO(body)).getexif()) == {}


@pytest.mark.parametrize(
    ("kind", "data", "more", "shown"),
    [
        ("voice", OGG, {"duration_ms": 60_000, "peaks": [0, 250, -3] * 20}, "audio/ogg"),
        ("voice", MP4, {"duration_ms": 900}, "audio/mp4"),
        ("video", MP4, {"duration_ms": -5}, "video/mp4"),
        ("file", PDF, {"name": "../../etc/passwd"}, "application/pdf"),
        ("file", HTML, {"name": "page.html"}, "application/octet-stream"),
    ],
)
def test_the_type_is_what_the_bytes_are(alice, kind, data, more, shown):
    kept = upload(alice, kind, data, **more)
    assert kept.file.content_type == shown
    assert "/" not in kept.name
    assert (len(kept.peaks) <= 40, set(kept.peaks) <= {0, 100}) == (True, True)
    assert kept.duration_ms >= 0


def test_a_document_is_a_download_that_runs_nothing(alice, bob, room):
    _message, attachment = send(alice, room, "file", HTML, name="bill\r\n.html")
    status, body, headers = look(bob, attachment)
    assert (status, body) == (200, HTML)
    assert headers["Content-Disposition"].startswith("attachment")
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in headers["Content-Security-Policy"]
    assert headers["Cache-Control"] == "private, no-cache"


def test_an_upload_is_private_until_it_is_sent(alice, bob, carol, room):
    attachment = upload(alice, "file", PDF)
    assert [look(who, attachment)[0] for who in (alice, bob, carol)] == [200, 404, 404]
    say(alice, room, "", kind="file", attachment_id=attachment.public_id)
    assert [look(who, attachment)[0] for who in (alice, bob, carol)] == [200, 200, 404]


def test_nobody_sends_what_somebody_else_uploaded(alice, bob, carol, room, group, heard):
    private = upload(alice, "image", picture())
    own = actions.open_self(viewer=carol)
    tries = [
        {"attachment_id": private.public_id},
        {"body": {"attachment": private.public_id}},
        {"body": {"attachment": "x", "attachment_pk": private.pk}},
        {"body": {"attachment": private.public_id, "attachment_pk": private.pk}},
    ]
    for given in tries:
        with pytest.raises(AttachmentNotFound), heard.during():
            say(carol, own, "", kind="image", **given)
    assert not Message.objects.exists()
    assert not AttachmentUse.objects.exists()
    assert heard == []


def test_an_upload_is_sent_as_what_it_is(alice, room):
    document = upload(alice, "file", HTML)
    with pytest.raises(AttachmentNotFound):
        say(alice, room, "", kind="image", attachment_id=document.public_id)


def test_what_a_sender_says_about_a_file_is_not_believed(alice, bob, room):
    attachment = upload(alice, "image", picture())
    body = {
        "attachment": attachment.public_id,
        "size": -1,
        "name": "x" * 999,
        "mention_pks": [None, bob.pk],
        "quote": {"seq": 1, "text": "never said"},
    }
    said = say(alice, room, "", kind="image", body=body)
    assert set(said.body) == {
        *("attachment", "attachment_pk", "name", "size", "type"),
        *("width", "height", "ms", "peaks", "thumb"),
    }
    assert (said.body["size"], said.body["name"]) == (attachment.file.size, "")
    assert not said.mentions.exists()


def test_a_recalled_picture_is_gone_at_the_next_look(alice, bob, room):
    message, attachment = send(alice, room, "image", picture())
    etag = look(bob, attachment)[2]["ETag"]
    assert look(bob, attachment, **{"If-None-Match": etag})[0] == 304
    actions.recall_message(actor=alice, conversation_id=room.public_id, seq=message.seq)
    for thumb in (False, True):
        assert look(bob, attachment, thumb=thumb)[0] == 404
    assert look(bob, attachment, **{"If-None-Match": etag})[0] == 404


def test_whoever_was_removed_keeps_what_they_saw_and_sees_nothing_newer(alice, bob, group):
    _message, before = send(alice, group, "file", PDF)
    actions.remove_member(actor=alice, conversation_id=group.public_id, member=bob)
    _message, after = send(alice, group, "file", PDF + b"new")
    assert (look(bob, before)[0], look(bob, after)[0]) == (200, 404)


def test_a_newcomer_does_not_see_files_from_before(alice, carol, group):
    _message, before = send(alice, group, "file", PDF)
    token = actions.renew_group_qr(actor=alice, conversation_id=group.public_id).qr_token
    actions.join_by_qr(account=carol, token=token)
    assert look(carol, before)[0] == 404


def test_what_was_cleared_or_deleted_is_not_shown_any_more(alice, bob, group):
    place = {"viewer": bob, "conversation_id": group.public_id}
    message, one = send(alice, group, "file", PDF)
    actions.delete_for_me(**place, seqs=[message.seq])
    _message, two = send(alice, group, "file", PDF + b"2")
    actions.clear_history(**place)
    dora = group.memberships.get(account__name="Dora").account
    assert [look(bob, f)[0] for f in (one, two)] == [404, 404]
    assert [look(dora, f)[0] for f in (one, two)] == [200, 200]


def test_uploads_that_were_never_sent_are_forgotten(alice, bob, room):
    with time_machine.travel(time.now() - timedelta(days=2), tick=False):
        unsent = upload(alice, "image", picture())
        _message, shown = send(alice, room, "file", PDF)
    fresh = upload(alice, "file", PDF + b"fresh")
    path = unsent.file.path
    assert default_storage.exists(path)
    actions.forget_unsent_uploads()
    assert set(Attachment.objects.all()) == {shown, fresh}
    assert StoredFile.objects.count() == 2


def test_files_are_stored_under_names_of_ours(alice):
    kept = upload(alice, "file", PDF, name="../../../evil.sh")
    assert kept.file.public_id in kept.file.path
    assert "evil" not in kept.file.path
    assert media.read(kept.file) == PDF


def test_a_file_said_very_often_still_opens_for_a_newcomer(alice, carol, group):
    message, attachment = send(alice, group, "file", PDF)
    for number in range(60):
        actions.forward_one_by_one(
            actor=alice,
            source_id=group.public_id,
            seqs=[message.seq],
            target_id=group.public_id,
            client_id=f"again-{number}",
        )
    token = actions.renew_group_qr(actor=alice, conversation_id=group.public_id).qr_token
    actions.join_by_qr(account=carol, token=token)
    assert look(carol, attachment)[0] == 404
    say(alice, group, "", kind="file", attachment_id=attachment.public_id)
    assert look(carol, attachment)[0] == 200
