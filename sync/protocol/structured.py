"""Structured field values for HTTP (RFC 8941): only dictionaries, which is what signatures and digests are written in.

    dictionary   {key: Item | InnerList}        Item: a bare value with parameters
    bare value   int, Decimal, str, Token, bytes, bool

Parsing is strict, as the RFC asks: what does not fit the grammar raises ``FieldInvalid``, and nothing else is raised.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple


class FieldInvalid(ValueError):
    """The text is no structured field of that type."""


class Token(str):
    """A bare word; a ``str`` that is not a Token is written in quotes."""

    __slots__ = ()


Bare = int | Decimal | str | Token | bytes | bool
Parameters = Mapping[str, Bare]


class Item(NamedTuple):
    """A value and its parameters."""

    value: Bare
    params: Parameters = {}


class InnerList(NamedTuple):
    """Items in parentheses, with parameters of the whole."""

    items: tuple[Item, ...]
    params: Parameters = {}


_KEY = re.compile(r"[a-z*][a-z0-9_.*-]*")
_NUMBER = re.compile(r"-?(?:\d{1,12}\.\d{1,3}|\d{1,15})(?![\d.])", re.A)
_STRING = re.compile(r'"((?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\])*)"')
_TOKEN = re.compile(r"[A-Za-z*][A-Za-z0-9!#$%&'*+.^_`|~:/-]*")
_BYTES = re.compile(r":([A-Za-z0-9+/]*={0,2}):")
_GRAMMAR = {int: _NUMBER, Decimal: _NUMBER, bytes: _BYTES, Token: _TOKEN, str: _STRING}
_SPACES = re.compile(r" *")
_OWS = re.compile(r"[ \t]*")
_ESCAPED = re.compile(r'\\(["\\])')


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0

    def take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        found = pattern.match(self._text, self._at)
        if found:
            self._at = found.end()
        return found

    def skip(self, text: str) -> bool:
        there = self._text.startswith(text, self._at)
        if there:
            self._at += len(text)
        return there

    def ended(self) -> bool:
        return self._at == len(self._text)

    def key(self) -> str:
        found = self.take(_KEY)
        if found is None:
            raise FieldInvalid("a key was expected")
        return found[0]

    def bare(self) -> Bare:
        if found := self.take(_NUMBER):
            return Decimal(found[0]) if "." in found[0] else int(found[0])
        if found := self.take(_STRING):
            return _ESCAPED.sub(r"\1", found[1])
        if found := self.take(_BYTES):
            return _from_base64(found[1])
        if self.skip("?1"):
            return True
        if self.skip("?0"):
            return False
        if found := self.take(_TOKEN):
            return Token(found[0])
        raise FieldInvalid("a value was expected")

    def params(self) -> Parameters:
        out: dict[str, Bare] = {}
        while self.skip(";"):
            self.take(_SPACES)
            key = self.key()
            out.pop(key, None)
            out[key] = self.bare() if self.skip("=") else True
        return out

    def member(self) -> Item | InnerList:
        if not self.skip("("):
            return Item(self.bare(), self.params())
        items: list[Item] = []
        while True:
            self.take(_SPACES)
            if self.skip(")"):
                return InnerList(tuple(items), self.params())
            if items and self._text[self._at - 1] != " ":
                raise FieldInvalid("items of a list stand apart")
            items.append(Item(self.bare(), self.params()))


def _from_base64(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error:
        raise FieldInvalid("not base64") from None


def parse_dictionary(text: str) -> dict[str, Item | InnerList]:
    """A dictionary field; a key that comes twice has its last value, in its last place."""
    reader = _Reader(text.strip(" "))
    out: dict[str, Item | InnerList] = {}
    while not reader.ended():
        key = reader.key()
        value = reader.member() if reader.skip("=") else Item(True, reader.params())
        out.pop(key, None)
        out[key] = value
        reader.take(_OWS)
        if reader.ended():
            break
        if not reader.skip(","):
            raise FieldInvalid("a comma was expected")
        reader.take(_OWS)
        if reader.ended():
            raise FieldInvalid("a comma at the end")
    return out


def _bare_text(value: Bare) -> str:
    if isinstance(value, bool):
        return "?1" if value else "?0"
    if isinstance(value, int):
        text = str(value)
    elif isinstance(value, Decimal):
        fixed = f"{value:.3f}".rstrip("0")
        text = fixed + "0" if fixed.endswith(".") else fixed
    elif isinstance(value, bytes):
        text = f":{base64.b64encode(value).decode()}:"
    elif isinstance(value, Token):
        text = str(value)
    else:
        text = '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if not _GRAMMAR[type(value)].fullmatch(text):
        raise FieldInvalid("a value that no structured field can carry")
    return text


def _params_text(params: Parameters) -> str:
    out = []
    for key, value in params.items():
        if not _KEY.fullmatch(key):
            raise FieldInvalid("not a key")
        out.append(f";{key}" if value is True else f";{key}={_bare_text(value)}")
    return "".join(out)


def serialise(member: Item | InnerList) -> str:
    """One member of a dictionary in the RFC's one canonical form; ``FieldInvalid`` for values that have none."""
    if isinstance(member, InnerList):
        inner = " ".join(serialise(item) for item in member.items)
        return f"({inner}){_params_text(member.params)}"
    return _bare_text(member.value) + _params_text(member.params)


def serialise_dictionary(members: Mapping[str, Item | InnerList]) -> str:
    """A whole dictionary field."""
    out = []
    for key, member in members.items():
        if not _KEY.fullmatch(key):
            raise FieldInvalid("not a key")
        if isinstance(member, Item) and member.value is True:
            out.append(key + _params_text(member.params))
        else:
            out.append(f"{key}={serialise(member)}")
    return ", ".join(out)
