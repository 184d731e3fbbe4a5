"""Films that people bring: MP4 with H.264, read box by box and held to what every tablet plays.

Nothing is decoded here: boxes must fill the file without a gap, and what they say of each other must be true. So a
file that is also something else, that ends too early, names other files or never ends is refused before any decoder
sees it. What says where and by whom it was taken is overwritten where it stands (`without_metadata`).
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from guide_app.domain.errors import Refused

TYPE = "video/mp4"
MOST_SECONDS, LEAST_SIDE, MOST_SIDE = 30 * 60, 64, 4096
_BRANDS = {b"isom", b"iso2", b"iso3", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"M4V ", b"MSNV"}
_TOP = {b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide", b"udta", b"meta", b"uuid"}
_TELLING = {b"udta", b"meta", b"uuid", b"free", b"skip"}
"""Boxes that say of a film more than it shows: place, camera, names, comments, and room in which anything may lie."""
_FRAGMENTS = {b"moof", b"mvex", b"styp", b"sidx"}
_MOST_BOXES, _MOST_HEAD, _MOST_CHUNKS, _MOST_MEDIA = 4000, 32 << 20, 500_000, 16


class Table(NamedTuple):
    """Where it is written where chunks begin: `length` places from `at` on, `wide`: eight bytes each, else four."""

    at: int
    length: int
    wide: bool


class Film(NamedTuple):
    """What a film is: its length and the size of its picture; `telling`: where boxes lie that are to be overwritten;
    `head`: where its table of everything lies, and `media`: where the first of its pictures do; `tables`: of chunks."""

    seconds: int
    width: int
    height: int
    telling: tuple[tuple[int, int], ...]
    head: tuple[int, int]
    media: int
    tables: tuple[Table, ...]

    @property
    def starts_fast(self) -> bool:
        """Whether it can be played while it comes."""
        return self.head[0] < self.media


class _Box(NamedTuple):
    """A box; its content from `at` (inclusive) to `end` (exclusive); `start`: where its header begins."""

    name: bytes
    start: int
    at: int
    end: int


class _Track(NamedTuple):
    handler: bytes
    codec: bytes
    width: int
    height: int


def examine(source: BinaryIO) -> Film:
    """Raises Refused: film_empty, film_type (no MP4), film_broken (cut off, or its parts contradict each other),
    film_odd (what is no part of a film is in it), film_fragmented, film_codec, film_locked, film_tracks, film_outside
    (it names other files), film_long, film_size.
    """
    size = source.seek(0, io.SEEK_END)
    if not size:
        raise Refused("film_empty")
    try:
        return _Reader(source, size).film()
    except (struct.error, IndexError, OverflowError) as error:
        raise Refused("film_broken", type(error).__name__) from error


def without_metadata(source: BinaryIO, film: Film, piece: int = 1 << 20) -> Iterator[bytes]:
    """The film's bytes, with `free` boxes of the same sizes where boxes told more than it shows: no offset moves."""
    at = 0
    for start, end in (*film.telling, (source.seek(0, io.SEEK_END), 0)):
        source.seek(at)
        while at < start:
            read = source.read(min(piece, start - at))
            if not read:
                return
            at += len(read)
            yield read
        if end:
            yield struct.pack(">I4s", end - start, b"free")
            yield bytes(end - start - 8)
            at = end


class _Reader:
    """One film, read from its beginning to its end and never whole."""

    def __init__(self, source: BinaryIO, size: int) -> None:
        self._source, self._size, self._count = source, size, 0
        self._telling: list[tuple[int, int]] = []
        self._media: list[_Box] = []
        self._tables: list[Table] = []

    def film(self) -> Film:
        head = self._read(0, 12)
        if head[4:8] != b"ftyp" or head[8:12] not in _BRANDS:
            raise Refused("film_type")
        tops = list(self._boxes(0, self._size))
        names = [box.name for box in tops]
        if set(names) & _FRAGMENTS:
            raise Refused("film_fragmented")
        if set(names) - _TOP:
            raise Refused("film_odd")
        if names.count(b"ftyp") != 1 or names.count(b"moov") != 1 or b"mdat" not in names:
            raise Refused("film_broken", "ftyp, moov, mdat")
        self._media = [box for box in tops if box.name == b"mdat"]
        if len(self._media) > _MOST_MEDIA:
            raise Refused("film_odd", "mdat")
        self._told(tops)
        return self._movie(next(box for box in tops if box.name == b"moov"))

    def _movie(self, moov: _Box) -> Film:
        if moov.end - moov.at > _MOST_HEAD:
            raise Refused("film_broken", "moov")
        parts = self._children(moov)
        if any(part.name in _FRAGMENTS for part in parts):
            raise Refused("film_fragmented")
        tracks = [self._track(part) for part in parts if part.name == b"trak"]
        shown = [track for track in tracks if track.handler == b"vide"]
        if len(shown) != 1 or any(track.handler not in (b"vide", b"soun") for track in tracks) or len(tracks) > 3:
            raise Refused("film_tracks")
        seconds = self._seconds(_one(parts, b"mvhd"))
        if not 0 < seconds <= MOST_SECONDS:
            raise Refused("film_long")
        video = shown[0]
        if not (min(video.width, video.height) >= LEAST_SIDE and max(video.width, video.height) <= MOST_SIDE):
            raise Refused("film_size")
        telling, first = tuple(sorted(self._telling)), min(box.start for box in self._media)
        return Film(
            seconds, video.width, video.height, telling, (moov.start, moov.end), first, tuple(sorted(self._tables))
        )

    def _track(self, trak: _Box) -> _Track:
        media = self._children(_one(self._children(trak), b"mdia"))
        handler = self._read(_one(media, b"hdlr").at + 8, 4)
        inner = self._children(_one(media, b"minf"))
        self._references(_one(self._children(_one(inner, b"dinf")), b"dref"))
        table = self._children(_one(inner, b"stbl"))
        entry = self._entry(_one(table, b"stsd"))
        if entry.name in (b"encv", b"enca"):
            raise Refused("film_locked")
        if entry.name not in {b"vide": (b"avc1", b"avc3"), b"soun": (b"mp4a",)}.get(handler, (entry.name,)):
            raise Refused("film_codec", entry.name.decode("latin-1"))
        if handler in (b"vide", b"soun"):
            self._samples(table)
        width, height = struct.unpack(">HH", self._read(entry.at + 24, 4)) if handler == b"vide" else (0, 0)
        return _Track(handler, entry.name, width, height)

    def _entry(self, stsd: _Box) -> _Box:
        (count,) = struct.unpack(">I", self._read(stsd.at + 4, 4))
        entries = list(self._boxes(stsd.at + 8, stsd.end))
        if count != 1 or len(entries) != 1 or entries[0].end - entries[0].at < 28:
            raise Refused("film_broken", "stsd")
        return entries[0]

    def _references(self, dref: _Box) -> None:
        """All of the film lies in this file."""
        for entry in self._boxes(dref.at + 8, dref.end):
            if entry.name not in (b"url ", b"urn ") or self._read(entry.at, 4)[3] & 1 != 1:
                raise Refused("film_outside")

    def _samples(self, table: list[_Box]) -> None:
        """Every chunk begins within what the file has of media, and the tables are as long as they say."""
        sizes = _one(table, b"stsz")
        fixed, samples = struct.unpack(">II", self._read(sizes.at + 4, 8))
        if not samples or (not fixed and sizes.at + 12 + 4 * samples != sizes.end):
            raise Refused("film_broken", "stsz")
        wide = any(box.name == b"co64" for box in table)
        offsets = _one(table, b"co64" if wide else b"stco")
        (count,) = struct.unpack(">I", self._read(offsets.at + 4, 4))
        each = 8 if wide else 4
        if not 0 < count <= _MOST_CHUNKS or offsets.at + 8 + each * count != offsets.end:
            raise Refused("film_broken", "stco")
        told = struct.unpack(f">{count}{'Q' if wide else 'I'}", self._read(offsets.at + 8, each * count))
        if any(not any(box.at <= one < box.end for box in self._media) for one in told):
            raise Refused("film_broken", "a chunk beyond the file")
        self._tables.append(Table(offsets.at + 8, count, wide))

    def _seconds(self, mvhd: _Box) -> int:
        version = self._read(mvhd.at, 1)[0]
        scale: int
        duration: int
        scale, duration = struct.unpack(
            ">IQ" if version == 1 else ">II",
            self._read(mvhd.at + (20 if version == 1 else 12), 12 if version == 1 else 8),
        )
        if not scale:
            raise Refused("film_broken", "mvhd")
        return -(-duration // scale)

    def _children(self, box: _Box) -> list[_Box]:
        found = list(self._boxes(box.at, box.end))
        self._told(found)
        return found

    def _told(self, boxes: list[_Box]) -> None:
        for box in boxes:
            if box.name in _TELLING:
                if box.end - box.start > _MOST_HEAD:
                    raise Refused("film_odd", box.name.decode("latin-1"))
                self._telling.append((box.start, box.end))

    def _boxes(self, at: int, end: int) -> Iterator[_Box]:
        """The boxes from here to there, which they must fill."""
        while at < end:
            self._count += 1
            if self._count > _MOST_BOXES or end - at < 8:
                raise Refused("film_broken", "boxes")
            size, name = struct.unpack(">I4s", self._read(at, 8))
            head = 8
            if size == 1:
                (size,) = struct.unpack(">Q", self._read(at + 8, 8))
                head = 16
            elif size == 0 and name == b"mdat" and end == self._size:
                size = end - at
            if size < head or at + size > end:
                raise Refused("film_odd" if name not in _TOP and end == self._size else "film_broken", "size")
            yield _Box(name, at, at + head, at + size)
            at += size

    def _read(self, at: int, length: int) -> bytes:
        self._source.seek(at)
        read = self._source.read(length)
        if len(read) != length:
            raise Refused("film_broken", "cut off")
        return read


def _one(boxes: list[_Box], name: bytes) -> _Box:
    found = [box for box in boxes if box.name == name]
    if len(found) != 1:
        raise Refused("film_broken", name.decode("latin-1"))
    return found[0]
