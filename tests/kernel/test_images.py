"""Pictures from outside: what is refused before it costs anything, and what never comes out again."""

import io
import zlib

import pytest
from PIL import Image

from superapp.kernel import images

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><script>alert(1)</script>"


def picture(kind="JPEG", size=(300, 200), mode="RGB", **options):
    out = io.BytesIO()
    Image.new(mode, size, (200, 30, 30, 128)[: len(mode)]).save(out, kind, **options)
    return out.getvalue()


def opened(made):
    return Image.open(io.BytesIO(made.data))


def with_gps():
    exif = Image.Exif()
    exif[0x0112] = 6  # turn by 90 degrees
    exif[0x010F] = "SecretCamera"
    exif.get_ifd(0x8825)[2] = (60.0, 10.0, 0.0)
    return picture(exif=exif)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF", "HEIF"])
def test_each_accepted_format_is_read(kind):
    made = images.read(picture(kind)).fit(150)
    assert (made.content_type, made.width, made.height) == ("image/jpeg", 150, 100)
    assert opened(made).size == (150, 100)


@pytest.mark.parametrize(
    "data",
    [SVG, HTML, b"", b"%PDF-1.7", picture("BMP"), picture("TIFF"), b"GIF87a<script>", b"\0" * 64],
    ids=["svg", "html", "empty", "pdf", "bmp", "tiff", "lying gif", "zeros"],
)
def test_what_is_not_one_of_them_is_refused_whatever_it_claims(data):
    with pytest.raises((images.NotAPicture, images.BrokenPicture)):
        images.read(data)


def test_svg_and_html_are_told_from_damaged_pictures():
    for data in (SVG, HTML):
        with pytest.raises(images.NotAPicture) as refused:
            images.read(data)
        assert (refused.value.code, refused.value.status) == ("image.not_a_picture", 415)


def test_a_bomb_is_refused_before_it_is_decoded(settings):
    settings.IMAGE_PIXELS_MAX = 10_000
    with pytest.raises(images.TooManyPixels):
        images.read(picture("PNG", (101, 100)))
    assert images.read(picture("PNG", (100, 100))).fit(100).width == 100


def test_a_header_that_promises_a_million_by_a_million_is_refused():
    data = bytearray(picture("PNG", (10, 10)))
    data[16:24] = (1_000_000).to_bytes(4, "big") * 2
    data[29:33] = zlib.crc32(bytes(data[12:29])).to_bytes(4, "big")
    with pytest.raises(images.TooManyPixels):
        images.read(bytes(data))


def test_the_frames_of_a_moving_picture_are_counted_together(settings):
    settings.IMAGE_PIXELS_MAX = 10_000
    with pytest.raises(images.TooManyPixels):
        images.read(moving(frames=11, size=(40, 25)))
    assert images.read(moving(frames=10, size=(40, 25))).is_animated


def moving(frames=3, size=(80, 40)):
    out = io.BytesIO()
    steps = [Image.new("RGB", size, (20 * i, 0, 0)) for i in range(frames)]
    steps[0].save(out, "GIF", save_all=True, append_images=steps[1:], duration=70, loop=0)
    return out.getvalue()


def test_a_picture_that_was_cut_short_is_refused():
    whole = picture("JPEG", (800, 800))
    for data in (whole[: len(whole) // 2], picture("PNG", (800, 800))[:-600]):
        with pytest.raises(images.BrokenPicture):
            images.read(data)


def test_nothing_of_the_original_file_survives():
    data = with_gps() + b"<script>trailer</script>"
    made = images.read(data).fit(1000)
    assert b"SecretCamera" in data
    assert b"SecretCamera" not in made.data
    assert b"trailer" not in made.data
    assert dict(opened(made).getexif()) == {}


def test_the_orientation_is_applied():
    made = images.read(with_gps()).fit(1000)
    assert (made.width, made.height) == (200, 300)


def test_transparency_is_kept_as_webp():
    made = images.read(picture("PNG", mode="RGBA")).fit(100)
    assert made.content_type == "image/webp"
    assert opened(made).mode == "RGBA"


def test_a_moving_picture_still_moves_and_its_still_does_not():
    decoded = images.read(moving())
    made, still = decoded.fit(40), decoded.still(40)
    assert (made.is_animated, made.width, made.height) == (True, 40, 20)
    assert opened(made).n_frames == 3
    assert (still.is_animated, getattr(opened(still), "n_frames", 1)) == (False, 1)


def test_an_avatar_is_the_middle_and_square():
    made = images.read(picture(size=(300, 200)), side_max=96).square(96)
    assert (made.width, made.height) == (96, 96)


def test_a_small_picture_is_not_blown_up():
    assert images.read(picture(size=(30, 20))).fit(480).width == 30


def test_a_grey_or_indexed_picture_is_read():
    grey, indexed = io.BytesIO(), io.BytesIO()
    Image.new("L", (20, 20), 128).save(grey, "PNG")
    Image.new("P", (20, 20), 1).save(indexed, "PNG", transparency=1)
    assert images.read(grey.getvalue()).fit(20).content_type == "image/jpeg"
    assert images.read(indexed.getvalue()).fit(20).content_type == "image/webp"


def chunk(name, body):
    crc = zlib.crc32(name + body).to_bytes(4, "big")
    return len(body).to_bytes(4, "big") + name + body + crc


@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_a_png_of_pixels_alone_is_known(mode):
    assert images.is_bare(picture("PNG", (8, 4), mode))


def test_anything_more_is_found():
    bare = picture("PNG", (8, 4))
    end = len(bare) - 12
    text = chunk(b"tEXt", b"Author\0Bob")
    pixels = zlib.compress(b"\0" * (4 * 25))
    header = chunk(b"IHDR", (8).to_bytes(4, "big") + (4).to_bytes(4, "big") + b"\x08\x02\0\0\0")
    start = bare[:8]
    assert images.is_bare(start + header + chunk(b"IDAT", pixels) + bare[end:])
    for more in (
        bare[:end] + text + bare[end:],
        bare + b"PK\x03\x04",
        bare[:-1] + b"x",
        bare[:end],
        start + header + chunk(b"IDAT", pixels + b"hidden") + bare[end:],
        start + header + chunk(b"IDAT", zlib.compress(b"\0" * 101)) + bare[end:],
        start + header + chunk(b"IDAT", b"broken") + bare[end:],
        start + header + bare[end:],
        picture("PNG", (8, 4), "L"),
        picture("JPEG"),
        with_gps(),
        b"",
    ):
        assert not images.is_bare(more)
