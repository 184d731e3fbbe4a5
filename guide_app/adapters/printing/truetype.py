"""As much of a TrueType font as a PDF needs: which glyph a character has, how wide it is, and a font of few glyphs.

Source: OpenType specification 1.9 (tables cmap format 4 and 12, glyf, head, hhea, hmtx, loca, maxp).
"""

from __future__ import annotations

import struct
from collections.abc import Iterable
from functools import cached_property

_KEPT = (b"cvt ", b"fpgm", b"glyf", b"head", b"hhea", b"hmtx", b"loca", b"maxp", b"prep")
_WORDS, _SCALE, _XY_SCALE, _TWO_BY_TWO, _MORE = 0x0001, 0x0008, 0x0040, 0x0080, 0x0020


class Face:
    """One weight of a font, from the bytes of its file."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        (count,) = struct.unpack_from(">H", data, 4)
        entries = (struct.unpack_from(">4sLLL", data, 12 + 16 * n) for n in range(count))
        self._places = {tag: (offset, length) for tag, _sum, offset, length in entries}
        head, hhea = self.table(b"head"), self.table(b"hhea")
        (self._em,) = struct.unpack_from(">H", head, 18)
        (self._long,) = struct.unpack_from(">h", head, 50)
        self.box: tuple[int, ...] = tuple(self._scaled(n) for n in struct.unpack_from(">4h", head, 36))
        self.ascent, self.descent = (self._scaled(n) for n in struct.unpack_from(">2h", hhea, 4))
        (self._measured,) = struct.unpack_from(">H", hhea, 34)
        (self.glyphs,) = struct.unpack_from(">H", self.table(b"maxp"), 4)

    def table(self, tag: bytes) -> bytes:
        """The bytes of a table, empty where there is none."""
        offset, length = self._places.get(tag, (0, 0))
        return self._data[offset : offset + length]

    def glyph(self, char: str) -> int:
        """The glyph of a character, 0 where it has none."""
        return int(self._of_code.get(ord(char), 0))

    def advance(self, glyph: int) -> int:
        """How wide a glyph is, in thousandths of the letter size."""
        offset, _ = self._places[b"hmtx"]
        (width,) = struct.unpack_from(">H", self._data, offset + 4 * min(glyph, self._measured - 1))
        return self._scaled(width)

    def only(self, glyphs: Iterable[int]) -> bytes:
        """A font of the same numbers in which only these glyphs, and what they are made of, are drawn."""
        drawn = self._with_parts(glyphs)
        places, outlines = [0], bytearray()
        for glyph in range(self.glyphs):
            if glyph in drawn:
                outline = self._outline(glyph)
                outlines += outline + bytes(-len(outline) % 4)
            places.append(len(outlines))
        head = bytearray(self.table(b"head"))
        struct.pack_into(">h", head, 50, 1)
        made = {tag: self.table(tag) for tag in _KEPT}
        made[b"head"], made[b"glyf"] = bytes(head), bytes(outlines)
        made[b"loca"] = struct.pack(f">{len(places)}L", *places)
        return _file({tag: table for tag, table in made.items() if table})

    def _scaled(self, units: int) -> int:
        return round(1000 * units / int(self._em))

    @cached_property
    def _of_code(self) -> dict[int, int]:
        cmap = self.table(b"cmap")
        (count,) = struct.unpack_from(">H", cmap, 2)
        found: dict[int, int] = {}
        for n in range(count):
            platform, encoding, offset = struct.unpack_from(">HHL", cmap, 4 + 8 * n)
            (kind,) = struct.unpack_from(">H", cmap, offset)
            if platform == 3 and kind == 12:
                found |= _segmented_32(cmap, offset)
            elif platform == 3 and encoding == 1 and kind == 4:
                found = _segmented_16(cmap, offset) | found
        return found

    def _outline(self, glyph: int) -> bytes:
        form, size = (">2L", 4) if self._long else (">2H", 2)
        start, end = struct.unpack_from(form, self._data, self._places[b"loca"][0] + size * glyph)
        if not self._long:
            start, end = 2 * start, 2 * end
        base = self._places[b"glyf"][0]
        return self._data[base + start : base + end]

    def _with_parts(self, glyphs: Iterable[int]) -> set[int]:
        found: set[int] = set()
        ahead = [0, *glyphs]
        while ahead:
            glyph = ahead.pop()
            if glyph not in found:
                found.add(glyph)
                ahead += _parts(self._outline(glyph))
        return found


def _segmented_16(cmap: bytes, offset: int) -> dict[int, int]:
    """Format 4: segments of codes with a delta, or with a place in an array of glyphs."""
    (twice,) = struct.unpack_from(">H", cmap, offset + 6)
    count, at = twice // 2, offset + 14
    ends = struct.unpack_from(f">{count}H", cmap, at)
    starts = struct.unpack_from(f">{count}H", cmap, at + twice + 2)
    deltas = struct.unpack_from(f">{count}H", cmap, at + 2 * twice + 2)
    ranges = at + 3 * twice + 2
    found = {}
    for n in range(count):
        (place,) = struct.unpack_from(">H", cmap, ranges + 2 * n)
        for code in range(starts[n], min(ends[n], 0xFFFE) + 1):
            glyph = code
            if place:
                (glyph,) = struct.unpack_from(">H", cmap, ranges + 2 * n + place + 2 * (code - starts[n]))
            if glyph or not place:
                found[code] = (glyph + deltas[n]) & 0xFFFF
    return found


def _segmented_32(cmap: bytes, offset: int) -> dict[int, int]:
    """Format 12: groups of codes whose glyphs follow each other."""
    (count,) = struct.unpack_from(">L", cmap, offset + 12)
    found: dict[int, int] = {}
    for n in range(count):
        start, end, glyph = struct.unpack_from(">3L", cmap, offset + 16 + 12 * n)
        found.update(zip(range(start, end + 1), range(glyph, glyph + end - start + 1), strict=True))
    return found


def _parts(outline: bytes) -> list[int]:
    """The glyphs that a composite one is made of."""
    if len(outline) < 10 or struct.unpack_from(">h", outline)[0] >= 0:
        return []
    found, at, flags = [], 10, _MORE
    while flags & _MORE:
        flags, glyph = struct.unpack_from(">HH", outline, at)
        found.append(glyph)
        at += 4 + (4 if flags & _WORDS else 2)
        at += 2 if flags & _SCALE else 4 if flags & _XY_SCALE else 8 if flags & _TWO_BY_TWO else 0
    return found


def _file(tables: dict[bytes, bytes]) -> bytes:
    """A font file of these tables."""
    power = len(tables).bit_length() - 1
    directory = struct.pack(">LHHHH", 0x00010000, len(tables), 16 << power, power, 16 * (len(tables) - (1 << power)))
    at, body = 12 + 16 * len(tables), b""
    for tag in sorted(tables):
        table = tables[tag]
        padded = table + bytes(-len(table) % 4)
        total = sum(struct.unpack(f">{len(padded) // 4}L", padded)) & 0xFFFFFFFF
        directory += struct.pack(">4sLLL", tag, total, at + len(body), len(table))
        body += padded
    return directory + body
