"""By what an operation is found again when somebody in it is erased: keys that stand beside its body and go with it.

A key is made from a person's id, from an order's, or from a phone or a number as people write it, so that whoever
looks for one word need not read the bodies of all stores. It only narrows: what stands in the body decides.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection

from guide_app.operations import OPERATIONS, Unreadable, read

_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_ESCAPE = re.compile(r"\\(?:u[0-9a-fA-F]{4}|.)")
_DIGITS = re.compile(r"[0-9]{7,}")
_NUMBER = re.compile(r"[0-9A-Za-z]{8,}")
_TAIL = 7
"""Digits: a phone ends alike with and without its country's code, and none is shorter."""


def ids_in(text: str) -> set[str]:
    """Every id that stands in a text."""
    return set(_ID.findall(text))


def of(kind: str, schema_v: int, body: bytes | None) -> tuple[int, ...]:
    """The keys of an operation, 64 bits with a sign each, in order. Of one that cannot be read every id counts."""
    if body is None:
        return ()
    text = body.decode(errors="replace")
    try:
        said = read(kind, schema_v, text)
        named: Collection[str] = OPERATIONS[kind].speaks_of(said)
    except Unreadable:
        named = ids_in(text)
    return tuple(sorted(map(_key, {*named, *_numbers(text)})))


def sought(words: Collection[str]) -> list[int]:
    """The keys under which operations stand that hold one of these words: ids, phones, numbers."""
    parts = {part for word in words for part in (word, *ids_in(word), *_numbers(word))}
    return sorted(map(_key, parts))


def _numbers(text: str) -> set[str]:
    """What may be a phone or a number in a text, whoever wrote it where: a phone by its last digits."""
    plain = _ESCAPE.sub(" ", _ID.sub(" ", text))
    mixed = {word for word in _NUMBER.findall(plain) if not word.isdigit() and any(map(str.isdigit, word))}
    return mixed | {digits[-_TAIL:] for digits in _DIGITS.findall(plain)}


def _key(part: str) -> int:
    return int.from_bytes(hashlib.sha256(part.encode()).digest()[:8], "big", signed=True)
