"""Every icon that the source names is there, and is drawn in the colour asked for."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QImage

import ui
from ui.runtime.icons import IconProvider, svg

UI = Path(ui.__file__).parent
NAMED = re.compile(r'(?:symbol|icon|actionSymbol|\bname): "([a-z][a-z0-9]*(?:-[a-z0-9]+)*)"')


def named() -> set[str]:
    """The icons that QML names literally, with the words that follow a question about the state."""
    found: set[str] = set()
    for path in UI.rglob("*.qml"):
        text = path.read_text(encoding="utf-8")
        found |= set(NAMED.findall(text))
    return found


def test_every_icon_named_in_qml_is_there() -> None:
    assert len(named()) > 20
    for name in sorted(named()):
        assert "<svg" in svg(name), name


def test_a_name_that_is_not_there_is_our_bug() -> None:
    with pytest.raises(FileNotFoundError):
        svg("no-such-icon")


@pytest.mark.parametrize("asked", ["0b6e5f", "ff0b6e5f"], ids=["rgb", "argb"])
def test_the_stroke_has_the_colour_asked_for_and_the_rest_is_clear(qapp: object, asked: str) -> None:
    image = IconProvider().requestImage(f"check/{asked}/2", QSize(), QSize(96, 96))
    assert image.size() == QSize(96, 96)
    assert solid(image) == {QColor("#0b6e5f").name()}
    assert image.pixelColor(0, 0).alpha() == 0


def test_without_a_size_it_is_still_drawn(qapp: object) -> None:
    image = IconProvider().requestImage("house/000000/1.75", QSize(), QSize())
    assert solid(image) == {"#000000"}


def solid(image: QImage) -> set[str]:
    """The colours of the pixels that are wholly covered."""
    pixels = (image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height()))
    return {pixel.name() for pixel in pixels if pixel.alpha() == 255}
