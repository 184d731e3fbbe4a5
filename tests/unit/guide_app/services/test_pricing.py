"""A basket priced by what is in force in the shop, told, and placed at exactly that price."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from guide_app.domain.errors import Refused
from guide_app.domain.pricing import Manual
from guide_app.domain.records import Audience, Names, Order, Price, Promotion, Rounding, Selection, Settings
from guide_app.operations.returns import LineBack
from guide_app.services.baskets import Basket
from guide_app.services.pricing import Alone
from tests.unit.guide_app.services.kit import Counter, signed_up
from tests.unit.guide_app.services.test_selling import filled, order
from tests.unit.local_store.fake_hq import uuid
from tests.unit.local_store.kit import LIST, PRODUCTS

pytestmark = pytest.mark.asyncio
replace = msgspec.structs.replace
BEFORE = "2026-11-01T00:00:00.000Z"


async def promoted(counter: Counter, kind: str = "percentage", **more: Any) -> str:
    """HQ publishes a promotion that is current."""
    promotion_id = uuid()
    said: dict[str, Any] = {"names": Names(en=kind.title(), zh="促销"), "since": BEFORE, "percent": 1000, **more}
    counter.bench.hq.publish("promotion", promotion_id, Promotion(of=promotion_id, kind=kind, **said))
    await counter.bench.drain()
    return promotion_id


async def over(counter: Counter, promotion_id: str) -> None:
    """HQ ends it."""
    row = (await counter.bench.store.promotions.facts([])).promotions[promotion_id]
    now = (await counter.bench.store.promotions.facts([])).at
    counter.bench.hq.publish("promotion", promotion_id, replace(row, until_moment=now))
    await counter.bench.drain()


async def told(counter: Counter, basket: Basket) -> Basket:
    return (await counter.till.told(basket))[0]


async def placed(counter: Counter, basket: Basket) -> Order:
    return (await order(counter, (await counter.till.place(basket)).order_id)).order


async def test_a_basket_costs_what_the_promotions_say_and_is_placed_so(counter: Counter) -> None:
    tenth = await promoted(counter, goods=Selection(products=(PRODUCTS[0],)))
    basket = await told(counter, await filled(counter))
    assert (basket.total, await counter.baskets.mine()) == (3800, basket)
    made = await placed(counter, basket)
    first, second = made.lines
    assert [(one.kind, one.amount, one.source_id, one.promotion_id, one.version, one.step, one.names.zh)
            for one in first.discounts] == [("percentage", 200, tenth, tenth, 1, 3, "促销")]  # fmt: skip
    assert (first.unit_price, first.amount, second.discounts, second.amount) == (1000, 1800, (), 2000)
    assert (made.totals.lines, made.totals.discounts, made.totals.total) == (4000, 200, 3800)
    assert made.payment_intent is not None
    assert (made.payment_intent.amount, made.priced_by is not None) == (3800, True)


async def test_a_gift_card_costs_its_price_whatever_is_in_force_and_its_return_gives_just_that(
    counter: Counter,
) -> None:
    card = counter.bench.hq.record("product", PRODUCTS[1])
    counter.bench.hq.publish("product", PRODUCTS[1], replace(card, gift_card=True))
    await promoted(counter)
    boxes = replace((await filled(counter)), manual=(Manual(manual_id=uuid(), percent=500, label="Dented"),))
    made = await counter.till.place(await told(counter, boxes))
    going = await counter.returns.begin(made.order_id)
    assert going is not None
    tea, sold = going.order.lines
    assert (tea.amount, sold.amount, sold.discounts) == (1710, 2000, ())
    back = counter.returns.worth(going, [LineBack(line_id=sold.line_id, qty=1, reason="other", sellable=True)])
    assert (back.back.money, back.forgone) == (2000, ())


async def test_members_have_prices_of_their_own_and_the_order_keeps_only_for_which_they_were(counter: Counter) -> None:
    mine = await promoted(counter, "member_price", percent=500)
    gold = await promoted(counter, audience=Audience(levels=("gold",)))
    member_id = await signed_up(counter)
    basket = await filled(counter)
    assert (await told(counter, basket)).total == 4000
    basket = await told(counter, replace(basket, member_id=member_id))
    assert basket.total == 3800
    made = await placed(counter, basket)
    assert made.priced_by is not None
    assert (made.priced_by.audience, gold in made.priced_by.audience) == ((mine,), False)


async def test_a_price_that_changed_since_it_was_told_is_not_placed(counter: Counter) -> None:
    promotion = await promoted(counter)
    basket = await told(counter, await filled(counter))
    await over(counter, promotion)
    with pytest.raises(Refused, match="price_changed"):
        await counter.till.place(basket)
    assert (await counter.baskets.mine(), counter.outbox()) == (basket, [])
    assert (await placed(counter, await told(counter, basket))).totals.total == 4000


async def test_a_new_version_that_comes_to_the_same_is_no_change(counter: Counter) -> None:
    promotion = await promoted(counter)
    basket = await told(counter, await filled(counter))
    await over(counter, promotion)
    again = await promoted(counter, since=(await counter.bench.store.promotions.facts([])).at)
    assert {one.promotion_id for line in (await placed(counter, basket)).lines for one in line.discounts} == {again}


async def test_a_changed_list_price_is_asked_about_too(counter: Counter) -> None:
    basket = await told(counter, await filled(counter))
    counter.bench.hq.publish("price", uuid(), Price(list=LIST, product=PRODUCTS[2], amount=1))
    await counter.bench.drain()
    price_id = next(ref.id for (_, ref), row in counter.bench.hq.rows.items()
                    if ref.entity == "price" and b'"amount":1000' in bytes(row.d))  # fmt: skip
    counter.bench.hq.publish("price", price_id, Price(list=LIST, product=PRODUCTS[0], amount=1200))
    await counter.bench.drain()
    with pytest.raises(Refused, match="price_changed"):
        await counter.till.place(basket)
    basket = await told(counter, basket)
    assert (basket.total, (await placed(counter, basket)).lines[0].unit_price) == (4400, 1200)


async def test_a_product_that_left_the_list_keeps_its_price(counter: Counter) -> None:
    basket = await told(counter, await filled(counter))
    for (_, ref), row in list(counter.bench.hq.rows.items()):
        if ref.entity == "price" and b'"amount":1000' in bytes(row.d):
            counter.bench.hq.publish("price", ref.id, None, "gone")
    await counter.bench.drain()
    assert (await placed(counter, basket)).totals.total == 4000


async def test_what_the_guide_changed_is_told_from_what_hq_changed(counter: Counter) -> None:
    prices = counter.prices
    promotion = await promoted(counter)
    basket = await filled(counter)
    first = await prices.quote(basket)
    more = await counter.till.add(basket, PRODUCTS[2])
    assert await prices.since(first, await prices.quote(more)) is None
    await over(counter, promotion)
    now = await prices.since(first, await prices.quote(more))
    assert now is not None
    assert (now.total, len(now.lines)) == (4000, 2)
    unchanged = await prices.quote(basket)
    assert await prices.since(first, unchanged) == unchanged.priced


async def test_the_hour_alone_changes_a_price(counter: Counter) -> None:
    await promoted(counter, until_time="19:00")  # the shop's clock says 18:00
    basket = await told(counter, await filled(counter))
    first = await counter.prices.quote(basket)
    counter.bench.clock.advance(1800)
    assert await counter.prices.since(first, await counter.prices.quote(basket)) is None
    counter.bench.clock.advance(1800)
    now = await counter.prices.since(first, await counter.prices.quote(basket))
    assert (basket.total, now and now.total) == (3600, 4000)
    with pytest.raises(Refused, match="price_changed"):
        await counter.till.place(basket)


async def test_the_chains_rounding_holds(counter: Counter) -> None:
    (row_id,) = (ref.id for _, ref in counter.bench.hq.rows if ref.entity == "settings")
    counter.bench.hq.publish("settings", row_id, Settings(rounding=Rounding(unit=100)))
    await promoted(counter, percent=333)
    made = await placed(counter, await told(counter, await filled(counter)))
    assert (made.totals.total, made.priced_by and made.priced_by.rounding.unit) == (3800, 100)


async def test_the_catalogue_shows_what_this_member_would_pay(counter: Counter) -> None:
    await promoted(counter, "member_price", percent=500, goods=Selection(products=(PRODUCTS[1],)))
    unlisted, member_id = uuid(), await signed_up(counter)
    ids = [*PRODUCTS[:2], unlisted]
    assert await counter.prices.alone(ids) == {
        PRODUCTS[0]: Alone(listed=1000, pays=1000), PRODUCTS[1]: Alone(listed=2000, pays=2000),
    }  # fmt: skip
    assert (await counter.prices.alone(ids, member_id))[PRODUCTS[1]] == Alone(listed=2000, pays=1900)


async def test_many_promotions_are_priced_beside_the_screen(counter: Counter) -> None:
    for _ in range(3):
        await promoted(counter, names=Names(en="Tenth"), goods=Selection(products=(PRODUCTS[0],)))
    basket = await filled(counter)
    beside = replace(basket, lines=tuple(replace(line, line_id=uuid()) for line in basket.lines * 40))
    quote = await counter.prices.quote(beside)
    assert (len(quote.asked.lines) * len(quote.asked.promotions), quote.priced.total) == (240, 40 * 3800)


async def test_what_is_taken_off_a_line_goes_with_the_line(counter: Counter) -> None:
    basket = await filled(counter)
    basket = replace(basket, manual=(Manual(manual_id=uuid(), line_id=basket.lines[0].line_id, amount=1, label="x"),))
    basket = await counter.till.add(basket, PRODUCTS[1])
    assert len(basket.manual) == 1
    assert (await counter.till.set_qty(basket, PRODUCTS[0], 0)).manual == ()
