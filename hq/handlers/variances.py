"""By how much what a customer was promised differs from HQ's own price, and what each part of that comes from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from guide_app.domain import pricing
from guide_app.domain.clock import from_text
from guide_app.domain.money import split
from guide_app.domain.pricing import Priced, Reduction
from guide_app.domain.records import Discount, Order, PriceList, Promotion, Variance
from hq.handlers.backing import Behind
from hq.handlers.base import Desk


def variances(order: Order, desk: Desk, value: Behind) -> tuple[Variance, ...]:
    """Each cause with its amount in minor units, positive where the customer was promised to pay more. `value`: what
    stands behind its coupons and points."""
    return (*_of_prices(order, desk), *_of_promotions(order, desk, value))


def _of_prices(order: Order, desk: Desk) -> Iterator[Variance]:
    """Against HQ's list of that moment; unlisted products count nothing."""
    current, more = _list_at(order.placed_at, desk.lists), Counter[str]()
    for line in order.lines:
        price = desk.prices.get((current, line.product_id))
        if price is not None:
            more[line.product_id] += line.qty * (line.unit_price - price)
    yield from (Variance(cause="price", amount=more[one], id=one) for one in sorted(more) if more[one])


def _list_at(moment: str, lists: Mapping[str, PriceList]) -> str:
    """The id of the list that was valid then, the one that began last; empty when there was none."""

    def valid(price_list: PriceList) -> bool:
        return price_list.valid_from <= moment and (not price_list.valid_until or moment < price_list.valid_until)

    found = [(head.valid_from, head.version, list_id) for list_id, head in lists.items() if valid(head)]
    return max(found)[2] if found else ""


def _of_promotions(order: Order, desk: Desk, value: Behind) -> Iterator[Variance]:
    """Against the engine's price of the same lines at the same list prices, by the promotions that HQ had then. An
    order that does not say what it was priced by was priced by none.
    """
    if order.priced_by is None:
        return
    told = _Told(order, desk.promotions)
    priced = pricing.price(
        pricing.basket_of(order, desk.goods, desk.promotions, shop_time(order.placed_at, desk.time_zone))
    )
    promised = told.taken(one for line in order.lines for one in line.discounts)
    ours = told.taken(one for line in priced.lines for one in line.reductions)
    for key in sorted({*promised, *ours}):
        if amount := ours[key] - promised[key]:
            cause, row_id = told.cause(key)
            yield Variance(cause=cause, amount=amount, id=row_id)
    yield from _of_value(priced, value)


def _of_value(priced: Priced, value: Behind) -> Iterator[Variance]:
    """What coupons and points take off by HQ's own price though nothing, or less, stands behind them. What HQ's price
    has not of them is of another cause already: no cent is booked twice."""
    for coupon_id in sorted(set(priced.coupons) - value.coupons):
        yield Variance(cause="coupon_missing", amount=-priced.taken(coupon_id), id=coupon_id)
    there = min(value.points, priced.points)
    _, lost = split(pricing.paid_by_points(priced), [there, priced.points - there]) if priced.points else (0, 0)
    if lost:
        yield Variance(cause="points_missing", amount=-lost)


class _Told:
    """What an order says of promotions, by promotion whatever the version; what has none, by its kind."""

    def __init__(self, order: Order, known: Mapping[str, Promotion]) -> None:
        self._known, self._placed_at = known, order.placed_at
        self._ours = {one.of: row_id for row_id, one in known.items() if one.current(order.placed_at)}
        named = sorted({one.promotion_id for line in order.lines for one in line.discounts} - {""})
        self._named = {self._family(row_id): row_id for row_id in named}

    def taken(self, reasons: Iterator[Discount] | Iterator[Reduction]) -> Counter[str]:
        """What each took off."""
        sums = Counter[str]()
        for one in reasons:
            sums[self._family(one.promotion_id) or one.kind] += one.amount
        return sums

    def cause(self, key: str) -> tuple[str, str]:
        """Why the two sides differ in it, as a code, and the version that it is about."""
        named, ours = self._named.get(key, ""), self._ours.get(key, "")
        if not named:
            return ("missing", ours) if ours else ({"manual": "by_hand", "rounding": "rounding"}.get(key, "other"), "")
        if named == ours:
            return "otherwise", named
        if named not in self._known:
            return "unknown", named
        if ours:
            return "changed", named
        return "not_begun" if self._placed_at < self._known[named].since else "ended", named

    def _family(self, row_id: str) -> str:
        return self._known[row_id].of if row_id in self._known else row_id


def shop_time(instant: str, time_zone: str) -> datetime:
    """By the shop's clock; UTC at the edges of the calendar, where a tablet's clock was wrong and no zone counts."""
    moment = from_text(instant)
    try:
        return moment.astimezone(ZoneInfo(time_zone))
    except OverflowError:
        return moment
