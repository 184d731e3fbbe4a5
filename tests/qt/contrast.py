"""How well words stand out from what is really drawn behind them (WCAG 2.2, 1.4.3): 4.5 to 1, large words 3 to 1."""

from __future__ import annotations

import math
from collections import Counter

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QFont, QImage
from PySide6.QtQuick import QQuickItem

SMALL, LARGE = 4.5, 3.0
LARGE_PX, LARGE_BOLD_PX = 24.0, 18.66
"""18 pt, and 14 pt where it is bold."""
ALIKE = 24
"""So far two colours may be apart, in each channel, that are one: letters are drawn with soft edges."""
SHARE = 0.2
"""What part of its place a colour must fill to be the background, where the commonest is that of the letters."""


def ratio(one: QColor, other: QColor) -> float:
    """1 to 21."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def needed(font: QFont) -> float:
    """What words of this font must reach."""
    large = LARGE_BOLD_PX if font.weight() >= QFont.Weight.DemiBold else LARGE_PX
    return LARGE if font.pixelSize() >= large else SMALL


def faint(words: QQuickItem, where: QRectF, picture: QImage) -> str:
    """Why these words cannot be read well, empty where they can: their colour, as strong as all they stand in lets it
    be, against the commonest colour of their place in the picture of the window."""
    behind = background(words, where, picture)
    if behind is None:
        return ""
    colour = QColor(words.property("color"))
    strength = colour.alphaF() * _opacity(words)
    ink = QColor.fromRgbF(*(
        strength * mine + (1 - strength) * theirs
        for mine, theirs in zip(_parts(colour), _parts(behind), strict=True)
    ))  # fmt: skip
    reached, least = ratio(ink, behind), needed(words.property("font"))
    return f"{ink.name()} on {behind.name()} is {reached:.2f}, not {least}" if round(reached, 2) < least else ""


def background(words: QQuickItem, where: QRectF, picture: QImage) -> QColor | None:
    """What lies behind the words; None where nothing of their place is in the picture."""
    place = where.toAlignedRect().intersected(picture.rect())
    if place.isEmpty():
        return None
    part = picture.copy(place).convertToFormat(QImage.Format.Format_RGB32)
    pixels = memoryview(part.constBits()).cast("B").cast("I")
    counted = [(QColor(value & 0xFFFFFF), times) for value, times in Counter(pixels).most_common(12)]
    ink, least = QColor(words.property("color")), SHARE * len(pixels)
    others = [colour for colour, times in counted[1:] if times >= least and not _alike(colour, ink)]
    common = counted[0][0]
    return others[0] if others and _alike(common, ink) else common


def _alike(one: QColor, other: QColor) -> bool:
    return all(abs(mine - theirs) * 255 <= ALIKE for mine, theirs in zip(_parts(one), _parts(other), strict=True))


def _luminance(colour: QColor) -> float:
    red, green, blue = (part / 12.92 if part <= 0.04045 else _linear(part) for part in _parts(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return math.pow((part + 0.055) / 1.055, 2.4)


def _parts(colour: QColor) -> tuple[float, float, float]:
    return colour.redF(), colour.greenF(), colour.blueF()


def _opacity(item: QQuickItem) -> float:
    share = 1.0
    here: QQuickItem | None = item
    while here is not None:
        share *= here.opacity()
        here = here.parentItem()
    return share


def photographed(root: QQuickItem) -> QImage | None:
    """What the window of the item shows; None where it is in none that is shown."""
    window = root.window()
    return window.grabWindow() if window is not None and window.isVisible() else None
