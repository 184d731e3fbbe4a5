"""Every worked example of docs/points.md comes out as it says."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest

from guide_app.domain import points
from guide_app.domain.points import Entry, Paid
from guide_app.domain.pricing import Buyer, Line
from guide_app.domain.records import PointsPlan
from tests.unit.guide_app.domain.pricing import test_page as pricing_page

PAGE = Path(__file__).parents[4] / "docs" / "points.md"
TOLD = {"title", "gift_cards", "day", "plan", "member", "lines", "earns", "stays", "until", "ledger", "expires"}
EXAMPLES = pricing_page.examples(PAGE)


def paid(example: dict[str, Any]) -> list[Paid]:
    cards = example.get("gift_cards", [])
    return [
        Paid(Line(line_id=f"l{n}", product_id=product, qty=1, price=amount, gift_card=product in cards), amount)
        for n, (product, amount) in enumerate(example["lines"])
    ]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: str(example["title"]))
def test_it_comes_out_as_the_page_says(example: dict[str, Any]) -> None:
    assert not example.keys() - TOLD
    day = date.fromisoformat(example.get("day", "2026-11-22"))
    if "ledger" in example:
        assert points.expired(msgspec.convert(example["ledger"], list[Entry]), day) == example["expires"]
        return
    plan, buyer = msgspec.convert(example["plan"], PointsPlan), msgspec.convert(example.get("member", {}), Buyer)
    terms = points.terms(plan, paid(example), buyer, day)
    assert terms is not None
    assert points.earned(terms, terms.total) == example["earns"]
    assert terms.until == example.get("until", "")
    for stay in example.get("stays", []):
        assert points.earned(terms, stay["money"]) == stay["points"]


def test_the_page_has_an_example_of_every_section() -> None:
    assert len(EXAMPLES) == 8
    assert points.terms(PointsPlan(), paid(EXAMPLES[0]), Buyer(), date(2026, 11, 22)) is None
