"""MP4 films for tests, made box by box: sound ones, and such as no camera makes."""

from __future__ import annotations

import struct
from dataclasses import dataclass

DATA = b"\x00\x00\x00\x02\x09\x10" * 40
"""What stands for the film's pictures: nothing decodes them here."""


def box(name: bytes, *content: bytes) -> bytes:
    told = b"".join(content)
    return struct.pack(">I4s", 8 + len(told), name) + told


@dataclass(frozen=True)
class Maker:
    """A film with one picture track, and what is to be odd about it."""

    seconds: int = 40
    scale: int = 1000
    width: int = 1280
    height: int = 720
    brand: bytes = b"isom"
    codec: bytes = b"avc1"
    handler: bytes = b"vide"
    self_contained: bool = True
    chunk: int | None = None
    samples: int = 3
    more_tracks: bytes = b""
    in_moov: bytes = b""
    entries: int = 1

    def head(self) -> bytes:
        return box(b"ftyp", self.brand, b"\x00\x00\x02\x00isomavc1")

    def film(self, before: bytes = b"", after: bytes = b"") -> bytes:
        """`before` and `after`: boxes between head and data, and at the end."""
        front = self.head() + before
        media = box(b"mdat", DATA)
        return front + media + self.moov(len(front) + 8) + after

    def moov(self, chunk: int) -> bytes:
        mvhd = box(b"mvhd", struct.pack(">IIIII", 0, 0, 0, self.scale, self.seconds * self.scale), bytes(80))
        return box(b"moov", mvhd, self.track(chunk), self.more_tracks, self.in_moov)

    def track(self, chunk: int) -> bytes:
        entry = box(self.codec, bytes(24), struct.pack(">HH", self.width, self.height), bytes(50))
        at = chunk if self.chunk is None else self.chunk
        table = box(
            b"stbl",
            box(b"stsd", struct.pack(">II", 0, self.entries), entry * self.entries),
            box(b"stsz", struct.pack(">III", 0, 0, self.samples), struct.pack(">I", 80) * 3),
            box(b"stco", struct.pack(">III", 0, 1, at)),
        )
        url = box(b"url ", struct.pack(">I", 1 if self.self_contained else 0))
        inner = box(b"minf", box(b"dinf", box(b"dref", struct.pack(">II", 0, 1), url)), table)
        handler = box(b"hdlr", bytes(8), self.handler, bytes(13))
        return box(b"trak", box(b"mdia", handler, inner))
