"""Promotions from the console to the till and back: a real tablet and a real HQ come to the same cent."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import psycopg
import pytest
import pytest_asyncio

from guide_app.domain.records import Audience, Names, Promotion, Selection
from guide_app.services.baskets import Basket
from guide_app.services.members import SignUpForm
from guide_app.services.selling import Placed
from tests import shop
from tests.hq_server import serving
from tests.ops import new_id, new_phone
from tests.proxy import between
from tests.tablets import Tablet, running

pytestmark = pytest.mark.asyncio
ORDER = "SELECT state, total, variance, variances FROM shop_order WHERE id = %s"
CODE = "SELECT status, code FROM op_log WHERE kind = 'order.place' ORDER BY received_at DESC LIMIT 1"


class World:
    """A shop with one tablet on which its guide serves."""

    def __init__(self, database: str, chain: shop.Chain, store: shop.Shop, tablet: Tablet) -> None:
        self.database, self.chain, self.store, self.tablet = database, chain, store, tablet
        self.do = tablet.container.do

    async def promoted(self, kind: str, **terms: Any) -> str:
        """HQ's people publish a promotion, and the tablet has it."""
        from hq.promotions import services
        from hq.protocol import scopes

        says = Promotion(names=Names(en=kind, zh="促销"), kind=kind, **terms)
        made = await asyncio.to_thread(lambda: services.save_promotion(says, scope=scopes.of_chain(), by="hq"))
        await self.tablet.in_step()
        return made

    async def ended(self, promotion_id: str) -> None:
        from hq.promotions import services

        await asyncio.to_thread(services.end_promotion, promotion_id, "hq")

    async def member(self) -> str:
        form = SignUpForm(member_id=new_id(), phone=new_phone(), name="陈静", consents={"terms": True})
        return await self.do.members.sign_up(form)

    async def basket(self, *pieces: int, **more: Any) -> Basket:
        """So many pieces of each product, at the price that is told."""
        basket = msgspec.structs.replace(await self.do.till.baskets.empty(), **more)
        for product, count in zip(self.chain.product_ids, pieces, strict=False):
            basket = await self.do.till.add(basket, product, count) if count else basket
        return (await self.do.till.told(basket))[0]

    async def at_hq(self, placed: Placed) -> tuple[str, int, int, list[dict[str, Any]], str]:
        """State, total, variance and its causes, and the code of the operation, once HQ has it."""
        await self.tablet.in_step()
        with psycopg.connect(self.database) as connection:
            (row,) = connection.execute(ORDER, (placed.order_id,)).fetchall()
            (said,) = connection.execute(CODE).fetchall()
        assert said[0] == "applied"
        state, total, variance, causes = row
        return state, total, variance, causes or [], said[1]


@pytest_asyncio.fixture
async def world(hq_database: str, tmp_path: Path) -> AsyncIterator[World]:
    chain = await asyncio.to_thread(shop.make_chain)
    store = await asyncio.to_thread(shop.make_shop, chain)
    with serving() as url:
        async with between(url) as proxy, running(tmp_path / "tablet", store.guide_id, proxy) as tablet:
            await tablet.enrol(await asyncio.to_thread(shop.new_code, store))
            assert (await tablet.container.do.session.sign_in(store.guide_id, shop.PIN)).ok
            yield World(hq_database, chain, store, tablet)


async def test_a_promotion_of_hq_prices_on_the_tablet_and_the_variance_is_nothing(world: World) -> None:
    milk, wipes, _ = world.chain.product_ids
    await world.promoted("buy_get", buy=2, get=1, percent=10_000, goods=Selection(products=(wipes,)))
    await world.promoted("member_price", percent=1000, audience=Audience(members=True))
    await world.promoted("amount", amount=500, min_amount=5_000, reach="order", stacks=True)
    basket = await world.basket(1, 3, member_id=await world.member())
    assert basket.total == 4_491 + 2 * 1_125 - 500
    placed = await world.do.till.place(basket)
    assert await world.at_hq(placed) == ("accepted", basket.total, 0, [], "")
    known = await world.tablet.container.read.orders.get(placed.order_id)
    assert known is not None
    assert (known.order.state, known.order.priced_by is not None) == ("accepted", True)
    assert {one.kind for line in known.order.lines for one in line.discounts} == {"buy_get", "member_price", "amount"}
    assert milk in {line.product_id for line in known.order.lines}


async def test_a_price_promised_while_hq_was_not_to_be_reached_is_kept_and_its_cause_named(world: World) -> None:
    tenth = await world.promoted("percentage", percent=1000)
    await world.ended(tenth)
    basket = await world.basket(1)
    state, total, variance, causes, code = await world.at_hq(await world.do.till.place(basket))
    assert (state, total, variance, code) == ("accepted", 4_491, -499, "variance")
    assert [(one["cause"], one["amount"], one["id"]) for one in causes] == [("ended", -499, tenth)]


async def test_a_manager_who_moved_on_since_had_allowed_it_nobody_else_had(world: World) -> None:
    from hq.staff.models import Staff
    from hq.staff.services import save

    def demote() -> None:
        person = Staff.objects.get(id=world.store.manager_id)
        person.role = "guide"
        save(person)

    basket = await world.basket(1)
    by_hand = world.do.by_hand
    assert (await world.do.session.approve(world.store.manager_id, shop.PIN)).ok
    tried = await by_hand.tried(basket, by_hand.made("", percent=2_000, label="Damaged"))
    assert tried.needs
    allowed = await by_hand.allowed(tried, world.store.manager_id)
    told, _ = await world.do.till.told(allowed.basket)
    placed = await world.do.till.place(told)
    await asyncio.to_thread(demote)
    assert await world.at_hq(placed) == ("accepted", 3_992, 0, [], "")
    forged = msgspec.structs.replace(told, order_id=new_id())
    placed = await world.do.till.place(forged)
    state, total, variance, causes, code = await world.at_hq(placed)
    assert (state, total, variance, code) == ("accepted", 3_992, -998, "approval_missing")
    assert [one["cause"] for one in causes] == ["approval_missing"]
