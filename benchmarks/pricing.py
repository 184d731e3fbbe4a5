"""`pricing`: a basket of 30 lines priced under 50 promotions in force, of every kind, with a coupon and points.

Processor time, as the tablet has its core for itself; the goal is p99 ≤ 10 ms. Two worlds: a calm one, where promotions
are on goods of their own, as a chain plans them, and a crowded one, where most of them want the same pieces.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from datetime import UTC, datetime

from benchmarks import harness
from guide_app.domain.pricing import Basket, Buyer, ChosenCoupon, Line, price
from guide_app.domain.records import Names
from guide_app.domain.records.promotion import BundlePart, Promotion, Selection, TierStep

AT = datetime(2026, 11, 22, 15, 30, tzinfo=UTC)
LINES, PROMOTIONS, BASKETS, RUNS = 30, 50, 200, 5
PRODUCTS, CATEGORIES, BRANDS = 400, 40, 60
GOAL_MS = 10.0
KINDS = (
    "percentage", "percentage", "percentage", "percentage", "amount", "amount", "buy_get", "buy_get", "bundle", "tier",
)  # fmt: skip


def main() -> None:
    """Measures both worlds and reports."""
    report = harness.report("pricing")
    worst = 0.0
    for world, goods in (("own goods", _apart), ("the same goods", _crowded)):
        chosen = random.Random(7)
        promotions = {f"{n:02d}": _promotion(n, chosen, goods(chosen)) for n in range(PROMOTIONS - 4)} | _whole_order()
        baskets = [_basket(chosen, promotions) for _ in range(BASKETS)]
        runs = [[_milliseconds(basket) for basket in baskets] for _ in range(RUNS)]
        for share in (0.5, 0.99):
            values = [harness.percentile(run, share) for run in runs]
            report.figures[f"p{share * 100:.0f}, promotions on {world}"] = harness.figure(values, "ms")
        worst = max(worst, report.figures[f"p99, promotions on {world}"].median)
        exact = sum(price(basket).exact for basket in baskets)
        report.figures[f"all combinations weighed, {world}"] = harness.figure([100 * exact / BASKETS], "%")
    report.ratios["p99 against 10 ms"] = harness.Ratio(value=worst / GOAL_MS, goal=1)
    report.finish()


def promotions(chosen: random.Random) -> list[Promotion]:
    """The calm world's promotions, as `basket` has them: on goods of their own, but for those of the whole order."""
    goods = _apart(chosen)
    own = [_promotion(n, chosen, goods) for n in range(PROMOTIONS - 4)]
    return [*own, *_whole_order().values()]


def _milliseconds(basket: Basket) -> float:
    began = time.process_time()
    price(basket)
    return (time.process_time() - began) * 1000


def _apart(chosen: random.Random) -> Callable[[], Selection]:
    return lambda: Selection(categories=(f"c{chosen.randrange(CATEGORIES)}",))


def _crowded(chosen: random.Random) -> Callable[[], Selection]:
    def goods() -> Selection:
        if chosen.random() < 0.3:
            return Selection(categories=(f"d{chosen.randrange(3)}",), without=("p0",))
        return Selection(brands=(f"b{chosen.randrange(BRANDS)}",), categories=(f"c{chosen.randrange(CATEGORIES)}",))

    return goods


def _promotion(n: int, chosen: random.Random, goods: Callable[[], Selection]) -> Promotion:
    kind = KINDS[n % len(KINDS)]
    return Promotion(
        names=Names(en=f"Promotion {n}"), kind=kind, goods=goods(), percent=chosen.choice((1000, 2000, 10_000 if
        kind == "buy_get" else 3000)), amount=chosen.choice((500, 1000, 2500)), min_amount=chosen.choice((0, 5000)),
        buy=2, get=1, repeats=0, parts=(BundlePart(goods=goods()), BundlePart(goods=goods(), pieces=2)),
        steps=(TierStep(at=5000, percent=500), TierStep(at=20_000, percent=1000)), stacks=n % 11 == 0,
        weekdays=() if n % 3 else (6, 7), priority=n % 4,
    )  # fmt: skip


def _whole_order() -> dict[str, Promotion]:
    return {
        "member": Promotion(names=Names(en="Members"), kind="member_price", percent=500),
        "order": Promotion(
            names=Names(en="From 300"), kind="amount", reach="order", min_amount=30_000, amount=3000, stacks=True
        ),
        "coupon": Promotion(names=Names(en="Coupon"), kind="coupon", min_amount=10_000, amount=2000, stacks=True),
        "points": Promotion(names=Names(en="Points"), kind="points", points=100, amount=100, cap_share=5000),
    }


def _basket(chosen: random.Random, promotions: dict[str, Promotion]) -> Basket:
    lines = []
    for n, product in enumerate(chosen.sample(range(PRODUCTS), LINES)):
        category = product % CATEGORIES
        lines.append(Line(
            line_id=f"l{n}", product_id=f"p{product}", qty=chosen.choice((1, 1, 1, 2, 3)), brand=f"b{product % BRANDS}",
            price=chosen.randrange(500, 30_000), categories=(f"c{category}", f"d{category % 3}"),
        ))  # fmt: skip
    coupons = (ChosenCoupon(coupon_id="k", promotion_id="coupon"),)
    return Basket(
        at=AT, lines=tuple(lines), promotions=promotions, buyer=Buyer(level="gold"), coupons=coupons, points=5000
    )


if __name__ == "__main__":
    main()
