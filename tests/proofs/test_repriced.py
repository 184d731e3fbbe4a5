"""A part of the real year priced again, and a difference of one cent found."""

from __future__ import annotations

import pytest

from tests.proofs import repriced
from tests.proofs.repriced import Recorded


def test_a_part_of_the_year_costs_what_it_cost() -> None:
    summary = repriced.run(baskets=1000)
    assert summary.passed, str(summary)
    assert summary.counts["baskets"] == summary.counts["baskets equal to the cent"] == 1000
    for cause in ("a member price", "a card discount that is no price of whole cents", "a matched coupon"):
        assert summary.counts[f"baskets with: {cause}"] > 10


@pytest.mark.parametrize(
    ("line", "cause"),
    [
        (Recorded(1, "7", 2, 500, 100, 0), "a member price"),
        (Recorded(1, "7", 3, 100, 79, 0), "a card discount that is no price of whole cents"),
        (Recorded(1, "7", 1, 150, 0, 50), "a matched coupon"),
        (Recorded(1, "7", 3, 100, 0, 0), "a shelf price that does not divide"),
        (Recorded(1, "7", 18_000, 2500, 0, 0), "a quantity in measures"),
        (Recorded(1, "7", 0, 199, 0, 0), "an amount without a quantity"),
    ],
)
def test_each_cause_is_priced_and_named(line: Recorded, cause: str) -> None:
    assert cause in repriced.causes(line)
    basket = repriced.as_basket([line])
    assert repriced.differs([line], basket) == []
    assert repriced.differs([line], repriced.a_cent_off([line], basket)) == [line]
