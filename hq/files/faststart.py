"""Films that play while they come: the table of everything in front of the pictures, nothing encoded anew."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import BinaryIO

from hq.files.films import Film

_MOST = {False: 2**32, True: 2**64}


def pieces(source: BinaryIO, film: Film, piece: int = 1 << 20) -> Iterator[bytes]:
    """The film with its table before its pictures; as it is where it stands so, or where a place would not fit."""
    start, end = film.head
    head = _read(source, start, end)
    moved = None if film.starts_fast else _moved(head, film)
    if moved is None:
        yield from _between(source, 0, None, piece)
        return
    yield from _between(source, 0, film.media, piece)
    yield moved
    yield from _between(source, film.media, start, piece)
    yield from _between(source, end, None, piece)


def _moved(head: bytes, film: Film) -> bytes | None:
    """The table with the places of what it goes before moved by its own length; None where one would be too large."""
    start, out = film.head[0], bytearray(head)
    for table in film.tables:
        form, at = f">{table.length}{'Q' if table.wide else 'I'}", table.at - start
        places = [place + len(head) if place < start else place for place in struct.unpack_from(form, head, at)]
        if max(places) >= _MOST[table.wide]:
            return None
        struct.pack_into(form, out, at, *places)
    return bytes(out)


def _read(source: BinaryIO, start: int, end: int) -> bytes:
    source.seek(start)
    return source.read(end - start)


def _between(source: BinaryIO, start: int, end: int | None, piece: int) -> Iterator[bytes]:
    at = start
    while end is None or at < end:
        source.seek(at)
        read = source.read(piece if end is None else min(piece, end - at))
        if not read:
            return
        at += len(read)
        yield read
