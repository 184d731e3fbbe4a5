"""A QR code as an item of a page: always black on white, with its quiet zone, whatever the page looks like."""

from __future__ import annotations

import segno
from PySide6.QtCore import Property, QRectF, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtQml import QmlElement
from PySide6.QtQuick import QQuickItem, QQuickPaintedItem
from segno.encoder import DataOverflowError

QML_IMPORT_NAME = "StoreGuide"
QML_IMPORT_MAJOR_VERSION = 1

QUIET = 4
"""Modules of white around the code (ISO/IEC 18004)."""


def matrix(text: str) -> tuple[tuple[int, ...], ...]:
    """The modules of the code, row by row, 1 is black; empty for no text and for more than a code can hold."""
    if not text:
        return ()
    try:
        code = segno.make(text, error="m", micro=False, encoding="utf-8")
    except DataOverflowError:
        return ()
    return tuple(tuple(row) for row in code.matrix)


@QmlElement
class QrCode(QQuickPaintedItem):
    """Set `text`; `side` is how many modules it has with its quiet zone, 0 where there is no code."""

    textChanged = Signal()

    def __init__(self, parent: QQuickItem | None = None) -> None:
        super().__init__(parent)
        self._text = ""
        self._rows: tuple[tuple[int, ...], ...] = ()

    @Property(int, notify=textChanged)
    def side(self) -> int:
        """Modules of one side."""
        return len(self._rows) + 2 * QUIET if self._rows else 0

    def _get_text(self) -> str:
        return self._text

    def _set_text(self, text: str) -> None:
        if text != self._text:
            self._text, self._rows = text, matrix(text)
            self.textChanged.emit()
            self.update()

    text = Property(str, _get_text, _set_text, notify=textChanged)

    def paint(self, painter: QPainter) -> None:
        """Qt: draws it in whole pixels, so that no module is blurred."""
        painter.fillRect(QRectF(0, 0, self.width(), self.height()), Qt.GlobalColor.white)
        if not self._rows:
            return
        side = len(self._rows) + 2 * QUIET
        size = int(min(self.width(), self.height()) // side)
        left, top = ((extent - size * side) // 2 + size * QUIET for extent in (self.width(), self.height()))
        for y, row in enumerate(self._rows):
            for x, black in enumerate(row):
                if black:
                    painter.fillRect(QRectF(left + x * size, top + y * size, size, size), Qt.GlobalColor.black)
