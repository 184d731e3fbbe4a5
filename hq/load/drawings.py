"""Pictures of packs that nobody has photographed, so that a catalogue of made-up goods is not empty: drawn from a
product's number, and synthetic as the goods are."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Sequence

from PIL import Image, ImageDraw, ImageFont

SIDE = 480
_DRAWN = 2 * SIDE
"""Drawn twice as large and made smaller: edges are smooth."""
Colour = tuple[int, int, int]
_HUES: Sequence[Colour] = (
    (11, 110, 95), (196, 86, 57), (222, 165, 57), (72, 104, 168), (146, 84, 142), (96, 140, 72), (190, 74, 104),
    (60, 132, 150), (128, 98, 72), (88, 88, 128),
)  # fmt: skip
_PAPER: Colour = (250, 248, 243)


def draw(key: str, label: str, view: int = 0) -> bytes:
    """A PNG of a pack: its form and colours follow from `key`, its letters from `label`; `view`: from which side."""
    seed = hashlib.sha256(key.encode()).digest()
    hue, other = _HUES[seed[0] % len(_HUES)], _HUES[(seed[0] + 3 + seed[1] % 5) % len(_HUES)]
    image = Image.new("RGB", (_DRAWN, _DRAWN), _mixed(hue, _PAPER, 0.88 if view == 0 else 0.78))
    brush = ImageDraw.Draw(image)
    brush.ellipse(_at(0.22, 0.83, 0.78, 0.90), fill=_mixed(hue, _PAPER, 0.66))
    _FORMS[seed[2] % len(_FORMS)](brush, hue, other)
    if view == 0:
        _letters(brush, label)
    else:
        _lines(brush, hue)
    out = io.BytesIO()
    image.resize((SIDE, SIDE), Image.Resampling.LANCZOS).save(out, "PNG")
    return out.getvalue()


def _bottle(brush: ImageDraw.ImageDraw, hue: Colour, other: Colour) -> None:
    brush.rounded_rectangle(_at(0.44, 0.12, 0.56, 0.22), 20, fill=_mixed(other, (0, 0, 0), 0.25))
    brush.polygon(_points((0.45, 0.21), (0.55, 0.21), (0.66, 0.36), (0.34, 0.36)), fill=hue)
    brush.rounded_rectangle(_at(0.34, 0.33, 0.66, 0.87), 50, fill=hue)
    _label(brush, 0.34, 0.46, 0.66, 0.72, other)
    brush.rounded_rectangle(_at(0.375, 0.37, 0.40, 0.83), 12, fill=_mixed(hue, (255, 255, 255), 0.3))


def _box(brush: ImageDraw.ImageDraw, hue: Colour, other: Colour) -> None:
    brush.polygon(_points((0.70, 0.22), (0.80, 0.29), (0.80, 0.84), (0.70, 0.88)), fill=_mixed(hue, (0, 0, 0), 0.3))
    brush.polygon(_points((0.26, 0.22), (0.70, 0.22), (0.80, 0.29), (0.36, 0.29)), fill=_mixed(hue, (0, 0, 0), 0.15))
    brush.rectangle(_at(0.26, 0.22, 0.70, 0.88), fill=hue)
    _label(brush, 0.26, 0.44, 0.70, 0.70, other)


def _can(brush: ImageDraw.ImageDraw, hue: Colour, other: Colour) -> None:
    brush.ellipse(_at(0.30, 0.80, 0.70, 0.90), fill=_mixed(hue, (0, 0, 0), 0.2))
    brush.rectangle(_at(0.30, 0.24, 0.70, 0.85), fill=hue)
    _label(brush, 0.30, 0.42, 0.70, 0.68, other)
    brush.ellipse(_at(0.30, 0.19, 0.70, 0.29), fill=(214, 214, 210))
    brush.ellipse(_at(0.34, 0.205, 0.66, 0.275), fill=(188, 188, 184))
    brush.rectangle(_at(0.34, 0.30, 0.365, 0.82), fill=_mixed(hue, (255, 255, 255), 0.3))


def _jar(brush: ImageDraw.ImageDraw, hue: Colour, other: Colour) -> None:
    brush.rounded_rectangle(_at(0.27, 0.32, 0.73, 0.88), 80, fill=hue)
    brush.rounded_rectangle(_at(0.29, 0.18, 0.71, 0.33), 24, fill=other)
    for n in range(9):
        left = 0.315 + n * 0.043
        brush.rectangle(_at(left, 0.20, left + 0.012, 0.31), fill=_mixed(other, (0, 0, 0), 0.2))
    _label(brush, 0.27, 0.47, 0.73, 0.73, _mixed(other, (255, 255, 255), 0.2))


def _bag(brush: ImageDraw.ImageDraw, hue: Colour, other: Colour) -> None:
    side = [(0.28, 0.16), (0.72, 0.16), (0.75, 0.50), (0.71, 0.88), (0.29, 0.88), (0.25, 0.50)]
    brush.polygon(_points(*side), fill=hue)
    brush.rectangle(_at(0.28, 0.16, 0.72, 0.22), fill=_mixed(hue, (0, 0, 0), 0.25))
    _label(brush, 0.26, 0.42, 0.74, 0.68, other)
    brush.polygon(
        _points((0.31, 0.24), (0.34, 0.24), (0.32, 0.84), (0.30, 0.84)), fill=_mixed(hue, (255, 255, 255), 0.3)
    )


def _tube(brush: ImageDraw.ImageDraw, hue: Colour, other: Colour) -> None:
    brush.polygon(_points((0.30, 0.13), (0.70, 0.13), (0.62, 0.76), (0.38, 0.76)), fill=hue)
    brush.rectangle(_at(0.30, 0.13, 0.70, 0.19), fill=_mixed(hue, (0, 0, 0), 0.25))
    brush.rounded_rectangle(_at(0.40, 0.75, 0.60, 0.88), 16, fill=other)
    _label(brush, 0.36, 0.46, 0.64, 0.67, _mixed(other, (255, 255, 255), 0.25))


_FORMS: Sequence[Callable[[ImageDraw.ImageDraw, Colour, Colour], None]] = (_bottle, _box, _can, _jar, _bag, _tube)


def _label(brush: ImageDraw.ImageDraw, left: float, top: float, right: float, bottom: float, edge: Colour) -> None:
    brush.rectangle(_at(left, top, right, bottom), fill=_PAPER)
    brush.rectangle(_at(left, top, right, top + 0.02), fill=edge)
    brush.rectangle(_at(left, bottom - 0.02, right, bottom), fill=edge)


def _letters(brush: ImageDraw.ImageDraw, label: str) -> None:
    """Two letters in the middle of the label."""
    font = ImageFont.load_default(_DRAWN // 8)
    middle = _DRAWN * 0.5, _DRAWN * 0.565
    brush.text(middle, label.strip()[:2].upper(), font=font, fill=(40, 38, 34), anchor="mm")


def _lines(brush: ImageDraw.ImageDraw, hue: Colour) -> None:
    """The small print of the back."""
    for n, width in enumerate((0.20, 0.22, 0.16, 0.21, 0.12)):
        top = 0.50 + n * 0.03
        brush.rectangle(_at(0.39, top, 0.39 + width, top + 0.012), fill=_mixed(hue, _PAPER, 0.4))


def _mixed(colour: Colour, other: Colour, share: float) -> Colour:
    """The colour with this share of the other in it."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(colour, other, strict=True))
    return red, green, blue


def _at(left: float, top: float, right: float, bottom: float) -> tuple[float, float, float, float]:
    return left * _DRAWN, top * _DRAWN, right * _DRAWN, bottom * _DRAWN


def _points(*shares: tuple[float, float]) -> list[tuple[float, float]]:
    return [(x * _DRAWN, y * _DRAWN) for x, y in shares]
