"""Orders as the tablet places them: HQ takes each, and whoever prices it again comes to the same cent."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Collection, Mapping
from random import Random
from types import SimpleNamespace
from typing import Any
from uuid import NAMESPACE_OID, uuid5

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from guide_app import operations
from guide_app.domain import spending
from guide_app.domain.clock import to_text
from guide_app.domain.leases import points_instrument
from guide_app.domain.pricing import Basket as Asked
from guide_app.domain.pricing import ChosenCoupon, basket_of, price
from guide_app.domain.records import Instrument, Names, Order, PriceList, Ref, Settings, Staff
from guide_app.domain.records.shop import StaffPurchase
from guide_app.operations import Context, Effect, Snapshot
from guide_app.operations.leases import Spending
from guide_app.operations.orders import OrderPlace, Place, WantedFulfilment
from guide_app.services.baskets import Basket, BasketLine
from guide_app.services.charging import ChargeDesk
from guide_app.services.ports.catalogue import CurrentPrices
from guide_app.services.ports.pricing import PriceFacts
from guide_app.services.ports.shop import StaffRow
from guide_app.services.ports.writing import Change, Draft
from guide_app.services.pricing import PriceDesk
from guide_app.services.selling import Till
from guide_app.services.value import ValueDesk
from tests.property.guide_app.baskets import PRODUCTS, baskets, goods_of

ZONE = "Asia/Shanghai"


def named(name: str) -> str:
    """The UUID that stands for one of the strategies' short names."""
    return str(uuid5(NAMESPACE_OID, name)) if name else ""


COLLEAGUE = named("colleague")


class Shop:
    """A store in which the drawn promotions are in force; it keeps what is placed."""

    def __init__(self, drawn: Asked) -> None:
        self.placed: list[Place] = []
        self._drawn = drawn
        self._prices = {line.product_id: line.price for line in drawn.lines}

    async def facts(self, product_ids: Collection[str], member_id: str = "") -> PriceFacts:
        head = PriceList(names=Names(), version=1, currency="CNY", valid_from="2026-01-01T00:00:00.000Z")
        every = {named(key): key for key in PRODUCTS}
        return PriceFacts(
            at=to_text(self._drawn.at), time_zone=ZONE,
            settings=Settings(rounding=self._drawn.rounding, guide_limit=10_000, manager_limit=10_000),
            prices=CurrentPrices(id=named("list"), price_list=head, expired=False),
            promotions={named(key): _moved(one) for key, one in self._drawn.promotions.items()},
            buyer=self._drawn.buyer,
            goods={one: goods_of(every[one]) for one in product_ids},
            listed={one: self._prices[every[one]] for one in product_ids},
        )  # fmt: skip

    async def names(self, ids: Collection[str]) -> Mapping[str, Names]:
        return {}

    async def check(self, wanted: WantedFulfilment) -> None:
        """It is taken away."""

    async def promise(self, wanted: WantedFulfilment, lines: object) -> tuple[()]:
        return ()

    async def get(self, member_id: str) -> None:
        """Nobody was merged into them."""

    async def left(self, instrument: Instrument) -> int:
        return 0

    async def tablet(self) -> Any:
        return SimpleNamespace(store_id=named("store"))

    async def staff(self) -> list[StaffRow]:
        """A colleague who may buy at staff prices."""
        right = StaffPurchase(limit=10**9)
        return [StaffRow(id=COLLEAGUE, staff=Staff(name="-", staff_no="1", role="guide", purchase=right))]

    async def need(
        self, instrument: Instrument, amount: int, owner_id: str = "", back: Mapping[str, int] | None = None
    ) -> tuple[Spending, ...]:
        """A lease of each value, called as this is."""
        return (Spending(lease_id=instrument.id, amount=amount),)

    async def next(self) -> str:
        return "101AB7K00001"

    async def commit(self, guide_id: str, *drafts: Draft, forget: str = "") -> Change:
        (draft,) = drafts
        again = operations.read(draft.kind, OrderPlace.version, operations.write(draft.body))
        assert isinstance(again, Place)
        self.placed.append(again)
        return Change()


def _moved(promotion: Any) -> Any:
    """The promotion with UUIDs for products."""
    told = msgspec.json.encode(promotion).decode()
    for key in PRODUCTS:
        told = told.replace(f'"{key}"', f'"{named(key)}"')
    return msgspec.json.decode(told, type=type(promotion))


def tapped(drawn: Asked, order: Collection[int]) -> Basket:
    """The drawn basket as a guide tapped it together, one line a product, in this order."""
    once = {line.product_id: line for line in drawn.lines if line.qty}
    products = sorted(once)
    lines = tuple(
        BasketLine(line_id=named(f"l{key}"), product_id=named(key), qty=once[key].qty, unit_price=once[key].price)
        for key in (products[n] for n in order if n < len(products))
    )
    kept = {line.line_id: named(f"l{line.product_id}") for line in drawn.lines}
    return Basket(
        order_id=named("order"), guide_id=named("guide"), lines=lines, points=drawn.points, member_id=named("member"),
        coupons=tuple(
            ChosenCoupon(coupon_id=named(one.coupon_id), promotion_id=named(one.promotion_id)) for one in drawn.coupons
        ),
        manual=tuple(msgspec.structs.replace(one, line_id=kept.get(one.line_id, "")) for one in drawn.manual),
    )  # fmt: skip


def for_a_colleague(basket: Basket) -> Basket:
    """The same basket, bought by a colleague: no member's coupons and points."""
    return msgspec.structs.replace(basket, points=0, coupons=()).for_staff(COLLEAGUE)


def placed(drawn: Asked, basket: Basket) -> Place:
    """What the tablet places."""
    shop: Any = Shop(drawn)

    async def work() -> None:
        desk = PriceDesk(shop)
        quote = await desk.quote(basket)
        told = msgspec.structs.replace(basket, told=quote.priced)
        value, charging = ValueDesk(desk, shop, shop, shop), ChargeDesk(shop, shop, shop)
        await Till(shop, desk, shop, shop, shop, shop, shop, shop, value, charging).place(told)

    asyncio.run(work())
    (body,) = shop.placed
    return body  # type: ignore[no-any-return]  # of a stand-in


def taken_by_hq(body: Place) -> Order:
    """The order as it stands at HQ; HQ's check takes it."""
    context = Context(
        op_id=named("op"), store_id=named("store"), guide_id=named("guide"), made_at="2026-11-22T07:30:00.000Z",
        now="2026-11-22T07:30:01.000Z", currency="CNY",
    )  # fmt: skip
    state = Snapshot(dict.fromkeys(OrderPlace().touches(body)))
    assert OrderPlace().check(body, state, context) is None
    effect: Effect = OrderPlace().effect(body, state, context)
    made = effect.changes[Ref("order", body.order_id)]
    assert isinstance(made, Order)
    return made


def drawn_cards(drawn: Asked, product_id: str) -> bool:
    """Whether the drawn product is a gift card."""
    return any(named(line.product_id) == product_id and line.gift_card for line in drawn.lines)


@given(baskets(least_lines=1), st.booleans())
def test_hq_takes_the_order_and_prices_it_again_to_the_same_cent(drawn: Asked, staff: bool) -> None:
    basket = tapped(drawn, range(len(PRODUCTS)))
    if not basket.lines:
        return
    body = placed(drawn, for_a_colleague(basket) if staff else basket)
    order = taken_by_hq(body)
    limit = [one.amount for one in body.spends] if staff else []
    counts = sum(line.amount for line in order.lines if not drawn_cards(drawn, line.product_id))
    assert (sum(limit), spending.counts(order)) == (counts if staff else 0, counts)
    assert order.staff_id == (COLLEAGUE if staff else "")
    assert order.totals.total == sum(line.amount for line in order.lines)
    assert order.totals.discounts == sum(one.amount for line in order.lines for one in line.discounts)
    goods = {named(key): goods_of(key) for key in PRODUCTS}
    promotions = {named(key): _moved(one) for key, one in drawn.promotions.items()}
    again = price(basket_of(order, goods, promotions, drawn.at))
    assert {line.line_id: line.amount for line in again.lines} == {line.line_id: line.amount for line in order.lines}


@given(baskets(least_lines=1))
def test_what_is_spent_of_leases_is_what_pays_of_the_order_and_every_cent_of_it_has_its_reason(drawn: Asked) -> None:
    basket = tapped(drawn, range(len(PRODUCTS)))
    if not basket.lines:
        return
    body = placed(drawn, basket)
    assert body.priced_by is not None
    points = points_instrument(basket.member_id).id
    spent = {one.lease_id: one.amount for one in body.spends}
    assert len(spent) == len(body.spends)
    assert spent.pop(points, 0) == body.priced_by.points
    assert spent == dict.fromkeys((one.coupon_id for one in body.priced_by.coupons), 1)
    taken = Counter[tuple[str, str]]()
    for line in body.lines:
        for one in line.discounts:
            taken[one.kind, one.source_id] += one.amount
    assert {source for (kind, source), off in taken.items() if kind == "coupon" and off} == set(spent)
    paid_by_points = sum(off for (kind, _), off in taken.items() if kind == "points")
    assert (paid_by_points > 0) == (body.priced_by.points > 0)


@given(baskets(least_lines=1), st.randoms(use_true_random=False))
def test_the_order_of_taps_changes_nothing(drawn: Asked, random: Random) -> None:
    first = tapped(drawn, range(len(PRODUCTS)))
    if not first.lines:
        return
    shuffled = random.sample(range(len(PRODUCTS)), len(PRODUCTS))
    one, other = placed(drawn, first), placed(drawn, tapped(drawn, shuffled))
    assert one.totals == other.totals
    by_id = [{line.line_id: line for line in body.lines} for body in (one, other)]
    assert by_id[0] == by_id[1]
