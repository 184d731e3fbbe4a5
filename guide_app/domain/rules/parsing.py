"""Reading a rule. What cannot be read is told with its place, by a code whose words HQ's console has.

    rule       := all ("or" all)*
    all        := one ("and" one)*
    one        := "not" one | "(" rule ")" | "known" "(" name ")" | set "(" text ("," text)* ")" | fact test
    test       := ("=" | "!=" | "<" | "<=" | ">" | ">=") value | "in" "(" value ("," value)* ")"
    fact       := name | name "(" days ")" | ("days_since" | "days_until") "(" name ")"
    value      := number | text

`guide_app.domain.rules.names` says which name is what. Full-width brackets and commas, and “quotes”, are read as well:
a Chinese keyboard gives them.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Literal, NamedTuple, cast

from guide_app.domain.errors import BadInput
from guide_app.domain.rules.names import DAYS, FACTS, Kind
from guide_app.domain.rules.syntax import Among, And, Compare, Expr, Fact, Has, Known, Not, Operator, Or, Value

LENGTH = 1000
"""Characters of the longest rule."""
DEPTH = 20
"""Brackets and nots inside each other."""

_TOKEN = re.compile(
    r"""\s*(?:(?P<text>"(?:[^"\\]|\\.)*"|“[^”\\]*”)|(?P<number>\d{1,12}(?:\.\d{1,2})?(?![\w.]))"""
    r"""|(?P<name>[A-Za-z_][A-Za-z_.]*)|(?P<symbol><=|>=|!=|<>|==|[<>=(),≤≥≠（），])|(?P<end>\Z)|(?P<open>["“]))""",
    re.DOTALL,
)
_SAME = {"<>": "!=", "==": "=", "≤": "<=", "≥": ">=", "≠": "!=", "（": "(", "）": ")", "，": ","}
_OPERATORS = frozenset({"=", "!=", "<", "<=", ">", ">="})
_WORDS = frozenset({"and", "or", "not", "in"})
Via = Literal["days_since", "days_until"]


class RuleProblem(BadInput):
    """A rule cannot be read. `at`: the first character that is wrong, from 0; `told`: what stands there, or belongs."""

    def __init__(self, code: str, at: int, told: str = "") -> None:
        super().__init__(code)
        self.at, self.told = at, told


class _Token(NamedTuple):
    kind: str
    text: str
    at: int


def parse(text: str) -> Expr:
    """The rule that the text says; raises RuleProblem."""
    if len(text) > LENGTH:
        raise RuleProblem("rule_too_long", LENGTH, str(LENGTH))
    tokens = _tokens(text)
    if tokens[0].kind == "end":
        raise RuleProblem("rule_empty", 0)
    parser = _Parser(tokens)
    expr = parser.rule()
    parser.take("end")
    return expr


def _tokens(text: str) -> list[_Token]:
    tokens: list[_Token] = []
    at = 0
    while not tokens or tokens[-1].kind != "end":
        found = _TOKEN.match(text, at)
        if found is None:
            bad = len(text) - len(text[at:].lstrip())
            raise RuleProblem("rule_symbol", bad, text[bad])
        kind = found.lastgroup or ""
        if kind == "open":
            raise RuleProblem("rule_text_open", found.start(kind))
        word = found[kind]
        word = word.casefold() if kind == "name" else _SAME.get(word, word)
        tokens.append(_Token("word" if word in _WORDS else kind, word, found.start(kind)))
        at = found.end()
    return tokens


class _Parser:
    def __init__(self, tokens: list[_Token]) -> None:
        self._tokens, self._next, self._depth = tokens, 0, 0

    def rule(self) -> Expr:
        parts = [self._all()]
        while self._took("or"):
            parts.append(self._all())
        return parts[0] if len(parts) == 1 else Or(tuple(parts))

    def take(self, *wanted: str) -> _Token:
        """The next token, which must be of one of these kinds or be one of these symbols."""
        token = self._tokens[self._next]
        if token.kind not in wanted and (token.kind == "text" or token.text not in wanted):
            raise RuleProblem(f"rule_expected_{_CODES.get(wanted[0], wanted[0])}", token.at, token.text)
        self._next += 1
        return token

    def _took(self, symbol: str) -> bool:
        token = self._tokens[self._next]
        here = token.kind in ("word", "symbol") and token.text == symbol
        self._next += here
        return here

    def _all(self) -> Expr:
        parts = [self._one()]
        while self._took("and"):
            parts.append(self._one())
        return parts[0] if len(parts) == 1 else And(tuple(parts))

    def _one(self) -> Expr:
        self._depth += 1
        if self._depth > DEPTH:
            raise RuleProblem("rule_too_deep", self._tokens[self._next].at, str(DEPTH))
        expr = self._inner()
        self._depth -= 1
        return expr

    def _inner(self) -> Expr:
        if self._took("not"):
            return Not(self._one())
        if self._took("("):
            expr = self.rule()
            self.take(")")
            return expr
        name = self.take("name")
        if name.text == "known":
            return Known(self._bracketed_name().text)
        if FACTS.get(name.text) is Kind.SET:
            return Has(name.text, tuple(_text(token) for token in self._listed("text")))
        return self._test(*self._fact(name))

    def _fact(self, name: _Token) -> tuple[Fact, bool]:
        """What is compared, and whether with a number."""
        if name.text in ("days_since", "days_until"):
            inner = self._bracketed_name()
            fits = Kind.DAY if name.text == "days_since" else Kind.YEARLY
            if FACTS[inner.text] is not fits:
                raise RuleProblem(f"rule_not_for_{name.text}", inner.at, inner.text)
            return Fact(inner.text, via=cast(Via, name.text)), True
        kind = FACTS.get(name.text)
        if kind is None:
            raise RuleProblem("rule_name_unknown", name.at, name.text)
        if kind in (Kind.DAY, Kind.YEARLY):
            raise RuleProblem("rule_day_bare", name.at, name.text)
        days = self._days() if kind is Kind.COUNTED and self._took("(") else None
        return Fact(name.text, days=days), kind is not Kind.TEXT

    def _days(self) -> int:
        token = self.take("number")
        days = Decimal(token.text)
        if days != int(days) or not 1 <= days <= DAYS:
            raise RuleProblem("rule_days", token.at, str(DAYS))
        self.take(")")
        return int(days)

    def _test(self, fact: Fact, number: bool) -> Expr:
        wanted = "number" if number else "text"
        if self._took("in"):
            return Among(fact, tuple(_value(token) for token in self._listed(wanted)))
        token = self.take("symbol")
        if token.text not in _OPERATORS:
            raise RuleProblem("rule_expected_symbol", token.at, token.text)
        if not number and token.text not in ("=", "!="):
            raise RuleProblem("rule_text_order", token.at, token.text)
        return Compare(fact, cast(Operator, token.text), _value(self.take(wanted)))

    def _bracketed_name(self) -> _Token:
        self.take("(")
        name = self.take("name")
        if name.text not in FACTS:
            raise RuleProblem("rule_name_unknown", name.at, name.text)
        self.take(")")
        return name

    def _listed(self, kind: str) -> list[_Token]:
        self.take("(")
        tokens = [self.take(kind)]
        while self._took(","):
            tokens.append(self.take(kind))
        self.take(")")
        return tokens


_CODES = {"(": "open", ")": "close"}


def _text(token: _Token) -> str:
    inner = token.text[1:-1]
    return re.sub(r"\\(.)", r"\1", inner, flags=re.DOTALL) if token.text[0] == '"' else inner


def _value(token: _Token) -> Value:
    return Decimal(token.text) if token.kind == "number" else _text(token)
