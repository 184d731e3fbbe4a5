"""One member's coupon and points on two real tablets of a real HQ: chosen, spent with no network, given back, once."""

from __future__ import annotations

import asyncio
from typing import Any

import msgspec
import pytest

from guide_app.domain.errors import NoNetwork, Refused
from guide_app.domain.records import Names, Promotion, Wallet
from guide_app.operations.returns import LineBack
from guide_app.services.baskets import Basket
from guide_app.services.selling import Placed
from guide_app.services.value import Purse, chosen_form, with_coupon
from tests.integration.test_hq_wallets import _member
from tests.integration.test_payments_tablets import stands_here
from tests.integration.test_sync_real import World, world
from tests.tablets import Tablet

__all__ = ["world"]
pytestmark = pytest.mark.asyncio
SPENT = "SELECT coalesce(sum(spent), 0)::int, coalesce(sum(overspent), 0)::int FROM lease WHERE instrument_kind = %s"
ORDER = "SELECT state, total, variance FROM shop_order WHERE id = %s"


def furnished(store: Any) -> str:
    """A member with a coupon of ¥10 and 500 points, of which 100 are worth ¥1."""
    from hq.leases import issuing, services
    from hq.promotions import services as promotions
    from hq.promotions.models import Promotion as Row
    from hq.protocol import scopes
    from hq.sync_api.wallets import publish_changed

    who = _member(store)
    told: dict[str, dict[str, Any]] = {
        "coupon": {"amount": 1_000, "min_amount": 3_000, "stacks": True}, "points": {"points": 100, "amount": 100},
    }  # fmt: skip
    for kind, terms in told.items():
        says = Promotion(names=Names(en=f"By {kind}", zh="优惠"), kind=kind, **terms)
        made = promotions.save_promotion(says, scope=scopes.of_chain(), by="hq")
        if kind == "coupon":
            assert issuing.issue(Row.objects.get(id=made), "all") == 1
    services.put(store.store_id, services.name_of("points", store.store_id, who), who, 500)
    publish_changed()
    return who


class Till:
    """A tablet of the shop, and what one member has on it."""

    def __init__(self, tablet: Tablet, who: str) -> None:
        self.tablet, self.who, self.do = tablet, who, tablet.container.do

    async def basket(self, coupon: bool = False, points: int = 0) -> Basket:
        """One pack for them, at the price that is told."""
        basket = msgspec.structs.replace(await self.do.till.baskets.empty(), member_id=self.who, points=points)
        (milk,) = await self.tablet.container.read.catalogue.search("婴儿奶粉", limit=1)
        basket = await self.do.till.add(basket, milk.id)
        if coupon:
            basket = with_coupon(basket, chosen_form((await self.look(basket)).coupons[0].coupon))
        return (await self.do.till.told(basket))[0]

    async def look(self, basket: Basket) -> Purse:
        return await self.do.value.look(basket)

    async def wallet(self) -> tuple[int, list[int]]:
        """Their points, and how often each coupon can be used."""
        view = await self.tablet.container.read.members.get(self.who)
        assert view is not None
        wallet = view.wallet or Wallet()
        return wallet.points, [one.uses for one in wallet.coupons]

    async def placed(self, **what: Any) -> Placed:
        return await self.do.till.place(await self.basket(**what))


async def two_tills(world: World) -> tuple[Till, Till]:
    who = await asyncio.to_thread(furnished, world.store)
    tills = [Till(await world.tablet(name), who) for name in ("one", "two")]
    for till in tills:
        await till.tablet.in_step()
        await stands_here(world, till.tablet)
    return tills[0], tills[1]


async def test_two_tablets_with_no_network_spend_what_each_has_leased_and_nothing_twice(world: World) -> None:
    one, two = await two_tills(world)
    purse = await one.look(await one.basket())
    assert (purse.have, purse.points.points, purse.best_saves) == (500, 500, 1_000)
    coupon = purse.coupons[0].coupon
    await one.do.value.take(coupon.id)
    await one.do.value.take_points(one.who, 300)
    with pytest.raises(Refused, match="coupon_elsewhere"):
        await two.do.value.take(coupon.id)
    with pytest.raises(Refused, match="points_elsewhere"):
        await two.do.value.take_points(two.who, 201)
    assert await two.do.value.points_here(two.who) == 200
    one.tablet.proxy.down = two.tablet.proxy.down = True
    first = await one.placed(coupon=True, points=300)
    second = await two.placed(points=200)
    assert (first.total, second.total) == (4_990 - 1_000 - 300, 4_990 - 200)
    assert (await one.wallet(), await two.wallet()) == ((200, [0]), (300, [1]))
    with pytest.raises(NoNetwork, match="points_offline"):
        await one.placed(points=1)
    with pytest.raises(NoNetwork, match="coupon_offline"):
        await two.placed(coupon=True)
    one.tablet.proxy.down = two.tablet.proxy.down = False
    await world.assert_all_agree(one.tablet, two.tablet)
    assert (await one.wallet(), await two.wallet()) == ((0, []), (0, []))
    assert [world.sql(ORDER, made.order_id) for made in (first, second)] == [
        [("accepted", first.total, 0)], [("accepted", second.total, 0)],
    ]  # fmt: skip
    assert [world.sql(SPENT, kind) for kind in ("coupon", "points")] == [[(1, 0)], [(500, 0)]]
    assert {(status, code) for kind, status, code in world.op_log() if kind == "order.place"} == {("applied", "")}


async def test_what_is_cancelled_or_comes_back_can_be_used_again_at_once_and_hq_says_the_same(world: World) -> None:
    one, two = await two_tills(world)
    placed = await one.placed(coupon=True, points=300)
    await one.tablet.in_step()
    assert await one.wallet() == (200, []), "the wallet comes with HQ's answer"
    one.tablet.proxy.down = True
    await one.do.till.cancel(placed.order_id, "other")
    assert await one.wallet() == (500, [1])
    again = await one.placed(coupon=True, points=300)
    assert (again.total, await one.wallet()) == (placed.total, (200, []))
    one.tablet.proxy.down = False
    await one.tablet.in_step()
    assert await one.wallet() == (200, [])
    await two.tablet.in_step()
    going = await two.do.returns.begin(again.order_id)
    assert going is not None
    (line,) = going.order.lines
    back = await two.do.returns.take_back(going, [LineBack(line_id=line.line_id, qty=1, reason="other")])
    assert (back.money, await two.wallet()) == (placed.total, (500, [1]))
    await world.assert_all_agree(two.tablet, one.tablet)
    assert (await one.wallet(), await two.wallet()) == ((500, [1]), (500, [1]))
    assert [world.sql(SPENT, kind) for kind in ("coupon", "points")] == [[(0, 0)], [(0, 0)]]
    assert all(code == "" for kind, _, code in world.op_log() if kind.startswith("order."))
