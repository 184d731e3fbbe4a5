"""A rule as a tree, and the tree as text: ``parse(show(rule)) == rule``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

Operator = Literal["=", "!=", "<", "<=", ">", ">="]
Value = Decimal | str


@dataclass(frozen=True, slots=True)
class Fact:
    """What is compared. `days`: over how many days it is counted; `via`: the day function it is asked by."""

    name: str
    days: int | None = None
    via: Literal["", "days_since", "days_until"] = ""


@dataclass(frozen=True, slots=True)
class Compare:
    """``age >= 18``."""

    fact: Fact
    operator: Operator
    value: Value


@dataclass(frozen=True, slots=True)
class Among:
    """``level in ("gold", "black")``."""

    fact: Fact
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Known:
    """``known(birthday)``: there is something to compare."""

    name: str


@dataclass(frozen=True, slots=True)
class Has:
    """``tag("quiet")``: at least one of the words is in the set."""

    name: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The contrary."""

    part: Expr


@dataclass(frozen=True, slots=True)
class And:
    """All of two or more."""

    parts: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Any of two or more."""

    parts: tuple[Expr, ...]


Expr = Compare | Among | Known | Has | Not | And | Or


def show(expr: Expr) -> str:
    """The rule as text, in one form."""
    match expr:
        case Not(part):
            return f"not {_inside(part, And, Or)}"
        case And(parts):
            return " and ".join(_inside(part, And, Or) for part in parts)
        case Or(parts):
            return " or ".join(_inside(part, Or) for part in parts)
    return _leaf(expr)


def _leaf(expr: Compare | Among | Known | Has) -> str:
    match expr:
        case Compare(fact, operator, value):
            return f"{_fact(fact)} {operator} {_value(value)}"
        case Among(fact, values):
            return f"{_fact(fact)} in ({', '.join(map(_value, values))})"
        case Known(name):
            return f"known({name})"
        case Has(name, words):
            return f"{name}({', '.join(map(_value, words))})"


def named(expr: Expr) -> Iterator[str]:
    """The names that the rule speaks of: what need not be known of a member need not be read."""
    match expr:
        case Compare(fact, _, _) | Among(fact, _):
            yield fact.name
        case Known(name) | Has(name, _):
            yield name
        case Not(part):
            yield from named(part)
        case And(parts) | Or(parts):
            for part in parts:
                yield from named(part)


def _inside(expr: Expr, *bracketed: type[Expr]) -> str:
    return f"({show(expr)})" if isinstance(expr, bracketed) else show(expr)


def _fact(fact: Fact) -> str:
    if fact.via:
        return f"{fact.via}({fact.name})"
    return fact.name if fact.days is None else f"{fact.name}({fact.days})"


def _value(value: Value) -> str:
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return f"{value.normalize():f}"
