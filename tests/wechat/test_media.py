"""Files that a program sends with, and those that followers sent to the account."""

import struct
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts import actions, queries
from accounts.errors import MediaNotFound
from accounts.models import Media
from superapp.kernel import media, tasks, time
from superapp.kernel.models import StoredFile
from tests.chat.files import MP4, OGG, PDF, picture
from tests.official.businesses import publish

AMR = b"#!AMR\n" + b"\x04" + b"\x00" * 12
# MPEG 1, layer III, 128 kbit/s at 44,100 Hz: 417 bytes that play 26 ms.
MP3_FRAME = b"\xff\xfb\x90\x00" + b"\x00" * 413
THREE_DAYS = timedelta(days=3)


def body_of(answer):
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


@pytest.mark.parametrize(
    ("kind", "data", "content_type"),
    [
        ("image", picture(), "image/png"),
        ("image", picture(kind="JPEG"), "image/jpeg"),
        ("voice", AMR, "audio/amr"),
        ("voice", MP3_FRAME * 40, "audio/mpeg"),
    ],
)
def test_a_file_comes_back_byte_for_byte(program, kind, data, content_type):
    made = program.upload(data, "照片 1.png", type=kind)
    assert set(made) == {"type", "media_id", "created_at"}
    assert (made["type"], type(made["created_at"])) == (kind, int)
    answer = program.download(made["media_id"])
    assert (body_of(answer), answer["Content-Type"]) == (data, content_type)
    assert answer["Content-Disposition"].startswith("attachment; filename=")


def test_of_a_video_its_address_comes_back(program, client):
    made = program.upload(MP4, type="video")
    answer = program.download(made["media_id"])
    assert answer["Content-Type"] == "application/json"
    shown = client.get(answer.json()["video_url"])
    assert (body_of(shown), shown["Content-Type"]) == (MP4, "video/mp4")
    assert shown["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in shown["Content-Security-Policy"]


def test_a_thumbnail_has_a_name_of_its_own(program):
    made = program.upload(picture(), type="thumb")
    assert set(made) == {"type", "thumb_media_id", "created_at"}


@pytest.mark.parametrize(
    ("kind", "data", "code"),
    [
        ("exe", picture(), 40004),
        ("image", PDF, 40004),
        ("image", b"", 40004),
        ("image", picture((400, 400), "JPEG")[:900], 40004),
        ("image", b"<svg xmlns='http://www.w3.org/2000/svg'/>", 40004),
        ("voice", OGG, 40004),
        ("video", picture(), 40004),
        ("thumb", MP4, 40004),
        ("voice", b"#!AMR\n" + (b"\x04" + b"\x00" * 12) * 3100, 45007),
        ("voice", MP3_FRAME * 2400, 45007),
    ],
)
def test_what_is_not_of_its_kind_is_refused_and_nothing_is_kept(program, kind, data, code):
    assert program.upload(data, type=kind)["errcode"] == code
    assert (Media.objects.count(), StoredFile.objects.count()) == (0, 0)


@pytest.mark.parametrize("kind", ["image", "voice", "video", "thumb"])
def test_each_kind_has_its_limit(program, settings, kind):
    setattr(settings, f"PROGRAM_MEDIA_{kind.upper()}_MAX", 10)
    assert program.upload(picture(), type=kind)["errcode"] == 45001
    assert not Media.objects.exists()


def test_no_file_a_broken_form_and_no_id(program, client):
    assert program.code("POST", "media/upload", "", type="image") == 41005
    address = f"/cgi-bin/media/upload?type=image&access_token={program.token}"
    broken = client.generic("POST", address, b"--x", "multipart/form-data; boundary=y")
    assert broken.json()["errcode"] == 41005
    assert program.code("GET", "media/get") == 41006


def test_the_type_may_stand_in_the_form(program, client):
    body = {"type": "image", "media": SimpleUploadedFile("a.png", picture())}
    made = client.post(f"/cgi-bin/media/upload?access_token={program.token}", body).json()
    assert made["type"] == "image"


def test_an_account_keeps_as_much_as_it_may(program, settings):
    settings.PROGRAM_MEDIA_QUOTA = len(picture())
    assert "media_id" in program.upload(picture(), type="image")
    assert program.upload(picture(), type="image")["errcode"] == 45009
    assert Media.objects.count() == 1


def test_a_scanner_may_refuse(program, settings):
    settings.VIRUS_SCANNER = "tests.wechat.test_media.finds_nothing_good"
    assert program.upload(picture(), type="image")["errcode"] == 40004
    assert not Media.objects.exists()


def finds_nothing_good(content):
    return not content.read()


def test_an_unknown_file_and_another_accounts_look_the_same(program, carol, root):
    media_id = program.upload(picture(), type="image")["media_id"]
    other = publish(carol, "Carol's Cakes", root)
    with pytest.raises(MediaNotFound):
        queries.media_of(other, media_id)
    program.official = other
    program.secret = actions.reset_program_secret(official=other, actor=carol)
    program.token = program.fetch()["access_token"]
    for unknown in (media_id, "nope"):
        answer = program.download(unknown)
        assert answer["Content-Type"] == "application/json", "compared so by clients"
        assert answer.json()["errcode"] == 40007


def test_after_three_days_it_is_gone_with_its_bytes(program, client):
    made = program.upload(picture(), type="image")
    kept = queries.media_of(program.official, made["media_id"])
    with time.pretend(time.now() + THREE_DAYS - timedelta(minutes=1)):
        actions.forget_media()
        assert queries.media_of(program.official, made["media_id"]) == kept
    with time.pretend(time.now() + THREE_DAYS + timedelta(minutes=1)):
        with pytest.raises(MediaNotFound):
            queries.media_of(program.official, made["media_id"])
        assert client.get(kept.get_absolute_url()).status_code == 404
        tasks.tidy()
    assert (Media.objects.count(), StoredFile.objects.count()) == (0, 0)


def test_bytes_of_what_is_over_leave_the_disk(program, django_capture_on_commit_callbacks):
    program.upload(picture(), type="image")
    path = StoredFile.objects.get().path
    with (
        time.pretend(time.now() + THREE_DAYS * 2),
        django_capture_on_commit_callbacks(execute=True),
    ):
        actions.forget_media()
    assert not default_storage.exists(path)


def test_a_picture_for_articles_is_there_for_everybody_and_for_good(program, client):
    url = program.upload(picture(), path="media/uploadimg")["url"]
    assert url.startswith("http://")
    with time.pretend(time.now() + timedelta(days=4000)):
        actions.forget_media()
        shown = client.get(url)
    assert (body_of(shown), shown["Content-Type"]) == (picture(), "image/png")
    assert program.upload(MP4, path="media/uploadimg")["errcode"] == 40004
    assert program.code("POST", "media/uploadimg", "") == 41005


def test_what_a_follower_sent_is_kept_once_and_outlives_its_message(program, client):
    sent = media.store(picture(), "image/png")
    keep = {"official": program.official, "kind": "image", "stored": sent, "origin": "message:7"}
    kept = actions.keep_sent_media(**keep)
    assert actions.keep_sent_media(**keep) == kept
    media.drop(sent)
    assert body_of(program.download(kept.media_id)) == picture()
    assert body_of(client.get(kept.get_absolute_url())) == picture()
    assert queries.media_of(program.official, kept.media_id, kinds=["image", "thumb"]) == kept
    with pytest.raises(MediaNotFound):
        queries.media_of(program.official, kept.media_id, kinds=["voice"])


def test_how_long_files_play(program, settings):
    settings.PROGRAM_MEDIA_VOICE_SECONDS_MAX = 1
    tag = b"ID3\x03\x00\x00\x00\x00\x00\x0a" + b"\x00" * 10
    assert "media_id" in program.upload(tag + MP3_FRAME * 70, type="voice")
    assert program.upload(tag + MP3_FRAME * 80, type="voice")["errcode"] == 45007
    mode_7 = struct.pack("B", 7 << 3) + b"\x00" * 31
    assert "media_id" in program.upload(b"#!AMR\n" + mode_7 * 90, type="voice")
    assert program.upload(b"#!AMR\n" + mode_7 * 110, type="voice")["errcode"] == 45007
