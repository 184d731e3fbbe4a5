"""Sets of pieces: what the engine takes is what a plain search over all pieces finds best."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from guide_app.domain.money import percent
from guide_app.domain.pricing import Basket, Line, price
from guide_app.domain.records import Names
from guide_app.domain.records.promotion import BundlePart, Promotion, Selection

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
prices = st.lists(st.integers(0, 30), min_size=1, max_size=7)


def _total(prices: list[int], *promotions: Promotion) -> int:
    lines = tuple(Line(line_id=f"l{n}", product_id=f"p{n}", qty=1, price=one) for n, one in enumerate(prices))
    return price(Basket(at=AT, lines=lines, promotions={f"r{n}": one for n, one in enumerate(promotions)})).total


def _saved(prices: list[int], size: int, gain: Callable[[list[int]], int]) -> int:
    """The most that sets of `size` pieces save beyond what each piece saves alone, trying all ways to make them."""
    best = 0
    for chosen in combinations(range(len(prices)), size):
        rest = [one for n, one in enumerate(prices) if n not in chosen]
        best = max(best, gain([prices[n] for n in chosen]) + _saved(rest, size, gain))
    return best


@given(prices, st.integers(1, 2), st.sampled_from([5000, 10_000]), st.sampled_from([0, 1000, 4000]))
def test_buy_get_against_a_percentage_is_the_best_there_is(prices: list[int], buy: int, rate: int, tenth: int) -> None:
    def gain(pieces: list[int]) -> int:
        return percent(min(pieces), rate) - sum(percent(one, tenth) for one in pieces)

    sets = Promotion(names=Names(), kind="buy_get", buy=buy, get=1, percent=rate, repeats=0)
    rates = [Promotion(names=Names(), kind="percentage", percent=tenth)] if tenth else []
    alone = sum(one - percent(one, tenth) for one in prices)
    assert _total(prices, sets, *rates) == alone - _saved(prices, buy + 1, gain)


@given(prices, st.integers(2, 3), st.integers(0, 60), st.sampled_from([0, 1000, 4000]))
def test_a_bundle_against_a_percentage_is_the_best_there_is(
    prices: list[int], size: int, cost: int, tenth: int
) -> None:
    def gain(pieces: list[int]) -> int:
        return sum(pieces) - cost - sum(percent(one, tenth) for one in pieces)

    parts = (BundlePart(goods=Selection(), pieces=size),)
    sets = Promotion(names=Names(), kind="bundle", parts=parts, amount=cost, repeats=0)
    rates = [Promotion(names=Names(), kind="percentage", percent=tenth)] if tenth else []
    alone = sum(one - percent(one, tenth) for one in prices)
    assert _total(prices, sets, *rates) == alone - _saved(prices, size, gain)


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(1, 40)), min_size=1, max_size=3), st.integers(1, 2))
def test_a_pile_costs_what_its_pieces_cost_one_by_one(piles: list[tuple[int, int]], buy: int) -> None:
    sets = Promotion(names=Names(), kind="buy_get", buy=buy, get=1, percent=10_000, repeats=0)
    lines = tuple(Line(line_id=f"l{n}", product_id=f"p{n}", qty=qty, price=one) for n, (one, qty) in enumerate(piles))
    together = price(Basket(at=AT, lines=lines, promotions={"r0": sets})).total
    apart = sorted((one for one, qty in piles for _ in range(qty)), reverse=True)
    free = sum(apart[n] for n in range(buy, len(apart), buy + 1))
    assert together == sum(apart) - free
