"""The real year priced again: each recorded basket by the engine, from its shelf prices and its recorded discounts.

`python -m tests.proofs.repriced --baskets 155848`. The loyalty card's discount becomes a member price, or an amount
off where it is not a price of whole cents; a matched coupon becomes a coupon; what is left over because a shelf
price does not divide by the quantity is taken off by hand. Each line and each total must come out as it was recorded,
to the cent. The control prices some baskets with a cent too much taken off: each must be found.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

import duckdb
import msgspec

from guide_app.domain.pricing import Basket, Buyer, ChosenCoupon, Line, Manual, price
from guide_app.domain.records import Names
from guide_app.domain.records.promotion import Promotion, Selection
from hq.load.source import files
from tests.proofs.summary import Summary
from tests.proofs.telling import finish

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
CONTROL_EVERY = 100
AT_ONCE = 50_000
WEIGHED = 100
"""Above this the source counts fuel and the like in measures, not in pieces."""


class Recorded(NamedTuple):
    """A line as it was recorded; amounts in cents: `paid`, and what the card and the matched coupon took off."""

    basket: int
    product: str
    quantity: int
    paid: int
    card: int
    matched: int


def recorded(baskets: int) -> Iterator[list[Recorded]]:
    """The first so many baskets of the source, each with its lines."""
    query = f"""
        SELECT basket_id, product_id::VARCHAR, quantity, round(sales_value * 100)::BIGINT,
            round(retail_disc * 100)::BIGINT, round(coupon_match_disc * 100)::BIGINT
        FROM read_parquet('{files() / "transactions.parquet"}')
        WHERE basket_id IN (SELECT DISTINCT basket_id FROM read_parquet('{files() / "transactions.parquet"}')
            ORDER BY basket_id LIMIT {int(baskets)})
        ORDER BY basket_id, product_id"""
    with duckdb.connect() as source:
        cursor = source.execute(query)

        def rows() -> Iterator[Recorded]:
            while found := cursor.fetchmany(AT_ONCE):
                yield from (Recorded(*row) for row in found)

        for _, lines in groupby(rows(), itemgetter(0)):
            yield list(lines)


def causes(line: Recorded) -> list[str]:
    """What made the recorded line cost less than its shelf price, and what is odd about it."""
    pieces = _pieces(line)
    return [
        cause
        for cause, holds in (
            ("a member price", line.card and line.card % max(1, pieces) == 0),
            ("a card discount that is no price of whole cents", line.card and line.card % max(1, pieces)),
            ("a matched coupon", line.matched),
            ("a shelf price that does not divide", _over(line)),
            ("a quantity in measures", line.quantity > WEIGHED),
            ("an amount without a quantity", line.quantity == 0 and pieces),
        )
        if holds
    ]


def as_basket(lines: Sequence[Recorded]) -> Basket:
    """What the engine is asked: the recorded discounts as its promotions, coupons and discounts by hand."""
    prices: dict[str, int] = {}
    promotions: dict[str, Promotion] = {}
    coupons: list[ChosenCoupon] = []
    manual: list[Manual] = []
    for line in lines:
        pieces, goods, product = _pieces(line), Selection(products=(line.product,)), line.product
        if line.card and pieces and line.card % pieces == 0:
            prices[product] = _unit_price(line) - line.card // pieces
        elif line.card:
            promotions[f"card {product}"] = Promotion(names=Names(), kind="amount", goods=goods, amount=line.card)
        if line.matched:
            key = f"match {product}"
            promotions[key] = Promotion(names=Names(), kind="coupon", goods=goods, amount=line.matched, stacks=True)
            coupons.append(ChosenCoupon(coupon_id=key, promotion_id=key))
        if over := _over(line):
            manual.append(Manual(manual_id=f"over {product}", line_id=product, amount=over))
    if prices:
        promotions["card"] = Promotion(names=Names(), kind="member_price", prices=prices)
    return Basket(
        at=AT,
        lines=tuple(
            Line(line_id=line.product, product_id=line.product, qty=_pieces(line), price=_unit_price(line))
            for line in lines
        ),
        promotions=promotions,
        buyer=Buyer(),
        coupons=tuple(coupons),
        manual=tuple(manual),
    )


def differs(lines: Sequence[Recorded], basket: Basket) -> list[Recorded]:
    """The lines that the engine prices otherwise than they were recorded; all where only the total differs."""
    priced = price(basket)
    wrong = [line for line, now in zip(lines, priced.lines, strict=True) if now.amount != line.paid]
    return wrong or ([] if priced.total == sum(line.paid for line in lines) else list(lines))


def a_cent_off(lines: Sequence[Recorded], basket: Basket) -> Basket:
    """The basket with a cent taken off the line on which most was paid."""
    most = max(lines, key=lambda line: line.paid)
    cent = Manual(manual_id="a cent", line_id=most.product, amount=1)
    return msgspec.structs.replace(basket, manual=(*basket.manual, cent))


def run(baskets: int) -> Summary:
    """Prices so many baskets, and one in a hundred again with a cent too much taken off."""
    began = time.monotonic()
    counts, wrong, samples = Counter[str](), Counter[str](), list[str]()
    controls = found = 0
    for n, lines in enumerate(recorded(baskets)):
        counts["baskets"] += 1
        counts["lines"] += len(lines)
        of_basket = {cause for line in lines for cause in causes(line)} or {"list prices alone"}
        counts.update(f"baskets with: {cause}" for cause in of_basket)
        basket = as_basket(lines)
        if bad := differs(lines, basket):
            wrong.update(f"baskets that differ: {cause}" for cause in {one for line in bad for one in causes(line)})
            samples.append(f"basket {lines[0].basket}: {bad[0]}")
        else:
            counts["baskets equal to the cent"] += 1
        if n % CONTROL_EVERY == 0 and any(line.paid for line in lines):
            controls += 1
            found += bool(differs(lines, a_cent_off(lines, basket)))
    return Summary(
        "repriced",
        {**counts, **wrong},
        tuple(samples),
        control=f"baskets with a cent too much off, found: {found} of {controls}",
        control_held=found == controls > 0,
        seconds=time.monotonic() - began,
    )


def _pieces(line: Recorded) -> int:
    if 1 <= line.quantity <= WEIGHED:
        return line.quantity
    return 1 if _shelf(line) > 0 else 0


def _shelf(line: Recorded) -> int:
    return line.paid + line.card + line.matched


def _unit_price(line: Recorded) -> int:
    """The shelf price of a piece; rounded up where it does not divide."""
    pieces = _pieces(line)
    return -(-_shelf(line) // pieces) if pieces else 0


def _over(line: Recorded) -> int:
    return _pieces(line) * _unit_price(line) - _shelf(line)


def main(arguments: Sequence[str]) -> int:
    """0 when every basket comes out as it was recorded."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--baskets", type=int, default=155_848)
    return finish(run(parser.parse_args(arguments).baskets))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
