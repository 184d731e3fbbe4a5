"""What prices are made by: promotions of this moment, goods with all their categories, the member's marks."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from guide_app.domain.clock import to_text
from guide_app.domain.records import Category, Names, PriceList, Product, Promotion, TagRule
from guide_app.services.ports.pricing import PriceFacts
from tests.unit.local_store.fake_hq import uuid
from tests.unit.local_store.kit import CATEGORY, LIST, PHONES, PRODUCTS, START, Bench, member, sign_up

pytestmark = pytest.mark.asyncio
NOW = to_text(START)
BEFORE = "2026-11-01T00:00:00.000Z"


async def promoted(bench: Bench, **more: Any) -> str:
    """HQ publishes a promotion that is current."""
    promotion_id = uuid()
    said: dict[str, Any] = {"names": Names(en="Tenth"), "kind": "percentage", "percent": 1000, "since": BEFORE, **more}
    bench.hq.publish("promotion", promotion_id, Promotion(of=promotion_id, **said))
    await bench.drain()
    return promotion_id


async def facts(bench: Bench, *products: str, member_id: str = "") -> PriceFacts:
    return await bench.store.promotions.facts(products, member_id)


async def test_promotions_are_those_current_now(bench: Bench) -> None:
    assert (await facts(bench)).promotions == {}
    current = await promoted(bench)
    ends = await promoted(bench, until_moment="2026-11-21T10:00:05.000Z")
    begins = await promoted(bench, since="2026-11-21T10:00:05.000Z")
    await promoted(bench, until_moment=NOW)
    assert (await facts(bench)).promotions.keys() == {current, ends}
    bench.clock.advance(5)
    assert (await facts(bench)).promotions.keys() == {current, begins}


async def test_a_changed_promotion_counts_at_once_and_an_unchanged_one_is_read_once(bench: Bench) -> None:
    first, second = await promoted(bench), await promoted(bench)
    before = (await facts(bench)).promotions
    bench.hq.publish("promotion", first, msgspec.structs.replace(before[first], until_moment=NOW))
    await bench.drain()
    after = (await facts(bench)).promotions
    assert after.keys() == {second}
    assert after[second] is before[second]


async def test_a_promotion_that_this_version_cannot_read_is_left_out(bench: Bench) -> None:
    bench.hq.publish_raw("promotion", uuid(), msgspec.Raw(b'{"names":{},"kind":7}'))
    known = await promoted(bench)
    assert (await facts(bench)).promotions.keys() == {known}


async def test_time_is_by_hqs_clock(bench: Bench) -> None:
    bench.slow = bench.slow + (START - START.replace(hour=9))  # HQ is an hour ahead
    await bench.drain()
    assert (await facts(bench)).at == "2026-11-21T11:00:00.000Z"


async def test_goods_have_their_price_every_category_above_them_and_whether_they_are_gift_cards(bench: Bench) -> None:
    top, below, circle = uuid(), uuid(), uuid()
    bench.hq.publish("category", top, Category(names=Names(en="All")))
    bench.hq.publish("category", CATEGORY, Category(names=Names(en="Baby"), parent_id=top))
    bench.hq.publish("category", below, Category(names=Names(en="Milk"), parent_id=CATEGORY))
    bench.hq.publish("category", circle, Category(names=Names(en="Round"), parent_id=circle))
    deep, round_, bare = uuid(), uuid(), uuid()
    for product, category in ((deep, below), (round_, circle), (bare, "")):
        bench.hq.publish("product", product, Product(
            names=Names(en="X"), sku="X", category_id=category, brand="B", gift_card=product == bare,
        ))  # fmt: skip
    await bench.drain()
    found = await facts(bench, PRODUCTS[0], deep, round_, bare, uuid())
    goods = found.goods
    assert found.listed == {PRODUCTS[0]: 1000}
    assert {row: one.categories for row, one in goods.items()} == {
        PRODUCTS[0]: (CATEGORY, top), deep: (below, CATEGORY, top), round_: (circle,), bare: (),
    }  # fmt: skip
    assert (goods[deep].brand, goods[PRODUCTS[0]].brand) == ("B", "Acme")
    assert [row for row, one in goods.items() if one.gift_card] == [bare]


async def test_prices_are_the_lists_in_force(bench: Bench) -> None:
    found = await facts(bench)
    assert found.prices is not None
    assert (found.prices.id, found.settings.guide_limit, found.time_zone) == (LIST, 500, "Asia/Shanghai")
    bench.hq.publish("price_list", LIST, PriceList(
        names=Names(en="Later"), version=2, currency="CNY", valid_from="2026-12-01T00:00:00.000Z",
    ))  # fmt: skip
    await bench.drain()
    later = await facts(bench, PRODUCTS[0])
    assert later.prices is None
    assert later.listed == {}
    assert set(later.goods) == {PRODUCTS[0]}


async def test_the_member_as_far_as_prices_ask(bench: Bench) -> None:
    member_id, merged = uuid(), uuid()
    bench.hq.publish(
        "tag_rule", uuid(), TagRule(names=Names(en="Known"), tag="regular", expression="orders.count >= 0")
    )
    joined = "2026-11-20T17:00:00.000Z"  # already the 21st in the shop
    known = msgspec.structs.replace(
        member(), level="gold", tags=("twins",), birthday="1990-04-12", joined_at=joined, phone=PHONES[1]
    )
    bench.hq.publish("member", member_id, known)
    await bench.drain()
    buyer = (await facts(bench, member_id=member_id)).buyer
    assert buyer is not None
    assert (buyer.level, buyer.birth_month, buyer.joined, set(buyer.tags)) == (
        "gold",
        4,
        "2026-11-21",
        {"twins", "regular"},
    )
    assert not buyer.staff
    await bench.do(sign_up(merged, PHONES[1]))
    await bench.drain()
    assert (await facts(bench, member_id=merged)).buyer == buyer
    assert (await facts(bench, member_id=uuid())).buyer is None


async def test_a_member_of_whom_little_is_told(bench: Bench) -> None:
    member_id = uuid()
    bench.hq.publish("member", member_id, msgspec.structs.replace(member(), birthday="", joined_at="", level=""))
    await bench.drain()
    buyer = (await facts(bench, member_id=member_id)).buyer
    assert buyer is not None
    assert (buyer.level, buyer.tags, buyer.birth_month, buyer.joined) == ("", (), 0, "")


async def test_names_of_goods_that_promotions_name(bench: Bench) -> None:
    names = await bench.store.promotions.names([PRODUCTS[1], CATEGORY, uuid()])
    assert {row: one.zh for row, one in names.items()} == {PRODUCTS[1]: "湿巾", CATEGORY: "婴儿"}
