"""Coupons and points in a basket: what the member has, what of it counts here, and from which leases it is spent.

What is chosen is leased at once where it is not here yet: from then on it can be spent with no network.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec.structs import replace

from guide_app.domain import leases, points, pricing
from guide_app.domain.errors import BadInput, NoNetwork, Refused
from guide_app.domain.points import Paid
from guide_app.domain.pricing import ChosenCoupon, CouponOffered, PointsOffered, Why
from guide_app.domain.pricing.offered import AT_ONCE
from guide_app.domain.records import Coupon, Instrument, Names, Order, Wallet
from guide_app.operations.leases import Spending
from guide_app.services.baskets import Basket
from guide_app.services.leases import LeaseDesk
from guide_app.services.ports.base import View
from guide_app.services.ports.members import MemberReader
from guide_app.services.ports.pricing import PriceFacts
from guide_app.services.ports.shop import ShopReader
from guide_app.services.pricing import PriceDesk, Quote, line_of, shop_time
from guide_app.services.staff_purchase import StaffDesk


class CouponHeld(View, frozen=True):
    """A coupon that the member has, what it takes off this basket or would (minor units), or why it takes nothing."""

    coupon: Coupon
    chosen: bool = False
    saves: int = 0
    why: Why | None = None


class Purse(View, frozen=True):
    """What the member has for this basket. `points`: what could be used of the `have`; `best`: the coupons by which the
    customer pays least, and what these take off; `earns`: the points that the order will bring."""

    have: int = 0
    coupons: tuple[CouponHeld, ...] = ()
    points: PointsOffered = PointsOffered()
    best: tuple[ChosenCoupon, ...] = ()
    best_saves: int = 0
    earns: int = 0

    @property
    def something(self) -> bool:
        """Whether there is anything to choose from."""
        return bool(self.have or self.coupons)


class ValueDesk:
    """The use cases. Whatever has to be asked of HQ is asked while nothing else waits for it."""

    def __init__(self, prices: PriceDesk, members: MemberReader, desk: LeaseDesk, shop: ShopReader) -> None:
        self.staff = StaffDesk(prices, shop, desk)
        self._prices, self._members, self._leases = prices, members, desk

    async def look(self, basket: Basket, refused: Mapping[str, str] | None = None) -> Purse:
        """What the member of this basket has. `refused`: coupon → the code by which HQ did not give it out."""
        view = await self._members.get(basket.member_id) if basket.member_id else None
        if view is None:
            return Purse()
        quote = await self._prices.quote(basket)
        wallet, earns = view.wallet or Wallet(), _earns(quote)
        if not (wallet.points or wallet.coupons or basket.coupons or basket.points):
            return Purse(earns=earns)
        return await asyncio.to_thread(_purse, quote, wallet, refused or {}, earns)

    async def take(self, coupon_id: str) -> None:
        """Sees that this tablet can spend the coupon.

        Raises Refused("coupon_elsewhere"), NoNetwork("coupon_offline").
        """
        await self._coupon(coupon_id)

    async def take_points(self, member_id: str, count: int) -> None:
        """Sees that this tablet can spend so many points of theirs (≥ 1). Raises Refused("points_elsewhere"),
        NoNetwork("points_offline")."""
        await self._points(member_id, count)

    async def points_here(self, member_id: str) -> int:
        """So many points of theirs can be spent with no network."""
        return max([await self._leases.left(one) for one in await self._accounts(member_id)], default=0)

    async def chosen(self, baskets: Iterable[Basket]) -> frozenset[Instrument]:
        """The coupons and accounts of points that these baskets are to use."""
        found: set[Instrument] = set()
        for basket in baskets:
            found.update(Instrument(kind="coupon", id=one.coupon_id) for one in basket.coupons)
            if basket.points:
                found.update(await self._accounts(basket.member_id))
        return frozenset(found)

    async def worth(self, basket: Basket, count: int) -> PointsOffered:
        """What so many points would pay of the basket, and how many of them that takes."""
        quote = await self._prices.quote(basket)
        return await asyncio.to_thread(pricing.points_offered, quote.asked, count)

    async def spends(self, quote: Quote) -> tuple[Spending, ...]:
        """From which leases an order of this price spends its coupons and points. Raises as `take` and `take_points`,
        Refused("coupon_ended")."""
        priced = quote.priced
        if not (priced.coupons or priced.points):
            return ()
        view = await self._members.get(quote.member_id)
        ends = {one.id: one.until for one in view.wallet.coupons if one.until} if view and view.wallet else {}
        today = quote.asked.at.date().isoformat()
        if any(ends.get(coupon_id, today) < today for coupon_id in priced.coupons):
            raise Refused("coupon_ended")
        found = [one for coupon_id in priced.coupons for one in await self._coupon(coupon_id)]
        if priced.points:
            found += await self._points(quote.member_id, priced.points)
        return tuple(found)

    async def earns(self, order: Order) -> int:
        """What an order that was placed brings its member, by what is known here; HQ's word is in the wallet."""
        if not order.member_id:
            return 0
        facts = await self._prices.facts([line.product_id for line in order.lines], order.member_id)
        if facts.buyer is None:
            return 0
        paid = [
            Paid(line_of(line.line_id, line.product_id, line.qty, facts, line.unit_price), line.amount)
            for line in order.lines
        ]
        day = shop_time(order.placed_at, facts.time_zone).date()
        told = points.terms(facts.settings.points, paid, facts.buyer, day)
        return points.earned(told, points.goods_stay(told, order)) if told else 0

    async def _coupon(self, coupon_id: str) -> Sequence[Spending]:
        try:
            return await self._leases.need(Instrument(kind="coupon", id=coupon_id), 1)
        except Refused as refused:
            raise Refused("coupon_elsewhere", refused.detail) from refused
        except NoNetwork as problem:
            raise NoNetwork("coupon_offline", problem.detail) from problem

    async def _points(self, member_id: str, count: int) -> Sequence[Spending]:
        """All from one account: somebody who was merged has several, and an order spends of one."""
        accounts = await self._accounts(member_id)
        here = [one for one in accounts if await self._leases.left(one) >= count]
        for account in here or accounts:
            try:
                return await self._leases.need(account, count)
            except Refused:
                continue
            except NoNetwork as problem:
                raise NoNetwork("points_offline", problem.detail) from problem
        raise Refused("points_elsewhere")

    async def _accounts(self, member_id: str) -> Sequence[Instrument]:
        view = await self._members.get(member_id)
        ids = (view.id, *view.merged) if view else (member_id,)
        return [leases.points_instrument(one) for one in ids]


def with_coupon(basket: Basket, coupon: ChosenCoupon) -> Basket:
    """The basket with it. Raises BadInput("coupons_full")."""
    if coupon in basket.coupons:
        return basket
    if len(basket.coupons) >= AT_ONCE:
        raise BadInput("coupons_full")
    return replace(basket, coupons=(*basket.coupons, coupon))


def without_coupon(basket: Basket, coupon_id: str) -> Basket:
    """The basket without it."""
    return replace(basket, coupons=tuple(one for one in basket.coupons if one.coupon_id != coupon_id))


def chosen_form(coupon: Coupon) -> ChosenCoupon:
    """A coupon as a basket keeps it: by the promotion that it is of, whichever version of that is current."""
    return ChosenCoupon(coupon_id=coupon.id, promotion_id=coupon.promotion)


def _purse(quote: Quote, wallet: Wallet, refused: Mapping[str, str], earns: int) -> Purse:
    asked, today = quote.asked, quote.asked.at.date().isoformat()
    templates = {row_id: one.of for row_id, one in asked.promotions.items() if one.kind == "coupon"}
    ours = {row_id: row_id for row_id in templates} | {of: row_id for row_id, of in templates.items()}
    chosen = {one.coupon_id: one for one in asked.coupons}
    named = (one for one in wallet.coupons if one.id)  # HQ's older rows had no ids: nothing can be leased of these
    there = (*named, *_unlisted(quote, wallet))
    whys = {one.id: why for one in there if (why := _out(one, ours, today, refused))}
    usable = [one for one in there if one.id not in whys]
    forms = [ChosenCoupon(coupon_id=one.id, promotion_id=ours[one.promotion]) for one in usable]
    told = {one.coupon.coupon_id: one for one in pricing.coupons_offered(asked, forms)}
    best = pricing.best_coupons(asked, forms)
    saves = pricing.price(replace(asked, coupons=best, points=0))
    return Purse(
        have=wallet.points,
        coupons=tuple(_sorted(_held(one, one.id in chosen, told.get(one.id), whys.get(one.id)) for one in there)),
        points=pricing.points_offered(asked, wallet.points),
        best=tuple(replace(one, promotion_id=templates[one.promotion_id]) for one in best),
        best_saves=sum(saves.taken(one.coupon_id) for one in best),
        earns=earns,
    )


def _out(coupon: Coupon, ours: Mapping[str, str], today: str, refused: Mapping[str, str]) -> Why | None:
    """Why a coupon cannot be used at all, whatever is in the basket."""
    if not coupon.uses:
        return Why(code="coupon_used")
    if coupon.until and coupon.until < today:
        return Why(code="coupon_ended", values={"until": coupon.until})
    if coupon.promotion not in ours:
        return Why(code="coupon_unknown")
    return Why(code=refused[coupon.id]) if coupon.id in refused else None


def _unlisted(quote: Quote, wallet: Wallet) -> Iterator[Coupon]:
    """Coupons of the basket that the wallet does not tell of any more: they can be taken out."""
    known = {one.id for one in wallet.coupons}
    for one in quote.asked.coupons:
        if one.coupon_id not in known:
            template = quote.asked.promotions.get(one.promotion_id)
            yield Coupon(title=template.names if template else Names(), id=one.coupon_id, promotion=one.promotion_id)


def _held(coupon: Coupon, chosen: bool, told: CouponOffered | None, why: Why | None) -> CouponHeld:
    saves, why = (told.saves, told.why) if told else (0, why)
    return CouponHeld(coupon=coupon, chosen=chosen, saves=saves, why=why)


def _sorted(held: Iterator[CouponHeld]) -> Sequence[CouponHeld]:
    """Those that are chosen, those that would take most off, and then the others as they end."""
    return sorted(held, key=lambda one: (not one.chosen, one.why is not None, -one.saves))


def _earns(quote: Quote) -> int:
    """What the order will bring, by the function that HQ reckons by."""
    facts: PriceFacts = quote.facts
    if facts.buyer is None:
        return 0
    amounts = {line.line_id: line.amount for line in quote.priced.lines}
    paid = [Paid(line, amounts[line.line_id]) for line in quote.asked.lines]
    told = points.terms(facts.settings.points, paid, facts.buyer, quote.asked.at.date())
    return points.earned(told, told.total) if told else 0
