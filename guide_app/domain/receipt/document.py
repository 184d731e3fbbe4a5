"""A document for paper: blocks from top to bottom, with no width, no font and no printer in them.

The screen, the PDF and the receipt printer show the same blocks, so that no two of them can differ in a figure.
"""

from __future__ import annotations

from typing import Literal

from guide_app.domain.records.base import Part

Align = Literal["left", "centre"]


class Line(Part, frozen=True):
    """A line of words, broken where the paper ends. `strong`: bold; `big`: twice as large."""

    text: str
    align: Align = "left"
    strong: bool = False
    big: bool = False


class Pair(Part, frozen=True):
    """What it is on the left, how much on the right. `inset`: it belongs to the line above."""

    name: str
    figure: str
    strong: bool = False
    big: bool = False
    inset: bool = False


class Rule(Part, frozen=True):
    """A line across the paper."""


class Code(Part, frozen=True):
    """A QR code of `text`."""

    text: str


Block = Line | Pair | Rule | Code


class Document(Part, frozen=True):
    """`title`: what it is, for a file's name and a window; `number`: what is told over the telephone, or empty."""

    title: str
    blocks: tuple[Block, ...]
    number: str = ""

    @property
    def texts(self) -> tuple[str, ...]:
        """Every word and figure on it, from top to bottom."""
        found: list[str] = []
        for block in self.blocks:
            match block:
                case Line(text=text):
                    found.append(text)
                case Pair(name=name, figure=figure):
                    found += [name, figure]
                case Code() | Rule():
                    pass
        return tuple(found)
