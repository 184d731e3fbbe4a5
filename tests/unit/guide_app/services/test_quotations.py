"""Quotations on a real store: made from a basket, found again, an order in one tap, priced anew after their time."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from guide_app.domain.errors import BadInput, Refused
from guide_app.domain.leases import stock_instrument
from guide_app.domain.records import Names, Order, Price, Promotion, Quotation, Settings
from guide_app.operations.orders import WantedFulfilment
from guide_app.operations.quotations import QuoteTake, TakeQuote
from guide_app.services.baskets import Basket
from guide_app.services.ports.orders import QuotationRow, QuotationStanding
from guide_app.services.ports.writing import Draft
from tests.unit.guide_app.services.kit import OTHER, SENT, Counter, signed_up
from tests.unit.local_store.fake_hq import uuid
from tests.unit.local_store.kit import GUIDE, LIST, PRODUCTS, place

pytestmark = pytest.mark.asyncio
PICKED_UP = WantedFulfilment(kind="pick_up", day="2026-11-25", to=SENT.to)
TODAY, LAST = "2026-11-21", "2026-12-05"


async def filled(counter: Counter, member_id: str = "", **more: object) -> Basket:
    basket = await counter.till.add(await counter.baskets.mine(), PRODUCTS[0], 2)
    changed = replace(basket, member_id=member_id, **more)
    await counter.baskets.keep(changed)
    return changed


async def quoted(counter: Counter, member_id: str = "", until: str = LAST, **more: object) -> QuotationRow:
    basket = await filled(counter, member_id, **more)
    told = await counter.quotations.worth(basket)
    made = await counter.quotations.make(basket, until, told)
    row = await counter.quotations.read.get(made.quotation_id)
    assert row is not None
    return row


def dearer(counter: Counter) -> None:
    """HQ raises the price of everything that the shop has."""
    for (row_id,) in counter.bench.sql("SELECT id FROM price WHERE product = ?", PRODUCTS[0]):
        counter.bench.hq.publish("price", row_id, Price(list=LIST, product=PRODUCTS[0], amount=1500))


async def test_it_keeps_what_the_basket_costs_and_the_basket_is_gone_with_it(counter: Counter) -> None:
    who = await signed_up(counter)
    row = await quoted(counter, who)
    assert (row.quotation.totals.total, row.quotation.valid_until, row.quotation.guide_id) == (2000, LAST, GUIDE)
    assert row.member is not None
    assert row.member.id == who
    assert row.waiting
    assert not (await counter.baskets.mine()).holds
    assert counter.outbox()[-1] == "quote.make"
    kept: Quotation = await counter.hq_has("quotation", row.id)
    assert kept.number == row.quotation.number


async def test_the_usual_time_is_hq_s_and_days_are_the_shop_s(counter: Counter) -> None:
    assert await counter.quotations.today() == TODAY
    assert await counter.quotations.last_day(await counter.quotations.usual_days()) == LAST
    counter.bench.hq.publish("settings", uuid(), Settings(quotation_days=3))
    await counter.bench.drain()
    assert await counter.quotations.usual_days() in (3, 14), "of two rows of one scope either may win"


async def test_in_time_one_tap_makes_it_an_order_at_the_promised_price(counter: Counter) -> None:
    row = await quoted(counter, await signed_up(counter))
    dearer(counter)
    await counter.bench.drain()
    done = await counter.quotations.order(row)
    assert done.total == 2000
    assert counter.outbox()[-2:] == ["order.place", "quote.take"]
    order: Order = await counter.hq_has("order", done.order_id)
    assert (order.totals.total, order.quotation_id, order.member_id) == (2000, row.id, row.quotation.member_id)
    again = await counter.quotations.read.get(row.id)
    assert again is not None
    assert (again.quotation.state, again.quotation.order_id) == ("ordered", done.order_id)
    with pytest.raises(Refused, match="quotation_ordered"):
        await counter.quotations.order(row)
    assert counter.outbox().count("order.place") == 1, "a second tap places nothing"


async def test_the_way_of_the_goods_is_kept_and_the_order_takes_it(counter: Counter) -> None:
    counter.lender.free[stock_instrument(counter.bench.hq.store_id, PRODUCTS[0]).id] = 2
    row = await quoted(counter, reach=PICKED_UP)
    assert row.quotation.fulfilment == PICKED_UP.stored
    assert counter.lender.asked == [], "a promise of prices puts no goods aside"
    kept: Quotation = await counter.hq_has("quotation", row.id)
    assert kept.fulfilment == PICKED_UP.stored
    done = await counter.quotations.order(row)
    order: Order = await counter.hq_has("order", done.order_id)
    assert (order.fulfilment, [one.amount for one in order.spends]) == (PICKED_UP.stored, [2])


async def test_a_way_that_is_no_longer_possible_places_nothing_and_another_one_does(counter: Counter) -> None:
    counter.lender.free[stock_instrument(counter.bench.hq.store_id, PRODUCTS[0]).id] = 1
    row = await quoted(counter, reach=PICKED_UP)
    with pytest.raises(Refused, match="promise_too_little"):
        await counter.quotations.order(row)
    late = await quoted(counter, reach=replace(PICKED_UP, day=TODAY))
    counter.bench.clock.advance(86_400)
    with pytest.raises(BadInput, match="day_past"):
        await counter.quotations.order(late)
    assert "order.place" not in counter.outbox()
    done = await counter.quotations.order(row, WantedFulfilment(kind="take_away"))
    order: Order = await counter.hq_has("order", done.order_id)
    assert (order.fulfilment.kind, order.totals.total, order.quotation_id) == ("take_away", 2000, row.id)


async def test_priced_anew_the_basket_has_its_way_too(counter: Counter) -> None:
    row = await quoted(counter, reach=PICKED_UP)
    assert (await counter.quotations.anew(row)).reach == PICKED_UP


async def test_after_its_time_it_is_priced_by_today_and_what_was_promised_is_told_beside_it(counter: Counter) -> None:
    row = await quoted(counter, until="2026-11-20")
    dearer(counter)
    await counter.bench.drain()
    with pytest.raises(Refused, match="quotation_ended"):
        await counter.quotations.order(row)
    basket = await counter.quotations.anew(row)
    assert basket.told is not None
    assert basket.told.total == 2000
    shown, _quote = await counter.till.told(basket)
    assert shown.total == 3000
    done = await counter.till.place(shown)
    taken = await counter.quotations.read.get(row.id)
    assert taken is not None
    assert (done.total, taken.quotation.order_id) == (3000, done.order_id)


async def test_another_tablet_was_first_and_the_sale_goes_on_without_the_quotation(counter: Counter) -> None:
    row = await quoted(counter)
    basket, _ = await counter.till.told(await counter.quotations.anew(row))
    first = uuid()
    taken = TakeQuote(quotation_id=row.id, order_id=first)
    await counter.bench.do(place(first, [(PRODUCTS[0], 2)]), Draft(kind=QuoteTake.kind, body=taken))
    with pytest.raises(Refused, match="quotation_ordered"):
        await counter.till.place(basket)
    done = await counter.till.place(replace(basket, quotation_id=""))
    assert done.total == 2000


async def test_a_basket_that_costs_something_else_by_now_is_not_promised(counter: Counter) -> None:
    basket = await filled(counter)
    told = await counter.quotations.worth(basket)
    dearer(counter)
    await counter.bench.drain()
    with pytest.raises(Refused, match="price_changed"):
        await counter.quotations.make(basket, LAST, told)


async def test_it_is_taken_back_but_not_once_it_is_an_order(counter: Counter) -> None:
    row, other = await quoted(counter), await quoted(counter)
    await counter.quotations.void(row, "not_wanted")
    gone = await counter.quotations.read.get(row.id)
    assert gone is not None
    assert gone.quotation.state == "void"
    with pytest.raises(Refused, match="quotation_gone"):
        await counter.quotations.order(row)
    await counter.quotations.order(other)
    with pytest.raises(Refused, match="quotation_ordered"):
        await counter.quotations.void(other, "mistake")


async def test_they_are_found_by_number_by_member_and_by_how_they_stand(counter: Counter) -> None:
    who = await signed_up(counter)
    mine, ended = await quoted(counter, who), await quoted(counter, until="2026-11-20")
    ordered = await quoted(counter)
    await counter.quotations.order(ordered)
    read = counter.quotations.read
    told: tuple[tuple[QuotationStanding, list[str]], ...] = (
        ("open", [mine.id]), ("ended", [ended.id]), ("ordered", [ordered.id]), ("void", [])
    )  # fmt: skip
    for standing, expected in told:
        assert [row.id for row in await read.list(today=TODAY, standing=standing)] == expected
    assert [row.id for row in await read.list(today=TODAY)] == [ordered.id, ended.id, mine.id]
    assert [row.id for row in await read.list(today=TODAY, member_id=who)] == [mine.id]
    assert [row.id for row in await read.list(today=TODAY, text="陈静")] == [mine.id]
    assert [row.id for row in await read.list(today=TODAY, text=mine.quotation.number)] == [mine.id]
    assert await read.list(today=TODAY, guide_id=OTHER) == []
    found = await read.numbered(mine.quotation.number)
    assert found is not None
    assert found.id == mine.id
    assert await read.numbered("101") is None
    line = await counter.bench.store.members.timeline(who, kinds=("quotation",))
    assert [entry.id for entry in line] == [mine.id]


async def test_the_morning_s_are_those_of_members_that_end_soon(counter: Counter) -> None:
    who = await signed_up(counter)
    soon = await quoted(counter, who, "2026-11-23")
    first = await quoted(counter, who, TODAY)
    for until, whose in (("2026-11-20", who), ("2026-11-25", who), ("2026-11-22", "")):
        await quoted(counter, whose, until)
    rows = await counter.quotations.read.ending(since_day=TODAY, until_day="2026-11-24")
    assert [row.id for row in rows] == [first.id, soon.id]


async def test_a_discount_by_hand_and_a_promotion_stay_as_promised_on_the_paper_and_in_the_order(
    counter: Counter,
) -> None:
    sale = Promotion(
        names=Names(en="Tenth", zh="九折"), kind="percentage", percent=1000, since="2026-01-01T00:00:00.000Z"
    )  # fmt: skip
    row_id = uuid()
    counter.bench.hq.publish("promotion", row_id, replace(sale, of=row_id))
    await counter.bench.drain()
    row = await quoted(counter, await signed_up(counter))
    assert row.quotation.totals.total == 1800
    paper = await counter.quotations.paper(row.id)
    assert "报价单" in paper.texts
    assert {"九折", "-2.00", "¥18.00", f"以上价格有效期至 {LAST}（含当日）。"} <= set(paper.texts)
    assert not any("陈静" in text for text in paper.texts), "masked: it may lie about"
    counter.bench.hq.publish("promotion", row_id, replace(sale, of=row_id, until_moment="2026-11-21T09:00:00.000Z"))
    await counter.bench.drain()
    done = await counter.quotations.order(row)
    order: Order = await counter.hq_has("order", done.order_id)
    assert (order.totals.total, order.lines[0].discounts) == (1800, row.quotation.lines[0].discounts)
