"""Whose sale a line is. (Laws for any shares: tests/property.)"""

from __future__ import annotations

import pytest

from guide_app.domain import shares
from guide_app.domain.records import GuideShare, Order, OrderLine, Totals


def of(*parts: tuple[str, int]) -> tuple[GuideShare, ...]:
    return tuple(GuideShare(guide_id=guide, share=share) for guide, share in parts)


def line(amount: int, *parts: tuple[str, int]) -> OrderLine:
    return OrderLine(line_id="l", product_id="p", qty=1, unit_price=amount, amount=amount, guide_shares=of(*parts))


@pytest.mark.parametrize(
    ("parts", "whole"),
    [
        ([("a", 10_000)], True), ([("a", 6_000), ("b", 4_000)], True), ([("a", 6_000), ("b", 3_999)], False),
        ([("a", 5_000), ("a", 5_000)], False), ([("a", 10_001), ("b", -1)], False), ([("a", 10_000), ("b", 0)], False),
        ([], False),
    ],
)  # fmt: skip
def test_a_whole_line_is_all_of_it_and_each_guide_once(parts: list[tuple[str, int]], whole: bool) -> None:
    assert shares.whole(of(*parts)) is whole


def test_what_nobody_shares_is_the_order_s_guide_s() -> None:
    assert shares.of_line(line(5), "a") == of(("a", 10_000))
    assert shares.stored(of(("a", 10_000)), "a") == ()
    assert shares.stored(of(("b", 10_000)), "a") == of(("b", 10_000))


def test_each_cent_of_an_order_is_somebody_s() -> None:
    sold = Order(
        number="N", state="accepted", guide_id="a", placed_at="", currency="CNY",
        lines=(line(100), line(101, ("a", 5_000), ("b", 5_000)), line(10, ("c", 10_000))),
        totals=Totals(lines=211, discounts=0, total=211),
    )  # fmt: skip
    assert shares.by_guide(sold) == {"a": 151, "b": 50, "c": 10}


def test_as_equal_as_basis_points_allow() -> None:
    assert shares.evenly(["a", "b", "c"]) == of(("a", 3_334), ("b", 3_333), ("c", 3_333))


@pytest.mark.parametrize(
    ("guide", "by", "after"),
    [
        ("a", 500, [("a", 5_500), ("b", 2_500), ("c", 2_000)]), ("c", 500, [("a", 4_500), ("b", 3_000), ("c", 2_500)]),
        ("a", -500, [("a", 4_500), ("b", 3_500), ("c", 2_000)]),
        ("c", -500, [("a", 5_500), ("b", 3_000), ("c", 1_500)]),
        ("a", 9_000, [("a", 9_800), ("b", 100), ("c", 100)]), ("b", -9_000, [("a", 5_000), ("b", 100), ("c", 4_900)]),
    ],
)  # fmt: skip
def test_what_one_gets_the_others_give_up(guide: str, by: int, after: list[tuple[str, int]]) -> None:
    before = of(("a", 5_000), ("b", 3_000), ("c", 2_000))
    assert shares.moved(before, guide, by) == of(*after)
    assert shares.moved(of(("a", 10_000)), "a", by) == of(("a", 10_000)), "one guide alone keeps all"
