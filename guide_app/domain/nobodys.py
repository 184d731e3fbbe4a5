"""What an operation says of a sale once its customer is erased: goods and money, not whose, nor which coupon or card.

One rule for tablets, which tell it so from then on, and for HQ, which may hear it so from one copy of a tablet, and as
it was first from another that has not heard of the erasure yet.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from guide_app.domain.erasure import coupon_name
from guide_app.domain.pricing.priced import Step

_PERSONAL = ("member_id", "digits")


def stripped(body: str) -> str:
    """A sale's body, as JSON, without its customer and what stands on cards, and with names of its own for its coupons;
    "" where there is none of that in it."""
    said = msgspec.json.decode(body)
    rest = of_nobody(said)
    return msgspec.json.encode(rest).decode() if rest != said else ""


def of_nobody(body: Any) -> Any:
    """The same, of a body that was read."""
    names = {one: coupon_name(n) for n, one in enumerate(sorted(set(_coupons(body)) - {""}))}
    return _renamed(body, names)


def _coupons(part: Any) -> Iterator[str]:
    """The ids of coupons, wherever they stand in a body of whatever version."""
    if isinstance(part, list):
        for one in part:
            yield from _coupons(one)
    elif isinstance(part, dict):
        chosen = part.get("step") == Step.COUPON
        for name, value in part.items():
            match name, value:
                case ("coupon_id", str()):
                    yield value
                case ("source_id", str()) if chosen:
                    yield value
                case ("coupons", [str(), *_]):
                    yield from value
                case _:
                    yield from _coupons(value)


def _renamed(part: Any, names: dict[str, str]) -> Any:
    match part:
        case dict():
            return {name: _renamed(value, names) for name, value in part.items() if name not in _PERSONAL}
        case list():
            return [_renamed(one, names) for one in part]
        case str():
            return names.get(part, part)
    return part
