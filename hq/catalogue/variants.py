"""The options of a variant as people write them: one kind a line, "尺码 / Size = 90"."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from guide_app.domain.errors import BadInput
from guide_app.domain.records import Names, Option

LONGEST = 60


def read(text: str) -> tuple[Option, ...]:
    """Options from lines of a kind, "=" and a value, each in Chinese and English or in one for both.

    Raises BadInput("options_invalid") where a line is none, or a kind comes twice.
    """
    found = tuple(_option(line) for line in text.splitlines() if line.strip())
    if len({option.kind.en.casefold() for option in found}) != len(found):
        raise BadInput("options_invalid")
    return found


def written(options: Iterable[Option]) -> str:
    """The lines that `read` reads."""
    return "\n".join(f"{_both(option.kind)} = {_both(option.value)}" for option in options)


def same(options: Sequence[Option], others: Sequence[Option]) -> bool:
    """Whether nobody could tell two variants apart."""
    return _told(options) == _told(others)


def _told(options: Sequence[Option]) -> frozenset[tuple[str, str]]:
    return frozenset((option.kind.en.casefold(), option.value.en.casefold()) for option in options)


def _option(line: str) -> Option:
    kind, equals, value = line.partition("=")
    if not equals:
        raise BadInput("options_invalid")
    return Option(kind=_names(kind), value=_names(value))


def _names(text: str) -> Names:
    zh, slash, en = (part.strip() for part in text.partition("/"))
    if not zh or (slash and not en) or len(zh) > LONGEST or len(en) > LONGEST:
        raise BadInput("options_invalid")
    return Names(en=en or zh, zh=zh)


def _both(names: Names) -> str:
    return names.zh if names.zh == names.en else f"{names.zh} / {names.en}"
