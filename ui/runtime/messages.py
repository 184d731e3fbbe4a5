"""A catalogue as Qt's own binary messages (``.qm``), made in memory.

Qt looks sentences up in it by itself: the thread that loads QML asks for translations too, and must never have to wait
for Python's lock while Python waits for that thread. The format is that of Qt's ``qtranslator.cpp``: a magic number,
then sections of tag, length and content: hashes of the sources with offsets, the messages, the rule of plurals. A
message without a context holds in every one.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping

_MAGIC = bytes.fromhex("3cb86418caef9c95cd211cbf60a1bddd")
_HASHES, _MESSAGES, _PLURALS = 0x42, 0x69, 0x88
_END, _TRANSLATION, _SOURCE = 1, 3, 6
_ONE_IS_APART = bytes([0x01, 1])
"""Two forms: the first where the count equals one."""


def messages(catalogue: Mapping[str, str | list[str]]) -> bytes:
    """The catalogue's sentences; where any has two forms, the first is that of one. No form may be empty."""
    body, places = bytearray(), []
    for source, said in catalogue.items():
        places.append((_hash(source.encode()), len(body)))
        for form in said if isinstance(said, list) else [said]:
            body += _field(_TRANSLATION, form.encode("utf-16-be"))
        body += _field(_SOURCE, source.encode()) + bytes([_END])
    hashes = b"".join(struct.pack(">II", *place) for place in sorted(places))
    two = any(isinstance(said, list) and len(said) > 1 for said in catalogue.values())
    plurals = _field(_PLURALS, _ONE_IS_APART) if two else b""
    return _MAGIC + _field(_HASHES, hashes) + _field(_MESSAGES, bytes(body)) + plurals


def _field(tag: int, content: bytes) -> bytes:
    return struct.pack(">BI", tag, len(content)) + content


def _hash(source: bytes) -> int:
    """ELF's hash of symbols, 0 being none."""
    value = 0
    for byte in source:
        value = (value << 4) + byte
        high = value & 0xF0000000
        value = (value ^ high >> 24) & ~high
    return value or 1
