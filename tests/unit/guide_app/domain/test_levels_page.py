"""Every worked example of docs/levels.md comes out as it says."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest

from guide_app.domain import levels
from guide_app.domain.levels import Facts, Standing
from guide_app.domain.records import Counted, Given, Level, LevelRules, Membership, Names
from tests.unit.guide_app.domain.pricing import test_page as pricing_page

PAGE = Path(__file__).parents[4] / "docs" / "levels.md"
EXAMPLES = pricing_page.examples(PAGE)
LEVELS = tuple(Level(code=code, names=Names(en=code)) for code in ("silver", "gold", "black"))


def facts_of(example: dict[str, Any]) -> Facts:
    days = [Counted(on=on, spent=money, orders=int(money > 0)) for on, money in example.get("bought", ())]
    paid = [
        Membership(
            line_id=f"{n:032}", order_id="", plan="club", paid_on=one["on"], months=one["months"], level=one["level"],
            void=one.get("void", False),
        )
        for n, one in enumerate(example.get("paid", ()))
    ]  # fmt: skip
    given = msgspec.convert(example["given"], Given) if "given" in example else None
    return Facts(levels.put(days), sum(one.spent for one in days), len(days), given, paid)


def told(standing: Standing, asked: dict[str, Any]) -> dict[str, Any]:
    """What the page says of a day, as it comes out."""
    ahead, keep, paid = standing.ahead, standing.keep, standing.paid
    found = {
        "on": asked["on"], "level": standing.level, "until": standing.held.until, "to": ahead and ahead.level,
        "by": ahead and ahead.by, "keep": keep and keep.missing, "keep_by": keep and keep.by,
        "paid_until": paid and paid.last,
    }  # fmt: skip
    if ahead:
        found["missing" if ahead.measure == "spent" else ahead.measure] = ahead.missing
    return {name: found.get(name) for name in asked}


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: str(example["title"]))
def test_it_comes_out_as_the_page_says(example: dict[str, Any]) -> None:
    assert not example.keys() - {"title", "rules", "bought", "given", "paid", "stands"}
    rules = msgspec.convert(example["rules"], list[LevelRules])
    for asked in example["stands"]:
        found = levels.standing(LEVELS, rules, facts_of(example), date.fromisoformat(asked["on"]))
        assert told(found, asked) == asked


def test_the_page_has_an_example_of_every_section() -> None:
    assert len(EXAMPLES) == 9
