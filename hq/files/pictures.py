"""Pictures that people bring, made into those that tablets show.

A picture is judged by its content alone. What is shown is drawn anew from its pixels: nothing of the file that came
(where and with what it was taken, comments, a smaller picture inside, bytes behind its end) goes any further.
"""

from __future__ import annotations

import io
import struct
import threading
import warnings
import zlib
from typing import BinaryIO, NamedTuple

from PIL import Image, ImageCms, ImageOps

from guide_app.domain.errors import Refused

MOST_BYTES, MOST_PIXELS, LEAST_SIDE = 20 << 20, 50_000_000, 32
"""Of a file that comes. A telephone's camera makes 50 megapixels; a decompression bomb has more."""
THUMB, LARGE = 160, 1280
"""Pixels of the longer side."""
TYPE = "image/webp"
_FORMATS = ("JPEG", "PNG", "WEBP")
_MAGIC = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")
_EVEN = ("RGB", "RGBA", "L", "CMYK")
"""Modes of which the mean of some pixels is a pixel."""
_QUALITY = {THUMB: 75, LARGE: 82}
_ONE_AT_A_TIME = threading.Lock()
"""A picture of 50 megapixels takes 200 MB to 1 GB while it is read, by its kind."""


class Rendering(NamedTuple):
    """One size of a picture, as WebP."""

    content: bytes
    width: int
    height: int


class Made(NamedTuple):
    """A picture in both sizes."""

    thumb: Rendering
    large: Rendering


def make(source: BinaryIO, most_pixels: int = MOST_PIXELS) -> Made:
    """The picture in a file, turned as it was held, in sRGB, without anything but its pixels.

    Raises Refused: picture_empty, picture_bytes, picture_type, picture_pixels, picture_small, picture_broken.
    """
    size = source.seek(0, io.SEEK_END)
    if not size:
        raise Refused("picture_empty")
    if size > MOST_BYTES:
        raise Refused("picture_bytes")
    source.seek(0)
    if not _is_picture(source.read(16)):
        raise Refused("picture_type")
    with _ONE_AT_A_TIME, warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            return _made(source, most_pixels)
        except (Image.DecompressionBombError, Image.DecompressionBombWarning):
            raise Refused("picture_pixels") from None
        except (OSError, ValueError, SyntaxError, EOFError, IndexError, TypeError, struct.error, zlib.error) as error:
            raise Refused("picture_broken", type(error).__name__) from error


def _is_picture(begin: bytes) -> bool:
    return begin.startswith(_MAGIC) or (begin[:4] == b"RIFF" and begin[8:12] == b"WEBP")


def _made(source: BinaryIO, most_pixels: int) -> Made:
    source.seek(0)
    with Image.open(source, formats=_FORMATS) as image:
        _measure(image, most_pixels)
        image.verify()  # checksums; the file must be opened anew afterwards
    source.seek(0)
    with Image.open(source, formats=_FORMATS) as image:
        _measure(image, most_pixels)
        if image.format == "JPEG":
            image.draft("RGB", (2 * LARGE, 2 * LARGE))  # at least so large: a fraction of the work and the memory
        image.load()
        plain = _plain(ImageOps.exif_transpose(_less(image)))
    large = _drawn(plain, LARGE)
    return Made(_drawn(plain, THUMB), large)


def _measure(image: Image.Image, most_pixels: int) -> None:
    if image.width * image.height > most_pixels:
        raise Refused("picture_pixels")
    if min(image.size) < LEAST_SIDE:
        raise Refused("picture_small")


def _less(image: Image.Image) -> Image.Image:
    """The picture by whole pixels, yet twice as large as it is shown: what follows copies no more than that."""
    times = max(image.size) // (2 * LARGE)
    if times < 2 or image.mode not in _EVEN or "transparency" in image.info:
        return image
    return image.reduce(times)


def _plain(image: Image.Image) -> Image.Image:
    """The pixels alone, in sRGB, with what can be seen through kept."""
    profile = image.info.get("icc_profile")
    clear = image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info
    mode = "RGBA" if clear else "RGB"
    if profile and image.mode in ("RGB", "CMYK"):
        try:
            given = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            turned = ImageCms.profileToProfile(image, given, ImageCms.createProfile("sRGB"), outputMode="RGB")
            image = turned or image
        except (ImageCms.PyCMSError, OSError):
            pass  # a profile that cannot be read says nothing of the colours
    if image.mode.startswith(("I", "F")):  # 16 bits a pixel: converting them cuts off at 255
        image = image.point(lambda value: value / 256).convert("L")
    return image.convert(mode)


def _drawn(image: Image.Image, side: int) -> Rendering:
    small = image.copy()
    small.thumbnail((side, side), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    Image.frombytes(small.mode, small.size, small.tobytes()).save(out, "WEBP", quality=_QUALITY[side], method=4)
    return Rendering(out.getvalue(), *small.size)
