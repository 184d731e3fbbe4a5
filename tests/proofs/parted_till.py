"""A tablet's own till in the partitions: a basket with a coupon or points, priced, leased and placed as guides do."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from guide_app.domain.errors import NoNetwork, Refused
from guide_app.domain.ids import Ids
from guide_app.domain.leases import points_instrument
from guide_app.domain.pricing import ChosenCoupon
from guide_app.domain.records import Instrument, Names, Promotion, Record, Ref
from guide_app.services.baskets import Basket, Baskets
from guide_app.services.charging import ChargeDesk
from guide_app.services.fulfilling import FulfilDesk
from guide_app.services.leases import LeaseDesk
from guide_app.services.pricing import PriceDesk
from guide_app.services.selling import Till
from guide_app.services.value import ValueDesk, with_coupon
from tests.simulation.tablet import Tablet

COUPON, RATE = "00000000-0000-4000-8000-00000000c001", "00000000-0000-4000-8000-00000000c002"
BEGAN = "2026-01-01T00:00:00.000Z"


def promotions() -> dict[Ref, Record]:
    """What a coupon is worth, and points: one a minor unit."""
    names = Names(en="Coupon", zh="券")
    return {
        Ref("promotion", COUPON): Promotion(
            names=names, kind="coupon", of=COUPON, since=BEGAN, amount=100, stacks=True
        ),
        Ref("promotion", RATE): Promotion(names=names, kind="points", of=RATE, since=BEGAN, points=1, amount=1),
    }


class Guide:
    """Who is signed in."""

    def __init__(self, guide_id: str) -> None:
        self.guide_id = guide_id


class PartedTill:
    """The use cases on one tablet as it is now."""

    def __init__(self, tablet: Tablet, guide_id: str, product_id: str) -> None:
        store, time = tablet.store, tablet.time
        self._ids, self._guide, self._product = Ids(time, tablet.random.randbytes), guide_id, product_id
        guide: Any = Guide(guide_id)
        desk = LeaseDesk(store.leases, tablet.engine, tablet.journal, store.shop, time, self._ids)
        prices = PriceDesk(store.promotions)
        self._value = ValueDesk(prices, store.members, desk, store.shop)
        self._till = Till(
            store.catalogue, prices, tablet.journal, store.numbers, Baskets(store.drafts, guide, time, self._ids),
            guide, self._ids, FulfilDesk(desk, store.catalogue, store.shop, time), self._value,
            ChargeDesk(store.orders, guide, self._ids),
        )  # fmt: skip

    async def sell(self, instrument: Instrument, member_id: str, wanted: int) -> str:
        """An order that spends so much, or what is here; its id, "" where nothing could be spent."""
        basket = Basket(order_id=self._ids.uuid7(), guide_id=self._guide, member_id=member_id)
        basket = await self._till.add(basket, self._product)
        if instrument.kind == "coupon":
            basket = with_coupon(basket, ChosenCoupon(coupon_id=instrument.id, promotion_id=COUPON))
            return await self._placed(basket)
        assert instrument == points_instrument(member_id)
        if order_id := await self._placed(replace(basket, points=wanted)):
            return order_id
        here = await self._value.points_here(member_id)
        return await self._placed(replace(basket, points=here)) if here else ""

    async def _placed(self, basket: Basket) -> str:
        told, quote = await self._till.told(basket)
        assert (quote.priced.points, len(quote.priced.coupons)) == (basket.points, len(basket.coupons))
        try:
            return (await self._till.place(told)).order_id
        except (Refused, NoNetwork):
            return ""
