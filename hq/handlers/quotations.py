"""Quotations at HQ: the promised price is kept while it holds, and what it differs by is booked as the quotation's."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from guide_app.domain import quotations
from guide_app.domain.records import Order, Quotation, Ref, Variance
from guide_app.operations import Context, Effect, Refusal
from guide_app.operations.quotations import Quote, TakeQuote
from hq.handlers.base import Desk, Handler, Needs
from hq.handlers.variances import shop_time


class QuoteHandler(Handler[Quote]):
    """What was promised stands; HQ has to know what goods it is about."""

    def needs(self, body: Quote, context: Context) -> Needs:
        products = tuple(line.product_id for line in body.lines)
        return Needs(refs=self.operation.touches(body), staff=(context.guide_id,), products=products)

    def authority(self, body: Quote, desk: Desk, context: Context) -> Refusal | None:
        known = all(line.product_id in desk.products for line in body.lines)
        return None if known else Refusal("parked", "product_unknown")


_BESIDE = frozenset({"approval_missing", "coupon_missing", "points_missing"})
"""Causes that no quotation promises."""


class TakeQuoteHandler(Handler[TakeQuote]):
    """An order of the promised goods, at the promised prices and in time, differs by what the quotation promised."""

    def amend(self, effect: Effect, body: TakeQuote, desk: Desk, context: Context) -> Effect:
        sale = Ref("order", body.order_id)
        order, quotation = effect.changes.get(sale), desk.rows.get(Ref("quotation", body.quotation_id), Quotation)
        if not isinstance(order, Order) or quotation is None or not quotations.arrived(quotation):
            return effect
        day = shop_time(order.placed_at, desk.zone()).date().isoformat()
        if not quotations.holds(quotation, day) or not quotations.same_goods(quotation.lines, order.lines):
            return effect
        told = replace(order, variances=tuple(_as_promised(order.variances, body.quotation_id)))
        return Effect({**effect.changes, sale: told}, effect.code)


def _as_promised(causes: tuple[Variance, ...], quotation_id: str) -> Iterator[Variance]:
    """All that the price differs by in one, but for what nobody had allowed, and value that was not there."""
    prices = [one for one in causes if one.cause not in _BESIDE]
    if amount := sum(one.amount for one in prices):
        yield Variance(cause="quotation", amount=amount, id=quotation_id)
    yield from (one for one in causes if one.cause in _BESIDE)
