"""QR codes: what a phone would read of them, and that they are black on white."""

from __future__ import annotations

import pytest
import zxingcpp
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage, QPainter

from ui.runtime.qr import QUIET, QrCode, matrix


def drawn(text: str, side: int) -> QImage:
    """The item as it is painted on a dark page."""
    item = QrCode()
    item.setWidth(side)
    item.setHeight(side)
    item.setProperty("text", text)
    image = QImage(side, side, QImage.Format.Format_Grayscale8)
    image.fill(Qt.GlobalColor.darkBlue)
    painter = QPainter(image)
    item.paint(painter)
    painter.end()
    return image


def read(image: QImage) -> str:
    """What an independent reader finds in the picture."""
    found = zxingcpp.read_barcodes(memoryview(image.constBits()).cast("B", (image.height(), image.bytesPerLine())))
    return str(found[0].text) if found else ""


@pytest.mark.parametrize(
    ("text", "side"),
    [
        ("李娜，生日快乐！林晓棠，梧桐路店", 220),
        ("Thank you, Anna-Katharina! 👍", 300),
        ("好" * 200, 480),
        ("x" * 900, 640),
    ],
)
def test_a_phone_reads_what_was_written(qapp: object, text: str, side: int) -> None:
    assert read(drawn(text, side)) == text


def test_it_is_black_on_white_with_its_quiet_zone(qapp: object) -> None:
    image = drawn("abc", 290)
    rows = matrix("abc")
    size = 290 // (len(rows) + 2 * QUIET)
    seen = {QColor(image.pixel(x, y)).lightness() for x in range(290) for y in range(290)}
    assert seen == {0, 255}
    assert {QColor(image.pixel(x, y)).lightness() for x in range(QUIET * size) for y in range(290)} == {255}


def test_nothing_and_too_much_are_no_code(qapp: object) -> None:
    assert (matrix(""), matrix("好" * 2000)) == ((), ())
    item = QrCode()
    item.setProperty("text", "好" * 2000)
    assert item.property("side") == 0
