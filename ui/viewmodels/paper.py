"""A document for paper as rows of a page: the same words and figures that come out of the printer."""

from __future__ import annotations

from collections.abc import Sequence

from guide_app.domain.receipt import Block, Code, Document, Line, Pair, Rule
from ui.models.keyed import Row


class PaperRow(Row, frozen=True):
    """A block; `kind`: line, pair, rule or code (then `text` is what the QR code says)."""

    kind: str
    text: str = ""
    figure: str = ""
    strong: bool = False
    big: bool = False
    centred: bool = False
    inset: bool = False


def paper_rows(document: Document) -> Sequence[PaperRow]:
    """The document from top to bottom."""
    return [_row(f"{n}", block) for n, block in enumerate(document.blocks)]


def _row(key: str, block: Block) -> PaperRow:
    match block:
        case Line():
            return PaperRow(
                key=key, kind="line", text=block.text, strong=block.strong, big=block.big,
                centred=block.align == "centre",
            )  # fmt: skip
        case Pair():
            return PaperRow(
                key=key, kind="pair", text=block.name, figure=block.figure, strong=block.strong, big=block.big,
                inset=block.inset,
            )  # fmt: skip
        case Rule():
            return PaperRow(key=key, kind="rule")
        case Code():
            return PaperRow(key=key, kind="code", text=block.text)
