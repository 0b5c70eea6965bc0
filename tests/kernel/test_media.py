"""Private files: our names, our headers, parts of them, and nothing that runs."""

import asyncio
import io
from pathlib import Path

import pytest
from django.core.handlers.asgi import ASGIRequest
from django.test import AsyncRequestFactory, RequestFactory

from superapp.kernel import media
from superapp.kernel.errors import NotFound
from superapp.kernel.models import StoredFile

pytestmark = pytest.mark.django_db
LETTERS = b"abcdefghijklmnopqrstuvwxyz"


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def photo():
    return media.store(LETTERS, "image/jpeg")


def ask(stored, method="get", *, download_name=None, is_immutable=False, **headers):
    request = getattr(RequestFactory(), method)("/x", headers=headers)
    return media.serve(request, stored, download_name=download_name, is_immutable=is_immutable)


def body(response):
    return b"".join(response) if response.streaming else response.content


def test_a_file_is_kept_under_our_name_with_its_size_and_sum(photo, tmp_path):
    assert (tmp_path / photo.path).read_bytes() == LETTERS
    assert photo.size == 26
    assert photo.sha256.startswith("71c480df")
    assert photo.path == f"71/c4/{photo.public_id}"


def test_an_open_file_is_stored_too():
    assert media.read(media.store(io.BytesIO(LETTERS), "application/zip")) == LETTERS


def test_equal_files_are_two_so_dropping_one_keeps_the_other(
    photo, django_capture_on_commit_callbacks, tmp_path
):
    other = media.store(LETTERS, "image/jpeg")
    path = photo.path
    with django_capture_on_commit_callbacks(execute=True):
        media.drop(photo)
    assert not (tmp_path / path).exists()
    assert media.read(other) == LETTERS
    assert list(StoredFile.objects.all()) == [other]


def test_a_photo_is_shown_in_place_and_checked_again_before_each_use(photo):
    response = ask(photo)
    assert body(response) == LETTERS
    assert {name: response[name] for name in response.headers} == {
        "Content-Type": "image/jpeg",
        "Content-Length": "26",
        "Accept-Ranges": "bytes",
        "ETag": f'"{photo.sha256}"',
        "Content-Disposition": f'inline; filename="{photo.public_id}"',
        "Content-Security-Policy": media.POLICY,
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-cache",
    }


def test_a_public_picture_may_be_kept_for_good(photo):
    assert ask(photo, is_immutable=True)["Cache-Control"] == "private, max-age=31536000, immutable"


@pytest.mark.parametrize("kind", ["text/html", "image/svg+xml", "application/pdf", "text/plain"])
def test_what_could_run_is_a_download(kind):
    stored = media.store(b"<script>", kind)
    assert ask(stored)["Content-Disposition"].startswith("attachment")


def test_a_download_has_its_name_and_no_line_break_gets_into_the_header(photo):
    given = ask(photo, download_name='re"port\r\nSet-Cookie: a=b.pdf')["Content-Disposition"]
    assert given == 'attachment; filename="re\\"portSet-Cookie: a=b.pdf"'
    assert ask(photo, download_name="报告.pdf")["Content-Disposition"] == (
        "attachment; filename*=utf-8''%E6%8A%A5%E5%91%8A.pdf"
    )


@pytest.mark.parametrize(
    ("wanted", "got", "said"),
    [
        ("bytes=0-3", b"abcd", "bytes 0-3/26"),
        ("bytes=24-", b"yz", "bytes 24-25/26"),
        ("bytes=-2", b"yz", "bytes 24-25/26"),
        ("bytes=20-900", b"uvwxyz", "bytes 20-25/26"),
        ("bytes=-900", LETTERS, "bytes 0-25/26"),
    ],
)
def test_a_part_is_a_part(photo, wanted, got, said):
    response = ask(photo, Range=wanted)
    assert (response.status_code, body(response)) == (206, got)
    assert (response["Content-Range"], response["Content-Length"]) == (said, str(len(got)))


@pytest.mark.parametrize("wanted", ["bytes=26-", "bytes=900-901", "bytes=-0"])
def test_bytes_that_are_not_there_are_refused(photo, wanted):
    response = ask(photo, Range=wanted)
    assert (response.status_code, response["Content-Range"]) == (416, "bytes */26")


@pytest.mark.parametrize(
    "wanted", ["bytes=3-1", "bytes=0-1,4-5", "bytes=-", "lines=1-2", "bytes=x"]
)
def test_a_range_that_makes_no_sense_gets_the_whole(photo, wanted):
    response = ask(photo, Range=wanted)
    assert (response.status_code, body(response)) == (200, LETTERS)


def test_a_range_of_another_version_gets_the_whole(photo):
    assert ask(photo, Range="bytes=0-3", If_Range='"other"').status_code == 200
    assert ask(photo, Range="bytes=0-3", If_Range=f'"{photo.sha256}"').status_code == 206


def test_head_says_how_large_and_sends_nothing(photo):
    response = ask(photo, "head")
    assert (response["Content-Length"], body(response)) == ("26", b"")
    part = ask(photo, "head", Range="bytes=0-3")
    assert (part.status_code, part["Content-Length"], body(part)) == (206, "4", b"")


def test_an_unchanged_file_is_not_sent_again(photo):
    response = ask(photo, If_None_Match=f'"{photo.sha256}"')
    assert (response.status_code, body(response)) == (304, b"")
    assert ask(photo, If_None_Match='"other"').status_code == 200


def test_nginx_sends_it_where_there_is_one(photo, settings):
    settings.MEDIA_ACCEL = "/_media/"
    response = ask(photo)
    assert (response["X-Accel-Redirect"], body(response)) == (f"/_media/{photo.path}", b"")
    assert response["X-Content-Type-Options"] == "nosniff"


def test_a_row_without_its_bytes_is_not_found(photo, tmp_path):
    Path(tmp_path / photo.path).unlink()
    with pytest.raises(NotFound):
        ask(photo)


def test_an_asynchronous_server_gets_it_in_pieces_too(photo):
    request = AsyncRequestFactory().get("/x", headers={"Range": "bytes=1-3"})
    assert isinstance(request, ASGIRequest)
    response = media.serve(request, photo)
    assert response.is_async

    async def gather():
        return b"".join([part async for part in response])

    assert asyncio.run(gather()) == b"bcd"
