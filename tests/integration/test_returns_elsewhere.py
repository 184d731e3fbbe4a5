"""Goods that another shop sold come back: a real HQ, tablets of several shops, real files and real HTTP."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from guide_app.domain import returns, shares
from guide_app.domain.dayclose import Span, figures
from guide_app.domain.records import Names
from guide_app.operations.returns import LineBack
from guide_app.services.returning import Returned
from tests import shop
from tests.integration.feed_check import assert_feed_equals_tables
from tests.integration.test_stores_real import in_shop, other, stands_here, swept
from tests.integration.test_sync_real import World, order, sign_up, world
from tests.integration.test_value_real import Till, furnished
from tests.ops import new_id
from tests.tablets import Tablet

__all__ = ["other", "world"]
pytestmark = pytest.mark.asyncio
CARD = 3_000
"""On the gift card, minor units."""


async def taken(tablet: Tablet, order_id: str, qty: int = 1) -> Returned:
    """So many pieces of the order's first line come back on this tablet."""
    going = await tablet.container.do.returns.begin(order_id)
    assert going is not None
    line = going.order.lines[0]
    return await tablet.container.do.returns.take_back(
        going, [LineBack(line_id=line.line_id, qty=qty, reason="changed_mind")]
    )


async def copied(tablet: Tablet, number: str, order_id: str) -> None:
    """The receipt of another shop is scanned on this tablet."""
    assert (await tablet.container.do.missing.seek(number)).state == "coming"

    async def there() -> bool:
        tablet.container.sync.nudge()
        return await tablet.container.read.orders.get(order_id) is not None

    await tablet.until(there, "the copy")


async def sold(world: World, home: Tablet, member_id: str | None = None) -> tuple[str, str]:
    """An order of the first shop, paid in cash: its id and number."""
    made = await order(world, home, member_id)
    row = await home.container.read.orders.get(made.id)
    assert row is not None
    await home.container.do.payments.take(made.id, "cash", row.order.totals.total)
    await home.in_step()
    row = await home.container.read.orders.get(made.id)
    assert row is not None
    return made.id, row.order.number


def day_of(store: shop.Shop) -> int:
    """What HQ's day of the store gave back in cash, in minor units."""
    from hq.days import services
    from hq.stores.models import Store

    at = Store.objects.get(id=store.store_id)
    told = services.shop_day(at, datetime.now(ZoneInfo(at.time_zone)).date())
    cash = told.figures.methods.get("cash")
    assert told.figures.returns.amount == (cash.given_back.amount if cash else 0)
    return cash.given_back.amount if cash else 0


async def here(tablet: Tablet) -> int:
    """The same as the tablet has it."""
    days = tablet.container.do.days
    cash = (await days.view((await days.today()).isoformat(), mine=False)).figures.methods.get("cash")
    return cash.given_back.amount if cash else 0


async def test_goods_of_another_shop_s_order_come_back_here(world: World, other: shop.Shop) -> None:
    home, far = await world.tablet("home"), await in_shop(world, "far", other)
    await stands_here(home, world.store.guide_id)
    await stands_here(far, other.guide_id)
    member = await sign_up(world, home, "+8613912345678", "陈静怡")
    order_id, number = await sold(world, home, member.id)
    far.proxy.down = True
    assert (await far.container.do.missing.seek(number)).state == "waits"
    far.proxy.down = False
    (found,) = await far.container.do.missing.seek_again()
    assert (found.state, found.store.zh) == ("coming", "0号店")
    await far.in_step()
    (kept,) = await far.container.do.missing.all()
    assert kept.state == "here"
    text = world.sql("SELECT record FROM order_copy")[0][0]
    for word in (member.id, "+8613912345678", "陈静怡"):
        assert word not in text
    far.proxy.down = True
    done = await taken(far, order_id)
    assert await far.container.do.missing.all() == [], "it is finished"
    gave = await here(far)
    assert gave == done.money > 0, "this shop's till gave it, and its close says so with no network"
    far.proxy.down = False
    await far.in_step()
    await swept()
    for tablet in (far, home):
        await tablet.in_step()
    row = await home.container.read.orders.get(order_id)
    assert row is not None
    (made,) = row.order.returns
    assert (made.store_id, made.risk, made.variance) == (other.store_id, 0, 0)
    assert made.store.en
    assert returns.held(row.order) == row.order.totals.total - done.money
    assert (await here(home), await here(far)) == (0, done.money)
    assert [await asyncio.to_thread(day_of, store) for store in (world.store, other)] == [0, done.money]
    spent = world.sql("SELECT spent FROM member WHERE id = %s", member.id)
    assert spent == [(row.order.totals.total - done.money,)]
    await far.container.do.returns.undo(done)
    await far.in_step()
    await swept()
    await home.in_step()
    row = await home.container.read.orders.get(order_id)
    assert row is not None
    assert returns.held(row.order) == row.order.totals.total
    await world.assert_all_agree(home)
    await asyncio.to_thread(assert_feed_equals_tables)


async def test_two_shops_return_one_order_offline_and_one_of_them_hears_of_the_other(
    world: World, other: shop.Shop
) -> None:
    home, far = await world.tablet("home"), await in_shop(world, "far", other)
    await stands_here(home, world.store.guide_id)
    await stands_here(far, other.guide_id)
    order_id, number = await sold(world, home)
    await copied(far, number, order_id)
    row = await far.container.read.orders.get(order_id)
    assert row is not None
    qty = row.order.lines[0].qty
    for tablet in (home, far):
        tablet.proxy.down = True
    await taken(home, order_id, qty)
    promised = await taken(far, order_id, qty)
    home.proxy.down = False
    await home.in_step()
    far.proxy.down = False
    await far.in_step()
    await swept()
    await far.in_step()

    async def told() -> bool:
        far.container.sync.nudge()
        return await far.container.read.outbox.attention_count() == 1

    await far.until(told, "the news")
    (news,) = await far.container.read.outbox.attention()
    assert (news.kind, news.order_number, news.amount) == ("return_too_many", number, promised.money)
    assert news.store.zh == "0号店", "where they were taken back"
    pieces = world.sql("SELECT returns FROM shop_order")[0][0]
    assert sum(line.get("qty", 0) for one in pieces for line in one["lines"]) == qty
    await far.container.do.attention.undo_return(news)
    await far.in_step()
    await swept()
    await far.in_step()
    assert await far.container.read.outbox.attention() == []
    await asyncio.to_thread(assert_feed_equals_tables)


async def test_a_copy_goes_with_its_time_and_nothing_of_an_erased_customer_was_ever_in_it(
    world: World, other: shop.Shop
) -> None:
    from django.utils import timezone

    from hq.history import services
    from hq.sync_api import visits

    home, far = await world.tablet("home"), await in_shop(world, "far", other)
    await stands_here(home, world.store.guide_id)
    member = await sign_up(world, home, "+8613912345678", "陈静怡")
    order_id, number = await sold(world, home, member.id)
    await copied(far, number, order_id)
    await asyncio.to_thread(services.erase, member.id, timezone.now())
    await swept()
    await far.in_step()
    row = await far.container.read.orders.get(order_id)
    assert row is not None
    assert (row.order.member_id, row.order.note, row.order.fulfilment.to) == ("", "", None)
    (text,) = world.sql("SELECT record FROM order_copy")[0]
    assert member.id not in text
    assert await asyncio.to_thread(visits.expire_until, timezone.now() + timedelta(days=29)) == 0
    assert await asyncio.to_thread(visits.expire_until, timezone.now() + timedelta(days=31)) == 1
    await far.in_step()
    assert await far.container.read.orders.get(order_id) is None
    await asyncio.to_thread(assert_feed_equals_tables)


def valued(store: shop.Shop) -> str:
    """A member with a coupon, 500 points and 30.00 on a gift card, in a chain where every 10.00 earns a point."""
    from hq.leases import services
    from hq.policies.models import ScopeSettings
    from hq.policies.services import save_settings
    from hq.protocol import scopes
    from hq.sync_api.wallets import publish_changed

    who = furnished(store)
    card = services.name_of("card", store.store_id, who)
    services.put(store.store_id, card, who, CARD, services.Face(Names(en="Gift card", zh="礼品卡"), "0417"))
    scope = scopes.of_chain()
    known = ScopeSettings.objects.filter(scope=scope).values_list("id", flat=True).first()
    values = {"points": {"earnings": [{"amount": 1_000}]}}
    save_settings(ScopeSettings(id=known or new_id(), scope=scope, values=values))
    publish_changed()
    return who


async def sold_for_value(home: Tablet, who: str, other_guide: str) -> tuple[str, str, int]:
    """Two packs for a coupon, 300 points, 30.00 of a card and cash, half of it a colleague's sale: the order's id, its
    number and what it came to."""
    till = Till(home, who)
    basket = await till.basket(coupon=True, points=300)
    basket = await till.do.till.set_qty(basket, basket.lines[0].product_id, 2)
    basket = basket.shared(shares.evenly([basket.guide_id, other_guide]))
    placed = await till.do.till.place((await till.do.till.told(basket))[0])
    view = await home.container.read.members.get(who)
    assert view is not None
    assert view.wallet is not None
    (card,) = view.wallet.cards
    await home.in_step()
    await till.do.payments.take_from(placed.order_id, card, CARD)
    await till.do.payments.take(placed.order_id, "cash", placed.total - CARD)
    await home.in_step()
    row = await home.container.read.orders.get(placed.order_id)
    assert row is not None
    return placed.order_id, row.order.number, placed.total


def worth(world: World, who: str) -> dict[str, int]:
    """What the member has in HQ's books, by kind, leases that tablets hold counted in."""
    rows = world.sql(
        "SELECT i.kind, i.balance - i.owed - coalesce(sum(l.spent), 0) FROM instrument i"
        " LEFT JOIN lease l ON l.instrument_id = i.id WHERE i.owner_id = %s GROUP BY i.id", who,
    )  # fmt: skip
    return {kind: int(left) for kind, left in rows}


def returned_by(store: shop.Shop, guide_id: str) -> int:
    """What came back of a guide's sales today, by HQ's figures of the store."""
    from hq.days import services
    from hq.stores.models import Store

    zone = Store.objects.get(id=store.store_id).time_zone
    span = Span.of(datetime.now(ZoneInfo(zone)).date().isoformat(), zone)
    found = services.sales(Store.objects.get(id=store.store_id), span)
    return figures(found, span, guide_id).returns.amount


async def test_points_coupon_gift_card_and_shares_of_goods_that_come_back_elsewhere_are_as_at_home(
    world: World, other: shop.Shop
) -> None:
    who = await asyncio.to_thread(valued, world.store)
    home, far = await world.tablet("home"), await in_shop(world, "far", other)
    await stands_here(home, world.store.guide_id)
    await stands_here(far, other.guide_id)
    await home.in_step()
    helper = new_id()
    order_id, number, total = await sold_for_value(home, who, helper)
    before = {"points": 500, "coupon": 1, "card": CARD}
    earned = total // 1_000
    await swept()
    assert worth(world, who) == {"points": 200 + earned, "coupon": 0, "card": 0}
    await copied(far, number, order_id)
    far.proxy.down = True
    one = await taken(far, order_id)
    row = await far.container.read.orders.get(order_id)
    assert row is not None
    assert "gift_card" in {leg.method for leg in row.order.payments if leg.kind == "refunded"}
    far.proxy.down = False
    await far.in_step()
    await swept()
    row = await home.container.read.orders.get(order_id)
    stays = (total - one.money) // 1_000
    now = worth(world, who)
    assert now["points"] == 200 + stays
    assert now["card"] == min(CARD, one.money)
    rest = await taken(far, order_id)
    await far.in_step()
    await swept()
    assert worth(world, who) == before, "everything that was used is theirs again, and nothing was earned"
    assert one.money + rest.money == total
    for tablet in (far, home):
        await tablet.in_step()
    row = await home.container.read.orders.get(order_id)
    assert row is not None
    assert [(back.store_id, back.variance, back.risk) for back in row.order.returns] == [(other.store_id, 0, 0)] * 2
    parts = [await asyncio.to_thread(returned_by, world.store, one) for one in (world.store.guide_id, helper)]
    assert (sum(parts), abs(parts[0] - parts[1]) <= 2) == (total, True)
    assert await asyncio.to_thread(returned_by, other, other.guide_id) == 0, "who takes goods in has sold nothing"
    assert await asyncio.to_thread(returned_by, other, "") == total
    for done in (rest, one):
        await far.container.do.returns.undo(done)
    await far.in_step()
    await swept()
    await home.in_step()
    assert worth(world, who) == {"points": 200 + earned, "coupon": 0, "card": 0}
    await world.assert_all_agree(home)
    await asyncio.to_thread(assert_feed_equals_tables)
