"""A document laid out in columns of a fixed width, as a receipt printer has them: 32 on 58 mm of paper, 48 on 80 mm.

A column is one Latin letter; a Chinese character takes two (`guide_app.domain.receipt.charset`).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator

from guide_app.domain.receipt.charset import Charset
from guide_app.domain.receipt.document import Code, Document, Line, Pair, Rule
from guide_app.domain.records.base import Part

_INSET = "  "


class Row(Part, frozen=True):
    """One printed line, no wider than the paper (a `big` one: than half of it); no blanks at its end."""

    text: str
    strong: bool = False
    big: bool = False


def rows(document: Document, columns: int, charset: Charset) -> Iterator[Row | Code]:
    """The document from top to bottom, in characters that the printer has."""
    for block in document.blocks:
        match block:
            case Code():
                yield block
            case Rule():
                yield Row(text="-" * columns)
            case Line():
                yield from _line(block, charset.prepare(block.text), columns, charset)
            case Pair():
                name, figure = charset.prepare(block.name), charset.prepare(block.figure)
                yield from _pair(block, name, figure, columns, charset)


def _line(line: Line, text: str, columns: int, charset: Charset) -> Iterator[Row]:
    room = columns // 2 if line.big else columns
    for piece in wrapped(text, room, charset.width):
        before = " " * ((room - charset.width(piece)) // 2) if line.align == "centre" else ""
        yield Row(text=before + piece, strong=line.strong, big=line.big)


def _pair(pair: Pair, name: str, figure: str, columns: int, charset: Charset) -> Iterator[Row]:
    """The figure stands at the right end of the name's last line, or below where there is no room for both."""
    inset = _INSET if pair.inset else ""
    room = columns // 2 if pair.big else columns
    pieces = [inset + piece for piece in wrapped(name, room - len(inset), charset.width)]
    figures = wrapped(figure, room, charset.width)
    if charset.width(pieces[-1]) + 1 + charset.width(figures[0]) > room:
        pieces.append("")
    pieces += [""] * (len(figures) - 1)
    figures = [""] * (len(pieces) - len(figures)) + figures
    for left, right in zip(pieces, figures, strict=True):
        gap = " " * (room - charset.width(left) - charset.width(right))
        yield Row(text=(left + gap + right).rstrip(), strong=pair.strong, big=pair.big)


def wrapped(text: str, room: float, width: Callable[[str], float]) -> list[str]:
    """A text in lines no wider than the room, or one character: broken at its own line ends, at blanks, on either side
    of a wide character, and inside a word only where it is wider than a line. One line at least, be it empty."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line = ""
        for piece in _pieces(paragraph, room, width):
            if line and width(line + piece.rstrip()) > room:
                lines.append(line.rstrip())
                line = ""
            line += piece if line else piece.lstrip()
        lines.append(line.rstrip())
    return lines


def _pieces(text: str, room: float, width: Callable[[str], float]) -> Iterator[str]:
    """What is not broken further: a wide character, a word with its blanks, or a part of one as wide as a line."""
    piece = ""
    for char in text:
        wide = unicodedata.east_asian_width(char) in "WFA"
        ends = wide or (piece[-1:].isspace() and not char.isspace()) or width(piece + char) > room
        if piece and ends:
            yield piece
            piece = ""
        piece += char
        if wide:
            yield piece
            piece = ""
    if piece:
        yield piece
