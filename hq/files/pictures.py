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
from collections.abc import Sequence
from typing import BinaryIO, NamedTuple

from PIL import Image, ImageCms, ImageOps

from guide_app.domain.errors import Refused
from hq.files.sizes import PRODUCT, QUALITY, worth_making

MOST_BYTES, MOST_PIXELS, LEAST_SIDE = 20 << 20, 50_000_000, 32
"""Of a file that comes. A telephone's camera makes 50 megapixels; a decompression bomb has more."""
TYPE, HEIC = "image/webp", "image/heic"
BEGIN = 64
"""Bytes by which a kind of picture is told."""
_HEIF = (b"heic", b"heix", b"heim", b"heis")
"""Brands of still pictures in HEVC."""
_MAGIC = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png"}
_BROKEN = (OSError, ValueError, SyntaxError, EOFError, IndexError, TypeError, RuntimeError, struct.error, zlib.error)
_EVEN = ("RGB", "RGBA", "L", "CMYK")
"""Modes of which the mean of some pixels is a pixel."""
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
    """A product's picture, as `drawn` makes it, and its refusals."""
    return Made(*drawn(source, PRODUCT, most_pixels))


def drawn(source: BinaryIO, sides: Sequence[int], most_pixels: int = MOST_PIXELS) -> tuple[Rendering, ...]:
    """The picture in a file, turned as it was held, in sRGB, without anything but its pixels, in these sizes.

    Raises Refused: picture_empty, picture_bytes, picture_type, picture_pixels, picture_small, picture_broken.
    """
    size = source.seek(0, io.SEEK_END)
    if not size:
        raise Refused("picture_empty")
    if size > MOST_BYTES:
        raise Refused("picture_bytes")
    source.seek(0)
    if not (begin := source.read(BEGIN)) or not (kind := type_of(begin)):
        raise Refused("picture_type")
    with _ONE_AT_A_TIME, warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            return _made(source, sides, _formats(kind), most_pixels)
        except (Image.DecompressionBombError, Image.DecompressionBombWarning):
            raise Refused("picture_pixels") from None
        except _BROKEN as error:
            raise Refused("picture_broken", type(error).__name__) from error


def type_of(begin: bytes) -> str:
    """The media type of a picture that is read, by its first `BEGIN` bytes; "": none."""
    if begin[:4] == b"RIFF" and begin[8:12] == b"WEBP":
        return TYPE
    if begin[4:8] == b"ftyp" and (begin[8:12] in _HEIF or (begin[8:12] == b"mif1" and _says_hevc(begin))):
        return HEIC
    return next((media for magic, media in _MAGIC.items() if begin.startswith(magic)), "")


def in_sizes(image: Image.Image, sides: Sequence[int]) -> tuple[Rendering, ...]:
    """Pixels that were drawn anew, in those of the sizes that differ."""
    return tuple(_rendered(image, side) for side in worth_making(sides, max(image.size)))


def _says_hevc(begin: bytes) -> bool:
    """Whether a picture whose own brand says no codec names one that is read among the others."""
    end = min(int.from_bytes(begin[:4], "big"), BEGIN)
    return any(begin[at : at + 4] in _HEIF for at in range(16, end, 4))


def _formats(kind: str) -> tuple[str, ...]:
    """What it may be opened as. No other file reaches the decoder of HEIC."""
    if kind != HEIC:
        return ("JPEG", "PNG", "WEBP")
    import pi_heif

    pi_heif.register_heif_opener(thumbnails=False, decode_threads=1)
    return ("HEIF",)


def _made(source: BinaryIO, sides: Sequence[int], formats: tuple[str, ...], most_pixels: int) -> tuple[Rendering, ...]:
    source.seek(0)
    with Image.open(source, formats=formats) as image:
        _measure(image, most_pixels)
        image.verify()  # checksums; the file must be opened anew afterwards
    source.seek(0)
    with Image.open(source, formats=formats) as image:
        _measure(image, most_pixels)
        enough = 2 * max(sides)
        if image.format == "JPEG":
            image.draft("RGB", (enough, enough))  # at least so large: a fraction of the work and the memory
        image.load()
        plain = _plain(ImageOps.exif_transpose(_less(image, enough)))
    return in_sizes(plain, sides)


def _measure(image: Image.Image, most_pixels: int) -> None:
    if image.width * image.height > most_pixels:
        raise Refused("picture_pixels")
    if min(image.size) < LEAST_SIDE:
        raise Refused("picture_small")


def _less(image: Image.Image, enough: int) -> Image.Image:
    """The picture by whole pixels, yet twice as large as it is shown: what follows copies no more than that."""
    times = max(image.size) // enough
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


def _rendered(image: Image.Image, side: int) -> Rendering:
    small = image.copy()
    small.thumbnail((side, side), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    Image.frombytes(small.mode, small.size, small.tobytes()).save(out, "WEBP", quality=QUALITY[side], method=4)
    return Rendering(out.getvalue(), *small.size)
