"""PDFs drawn page by page in a process of their own, and pictures of telephones."""

from __future__ import annotations

import io

import pytest
from pikepdf import Array, Dictionary, Name, Pdf, Stream
from PIL import Image

from guide_app.domain.errors import Refused
from hq.files import content
from hq.files.worker import Limits, Worker
from tests.papers import heic, paper


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content)).convert("RGB")


def near(pixel: object, wanted: tuple[int, int, int]) -> bool:
    assert isinstance(pixel, tuple)
    return all(abs(one - other) < 12 for one, other in zip(pixel, wanted, strict=True))


def test_each_page_is_drawn_in_the_sizes_of_a_material() -> None:
    sizes = Worker().page(io.BytesIO(paper()), 2)
    assert [(one.width, one.height) for one in sizes] == [(113, 160), (905, 1280), (1357, 1920)]
    for one in sizes:
        image = opened(one.content)
        assert image.size == (one.width, one.height)
        scale = one.height / 842
        assert near(image.getpixel((int(60 * scale), int((842 - 60) * scale))), (204, 26, 51))
        assert near(image.getpixel((int(200 * scale), int((842 - 300) * scale))), (26, 51, 179))
        assert near(image.getpixel((int(560 * scale), int(20 * scale))), (255, 255, 255))


def test_a_page_that_was_turned_is_drawn_turned() -> None:
    def turned(pdf: Pdf) -> None:
        pdf.pages[0].Rotate = 90

    large = Worker().page(io.BytesIO(paper(turned)), 1)[-1]
    assert (large.width, large.height) == (1920, 1357)


def nested(pdf: Pdf) -> None:
    """A page that draws a part ten times, which draws another ten times, and so on: 10^12 times."""
    inner = pdf.make_indirect(Stream(pdf, b"0 0 500 500 re f", Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 9, 9]))
    for _ in range(12):
        parts = Dictionary(XObject=Dictionary(A=inner))
        shape = {"Type": Name.XObject, "Subtype": Name.Form, "BBox": Array([0, 0, 9, 9]), "Resources": parts}
        inner = pdf.make_indirect(Stream(pdf, b"/A Do " * 10, **shape))
    pdf.pages[0].Resources = Dictionary(XObject=Dictionary(A=inner))
    pdf.pages[0].Contents = pdf.make_stream(b"/A Do")


def test_a_page_without_end_ends_with_its_process() -> None:
    with pytest.raises(Refused) as refused:
        Worker(Limits(seconds=3)).page(io.BytesIO(paper(nested)), 1)
    assert refused.value.code == "pdf_heavy"
    assert Worker().page(io.BytesIO(paper(nested)), 2)


@pytest.mark.parametrize(("limits", "detail"), [(Limits(megabytes=30), ""), (Limits(seconds=0), "time")])
def test_what_needs_more_than_it_may_is_refused(limits: Limits, detail: str) -> None:
    with pytest.raises(Refused) as refused:
        Worker(limits).pages(io.BytesIO(paper()))
    assert refused.value.code == "pdf_heavy"
    assert detail in refused.value.detail


@pytest.mark.parametrize("turned", [1, 3, 6, 8])
def test_a_telephone_s_picture_is_drawn_as_it_was_held(turned: int) -> None:
    large = Worker().sizes(io.BytesIO(heic((640, 480), turned=turned)))[1]
    upright = turned in (6, 8)
    assert (large.width, large.height) == ((480, 640) if upright else (640, 480))
    red = {1: (20, 240), 3: (620, 240), 6: (240, 20), 8: (240, 620)}[turned]
    blue = {1: (620, 240), 3: (20, 240), 6: (240, 620), 8: (240, 20)}[turned]
    image = opened(large.content)
    assert near(image.getpixel(red), (254, 0, 0))
    assert near(image.getpixel(blue), (0, 0, 254))


def test_nothing_of_where_it_was_taken_goes_further() -> None:
    brought = heic((1600, 1200), place=True)
    assert b"Telephone of Lin" in brought
    assert content.examine(io.BytesIO(brought)).media_type == "image/heic"
    for one in Worker().sizes(io.BytesIO(brought)):
        made = Image.open(io.BytesIO(one.content))
        assert not made.getexif()
        assert not {"exif", "xmp", "icc_profile"} & set(made.info)
        assert b"Lin" not in one.content
