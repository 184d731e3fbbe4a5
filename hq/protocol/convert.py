"""Values of records as columns, and back, without loss: what the features' mappings are written with."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID

import msgspec

from guide_app.domain import clock
from guide_app.domain.errors import BadInput
from guide_app.domain.records import Part

P = TypeVar("P", bound=Part)


def id_text(value: UUID | None) -> str:
    """A soft reference as a record has it: empty for none."""
    return str(value) if value else ""


def reference(text: str) -> UUID:
    """A soft reference that must be there, as a column has it; raises BadInput("id_invalid")."""
    try:
        return UUID(text)
    except ValueError:
        raise BadInput("id_invalid") from None


def id_value(text: str) -> UUID | None:
    """A soft reference as a column has it: None where it is empty; raises BadInput("id_invalid")."""
    return reference(text) if text else None


def moment_text(value: datetime | None) -> str:
    """A time as a record has it, in milliseconds: empty for none."""
    return clock.to_text(value) if value else ""


def moment(text: str) -> datetime | None:
    """A time as a column has it; raises BadInput when it is no RFC 3339 time."""
    return clock.from_text(text) if text else None


def day_text(value: date) -> str:
    """A day as a record has it."""
    return value.isoformat()


def day(text: str) -> date:
    """A day as a column has it; raises BadInput("day_invalid")."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadInput("day_invalid") from None


def word(text: str) -> str:
    """A word that may be a field's default. msgspec knows a default by identity, and the feed wants the same bytes
    for the same row: the word must be the one object that the class names.
    """
    return sys.intern(str(text))


def plain(parts: Sequence[Part]) -> list[Any] | None:
    """Parts as a JSON column has them; None for none, which takes no room."""
    return msgspec.to_builtins(parts) if parts else None


def parts(value: list[Any] | None, kind: type[P]) -> tuple[P, ...]:
    """Parts as a record has them."""
    return tuple(msgspec.convert(item, kind) for item in value or ())


def ordered(value: Any) -> Any:
    """JSON of any shape with the keys of its objects in order: PostgreSQL keeps none, and the feed wants the same bytes
    for the same row."""
    match value:
        case dict():
            return {key: ordered(item) for key, item in sorted(value.items())}
        case list() | tuple():
            return [ordered(item) for item in value]
        case _:
            return value
