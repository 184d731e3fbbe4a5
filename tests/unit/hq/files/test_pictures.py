"""What becomes of a picture that somebody brings: judged by its content, drawn anew in two sizes, or refused."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from PIL import Image

from guide_app.domain.errors import Refused
from hq.files import pictures
from hq.files.pictures import Made
from hq.files.sizes import LARGE, THUMB
from tests.drawn import SECRET, picture, read


def made(content: bytes) -> Made:
    return pictures.make(io.BytesIO(content))


def refused(content: bytes) -> str:
    with pytest.raises(Refused) as told:
        made(content)
    return told.value.code


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def bomb(width: int, height: int) -> bytes:
    """A PNG of some hundred bytes that says it has this many pixels."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    packed = zlib.compress(bytes(1000))
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", packed) + _chunk(b"IEND", b"")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_both_sizes_are_webp_of_the_right_size(kind: str) -> None:
    found = made(picture(kind, (2000, 1500)))
    for rendering, size in ((found.thumb, (THUMB, 120)), (found.large, (LARGE, 960))):
        shown = read(rendering.content)
        assert (shown.format, shown.size, (rendering.width, rendering.height)) == ("WEBP", size, size)


def test_a_small_picture_is_not_made_larger() -> None:
    found = made(picture(size=(100, 80)))
    assert (found.thumb.width, found.large.width) == (100, 100)


def test_nothing_of_what_the_file_said_stays() -> None:
    content = picture()
    assert SECRET in content
    for rendering in made(content):
        assert SECRET not in rendering.content
        assert not read(rendering.content).getexif()
        assert b"EXIF" not in rendering.content


@pytest.mark.parametrize(
    ("turned", "size", "left"), [(1, (400, 300), "red"), (3, (400, 300), "blue"), (6, (300, 400), "red")]
)
def test_it_is_shown_as_it_was_held(turned: int, size: tuple[int, int], left: str) -> None:
    found = made(picture(turned=turned))
    assert (found.large.width, found.large.height) == size
    pixel = read(found.large.content).convert("RGB").getpixel((5, 5))
    assert isinstance(pixel, tuple)
    assert (pixel[0] > 200) == (left == "red")


@pytest.mark.parametrize(
    ("kind", "mode"), [("JPEG", "CMYK"), ("JPEG", "L"), ("PNG", "P"), ("PNG", "I;16"), ("PNG", "LA")]
)
def test_every_way_of_saying_colours_is_read(kind: str, mode: str) -> None:
    image = Image.new("RGB", (64, 64), (153, 153, 153))
    out = io.BytesIO()
    if mode == "I;16":
        Image.frombytes("I;16", (64, 64), struct.pack("<H", 0x9900) * 64 * 64).save(out, kind)
    else:
        image.convert(mode).save(out, kind)
    pixel = read(made(out.getvalue()).large.content).convert("RGB").getpixel((32, 32))
    assert isinstance(pixel, tuple)
    assert all(abs(value - 153) < 12 for value in pixel)


def test_what_can_be_seen_through_stays_so() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (64, 64), (255, 0, 0, 0)).save(out, "PNG")
    assert read(made(out.getvalue()).thumb.content).mode == "RGBA"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "picture_empty"),
        (b"just words", "picture_type"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "picture_type"),
        (b"GIF89a" + bytes(100), "picture_type"),
        (b"RIFF\x00\x00\x00\x00WAVEfmt ", "picture_type"),
        (b"%PDF-1.7", "picture_type"),
        (b"\xff\xd8\xff" + bytes(50), "picture_broken"),
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "picture_broken"),
        (b"RIFF\x20\x00\x00\x00WEBP" + bytes(50), "picture_broken"),
        (bomb(30_000, 30_000), "picture_pixels"),
        (bomb(9_000, 9_000), "picture_pixels"),
        (bomb(60_000, 60_000), "picture_pixels"),
        (bomb(500, 500), "picture_broken"),
        (picture(size=(400, 8)), "picture_small"),
        (picture()[:-2000], "picture_broken"),
        (picture("PNG")[:-200], "picture_broken"),
        (picture("WEBP")[:-400], "picture_broken"),
    ],
)
def test_what_is_no_whole_picture_is_refused(content: bytes, code: str) -> None:
    assert refused(content) == code


def test_a_file_that_is_too_large_is_refused_before_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "MOST_BYTES", 1000)
    assert refused(picture()) == "picture_bytes"


def test_what_hides_behind_a_picture_s_end_does_not_go_on() -> None:
    for rendering in made(picture() + b"<script>alert(1)</script>"):
        assert b"<script>" not in rendering.content
