"""Byte ranges of a file as HTTP writes them (RFC 9110 §14): one range, read and written by both sides."""

from __future__ import annotations

import re
from typing import NamedTuple

_LONGEST = 18
"""Digits of a number that is read: more than any file has bytes."""
_ONE = re.compile(rf"bytes=(\d{{0,{_LONGEST}}})-(\d{{0,{_LONGEST}}})\Z", re.ASCII | re.IGNORECASE)
_TOLD = re.compile(rf"bytes (\d{{1,{_LONGEST}}})-(\d{{1,{_LONGEST}}})/(\d{{1,{_LONGEST}}})\Z", re.ASCII | re.IGNORECASE)


class Span(NamedTuple):
    """Bytes of a file from `first` to `last`, both included."""

    first: int
    last: int

    @property
    def length(self) -> int:
        """How many they are."""
        return self.last - self.first + 1


class Unsatisfiable(Exception):
    """The file has none of the bytes that are asked for."""


def asked(header: str, size: int) -> Span | None:
    """What a ``Range`` header asks of a file of `size` bytes; None: all of it, also where it asks for several ranges or
    is none that this contract knows, as RFC 9110 allows. Raises Unsatisfiable."""
    found = _ONE.match(header.strip())
    if found is None or found.groups() == ("", ""):
        return None
    first, last = found.groups()
    if not first:
        wanted = min(int(last), size)
        if not wanted:
            raise Unsatisfiable
        return Span(size - wanted, size - 1)
    if last and int(last) < int(first):
        return None
    if int(first) >= size:
        raise Unsatisfiable
    return Span(int(first), min(int(last), size - 1) if last else size - 1)


def from_byte(first: int) -> str:
    """The ``Range`` that asks for all bytes from this one on."""
    return f"bytes={first}-"


def told(span: Span, size: int) -> str:
    """The ``Content-Range`` of an answer 206."""
    return f"bytes {span.first}-{span.last}/{size}"


def none_of(size: int) -> str:
    """The ``Content-Range`` of an answer 416."""
    return f"bytes */{size}"


def read_told(header: str) -> tuple[Span, int] | None:
    """What a 206 says it brings, and the whole file's bytes; None where that cannot be."""
    found = _TOLD.match(header.strip())
    if found is None:
        return None
    first, last, size = map(int, found.groups())
    return (Span(first, last), size) if first <= last < size else None
