"""What all records share: how they are named, written and read.

A record is the data (``d``) of one entity as it travels in the feed. Its id is not inside; a `Ref` names it.
"""

from __future__ import annotations

from typing import Annotated, Any, NamedTuple, TypeVar

import msgspec

Uuid = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\Z")]
"""A UUID in lower case."""
Short = Annotated[str, msgspec.Meta(max_length=120)]
Text = Annotated[str, msgspec.Meta(max_length=2000)]
Minor = Annotated[int, msgspec.Meta(ge=-(2**53) + 1, le=2**53 - 1)]
"""Money in minor units of the store's currency; the bound keeps it exact in every JSON reader."""
Quantity = Annotated[int, msgspec.Meta(ge=1, le=9999)]
BasisPoints = Annotated[int, msgspec.Meta(ge=0, le=10_000)]
Day = Annotated[str, msgspec.Meta(pattern=r"^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])\Z")]
"""A calendar day of the shop, ``2026-11-21``."""
Birthday = Annotated[str, msgspec.Meta(pattern=r"^((\d{4}-)?(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01]))?\Z")]
"""``MM-DD`` or ``YYYY-MM-DD``; empty means not told."""
Instant = Annotated[
    str, msgspec.Meta(pattern=r"^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3}Z\Z")
]
"""An RFC 3339 time in UTC with milliseconds, as `guide_app.domain.clock.to_text` writes it: texts sort as times do."""


class Ref(NamedTuple):
    """Names one entity: its kind ("member") and its id."""

    entity: str
    id: str


class Part(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A piece of a record; absent in JSON means empty."""


class Record(Part, frozen=True, kw_only=True, omit_defaults=True):
    """An aggregate that travels whole; immutable."""


R = TypeVar("R", bound=Record)


def encode(record: Record) -> bytes:
    """The record as compact JSON, fields in the order of its class: equal records give equal bytes."""
    return msgspec.json.encode(record)


def decode(data: bytes | str | msgspec.Raw, kind: type[R]) -> R:
    """Reads a record; fields that this version does not know are passed over.

    Raises msgspec.ValidationError or msgspec.DecodeError when it is not such a record.
    """
    return msgspec.json.decode(data, type=kind)


def merge_unknown(record: Record, before: bytes | str | None) -> bytes:
    """The record as JSON with those fields of `before` that this version does not know: an older app loses nothing."""
    if before is None:
        return encode(record)
    known = record.__struct_encode_fields__
    old: dict[str, Any] = msgspec.json.decode(before)
    extra = {name: value for name, value in old.items() if name not in known}
    if not extra:
        return encode(record)
    return msgspec.json.encode({**msgspec.json.decode(encode(record)), **extra})


class Names(Part, frozen=True):
    """One thing's name in both languages."""

    en: str = ""
    zh: str = ""

    def __bool__(self) -> bool:
        return bool(self.en or self.zh)
