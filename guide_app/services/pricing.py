"""What a basket costs this customer here and now: the one place of the tablet where baskets are priced."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from guide_app.domain import pricing, spending
from guide_app.domain.clock import from_text
from guide_app.domain.pricing import ChosenCoupon, Priced, PricedBy
from guide_app.domain.records import Names
from guide_app.operations.orders import PlacedLine
from guide_app.services.baskets import Basket
from guide_app.services.ports.base import View
from guide_app.services.ports.pricing import PriceFacts, PromotionReader

AT_ONCE = 200
"""So many lines times promotions are priced where they are asked for, in less than 2 ms; more in another thread."""
ROWS_AT_ONCE = 20
"""As `AT_ONCE`, of products priced alone."""


class Quote(View, frozen=True):
    """What a basket costs, and what it was priced from. `member_id`, `staff_id`: whom it is for."""

    member_id: str
    asked: pricing.Basket
    priced: Priced
    facts: PriceFacts
    staff_id: str = ""

    @property
    def priced_by(self) -> PricedBy:
        """What HQ, and whoever takes goods back, prices it again by."""
        coupons = tuple(one for one in self.asked.coupons if one.coupon_id in self.priced.coupons)
        manual = tuple(one for one in self.asked.manual if self.priced.taken(one.manual_id))
        return pricing.priced_by(replace(self.asked, coupons=coupons, manual=manual, points=self.priced.points))

    @property
    def uncounted(self) -> tuple[str, ...]:
        """The lines that do not count as spent."""
        cards = pricing.cards_in(self.asked)
        return spending.uncounted(cards, cards_count=self.facts.settings.cards_count)

    @property
    def counts(self) -> int:
        """What of it counts as spent."""
        return spending.counted(self.priced.lines, self.uncounted)


class Alone(View, frozen=True):
    """One piece of a product: the list price, and what this customer pays; minor units."""

    listed: int
    pays: int


class PriceDesk:
    """Prices baskets and single products by what is in force in this shop."""

    def __init__(self, reader: PromotionReader) -> None:
        self._reader = reader

    async def quote(self, basket: Basket) -> Quote:
        """What the basket costs now. A product that has left the price list keeps the price that it was put in at."""
        facts = await self._reader.facts([line.product_id for line in basket.lines], basket.member_id)
        asked = _asked(basket, facts)
        priced = await _priced(asked)
        return Quote(member_id=basket.member_id, asked=asked, priced=priced, facts=facts, staff_id=basket.staff_id)

    async def since(self, earlier: Quote, now: Quote) -> Priced | None:
        """What an earlier basket costs by the rules of now, None where these are the same: what the guide changed
        himself is left aside."""
        before, after = earlier.asked, now.asked
        listed = {line.product_id: line.price for line in after.lines}
        lines = tuple(replace(line, price=listed.get(line.product_id, line.price)) for line in before.lines)
        same = (earlier.member_id, earlier.staff_id) == (now.member_id, now.staff_id)
        buyer = after.buyer if same else before.buyer
        asked = replace(
            before, at=after.at, promotions=after.promotions, rounding=after.rounding, lines=lines, buyer=buyer
        )
        if replace(asked, at=before.at) == before and _in_force(asked) == _in_force(before):
            return None
        return now.priced if asked == after else await _priced(asked)

    async def alone(
        self, product_ids: Collection[str], member_id: str = "", *, staff: bool = False
    ) -> Mapping[str, Alone]:
        """Product → what one piece costs this customer, or a colleague who buys, for those that have a price."""
        facts = await self._reader.facts(product_ids, member_id)
        lines = [line_of(one, one, 1, facts, price) for one, price in facts.listed.items()]
        bare = _rules(facts, staff)
        if len(lines) <= ROWS_AT_ONCE:
            pays = pricing.prices_alone(bare, lines)
        else:
            pays = await asyncio.to_thread(pricing.prices_alone, bare, lines)
        return {line.product_id: Alone(listed=line.price, pays=pays[line.line_id]) for line in lines}

    async def facts(self, product_ids: Collection[str], member_id: str) -> PriceFacts:
        """What is known of these products and this member now."""
        return await self._reader.facts(product_ids, member_id)

    async def names(self, ids: Collection[str]) -> Mapping[str, Names]:
        """What the goods are called that promotions name."""
        return await self._reader.names(ids)


async def _priced(asked: pricing.Basket) -> Priced:
    if len(asked.lines) * len(asked.promotions) <= AT_ONCE:
        return pricing.price(asked)
    return await asyncio.to_thread(pricing.price, asked)


def _in_force(asked: pricing.Basket) -> tuple[object, ...]:
    """What depends on the time: the promotions of this hour, and the day by which members are new or have birthday."""
    found = (one for one, promotion in asked.promotions.items() if not pricing.out_of_force(promotion, asked.at))
    return asked.at.date(), *found


def differs(one: Priced, other: Priced) -> bool:
    """Whether the customer would pay something else for a line that is in both, or for all of it."""
    if one.total != other.total:
        return True
    before = {line.line_id: (line.qty, line.amount) for line in one.lines}
    return before != {line.line_id: (line.qty, line.amount) for line in other.lines}


def placed_lines(priced: Priced) -> tuple[PlacedLine, ...]:
    """The lines as an order has them: each reduction is a discount."""
    return tuple(
        PlacedLine(
            line_id=line.line_id, product_id=line.product_id, qty=line.qty, unit_price=line.price, amount=line.amount,
            discounts=pricing.discounts(line),
        )
        for line in priced.lines
    )  # fmt: skip


def _rules(facts: PriceFacts, staff: bool) -> pricing.Basket:
    return pricing.Basket(
        at=shop_time(facts.at, facts.time_zone), promotions=dict(facts.promotions),
        buyer=pricing.Buyer(staff=True) if staff else facts.buyer, rounding=facts.settings.rounding,
    )  # fmt: skip


def _asked(basket: Basket, facts: PriceFacts) -> pricing.Basket:
    listed = facts.listed
    lines = [
        line_of(line.line_id, line.product_id, line.qty, facts, listed.get(line.product_id, line.unit_price))
        for line in basket.lines
    ]
    return replace(
        _rules(facts, bool(basket.staff_id)), lines=tuple(lines),
        coupons=tuple(_current(one, facts) for one in basket.coupons), manual=basket.manual, points=basket.points,
    )  # fmt: skip


def _current(coupon: ChosenCoupon, facts: PriceFacts) -> ChosenCoupon:
    """A coupon by the version that is current of the promotion that it is of; without one it is of none."""
    found = (row_id for row_id, one in facts.promotions.items() if one.of == coupon.promotion_id)
    return replace(coupon, promotion_id=next(found, coupon.promotion_id))


def shop_time(instant: str, time_zone: str) -> datetime:
    """An RFC 3339 time by the shop's clock."""
    return from_text(instant).astimezone(ZoneInfo(time_zone))


def line_of(line_id: str, product_id: str, qty: int, facts: PriceFacts, price: int) -> pricing.Line:
    """A line as the engine prices it."""
    return facts.goods.get(product_id, pricing.Goods()).line(line_id, product_id, qty, price)
