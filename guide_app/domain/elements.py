"""Fields of a member that hold elements: what two people did to one of them is put together element by element.

An element has a key: a tag's is its words, a wish's its product, a size's what is measured. What was added is added and
what was removed is removed, relative to the value that stands; only one element changed on both sides collides.
"""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter
from typing import Any, NamedTuple


class _Kind(NamedTuple):
    """`key` of an element of a tuple; `content`: what two elements of one key must agree in not to collide."""

    key: Callable[[Any], str]
    content: Callable[[Any], Any]


def _whole(element: Any) -> Any:
    return element


_WORDS = _Kind(str, _whole)
_NAMED = _Kind(attrgetter("id"), _whole)
_KINDS = {
    "tags": _WORDS,
    "likes": _WORDS,
    "sizes": _WORDS,
    "wishes": _Kind(attrgetter("product_id"), lambda wish: wish and wish.product_id),
    "dates": _NAMED,
    "household": _NAMED,
}
FIELDS = frozenset(_KINDS)
"""The fields of a member that hold elements; `sizes` is a mapping, the others are tuples."""
LIMIT = 100
"""As many elements as a guide may put into one field; what two guides added together may be more."""


class Merged(NamedTuple):
    """A field with somebody's changes in it, and whether one of them collided."""

    value: Any
    collided: bool


def merge(field: str, now: Any, old: Any, new: Any) -> Merged:
    """The changes from `old` to `new`, taken into `now`.

    Where `now` is what they saw, the result is exactly `new`. Where an element collides theirs is in the result.
    """
    if now == old:
        return Merged(unique(field, new), False)
    content = _KINDS[field].content
    before, after, here = (_keyed(field, value) for value in (old, new, now))
    merged, collided = dict(here), False
    for key in {**after, **before}:
        was, told, stands = (content(side.get(key)) for side in (before, after, here))
        if told in (was, stands):
            continue
        collided |= stands != was
        if key in after:
            merged[key] = after[key]
        else:
            del merged[key]
    return Merged(_value(field, merged), collided)


def joined(field: str, ours: Any, theirs: Any) -> Any:
    """All elements of both; of two with one key ours."""
    mine = _keyed(field, ours)
    return _value(field, {**mine, **{key: one for key, one in _keyed(field, theirs).items() if key not in mine}})


def without(field: str, value: Any, key: str) -> Any:
    """The value without the element of that key."""
    return _value(field, {name: one for name, one in _keyed(field, value).items() if name != key})


def unique(field: str, value: Any) -> Any:
    """The value with each key once, the later of two."""
    return _value(field, _keyed(field, value))


def _keyed(field: str, value: Any) -> dict[str, Any]:
    return dict(value) if isinstance(value, dict) else {_KINDS[field].key(one): one for one in value}


def _value(field: str, elements: dict[str, Any]) -> Any:
    return dict(sorted(elements.items())) if field == "sizes" else tuple(elements.values())
