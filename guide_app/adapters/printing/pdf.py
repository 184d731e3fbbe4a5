"""A document as a PDF: one page as wide as a receipt roll and as long as it is, with our font inside and words that can
be searched and copied.

Written by ourselves: Qt's writer tells by the font which character a glyph is, and so finds 车 and 麦 under their
radicals, which no search meets. Source: ISO 32000-1, 7.5 (file structure), 9.7 (composite fonts), 9.10 (ToUnicode).
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

import assets
from guide_app.adapters.printing.truetype import Face
from guide_app.domain.receipt import Code, Document, Line, Pair, Rule
from guide_app.domain.receipt.paper import wrapped

WIDTH, MARGIN = 226.8, 14.2
"""80 mm and 5 mm, in points."""
BODY, BIG, LEADING, GAP, SIDE = 9.0, 14.0, 1.35, 2.0, 92.0
_INSET = 8.0
_QUIET = 4
_FONTS = {"F1": "fonts/NotoSansSC-Regular.ttf", "F2": "fonts/NotoSansSC-SemiBold.ttf"}
Modules = Sequence[Sequence[int]]
"""A QR code, row by row, 1 is black."""


def pdf(document: Document) -> bytes:
    """The file. The same document gives the same bytes."""
    sheet = _Sheet()
    for block in document.blocks:
        sheet.put(block)
    return _file(document.title, sheet.y + MARGIN, sheet.drawn, sheet.used)


@cache
def _face(name: str) -> Face:
    return Face(assets.path(_FONTS[name]).read_bytes())


@dataclass
class _Font:
    """A weight in a size."""

    name: str
    size: float

    def width(self, text: str) -> float:
        """Points that the text takes."""
        face = _face(self.name)
        return sum(face.advance(face.glyph(char)) for char in text) * self.size / 1000


@dataclass
class _Sheet:
    """Puts blocks below each other, `y` downwards; what is drawn is kept with its place from the top."""

    y: float = MARGIN
    drawn: list[tuple[float, str]] = field(default_factory=list)
    used: dict[str, dict[int, str]] = field(default_factory=lambda: {name: {} for name in _FONTS})

    def put(self, block: Line | Pair | Rule | Code) -> None:
        """The next block."""
        match block:
            case Line():
                font = _font(strong=block.strong, big=block.big)
                for text in wrapped(block.text, WIDTH - 2 * MARGIN, font.width):
                    centred = (WIDTH - font.width(text)) / 2
                    self._row(font, [(centred if block.align == "centre" else MARGIN, text)])
            case Pair():
                self._pair(block)
            case Rule():
                self._rectangle(MARGIN, self.y + GAP, WIDTH - 2 * MARGIN, 0.5)
                self.y += 3 * GAP
            case Code():
                self._code(block.text)

    def _pair(self, pair: Pair) -> None:
        font = _font(strong=pair.strong, big=pair.big)
        left = MARGIN + (_INSET if pair.inset else 0)
        names = wrapped(pair.name, WIDTH - MARGIN - left, font.width)
        figures = wrapped(pair.figure, WIDTH - 2 * MARGIN, font.width)
        if left + font.width(names[-1]) + 3 * GAP + font.width(figures[0]) > WIDTH - MARGIN:
            names.append("")
        names += [""] * (len(figures) - 1)
        figures = [""] * (len(names) - len(figures)) + figures
        for name, figure in zip(names, figures, strict=True):
            self._row(font, [(left, name), (WIDTH - MARGIN - font.width(figure), figure)])

    def _row(self, font: _Font, texts: Sequence[tuple[float, str]]) -> None:
        face, height = _face(font.name), font.size * LEADING
        line = self.y + font.size
        for x, text in texts:
            glyphs = [face.glyph(char) for char in text]
            self.used[font.name].update(zip(glyphs, text, strict=True))
            if glyphs:
                shown = "".join(f"{glyph:04X}" for glyph in glyphs)
                self.drawn.append((line, f"BT /{font.name} {font.size:g} Tf {x:.2f} {{y:.2f}} Td <{shown}> Tj ET"))
        self.y += height + (GAP if font.size == BIG else 0)

    def _code(self, text: str) -> None:
        rows = _modules(text)
        module = SIDE / (len(rows) + 2 * _QUIET)
        left, top = (WIDTH - SIDE) / 2 + _QUIET * module, self.y + _QUIET * module
        for y, row in enumerate(rows):
            for x, black in enumerate(row):
                if black:
                    self._rectangle(left + x * module, top + y * module, module, module)
        self.y += SIDE + GAP

    def _rectangle(self, x: float, y: float, width: float, height: float) -> None:
        self.drawn.append((y + height, f"{x:.3f} {{y:.3f}} {width:.3f} {height:.3f} re f"))


def _font(*, strong: bool, big: bool) -> _Font:
    return _Font("F2" if strong else "F1", BIG if big else BODY)


def _modules(text: str) -> Modules:
    import segno

    return tuple(tuple(row) for row in segno.make(text, error="m", micro=False, encoding="utf-8").matrix)


# ------------------------------------------------------------------ the file


class _Objects:
    """The objects of a file, numbered from 1."""

    def __init__(self) -> None:
        self._bodies: list[bytes] = []

    def add(self, body: str | bytes) -> int:
        """Its number."""
        self._bodies.append(body.encode("ascii") if isinstance(body, str) else body)
        return len(self._bodies)

    def stream(self, data: bytes, more: str = "") -> int:
        """A compressed stream."""
        packed = zlib.compress(data, 9)
        return self.add(
            f"<< /Length {len(packed)} /Filter /FlateDecode{more} >>\nstream\n".encode() + packed + b"\nendstream"
        )

    def file(self, root: int, info: int) -> bytes:
        """All of it, with the table of where each object is."""
        out, places = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"), []
        for number, body in enumerate(self._bodies, 1):
            places.append(len(out))
            out += f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
        size, start = len(self._bodies) + 1, len(out)
        table = "".join(f"{place:010d} 00000 n \n" for place in places)
        out += f"xref\n0 {size}\n0000000000 65535 f \n{table}".encode()
        out += f"trailer\n<< /Size {size} /Root {root} 0 R /Info {info} 0 R >>\nstartxref\n{start}\n%%EOF\n".encode()
        return bytes(out)


def _file(
    title: str, height: float, drawn: Sequence[tuple[float, str]], used: Mapping[str, Mapping[int, str]]
) -> bytes:
    objects = _Objects()
    content = objects.stream("\n".join(text.format(y=height - y) for y, text in drawn).encode("ascii"))
    fonts = " ".join(f"/{name} {_embedded(objects, name, glyphs)} 0 R" for name, glyphs in used.items())
    pages = content + 5 * len(used) + 2  # behind the fonts' objects and the page
    page = objects.add(
        f"<< /Type /Page /Parent {pages} 0 R /MediaBox [0 0 {WIDTH:.2f} {height:.2f}] /Contents {content} 0 R "
        f"/Resources << /Font << {fonts} >> >> >>"
    )
    objects.add(f"<< /Type /Pages /Kids [{page} 0 R] /Count 1 >>")
    root = objects.add(f"<< /Type /Catalog /Pages {pages} 0 R >>")
    named = (b"\xfe\xff" + title.encode("utf-16-be")).hex()
    return objects.file(root, objects.add(f"<< /Title <{named}> /Creator (Store Guide) >>"))


def _embedded(objects: _Objects, name: str, glyphs: Mapping[int, str]) -> int:
    """A font of the glyphs that are used, five objects; the number of the last, which pages name."""
    face, called = _face(name), f"GUIDEX+StoreGuide{name}"
    data = face.only(glyphs)
    program = objects.stream(data, f" /Length1 {len(data)}")
    box = " ".join(map(str, face.box))
    described = objects.add(
        f"<< /Type /FontDescriptor /FontName /{called} /Flags 4 /FontBBox [{box}] /ItalicAngle 0 /Ascent {face.ascent} "
        f"/Descent {face.descent} /CapHeight 733 /StemV 80 /FontFile2 {program} 0 R >>"
    )
    widths = " ".join(f"{glyph} [{face.advance(glyph)}]" for glyph in sorted(glyphs))
    descendant = objects.add(
        f"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /{called} /FontDescriptor {described} 0 R /DW 1000 "
        f"/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> /W [{widths}] "
        f"/CIDToGIDMap /Identity >>"
    )
    told = objects.stream(_to_unicode(glyphs))
    return objects.add(
        f"<< /Type /Font /Subtype /Type0 /BaseFont /{called} /Encoding /Identity-H /DescendantFonts [{descendant} 0 R] "
        f"/ToUnicode {told} 0 R >>"
    )


def _to_unicode(glyphs: Mapping[int, str]) -> bytes:
    """Which character each glyph was drawn for."""
    pairs = [f"<{glyph:04X}> <{char.encode('utf-16-be').hex()}>" for glyph, char in sorted(glyphs.items()) if glyph]
    blocks = [pairs[at : at + 100] for at in range(0, len(pairs), 100)]  # as many as one block may hold
    mapped = "\n".join(f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar" for block in blocks)
    return (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /Guide def /CMapType 2 def\n"
        f"1 begincodespacerange <0000> <FFFF> endcodespacerange\n{mapped}\nendcmap end end"
    ).encode("ascii")
