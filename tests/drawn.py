"""Pictures drawn for tests, as files that people might bring."""

from __future__ import annotations

import io
import random

from PIL import Image

ORIENTATION, MAKE = 0x0112, 0x010F
SECRET = b"GPS 31.2304 N 121.4737 E"


def picture(
    kind: str = "JPEG", size: tuple[int, int] = (400, 300), *, mode: str = "RGB", turned: int = 1, tint: int = 0
) -> bytes:
    """Red on its left half, blue on its right; `turned`: EXIF's orientation. The file carries a secret in its EXIF."""
    image = Image.new("RGB", size, (0, tint, 255))
    image.paste((255, tint, 0), (0, 0, size[0] // 2, size[1]))
    exif = Image.Exif()
    exif[ORIENTATION], exif[MAKE] = turned, SECRET.decode()
    out = io.BytesIO()
    image.convert(mode).save(out, kind, exif=exif)
    return out.getvalue()


def read(content: bytes) -> Image.Image:
    """The picture, loaded."""
    image = Image.open(io.BytesIO(content))
    image.load()
    return image


def noise(seed: int, size: tuple[int, int] = (1600, 1200)) -> bytes:
    """A picture that packs badly: its larger size takes more than a few frames of a sealed file."""
    grains = Image.frombytes("RGB", (400, 300), random.Random(seed).randbytes(400 * 300 * 3))
    out = io.BytesIO()
    grains.resize(size, Image.Resampling.NEAREST).save(out, "JPEG", quality=85)
    return out.getvalue()
