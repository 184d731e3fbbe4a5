"""All that a rule may speak of, by name: the one list that parser, evaluator, console and documentation share."""

from __future__ import annotations

from enum import Enum
from types import MappingProxyType

DAYS = 365
"""How far back orders and talks are looked at, in days of the shop, today among them."""


class Kind(Enum):
    """What a name stands for, and so how it is used."""

    NUMBER = "number"
    """Compared with a number: ``age >= 18``."""
    COUNTED = "counted"
    """A number over the last 365 days, or over fewer: ``orders.count(30) > 1``."""
    TEXT = "text"
    """Compared with words: ``gender = "f"``, ``level in ("gold", "black")``."""
    DAY = "day"
    """Asked how long ago it was: ``days_since(orders.last) > 60``."""
    YEARLY = "yearly"
    """A day that comes again each year: ``days_until(birthday) <= 7``."""
    SET = "set"
    """Asked for one of its words or more: ``tag("quiet", "vip")``."""


FACTS = MappingProxyType(
    {
        "age": Kind.NUMBER,
        "birthday": Kind.YEARLY,
        "bought.brand": Kind.SET,
        "bought.category": Kind.SET,
        "bought.product": Kind.SET,
        "consent": Kind.SET,
        "gender": Kind.TEXT,
        "joined": Kind.DAY,
        "level": Kind.TEXT,
        "orders.average_days": Kind.NUMBER,
        "orders.count": Kind.COUNTED,
        "orders.last": Kind.DAY,
        "orders.sum": Kind.COUNTED,
        "owner": Kind.TEXT,
        "source": Kind.TEXT,
        "tag": Kind.SET,
        "talked.channel": Kind.SET,
        "talked.outcome": Kind.SET,
        "talked.topic": Kind.SET,
        "talks.count": Kind.COUNTED,
        "talks.last": Kind.DAY,
        "touch_point": Kind.TEXT,
    }
)
"""Name → kind."""
