"""Whether a rule holds for a member. It always has an answer: what is not known is empty, and compares with nothing."""

from __future__ import annotations

import operator as op
from collections.abc import Callable
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from guide_app.domain.rules.facts import Facts, plain
from guide_app.domain.rules.names import FACTS, Kind
from guide_app.domain.rules.syntax import Among, And, Compare, Expr, Fact, Has, Known, Not, Or

_COMPARED: MappingProxyType[str, Callable[[Any, Any], bool]] = MappingProxyType(
    {"=": op.eq, "!=": op.ne, "<": op.lt, "<=": op.le, ">": op.gt, ">=": op.ge}
)


def holds(expr: Expr, facts: Facts) -> bool:
    """Whether the rule holds. A comparison with a number that is not known does not, whatever it is compared by; words
    that are not known are the empty words.
    """
    match expr:
        case Not(part):
            return not holds(part, facts)
        case And(parts):
            return all(holds(part, facts) for part in parts)
        case Or(parts):
            return any(holds(part, facts) for part in parts)
    return _leaf(expr, facts)


def _leaf(expr: Compare | Among | Known | Has, facts: Facts) -> bool:
    match expr:
        case Compare(fact, operator, value):
            known = _read(fact, facts)
            return known is not None and _COMPARED[operator](known, _plain(value))
        case Among(fact, values):
            known = _read(fact, facts)
            return known is not None and any(known == _plain(value) for value in values)
        case Known(name):
            return _known(name, facts)
        case Has(name, words):
            return any(plain(word) in facts.sets[name] for word in words)


def _read(fact: Fact, facts: Facts) -> Decimal | int | str | None:
    if fact.via:
        return facts.days_since(fact.name) if fact.via == "days_since" else facts.days_until(fact.name)
    if FACTS[fact.name] is Kind.TEXT:
        return facts.text(fact.name)
    return facts.number(fact.name, fact.days)


def _plain(value: Decimal | str) -> Decimal | str:
    return plain(value) if isinstance(value, str) else value


def _known(name: str, facts: Facts) -> bool:
    match FACTS[name]:
        case Kind.TEXT:
            return facts.text(name) != ""
        case Kind.DAY:
            return facts.days_since(name) is not None
        case Kind.YEARLY:
            return facts.days_until(name) is not None
        case Kind.SET:
            return bool(facts.sets[name])
    return facts.number(name, None) is not None
