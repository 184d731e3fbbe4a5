"""A PDF read by an independent reader (pdfium): every word can be found, the code on it is read, our font is inside."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp

import assets
from guide_app.adapters.printing.files import PdfFiles, file_name
from guide_app.adapters.printing.pdf import WIDTH, pdf
from guide_app.adapters.printing.truetype import Face
from guide_app.domain.errors import BadInput, NotSaved
from guide_app.domain.receipt import Document, Line, Pair
from guide_app.domain.receipt.sale import receipt
from guide_app.services.ports.printing import PaperPlace
from tests.sold import ENGLISH, NUMBER, SHOP, sold

REGULAR = assets.path("fonts/NotoSansSC-Regular.ttf").read_bytes()


def words(data: bytes) -> str:
    document = pypdfium2.PdfDocument(data)
    assert len(document) == 1
    return str(document[0].get_textpage().get_text_range())


def test_every_word_can_be_searched() -> None:
    for shop in (SHOP, ENGLISH):
        document = receipt(sold(), shop)
        read = "".join(words(pdf(document)).split())
        assert [text for text in document.texts if "".join(text.split()) not in read] == []


def test_characters_that_share_a_glyph_with_a_radical_are_found_as_they_were_written() -> None:
    shared = "车麦一人金食长门风飞首黑"
    assert words(pdf(Document(title="", blocks=(Line(text=shared),)))) == shared


def test_the_page_is_as_wide_as_a_roll_and_nothing_stands_beside_it() -> None:
    long = "每一个都很长的名字" * 9
    document = Document(title="", blocks=(Pair(name=long, figure="￥1,234,567.89", big=True), Line(text="x" * 200)))
    page = pypdfium2.PdfDocument(pdf(document))[0]
    text = page.get_textpage()
    boxes = [box for n in range(text.count_chars()) if (box := text.get_charbox(n))[2]]
    assert min(box[0] for box in boxes) > 10
    assert max(box[2] for box in boxes) < WIDTH - 10
    assert "".join(text.get_text_range().split()).count("x") == 200


def test_the_code_on_it_is_the_orders_number() -> None:
    bitmap = pypdfium2.PdfDocument(pdf(receipt(sold(), SHOP)))[0].render(scale=3, grayscale=True)
    picture = memoryview(bytes(bitmap.buffer)).cast("B", (bitmap.height, bitmap.stride))
    assert [code.text for code in zxingcpp.read_barcodes(picture)] == [NUMBER]


def test_the_same_document_gives_the_same_file_with_the_font_in_it() -> None:
    data = pdf(receipt(sold(), SHOP))
    assert data == pdf(receipt(sold(), SHOP))
    assert len(data) < 150_000
    document = pypdfium2.PdfDocument(data)
    assert document.get_metadata_dict()["Title"] == "销售小票 101-AB7K-0042-3"


def test_a_part_of_the_font_draws_as_the_whole_does() -> None:
    face = Face(REGULAR)
    glyphs = [face.glyph(char) for char in "陈é"]
    part = Face(face.only(glyphs))
    assert [part._outline(glyph) for glyph in glyphs] == [face._outline(glyph) + bytes(-len(face._outline(glyph)) % 4) for glyph in glyphs]  # fmt: skip  # noqa: E501
    assert part._outline(face.glyph("林")) == b""
    assert [part.advance(glyph) for glyph in glyphs] == [face.advance(glyph) for glyph in glyphs]
    assert face.glyph("\U0010fffd") == 0


@pytest.mark.asyncio
async def test_a_file_goes_where_the_person_chose_and_over_nothing(tmp_path: Path) -> None:
    document, place = receipt(sold(), ENGLISH), PaperPlace(path=str(tmp_path / "Documents"), kind="documents")
    files = PdfFiles()
    first, second = await files.save(document, place), await files.save(document, place)
    assert [Path(path).name for path in (first, second)] == ["Receipt-101-AB7K-0042-3.pdf", "Receipt-101-AB7K-0042-3-2.pdf"]  # fmt: skip  # noqa: E501
    assert await asyncio.to_thread(Path(first).read_bytes) == pdf(document)


@pytest.mark.asyncio
async def test_a_drive_that_was_pulled_out(tmp_path: Path) -> None:
    gone = PaperPlace(path=str(tmp_path / "STICK"), kind="drive", name="STICK")
    with pytest.raises(BadInput) as refused:
        await PdfFiles().save(receipt(sold(), ENGLISH), gone)
    assert refused.value.code == "place_gone"
    (tmp_path / "file").write_text("")
    with pytest.raises(NotSaved) as raised:
        await PdfFiles().save(receipt(sold(), ENGLISH), PaperPlace(path=str(tmp_path / "file"), kind="documents"))
    assert raised.value.code == "disk_failed"


def test_a_file_is_named_so_that_every_system_takes_it() -> None:
    assert file_name(Document(title='日结 2026/11/22: "x"', blocks=())) == "日结-2026-11-22-x.pdf"


def test_the_places_of_an_account_are_there() -> None:
    kinds = [place.kind for place in PdfFiles().places()]
    assert kinds[:2] == ["documents", "downloads"]
