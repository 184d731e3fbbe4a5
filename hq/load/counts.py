"""What was loaded, and what in the source was out of the ordinary: every such line is kept, counted and told."""

from __future__ import annotations

from dataclasses import dataclass

from hq.load.source import Source
from hq.words import _


@dataclass
class Report:
    """Counts by what they are of; `odd` by cause. `seconds`: how long all of it took."""

    loaded: list[tuple[str, int]]
    odd: list[tuple[str, int]]
    seconds: float = 0.0


def report(source: Source) -> Report:
    """Counts the made rows."""
    return Report(_counted(source, _loaded()), _counted(source, _odd()))


def _loaded() -> list[tuple[str, str]]:
    return [
        (_("members"), "SELECT count(*) FROM home"),
        (_("staff"), "SELECT count(*) FROM guide"),
        (_("products"), "SELECT count(*) FROM product_row"),
        (_("of them in the source's catalogue"), "SELECT count(*) FROM item WHERE maker IS NOT NULL"),
        (_("categories"), "SELECT count(*) FROM small WHERE entity = 'category'"),
        (_("prices"), "SELECT count(*) FROM price_row"),
        (_("stock rows"), "SELECT count(*) FROM stock_row"),
        (_("orders"), "SELECT count(*) FROM order_row"),
        (_("of them returned (made up, 3 %)"), "SELECT count(*) FROM order_row WHERE state = 'returned'"),
        (_("order lines"), "SELECT count(*) FROM order_line_row"),
        (_("retail discounts"), "SELECT count(*) FROM line WHERE retail <> 0"),
        (_("coupon matches"), "SELECT count(*) FROM line WHERE matched <> 0"),
        (_("orders paid with coupons"), "SELECT count(*) FROM order_row WHERE tender > 0"),
        (_("talks"), "SELECT count(*) FROM talk_row"),
        (_("follow-ups"), "SELECT count(*) FROM followup_row"),
        (_("rows in the feeds"), "SELECT sum(head)::BIGINT FROM head"),
    ]


def _odd() -> list[tuple[str, str]]:
    return [
        (_("quantity above 100 (fuel and the like): kept as one piece"),
         "SELECT count(*) FROM line WHERE quantity > 100"),
        (_("quantity 0, no amount: kept with quantity 0"), "SELECT count(*) FROM line WHERE qty = 0"),
        (_("quantity 0 with an amount: kept as one piece"),
         "SELECT count(*) FROM line WHERE quantity = 0 AND qty = 1"),
        (_("products without a catalogue row: made as unknown items"),
         "SELECT count(*) FROM item WHERE maker IS NULL"),
        (_("lines of such products"),
         "SELECT count(*) FROM line l JOIN item i USING (product) WHERE i.maker IS NULL"),
        (_("shelf price not divisible by the quantity: a rounding discount"),
         "SELECT count(*) FROM line WHERE rounding <> 0"),
        (_("orders whose coupons exceed the total: the tender is cut to it"),
         "SELECT count(*) FROM purchase WHERE beyond > 0"),
        (_("orders without any amount"), "SELECT count(*) FROM purchase WHERE total = 0"),
    ]  # fmt: skip


def _counted(source: Source, wanted: list[tuple[str, str]]) -> list[tuple[str, int]]:
    return [(words, int(source.rows(query)[0][0] or 0)) for words, query in wanted]
