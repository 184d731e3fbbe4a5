"""The rule language of tags: what HQ writes, what it may speak of, and whether it holds for a member.

Tablet and HQ evaluate a rule by this same code over the same facts. ``docs/hq-manual.md`` describes the language.
"""

from __future__ import annotations

from guide_app.domain.rules.evaluating import holds
from guide_app.domain.rules.facts import UNCOUNTED, Contact, Facts, Goods, Sale, facts_of, goods_of, plain, window
from guide_app.domain.rules.names import FACTS, Kind
from guide_app.domain.rules.parsing import LENGTH, RuleProblem, parse
from guide_app.domain.rules.syntax import Expr, named, show

__all__ = [
    "FACTS",
    "LENGTH",
    "UNCOUNTED",
    "Contact",
    "Expr",
    "Facts",
    "Goods",
    "Kind",
    "RuleProblem",
    "Sale",
    "facts_of",
    "goods_of",
    "holds",
    "named",
    "parse",
    "plain",
    "show",
    "window",
]
