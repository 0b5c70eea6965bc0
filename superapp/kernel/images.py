"""Pictures from outside: read by content, bounded before decoding, stripped, encoded again.

What comes out shares no byte with what went in: no EXIF, no GPS, no embedded thumbnail, no
trailer, no second file hidden behind the first. Callers may keep what has none of these: is_bare.
"""

import io
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

import pillow_heif
import segno
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageCms, ImageOps, ImageSequence, UnidentifiedImageError

from superapp.kernel.errors import Refusal

pillow_heif.register_heif_opener()

# The only decoders a stranger's bytes may reach.
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "HEIF")
_MOVING = {"PNG", "WEBP", "GIF"}
_SRGB = ImageCms.createProfile("sRGB")
_JPEG_QUALITY, _WEBP_QUALITY = 85, 82
_FRAME_MS = 100
# What Pillow and its plug-ins raise for bytes that pretend to be a picture.
_BROKEN = (OSError, ValueError, SyntaxError, EOFError, RuntimeError, TypeError, IndexError)
_BOMB = (Image.DecompressionBombError, Image.DecompressionBombWarning)


class NotAPicture(Refusal):
    """Not JPEG, PNG, WebP, GIF or HEIC by content, whatever its name and type say."""

    code = "image.not_a_picture"
    status = 415
    message = _("That is not a picture we can read. Use JPEG, PNG, WebP, GIF or HEIC.")


class TooManyPixels(Refusal):
    code = "image.too_many_pixels"
    status = 413
    message = _("That picture is too large to open.")


class BrokenPicture(Refusal):
    code = "image.broken"
    message = _("That picture is damaged or was cut short.")


@dataclass(frozen=True, slots=True)
class Picture:
    """Encoded by us; sizes in pixels. Moving ones are always WebP."""

    data: bytes
    content_type: str
    width: int
    height: int
    is_animated: bool = False


class Decoded:
    """A checked picture in memory, from which smaller ones are made."""

    def __init__(self, source: Image.Image, first: Image.Image) -> None:
        self._source = source
        self._first = first

    @property
    def is_animated(self) -> bool:
        return self._source.format in _MOVING and getattr(self._source, "n_frames", 1) > 1

    def fit(self, side: int) -> Picture:
        """The whole picture, neither side above `side`; it still moves if it did."""
        return self._moving(side) if self.is_animated else self.still(side)

    def still(self, side: int) -> Picture:
        """The first frame, neither side above `side`."""
        return _encode(_shrunk(self._first, side))

    def square(self, side: int) -> Picture:
        """The middle of the first frame, `side` by `side`."""
        return _encode(ImageOps.fit(self._first, (side, side), Image.Resampling.LANCZOS))

    def _moving(self, side: int) -> Picture:
        frames, lengths = zip(*self._frames(side), strict=True)
        out = io.BytesIO()
        frames[0].save(
            out,
            "WEBP",
            save_all=True,
            append_images=frames[1:],
            duration=lengths,
            loop=0,
            quality=_WEBP_QUALITY,
            method=2,
        )
        width, height = frames[0].size
        return Picture(out.getvalue(), "image/webp", width, height, is_animated=True)

    def _frames(self, side: int) -> Iterator[tuple[Image.Image, int]]:
        try:
            for frame in ImageSequence.Iterator(self._source):
                length = int(frame.info.get("duration") or _FRAME_MS)
                yield _shrunk(frame.convert("RGBA"), side), length
        except _BOMB:
            raise TooManyPixels from None
        except _BROKEN:
            raise BrokenPicture from None


def read(data: bytes, *, side_max: int = 0) -> Decoded:
    """Decode a picture from outside.

    Raises NotAPicture (by content: SVG, HTML, documents), TooManyPixels (before decoding, frames
    counted) and BrokenPicture. `side_max` lets a large photograph be decoded at a fraction of its
    size when nothing larger will be asked for.
    """
    source = _open(data)
    _check_size(source)
    if side_max:
        source.draft("RGB", (side_max, side_max))  # JPEG only; others ignore it
    try:
        source.load()
        first = _plain(ImageOps.exif_transpose(source))
    except _BOMB:
        raise TooManyPixels from None
    except _BROKEN:
        raise BrokenPicture from None
    return Decoded(source, first)


_PNG = b"\x89PNG\r\n\x1a\n"
_CHANNELS = {2: 3, 6: 4}  # true colour, without and with transparency


def is_bare(data: bytes) -> bool:
    """Whether these bytes are a PNG of true colour and nothing else: no text, no date, no profile,
    no byte behind its pixels or behind its end. Such a picture needs no other encoding."""
    chunks, at = [], len(_PNG)
    if not data.startswith(_PNG):
        return False
    while at + 12 <= len(data):
        length, name = struct.unpack(">I4s", data[at : at + 8])
        body, end = data[at + 8 : at + 8 + length], at + 12 + length
        if data[end - 4 : end] != struct.pack(">I", zlib.crc32(name + body)):
            return False
        chunks.append((name, body))
        at = end
    names = [name for name, _body in chunks]
    if at != len(data) or len(names) < 3 or names[1:-1] != [b"IDAT"] * (len(names) - 2):
        return False
    if names[0] != b"IHDR" or chunks[-1] != (b"IEND", b"") or len(chunks[0][1]) != 13:
        return False
    return _is_only_pixels(chunks[0][1], b"".join(body for _name, body in chunks[1:-1]))


def _is_only_pixels(header: bytes, packed: bytes) -> bool:
    width, height, depth, colours, *_methods, interlace = struct.unpack(">IIBBBBB", header)
    if depth != 8 or colours not in _CHANNELS or interlace:
        return False
    size = height * (1 + width * _CHANNELS[colours])
    if size > settings.IMAGE_PIXELS_MAX * 4:
        return False
    stream = zlib.decompressobj()
    try:
        pixels = stream.decompress(packed, size + 1)
    except zlib.error:
        return False
    return len(pixels) == size and stream.eof and not stream.unused_data


def _open(data: bytes) -> Image.Image:
    try:
        return Image.open(io.BytesIO(data), formats=FORMATS)
    except _BOMB:
        raise TooManyPixels from None
    except UnidentifiedImageError:
        raise NotAPicture from None
    except _BROKEN:
        raise BrokenPicture from None


def _check_size(source: Image.Image) -> None:
    try:
        frames = getattr(source, "n_frames", 1) if source.format in _MOVING else 1
    except _BOMB:
        raise TooManyPixels from None
    except _BROKEN:
        raise BrokenPicture from None
    width, height = source.size
    if width * height * frames > settings.IMAGE_PIXELS_MAX:
        raise TooManyPixels


def _plain(image: Image.Image) -> Image.Image:
    """RGB or RGBA in sRGB, carrying nothing but pixels."""
    mode = "RGBA" if image.has_transparency_data else "RGB"
    profile = image.info.get("icc_profile")
    if profile and image.mode in {"RGB", "RGBA"}:
        image = _in_srgb(image, profile)
    plain = image.convert(mode)
    plain.info.clear()
    return plain


def _in_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    # Phones photograph in Display P3: without its profile the same numbers look dull.
    try:
        return ImageCms.profileToProfile(image, io.BytesIO(profile), _SRGB) or image
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image


def _shrunk(image: Image.Image, side: int) -> Image.Image:
    longest = max(image.size)
    if longest <= side:
        return image
    width, height = (max(1, round(length * side / longest)) for length in image.size)
    return image.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=3.0)


def _encode(image: Image.Image) -> Picture:
    out = io.BytesIO()
    if image.mode == "RGBA":
        image.save(out, "WEBP", quality=_WEBP_QUALITY, method=2)
        return Picture(out.getvalue(), "image/webp", *image.size)
    image.save(out, "JPEG", quality=_JPEG_QUALITY, optimize=True)
    return Picture(out.getvalue(), "image/jpeg", *image.size)


def qr_png(text: str) -> bytes:
    """A QR code as a picture to print or to send."""
    picture = io.BytesIO()
    segno.make(text, error="m", micro=False).save(picture, kind="png", scale=10, border=4)
    return picture.getvalue()
